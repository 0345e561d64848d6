"""Result indicators of the yearly form, and what projects planned and achieved of them."""

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import FoldedField, NFCCharField, NFCTextField


class BudgetSide(models.TextChoices):
    """The two columns of the yearly forms."""

    CENTRAL = "central", "KCQG"
    PROVINCIAL = "provincial", "KCĐP"


class ResultIndicator(models.Model):
    """A row of the yearly results form; `code` is its number there, for instance 13.1."""

    code = models.CharField("TT", max_length=10, unique=True)
    position = models.PositiveSmallIntegerField("Thứ tự", unique=True)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name="Thuộc chỉ tiêu", null=True, blank=True)
    name = NFCCharField("Chỉ tiêu", max_length=300)
    unit = NFCCharField("Đơn vị tính", max_length=50)
    is_money = models.BooleanField("Là số tiền", default=False, help_text="Ghi bằng đồng, in bằng triệu đồng.")
    folded = FoldedField(sources=("code", "name"))

    class Meta:
        verbose_name = "chỉ tiêu kết quả"
        verbose_name_plural = "chỉ tiêu kết quả"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"


class IndicatorValue(models.Model):
    """What a project planned and achieved of one indicator, under one budget, in one plan year.

    Values are counts, or whole đồng where the indicator is money.
    """

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="indicators")
    indicator = models.ForeignKey(ResultIndicator, models.PROTECT, verbose_name="Chỉ tiêu", related_name="values")
    budget = models.CharField("Nguồn", max_length=12, choices=BudgetSide.choices)
    year = models.PositiveSmallIntegerField("Năm")
    planned_value = models.BigIntegerField("Kế hoạch", null=True, blank=True)
    achieved_value = models.BigIntegerField("Thực hiện", null=True, blank=True)
    achieved_date = models.DateField("Ngày nghiệm thu", null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "chỉ tiêu của đề án"
        verbose_name_plural = "chỉ tiêu của đề án"
        ordering = ("project_id", "indicator__position", "budget", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "indicator", "budget", "year"),
                name="indicator_value_unique",
                violation_error_message="Chỉ tiêu này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=(Q(planned_value__isnull=True) | Q(planned_value__gte=0))
                & (Q(achieved_value__isnull=True) | Q(achieved_value__gte=0)),
                name="indicator_value_not_negative",
                violation_error_message="Chỉ tiêu không nhận số âm.",
            ),
            models.CheckConstraint(
                condition=Q(achieved_value__isnull=True, achieved_date__isnull=True)
                | Q(achieved_value__isnull=False, achieved_date__isnull=False),
                name="indicator_achieved_with_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}"


class ProgressReport(models.Model):
    """A progress report on a project; each is a further row."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="progress")
    report_date = models.DateField("Ngày báo cáo")
    percent_done = models.PositiveSmallIntegerField("Khối lượng khai báo (%)")
    content = NFCTextField("Nội dung")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi")
    recorded_at = models.DateTimeField("Thời điểm ghi")

    class Meta:
        verbose_name = "báo cáo tiến độ"
        verbose_name_plural = "báo cáo tiến độ"
        ordering = ("-report_date", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_done__lte=100),
                name="progress_percent_to_100",
                violation_error_message="Khối lượng hoàn thành từ 0 đến 100.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.percent_done} %"
