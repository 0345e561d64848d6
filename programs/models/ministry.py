"""Projects of the national track that were sent up to the Ministry together, and what it answered on each."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import NFCCharField, NFCTextField
from programs.workflow import Status


class MinistryBatchQuerySet(models.QuerySet["MinistryBatch"]):
    def visible_to(self, user: object) -> "MinistryBatchQuerySet":
        """Batches sent by organisations within the user's area."""
        return self.filter(organisation__area_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class MinistryBatch(models.Model):
    """One letter that sends projects of a plan year up."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, verbose_name="Cơ quan gửi", related_name="ministry_batches"
    )
    year = models.PositiveSmallIntegerField("Năm kế hoạch", db_index=True)
    document_number = NFCCharField("Số công văn", max_length=100)
    document_date = models.DateField("Ngày công văn")
    note = NFCCharField("Ghi chú", max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    objects = MinistryBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt gửi Bộ"
        verbose_name_plural = "đợt gửi Bộ"
        ordering = ("-document_date", "-pk")

    def __str__(self) -> str:
        return f"{self.document_number} ngày {self.document_date:%d/%m/%Y}"


class MinistryResult(models.TextChoices):
    AGREED = "agreed", "Bộ đồng ý đưa vào kế hoạch"
    SUPPLEMENT = "supplement", "Bộ yêu cầu bổ sung"
    REFUSED = "refused", "Bộ không chấp thuận"


class MinistryBatchProjectQuerySet(models.QuerySet["MinistryBatchProject"]):
    def visible_to(self, user: object) -> "MinistryBatchProjectQuerySet":
        """Entries of projects placed within the user's area."""
        return self.filter(project__place_id__in=covered_unit_ids(getattr(user, "area_id", None)))

    def newest(self) -> "MinistryBatchProjectQuerySet":
        """The last entry of each project: a project sent again stands as its last batch says."""
        later = MinistryBatchProject.objects.filter(project=OuterRef("project"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later.order_by()))

    def agreed(self) -> "MinistryBatchProjectQuerySet":
        """Entries by which the Ministry agrees to a project now."""
        return self.newest().filter(result=MinistryResult.AGREED)

    def waiting(self) -> "MinistryBatchProjectQuerySet":
        """Entries that wait for the Ministry's answer; a project withdrawn meanwhile waits for none."""
        return self.filter(result="", project__status=Status.SENT_TO_MINISTRY.value)


class MinistryBatchProject(models.Model):
    """A project in a batch; its result is empty until the Ministry has answered."""

    batch = models.ForeignKey(MinistryBatch, models.PROTECT, verbose_name="Đợt gửi", related_name="entries")
    project = models.ForeignKey(
        "programs.Project", models.PROTECT, verbose_name="Đề án", related_name="ministry_entries"
    )
    result = models.CharField("Kết quả", max_length=10, choices=MinistryResult.choices, blank=True)
    result_number = NFCCharField("Số văn bản của Bộ", max_length=100, blank=True)
    result_date = models.DateField("Ngày văn bản của Bộ", null=True, blank=True)
    result_note = NFCTextField("Ý kiến của Bộ", blank=True)
    result_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name="Người ghi kết quả", related_name="+", null=True, blank=True
    )
    result_at = models.DateTimeField("Ghi kết quả lúc", null=True, blank=True)

    objects = MinistryBatchProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "đề án trong đợt gửi Bộ"
        verbose_name_plural = "đề án trong đợt gửi Bộ"
        ordering = ("batch_id", "project__code", "pk")
        constraints = [
            models.UniqueConstraint(fields=("batch", "project"), name="ministry_batch_project_unique"),
            models.UniqueConstraint(
                fields=("project",),
                condition=Q(result=""),
                name="ministry_one_open_batch",
                violation_error_message="Đề án đang ở một đợt gửi Bộ chưa có kết quả.",
            ),
            models.CheckConstraint(
                condition=Q(result="", result_date__isnull=True, result_by__isnull=True, result_at__isnull=True)
                | ~Q(result="") & Q(result_date__isnull=False, result_by__isnull=False, result_at__isnull=False),
                name="ministry_result_with_document",
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)
