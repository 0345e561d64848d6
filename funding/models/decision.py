"""How a decision on money was reached: what it was reckoned from, which rule was used. Decided rows are only added."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from khuyencong.modelfields import NFCTextField


class CostBasis(models.Model):
    """What a norm is reckoned from, per establishment or (`participant` null) for the whole project."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="cost_bases")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    norm = models.ForeignKey(
        "funding.Norm", models.PROTECT, verbose_name="Định mức áp dụng", related_name="+", null=True, blank=True
    )
    eligible_vnd = models.BigIntegerField(
        "Chi phí hợp lệ (đồng)", null=True, blank=True, help_text="Để trống: bằng tổng kinh phí của dòng."
    )
    unit_count = models.PositiveIntegerField("Số lượng tính định mức", default=1)
    has_multiplier = models.BooleanField("Được áp dụng hệ số", default=False)

    class Meta:
        verbose_name = "căn cứ tính định mức"
        verbose_name_plural = "căn cứ tính định mức"
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(F("project"), Coalesce("participant", 0), name="cost_basis_unique"),
            models.CheckConstraint(
                condition=Q(unit_count__gte=1),
                name="cost_basis_unit_count",
                violation_error_message="Số lượng ít nhất là 1.",
            ),
            models.CheckConstraint(
                condition=Q(eligible_vnd__isnull=True) | Q(eligible_vnd__gte=0),
                name="cost_basis_not_negative",
                violation_error_message="Số tiền không nhận số âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.participant_id}"


class NormCheck(models.Model):
    """The answer to "why this much?" on the day of a decision; amounts in đồng, empty where a limit does not exist."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="norm_checks")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn")
    amendment = models.ForeignKey(
        "programs.Amendment",
        models.PROTECT,
        verbose_name="Lần điều chỉnh",
        related_name="norm_checks",
        null=True,
        blank=True,
    )
    norm = models.ForeignKey(
        "funding.Norm", models.PROTECT, verbose_name="Định mức", related_name="checks", null=True, blank=True
    )
    rule = NFCTextField("Quy định đã dùng")
    is_binding = models.BooleanField("Bắt buộc")
    decided_on = models.DateField("Ngày quyết định")
    eligible_vnd = models.BigIntegerField("Chi phí hợp lệ (đồng)")
    rate_percent = models.DecimalField("Tỷ lệ (%)", max_digits=5, decimal_places=2, null=True)
    rate_limit_vnd = models.BigIntegerField("Tỷ lệ × chi phí (đồng)", null=True)
    cap_limit_vnd = models.BigIntegerField("Mức tối đa × hệ số (đồng)", null=True)
    plan_remaining_vnd = models.BigIntegerField("Dự toán còn lại (đồng)", null=True)
    approved_vnd = models.BigIntegerField("Phê duyệt (đồng)")
    override_reason = NFCTextField("Lý do vượt", blank=True)
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "lần đối chiếu định mức"
        verbose_name_plural = "các lần đối chiếu định mức"
        ordering = ("project_id", "pk")

    def __str__(self) -> str:
        return self.rule


class AdvanceCheck(models.Model):
    """Which limit an advance was held against."""

    entry = models.OneToOneField(
        "funding.LedgerEntry", models.PROTECT, verbose_name="Chứng từ", related_name="advance_check"
    )
    limit = models.ForeignKey(
        "funding.AdvanceLimit", models.PROTECT, verbose_name="Mức tạm ứng", related_name="checks", null=True, blank=True
    )
    rule = NFCTextField("Quy định đã dùng")
    is_binding = models.BooleanField("Bắt buộc")
    percent = models.DecimalField("Tỷ lệ (%)", max_digits=5, decimal_places=2, null=True)
    support_vnd = models.BigIntegerField("Kinh phí hỗ trợ (đồng)")
    advanced_vnd = models.BigIntegerField("Đã tạm ứng, cả lần này (đồng)")
    condition_note = NFCTextField("Điều kiện đã kiểm tra", blank=True)
    override_reason = NFCTextField("Lý do vượt", blank=True)

    class Meta:
        verbose_name = "lần đối chiếu mức tạm ứng"
        verbose_name_plural = "các lần đối chiếu mức tạm ứng"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.rule


class SettlementLine(models.Model):
    """How a payee's money was settled: support due = the least of its limits; what was out then is due exactly."""

    project = models.ForeignKey(
        "programs.Project", models.PROTECT, verbose_name="Đề án", related_name="settlement_lines"
    )
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn")
    year = models.PositiveSmallIntegerField("Năm quyết toán", db_index=True)
    accepted_vnd = models.BigIntegerField("Giá trị nghiệm thu (đồng)")
    rate_percent = models.DecimalField("Tỷ lệ (%)", max_digits=5, decimal_places=2, null=True)
    cap_vnd = models.BigIntegerField("Mức tối đa (đồng)", null=True)
    approved_vnd = models.BigIntegerField("Được duyệt (đồng)")
    due_vnd = models.BigIntegerField("Được hỗ trợ (đồng)")
    advanced_vnd = models.BigIntegerField("Đã tạm ứng (đồng)")
    paid_vnd = models.BigIntegerField("Đã thanh toán (đồng)")
    recovered_vnd = models.BigIntegerField("Đã thu hồi (đồng)")
    unpaid_reason = NFCTextField("Lý do không chi hết", blank=True)
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "dòng quyết toán"
        verbose_name_plural = "các dòng quyết toán"
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(
                F("project"), Coalesce("participant", 0), F("source"), name="settlement_line_unique"
            ),
            models.CheckConstraint(
                condition=Q(due_vnd__gte=0, advanced_vnd__gte=0, paid_vnd__gte=0, recovered_vnd__gte=0)
                & Q(approved_vnd__gte=F("due_vnd")),
                name="settlement_line_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.due_vnd}"
