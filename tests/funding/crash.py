"""Run as a process of its own by test_crash: approves a list of projects and is killed half way, like a pulled plug.

python -m tests.funding.crash seed N | approve KILL_AFTER | count
"""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khuyencong.settings")
MILLION = 1_000_000


def seed(count: int) -> None:
    """A province with a leader, a budget, and `count` appraised projects with one amount each."""
    from django.core.management import call_command

    from khuyencong.accounts.permissions import Role
    from tests.factories import make_organisation, make_user, unit
    from tests.funding.makers import appraised_project, give_budget

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=sys.stderr)
    leader = make_user(Role.LEADER, make_organisation(unit("96")), username="leader")
    give_budget(leader, count * MILLION)
    for _ in range(count):
        appraised_project(leader, MILLION)


def approve(kill_after: int) -> None:
    """Approve every project by one decision; the process kills itself after `kill_after` of them (0: never)."""
    from funding.actions import approval_list
    from khuyencong.accounts.models import User
    from programs.models import Project
    from tests.funding.makers import PAPER

    one, done = approval_list.approve, []

    def approve_and_die(**values: object) -> Project:
        project: Project = one(**values)  # type: ignore[arg-type]
        done.append(project)
        if len(done) == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return project

    approval_list.approve = approve_and_die
    versions = dict(Project.objects.values_list("pk", "version"))
    approval_list.approve_list(versions=versions, by=User.objects.get(username="leader"), paper=PAPER)


def count() -> None:
    """How many projects, approvals, approved lines and approval steps there are, and whether the audit still holds."""
    from funding.models import Approval, FundingLine
    from khuyencong.audit.models import AuditEvent
    from khuyencong.audit.record import broken_links
    from programs.models import Project, Step
    from programs.workflow import Status

    print(
        Project.objects.filter(status=Status.APPROVED.value).count(),
        Approval.objects.count(),
        FundingLine.objects.filter(approved_vnd__gt=0).count(),
        Step.objects.count(),
        len(list(broken_links(AuditEvent.objects.order_by("pk")))),
    )


if __name__ == "__main__":
    django.setup()
    task = {"seed": seed, "approve": approve, "count": count}[sys.argv[1]]
    task(*map(int, sys.argv[2:]))  # type: ignore[operator]
