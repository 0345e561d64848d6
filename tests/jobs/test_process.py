"""Jobs in real child processes, on a database file of SQLite or a database of the same PostgreSQL."""

import json
import os
import subprocess
import sys
import time
from io import BytesIO

import pytest
from django.conf import settings
from openpyxl import load_workbook

from tests.funding.test_crash import database

__all__ = ["database"]
PROJECTS = 12


@pytest.fixture
def portal(database, tmp_path):
    """What a task of tests.jobs.process prints."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "LOCAL_DIR": str(tmp_path),
        "JOBS_RUNNER": "process",
        "LOG_LEVEL": "CRITICAL",
    }

    def call(*task, **variables):
        command = [sys.executable, "-m", "tests.jobs.process", *map(str, task)]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    call("seed", PROJECTS)
    return call


def ask(kind, **arguments):
    return f"{kind}={json.dumps(arguments)}"


def test_the_portals_own_command_writes_the_list_of_projects(portal, tmp_path):
    [job] = portal("start", ask("project-export", query=""))
    assert (job["state"], job["done"], job["total"], job["message"]) == ("done", PROJECTS, PROJECTS, "")
    sheet = load_workbook(BytesIO((tmp_path / "files" / job["file"]).read_bytes())).active
    assert sheet.max_row == PROJECTS + 1
    assert job["file_name"].startswith("De-an-khuyen-cong-")


def test_deaths_of_every_kind_are_told_and_those_who_wait_go_on(portal):
    """One place: the killed one, the one without memory, the broken one and the slow one each pass it on."""
    asked = [
        ask("be-killed"),
        ask("want-memory"),
        ask("break-down"),
        ask("dawdle", seconds=60),
        ask("count-up", rows=5),
    ]
    killed, big, broken, slow, last = portal(
        "start", *asked, TEST_KINDS="1", JOBS_AT_ONCE="1", JOBS_TIME_LIMIT="2", JOBS_MEMORY_MB="1024"
    )
    assert {one["state"] for one in (killed, big, broken, slow)} == {"failed"}
    assert "dừng giữa chừng" in killed["message"]
    assert "bộ nhớ" in big["message"]
    assert "mã việc" in broken["message"]
    assert "chạy quá" in slow["message"]
    # The bar of the slow one was written beside its work.
    assert (slow["done"], slow["total"]) == (3, 10)
    assert (last["state"], last["done"], last["total"]) == ("done", 5, 5)


def test_a_job_outlives_the_process_that_asked_for_it(portal, tmp_path):
    portal("leave", ask("count-up", rows=7), TEST_KINDS="1")
    folder, deadline = tmp_path / "files" / "jobs", time.monotonic() + 60
    while not (folder.exists() and any(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.2)
    [result] = folder.iterdir()
    while result.stat().st_size == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert result.read_text().split() == [str(number) for number in range(7)]
