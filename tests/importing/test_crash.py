"""A process killed in the middle of checking or writing a file leaves nothing half done; the work is begun again."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from khuyencong.importing.models import BatchState, ImportBatch
from khuyencong.jobs.models import Job, JobState
from tests.funding.test_crash import database
from tests.importing.makers import make_batch

__all__ = ["database"]
ROWS = 60


def run(database, tmp_path, *task):
    environment = {**os.environ, "DATABASE_URL": database, "LOCAL_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.importing.crash", *map(str, task)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.split(), done.stderr


def done(database, tmp_path, *task):
    code, output, errors = run(database, tmp_path, *task)
    assert code == 0, errors
    return output


def killed(database, tmp_path, *task):
    code, _, errors = run(database, tmp_path, *task)
    assert code == -signal.SIGKILL, errors


def test_all_or_none(database, tmp_path):
    done(database, tmp_path, "seed", ROWS)
    killed(database, tmp_path, "check", ROWS // 2)
    assert done(database, tmp_path, "count") == ["read", str(ROWS // 2), "0", "0", "0", "0", "0"]
    done(database, tmp_path, "check", 0)
    assert done(database, tmp_path, "count") == ["checked", str(ROWS), "0", "0", "0", "0", "0"]
    killed(database, tmp_path, "apply", ROWS // 2)
    assert done(database, tmp_path, "count") == ["checked", str(ROWS), "0", "0", "0", "0", "0"]
    done(database, tmp_path, "apply", 0)
    all_rows = str(ROWS)
    assert done(database, tmp_path, "count") == [
        "applied",
        all_rows,
        str(2 * ROWS),  # each village and its figures
        all_rows,
        all_rows,
        str(2 * ROWS),
        "0",
    ]


@pytest.mark.django_db
def test_a_killed_check_is_begun_again_from_the_page(client, local_officer, monkeypatch):
    """The page leads to the columns, and from there a new job starts although the old one never ended well."""
    from khuyencong.importing.views import common

    monkeypatch.setattr(common, "DIRECT_ROWS", 3)
    batch = make_batch(local_officer, state=BatchState.READ)
    arguments = {"batch_id": batch.pk, "from_file": True}
    about = {"kind": common.CHECK_JOB, "title": "Kiểm tra", "arguments": arguments, "requested_by": local_officer}
    dead = Job.objects.create(**about, state=JobState.FAILED, created_at=batch.uploaded_at)
    client.force_login(local_officer)
    page = client.get(reverse("importing:batch-detail", args=[batch.pk])).content.decode()
    assert "đã dừng giữa chừng" in page
    assert reverse("importing:batch-map", args=[batch.pk]) in page
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    response = client.post(reverse("importing:batch-map", args=[batch.pk]), {**columns, "version": batch.version})
    started = Job.objects.latest("pk")
    assert started.pk != dead.pk
    assert response.url == reverse("jobs:job-detail", args=[started.pk])
    assert ImportBatch.objects.get().state == BatchState.READ
