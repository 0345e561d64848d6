"""Who is next: jobs wait in order, JOBS_AT_ONCE run at a time, and no job is ever run twice.

Every look at the queue that changes it holds one lock (an advisory lock on PostgreSQL; SQLite has one writer anyway).
`beat_at` of a waiting job says when a process was last started for it: one that never came is replaced.
"""

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from khuyencong.jobs.models import Job, JobQuerySet, JobState

QUEUE_LOCK = 7_411_019  # any number of our own, not that of the audit chain
HANDED_OUT = datetime.timedelta(seconds=30)  # how long a process may take to start
LOST = "Tiến trình xử lý đã dừng giữa chừng, không có kết quả. Hãy yêu cầu lại."


def _lock_queue() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUEUE_LOCK])


def is_overdue(job: Job, now: datetime.datetime) -> bool:
    """Waiting although a process should have come, or running without a sign of life."""
    since = job.beat_at or job.created_at
    if job.state == JobState.WAITING:
        return now - since > HANDED_OUT
    return job.state == JobState.RUNNING and now - since > _silence()


@transaction.atomic
def hand_out() -> list[int]:
    """The jobs to start a process for now, oldest first; nobody else is given them until HANDED_OUT has passed."""
    _lock_queue()
    now = timezone.now()
    bury(now)
    coming = Q(state=JobState.WAITING, beat_at__gte=now - HANDED_OUT)
    free = settings.JOBS_AT_ONCE - Job.objects.filter(Q(state=JobState.RUNNING) | coming).count()
    waiting = Job.objects.filter(state=JobState.WAITING).exclude(coming).order_by("created_at", "pk")
    chosen = list(waiting.values_list("pk", flat=True)[: max(free, 0)])
    Job.objects.filter(pk__in=chosen).update(beat_at=now)
    return chosen


@transaction.atomic
def claim(pk: int) -> Job | None:
    """The job, now running and this process's own; None when another has it, it is over, or too many run."""
    _lock_queue()
    now = timezone.now()
    bury(now)
    job = Job.objects.select_for_update().filter(pk=pk, state=JobState.WAITING).first()
    if job is None:
        return None
    if Job.objects.filter(state=JobState.RUNNING).count() >= settings.JOBS_AT_ONCE:
        Job.objects.filter(pk=pk).update(beat_at=None)  # it goes on waiting, and the next free place is its own
        return None
    job.state, job.started_at, job.beat_at, job.message = JobState.RUNNING, now, now, ""
    job.save(update_fields=["state", "started_at", "beat_at", "message"])
    return job


def bury(now: datetime.datetime) -> None:
    """Jobs whose process is silent for too long have failed, in words."""
    silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lt=now - _silence())
    _fail(silent, LOST, now)


def fail(pk: int, message: str) -> None:
    """The end of a job that runs, with the reason in words; one that has ended already keeps its end."""
    _fail(Job.objects.filter(pk=pk, state=JobState.RUNNING), message, timezone.now())


def _fail(jobs: JobQuerySet, message: str, now: datetime.datetime) -> None:
    jobs.update(state=JobState.FAILED, message=message[:500], finished_at=now)


def _silence() -> datetime.timedelta:
    return datetime.timedelta(seconds=settings.JOBS_SILENCE)
