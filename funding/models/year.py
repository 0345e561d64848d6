"""The budget year of a province: open, or closed to further money."""

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import NFCCharField, NFCTextField


class BudgetYear(models.Model):
    """Whether a province's year is closed; its row is locked by whatever depends on that."""

    province = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Tỉnh", related_name="budget_years"
    )
    year = models.PositiveSmallIntegerField("Năm")
    is_closed = models.BooleanField("Đã khóa sổ", default=False)

    class Meta:
        verbose_name = "năm ngân sách"
        verbose_name_plural = "năm ngân sách"
        ordering = ("-year", "pk")
        constraints = [models.UniqueConstraint(fields=("province", "year"), name="budget_year_unique")]

    def __str__(self) -> str:
        return f"Năm {self.year}"


class BudgetYearEvent(models.Model):
    """A closing, or a reopening with its reason. Rows are only ever added."""

    budget_year = models.ForeignKey(BudgetYear, models.PROTECT, verbose_name="Năm ngân sách", related_name="events")
    closes = models.BooleanField("Khóa sổ")
    reason = NFCTextField("Lý do", blank=True)
    document_number = NFCCharField("Số văn bản", max_length=100, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "lần khóa, mở sổ"
        verbose_name_plural = "các lần khóa, mở sổ"
        ordering = ("budget_year_id", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes=True) | ~Q(reason=""),
                name="budget_year_reopened_with_reason",
                violation_error_message="Mở lại sổ phải ghi lý do.",
            )
        ]

    def __str__(self) -> str:
        return "Khóa sổ" if self.closes else "Mở lại sổ"
