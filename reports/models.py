"""Reports that were locked: the figures as they were signed. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from khuyencong.localities.models import UnitCover, covered_unit_ids
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


class ReportingRoundQuerySet(models.QuerySet["ReportingRound"]):
    def visible_to(self, user: object) -> "ReportingRoundQuerySet":
        """Rounds of areas within the user's own, and those that ask the user's area for its figures."""
        area_id = getattr(user, "area_id", None)
        asking = UnitCover.objects.filter(unit_id=area_id).values("area_id")
        return self.filter(Q(area_id__in=covered_unit_ids(area_id)) | Q(area_id__in=asking))

    def is_open(self) -> "ReportingRoundQuerySet":
        return self.filter(closed_at__isnull=True)


class ReportingRound(models.Model):
    """The Department asks the offices of its area for their figures over a period, by a day."""

    area = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Địa bàn", related_name="reporting_rounds"
    )
    title = NFCCharField("Kỳ báo cáo", max_length=200)
    start = models.DateField("Từ ngày")
    end = models.DateField("Đến ngày")
    due_date = models.DateField("Hạn báo cáo")
    document_number = NFCCharField("Số công văn", max_length=100, blank=True)
    note = NFCTextField("Yêu cầu thêm", blank=True)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người mở kỳ", related_name="+")
    opened_at = models.DateTimeField("Mở lúc")
    closed_at = models.DateTimeField("Kết thúc lúc", null=True, blank=True)
    version = models.PositiveIntegerField("Lần sửa", default=0)

    objects = ReportingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo của cơ sở"
        verbose_name_plural = "các kỳ báo cáo của cơ sở"
        ordering = ("-end", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("area", "start", "end"),
                name="reporting_round_unique",
                violation_error_message="Kỳ báo cáo này đã được mở.",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=models.F("start")),
                name="reporting_round_in_order",
                violation_error_message="Ngày cuối kỳ phải sau ngày đầu kỳ.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AreaReportQuerySet(models.QuerySet["AreaReport"]):
    def visible_to(self, user: object) -> "AreaReportQuerySet":
        """Reports of offices whose area lies within the user's own."""
        return self.filter(organisation__area_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class AreaReport(models.Model):
    """An office says that the figures of its area are complete for a round. Rows are only ever added.

    `figures`: what the portal held at that moment, [label, text] in the order shown to the person who confirmed it.
    """

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="Kỳ báo cáo", related_name="area_reports")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, verbose_name="Đơn vị", related_name="area_reports"
    )
    figures = models.JSONField("Số liệu lúc xác nhận", default=dict)
    note = NFCTextField("Tình hình, khó khăn, kiến nghị", blank=True)
    reported_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người báo cáo", related_name="+")
    reported_at = models.DateTimeField("Báo cáo lúc")

    objects = AreaReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của cơ sở"
        verbose_name_plural = "báo cáo của cơ sở"
        ordering = ("-reported_at", "-pk")

    def __str__(self) -> str:
        return f"{self.organisation}, {self.round}"


class ReportingReminder(models.Model):
    """One person was reminded of one round; `sent_at` is empty until the e-mail has gone out."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="Kỳ báo cáo", related_name="reminders")
    recipient = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người nhận", related_name="+")
    reminded_on = models.DateField("Ngày nhắc")
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người nhắc", related_name="+")
    sent_at = models.DateTimeField("Gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lần nhắc báo cáo"
        verbose_name_plural = "các lần nhắc báo cáo"
        ordering = ("-reminded_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("round", "recipient", "reminded_on"),
                name="reporting_reminder_once_a_day",
                violation_error_message="Hôm nay đã nhắc người này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.round}"
