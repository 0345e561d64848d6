"""Statements of the State Treasury, kept as they were received, to be held against the ledger."""

from django.db import models
from django.db.models import F, Q

from khuyencong.localities.models import covered_unit_ids
from khuyencong.modelfields import NFCCharField


class TreasuryStatementQuerySet(models.QuerySet["TreasuryStatement"]):
    def visible_to(self, user: object) -> "TreasuryStatementQuerySet":
        """Statements of organisations within the user's area."""
        return self.filter(organisation__area_id__in=covered_unit_ids(getattr(user, "area_id", None)))


class TreasuryStatement(models.Model):
    """One file of the Treasury over a period."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, verbose_name="Đơn vị", related_name="treasury_statements"
    )
    source = models.ForeignKey(
        "funding.Source", models.PROTECT, verbose_name="Nguồn vốn", related_name="+", null=True, blank=True
    )
    from_date = models.DateField("Từ ngày")
    to_date = models.DateField("Đến ngày")
    original_name = NFCCharField("Tên tệp", max_length=200)
    sha256 = models.CharField("Mã SHA-256", max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người tải lên", related_name="+")
    uploaded_at = models.DateTimeField("Tải lên lúc")

    objects = TreasuryStatementQuerySet.as_manager()

    class Meta:
        verbose_name = "sao kê kho bạc"
        verbose_name_plural = "sao kê kho bạc"
        ordering = ("-to_date", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "sha256"),
                name="treasury_statement_unique",
                violation_error_message="Tệp này đã được tải lên.",
            ),
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")),
                name="treasury_statement_period_in_order",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class TreasuryLine(models.Model):
    """A row of a statement; `amount_vnd` is negative for money that came back."""

    statement = models.ForeignKey(TreasuryStatement, models.CASCADE, verbose_name="Sao kê", related_name="lines")
    row_number = models.PositiveIntegerField("Dòng trong tệp")
    reference = NFCCharField("Mã giao dịch", max_length=100, blank=True)
    voucher_number = NFCCharField("Số chứng từ", max_length=100, blank=True)
    paid_date = models.DateField("Ngày")
    amount_vnd = models.BigIntegerField("Số tiền (đồng)")
    description = NFCCharField("Nội dung", max_length=500, blank=True)

    class Meta:
        verbose_name = "dòng sao kê"
        verbose_name_plural = "các dòng sao kê"
        ordering = ("statement_id", "row_number")
        constraints = [models.UniqueConstraint(fields=("statement", "row_number"), name="treasury_line_unique")]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.amount_vnd}"
