"""Run as a process of its own by test_process: a portal on a database of its own that has jobs done in real children.

python -m tests.jobs.process seed N | start KIND=ARGUMENTS … | run PK | leave KIND=ARGUMENTS

`start` prints the jobs as JSON once all have ended; `leave` starts one and goes away at once.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khuyencong.settings")
LIMIT = 240  # seconds; a machine may be busy


def seed(count: str) -> None:
    """A province with an officer and that many projects."""
    from django.core.management import call_command

    from khuyencong.accounts.permissions import Role
    from tests.factories import make_organisation, make_project, make_user, unit

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=sys.stderr)
    officer = make_user(Role.DEPARTMENT_OFFICER, make_organisation(unit("96")), username="officer")
    for _ in range(int(count)):
        make_project(created_by=officer)


def start(*asked: str) -> None:
    from khuyencong.jobs.models import Job

    pks = _ask(asked)
    deadline = time.monotonic() + LIMIT
    while Job.objects.unfinished().exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    fields = ("state", "done", "total", "message", "file", "file_name", "result_url")
    print(json.dumps([Job.objects.filter(pk=pk).values(*fields)[0] for pk in pks]))


def leave(asked: str) -> None:
    _ask([asked])


def run(pk: str) -> None:
    """What `manage.py run_job` does, knowing the kinds of the tests."""
    from django.core.management import call_command

    call_command("run_job", pk)


def _ask(asked: "list[str] | tuple[str, ...]") -> list[int]:
    from khuyencong.accounts.models import User
    from khuyencong.jobs.actions import start_job

    officer = User.objects.get(username="officer")
    pairs = [one.partition("=")[::2] for one in asked]
    return [start_job(kind=kind, title=kind, arguments=json.loads(given), by=officer).pk for kind, given in pairs]


if __name__ == "__main__":
    django.setup()
    task = {"seed": seed, "start": start, "leave": leave, "run": run}[sys.argv[1]]
    from khuyencong.jobs import runner
    from tests.jobs.kinds import add_kinds

    if "TEST_KINDS" in os.environ:  # the children of children too
        runner.command_for = lambda pk: [sys.executable, "-m", "tests.jobs.process", "run", str(pk)]
    with add_kinds():
        task(*sys.argv[2:])  # type: ignore[operator]
