"""A process killed in the middle of approving 200 projects leaves all of them approved, or none."""

import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

PROJECTS = 200


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """The address of an empty database that outlives a killed process: a file, or a database of the same server."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'crash.sqlite3'}"
        return
    name = f"crash_{uuid4().hex[:12]}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield _address(name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _address(name):
    values = connection.settings_dict
    if values["HOST"].startswith("/"):  # a Unix socket
        return f"postgres://{values['USER']}@/{values['HOST']}/{name}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{name}"


def run(database, tmp_path, *task):
    environment = {**os.environ, "DATABASE_URL": database, "LOCAL_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.funding.crash", *map(str, task)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.split(), done.stderr


def test_all_or_none(database, tmp_path):
    code, _, errors = run(database, tmp_path, "seed", PROJECTS)
    assert code == 0, errors
    code, _, errors = run(database, tmp_path, "approve", PROJECTS // 2)
    assert code == -signal.SIGKILL, errors
    assert run(database, tmp_path, "count")[1] == ["0", "0", "0", "0", "0"]
    # Nothing of the killed process stands in the way of the next.
    code, _, errors = run(database, tmp_path, "approve", 0)
    assert code == 0, errors
    everything = str(PROJECTS)
    assert run(database, tmp_path, "count")[1] == [everything, everything, everything, everything, "0"]
