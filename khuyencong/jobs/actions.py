"""Long work: asking for it, taking its result, clearing away what is old."""

import datetime
import logging
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.policies import check_can_download, check_can_run
from khuyencong.jobs.runner import launch

FOLDER = "jobs"
REMOVED = "Tệp kết quả đã được xóa sau thời gian lưu. Hãy yêu cầu lại nếu còn cần."
logger = logging.getLogger(__name__)


@transaction.atomic
def start_job(*, kind: str, title: str, arguments: dict[str, Any], by: User) -> Job:
    """A job that starts when the surrounding transaction commits; if that is rolled back, there never was one.

    `arguments`: what its function takes, as plain JSON. Asked for again while the same work of the same person is not
    finished, the job there is answers. Errors: NotAllowed, UnknownKind.
    """
    check_can_run(by, kind)
    same = Job.objects.visible_to(by).unfinished().filter(kind=kind, arguments=arguments).first()
    if same is not None:
        return same
    job = Job.objects.create(
        kind=kind, title=title[:300], arguments=arguments, requested_by=by, created_at=timezone.now()
    )
    record(
        by=by,
        action="job_request",
        action_label="Yêu cầu việc chạy lâu",
        obj=job,
        place_id=by.area_id,
        changes={"Việc": (None, job.title)},
    )
    transaction.on_commit(launch)
    return job


@transaction.atomic
def take_result(*, job: Job, by: User) -> None:
    """That the person takes the file. Errors: NotAllowed, Refused when there is none."""
    check_can_download(by, job)
    record(
        by=by,
        action="job_download",
        action_label="Tải kết quả việc chạy lâu",
        obj=job,
        place_id=by.area_id,
        changes={"Tệp": (None, job.file_name)},
    )


def clean_jobs(*, now: datetime.datetime | None = None) -> int:
    """Remove result files older than JOBS_KEEP_DAYS, and files that no job knows; returns how many files went.

    The rows stay: what was asked for and what came of it is still to be read.
    """
    before = (now or timezone.now()) - datetime.timedelta(days=settings.JOBS_KEEP_DAYS)
    old = Job.objects.filter(finished_at__lt=before, state=JobState.DONE).exclude(file="")
    removed = 0
    for job in old.order_by("pk").iterator():
        name = str(job.file.name)
        # First the row, then the file: a row that names a file that is gone would break its page.
        Job.objects.filter(pk=job.pk).update(file="", message=REMOVED)
        default_storage.delete(name)
        removed += 1
    return removed + _clean_strays(before)


def _clean_strays(before: datetime.datetime) -> int:
    """Files left behind by a process that ended between writing its file and saying so."""
    if not default_storage.exists(FOLDER):
        return 0
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    strays = set(names) - set(Job.objects.exclude(file="").values_list("file", flat=True))
    old = [name for name in sorted(strays) if default_storage.get_modified_time(name) < before]
    for name in old:
        logger.info("Removing a stray result of a job: %s", name)
        default_storage.delete(name)
    return len(old)
