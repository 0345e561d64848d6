"""Jobs straight into the table."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.jobs.models import Job, JobState


def make_job(by: User, **values: Any) -> Job:
    defaults: dict[str, Any] = {
        "kind": "count-up",
        "title": "Đếm các số",
        "arguments": {"rows": 3},
        "created_at": timezone.now(),
    }
    return Job.objects.create(requested_by=by, **{**defaults, **values})


def finished_job(by: User, content: bytes = b"0\n1\n2", **values: Any) -> Job:
    job = make_job(by, state=JobState.DONE, finished_at=timezone.now(), file_name="cac-so.txt", **values)
    job.file.save("cac-so.txt", ContentFile(content))
    return job
