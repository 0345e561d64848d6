"""The ledger of state money: what went out to a project and what came back. The database refuses UPDATE and DELETE."""

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, When

from khuyencong.modelfields import NFCCharField


class LedgerKind(models.TextChoices):
    ADVANCE = "advance", "Tạm ứng"
    PAYMENT = "payment", "Thanh toán"
    RECOVERY = "recovery", "Thu hồi"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def with_effect(self) -> "LedgerEntryQuerySet":
        """Adds `effect_vnd`: what the entry adds to the money out (+) or brings back (−), reversals included."""
        out = Case(When(kind=LedgerKind.RECOVERY, then=_minus(F("amount_vnd"))), default=F("amount_vnd"))
        return self.annotate(out_vnd=out).annotate(
            effect_vnd=Case(When(reverses__isnull=False, then=_minus(F("out_vnd"))), default=F("out_vnd"))
        )


def _minus(expression: F) -> ExpressionWrapper:
    return ExpressionWrapper(-expression, output_field=models.BigIntegerField())


class LedgerEntry(models.Model):
    """One voucher. `voucher_date` is the document's, `recorded_at` ours, so a report can be drawn as known on a day.

    A mistake is not edited: a second entry of the same kind and amount `reverses` the first.
    """

    kind = models.CharField("Loại", max_length=10, choices=LedgerKind.choices)
    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="ledger")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary",
        models.PROTECT,
        verbose_name="Cơ sở",
        related_name="ledger",
        null=True,
        blank=True,
    )
    contract = models.ForeignKey(
        "funding.Contract", models.PROTECT, verbose_name="Hợp đồng", related_name="ledger", null=True, blank=True
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn", related_name="ledger")
    year = models.PositiveSmallIntegerField("Năm ngân sách", db_index=True)
    amount_vnd = models.BigIntegerField("Số tiền (đồng)")
    voucher_number = NFCCharField("Số chứng từ", max_length=100)
    voucher_date = models.DateField("Ngày chứng từ", db_index=True)
    treasury_reference = NFCCharField("Mã giao dịch kho bạc", max_length=100, blank=True)
    note = NFCCharField("Nội dung", max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, verbose_name="Hủy bút toán", related_name="reversed_by", null=True, blank=True
    )
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi")
    recorded_at = models.DateTimeField("Ghi lúc")

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "bút toán"
        verbose_name_plural = "sổ tạm ứng, thanh toán"
        ordering = ("voucher_date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0),
                name="ledger_amount_positive",
                violation_error_message="Số tiền phải lớn hơn 0.",
            ),
            models.CheckConstraint(condition=~Q(voucher_number=""), name="ledger_has_voucher"),
        ]
        indexes = [
            models.Index(fields=("project", "source"), name="ledger_project_source_idx"),
            models.Index(fields=("year", "source"), name="ledger_year_source_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.voucher_number}"
