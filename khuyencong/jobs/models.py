"""Long work: a row for each piece, which a process of its own carries out while the page shows how far it is."""

import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from khuyencong.modelfields import NFCCharField


class JobState(models.TextChoices):
    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không xong"


TONES = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "active",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
}


def private_path(job: Any, filename: str) -> str:
    """A name that says nothing; people see `file_name`."""
    return f"jobs/{uuid4().hex}"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: object) -> "JobQuerySet":
        """Only one's own: the file was made with that person's rights."""
        return self.filter(requested_by_id=getattr(user, "pk", None))

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=(JobState.WAITING, JobState.RUNNING))


class Job(models.Model):
    """One piece of long work and its result.

    `kind`: a name in the registry. `arguments`: what its function gets, as JSON. `total` is 0 until it is known.
    `beat_at`: when the process last said that it is alive; of a waiting job, when one was last started for it.
    `message`: the step under way, or why it failed.
    """

    kind = models.SlugField("Loại", max_length=50)
    title = NFCCharField("Việc", max_length=300)
    arguments = models.JSONField("Tham số", default=dict)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người yêu cầu", related_name="jobs")
    state = models.CharField("Trạng thái", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField("Đã làm", default=0)
    total = models.PositiveIntegerField("Tất cả", default=0)
    message = NFCCharField("Diễn biến", max_length=500, blank=True)
    file = models.FileField("Tệp kết quả", upload_to=private_path, max_length=200, blank=True)
    file_name = NFCCharField("Tên tệp", max_length=200, blank=True)
    result_url = models.CharField("Trang kết quả", max_length=500, blank=True)
    created_at = models.DateTimeField("Yêu cầu lúc")
    started_at = models.DateTimeField("Bắt đầu lúc", null=True, blank=True)
    beat_at = models.DateTimeField("Còn chạy lúc", null=True, blank=True)
    finished_at = models.DateTimeField("Xong lúc", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chạy lâu"
        verbose_name_plural = "việc chạy lâu"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_within_total"),
        ]
        indexes = [models.Index(fields=("state", "created_at"), name="job_state_idx")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return TONES[JobState(self.state)]

    @property
    def kept_until(self) -> datetime.date | None:
        """The day on which its file is removed."""
        if self.finished_at is None:
            return None
        return timezone.localdate(self.finished_at + datetime.timedelta(days=settings.JOBS_KEEP_DAYS))

    @property
    def percent(self) -> int | None:
        """Whole percent done; None while nobody knows how much there is."""
        return self.done * 100 // self.total if self.total else None
