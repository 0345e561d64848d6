"""Reports that were locked: the figures as they were signed. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import NFCCharField, NFCTextField


class LockedReportQuerySet(models.QuerySet["LockedReport"]):
    def visible_to(self, user: object) -> "LockedReportQuerySet":
        """Reports over areas within the user's own."""
        return self.filter(area_id__in=covered_unit_ids(getattr(user, "area_id", None)))

    def in_force(self) -> "LockedReportQuerySet":
        """Locked and not unlocked since."""
        return self.filter(unlocked__isnull=True)

    def of_question(self, slug: str, area_id: int, parameters: dict[str, str]) -> "LockedReportQuerySet":
        """Of the same form with exactly the same parameters, as `stored_parameters` spells them."""
        return self.filter(slug=slug, area_id=area_id, parameters=parameters)


class LockedReport(models.Model):
    """A form with its parameters and figures, as they were on the day; `sha256` is that of `content`.

    `parameters`: what the address of the page said. `content`: the tables as canonical JSON.
    """

    slug = models.SlugField("Biểu", max_length=50)
    title = NFCCharField("Tên báo cáo", max_length=300)
    span = NFCCharField("Kỳ báo cáo", max_length=200)
    area = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="locked_reports"
    )
    parameters = models.JSONField("Tham số")
    content = models.TextField("Số liệu")
    sha256 = models.CharField("Mã SHA-256", max_length=64)
    document_number = NFCCharField("Số báo cáo", max_length=100, blank=True)
    note = NFCCharField("Ghi chú", max_length=300, blank=True)
    locked_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người khóa", related_name="+")
    locked_at = models.DateTimeField("Khóa lúc", db_index=True)

    objects = LockedReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo đã khóa"
        verbose_name_plural = "báo cáo đã khóa"
        ordering = ("-locked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.title}, {self.span}"

    @property
    def code(self) -> str:
        """The start of the hash, for people to compare by eye."""
        return self.sha256[:16]


class ReportUnlock(models.Model):
    """Why a locked report is no longer the last word; its figures stay as they are."""

    report = models.OneToOneField(LockedReport, models.PROTECT, verbose_name="Báo cáo đã khóa", related_name="unlocked")
    reason = NFCTextField("Lý do")
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người mở khóa", related_name="+")
    at = models.DateTimeField("Mở khóa lúc")

    class Meta:
        verbose_name = "lần mở khóa báo cáo"
        verbose_name_plural = "các lần mở khóa báo cáo"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="report_unlocked_with_reason", violation_error_message="Ghi rõ lý do."
            )
        ]

    def __str__(self) -> str:
        return self.reason
