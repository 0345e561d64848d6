"""Money after approval: accepted cost, amended amounts, what a stopped project owes, what goes on next year."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from khuyencong.modelfields import NFCCharField


class AcceptedCost(models.Model):
    """What the acceptance minutes recognise as spent, per establishment or (`participant` null) for the whole."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="accepted_costs")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    accepted_vnd = models.BigIntegerField("Giá trị nghiệm thu (đồng)")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "giá trị nghiệm thu"
        verbose_name_plural = "giá trị nghiệm thu"
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(F("project"), Coalesce("participant", 0), name="accepted_cost_unique"),
            models.CheckConstraint(
                condition=Q(accepted_vnd__gte=0),
                name="accepted_cost_not_negative",
                violation_error_message="Số tiền không nhận số âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.accepted_vnd}"


class AmendedLine(models.Model):
    """An approved amount before and after an amendment. Rows are only ever added."""

    amendment = models.ForeignKey(
        "programs.Amendment", models.PROTECT, verbose_name="Lần điều chỉnh", related_name="lines"
    )
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn")
    before_vnd = models.BigIntegerField("Trước (đồng)")
    after_vnd = models.BigIntegerField("Sau (đồng)")

    class Meta:
        verbose_name = "khoản điều chỉnh"
        verbose_name_plural = "các khoản điều chỉnh"
        ordering = ("amendment_id", "pk")
        constraints = [
            models.UniqueConstraint(
                F("amendment"), Coalesce("participant", 0), F("source"), name="amended_line_unique"
            ),
            models.CheckConstraint(
                condition=Q(before_vnd__gte=0, after_vnd__gte=0) & ~Q(before_vnd=F("after_vnd")),
                name="amended_line_changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_vnd} → {self.after_vnd}"


class RecoveryDemand(models.Model):
    """What a payee of a stopped project keeps of the money that was out, and what must come back, by the decision."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="demands")
    participant = models.ForeignKey(
        "programs.ProjectBeneficiary", models.PROTECT, verbose_name="Cơ sở", null=True, blank=True
    )
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn")
    out_vnd = models.BigIntegerField("Đã chi khi ngừng (đồng)")
    kept_vnd = models.BigIntegerField("Được giữ lại (đồng)")
    due_date = models.DateField("Hạn nộp lại", null=True, blank=True)

    class Meta:
        verbose_name = "khoản phải thu hồi"
        verbose_name_plural = "các khoản phải thu hồi"
        ordering = ("project_id", "pk")
        constraints = [
            models.UniqueConstraint(
                F("project"), Coalesce("participant", 0), F("source"), name="recovery_demand_unique"
            ),
            models.CheckConstraint(
                condition=Q(kept_vnd__gte=0, out_vnd__gte=F("kept_vnd")),
                name="recovery_demand_in_order",
                violation_error_message="Số được giữ lại không lớn hơn số đã chi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.out_vnd - self.kept_vnd}"

    @property
    def demanded_vnd(self) -> int:
        """What must come back, in đồng."""
        return self.out_vnd - self.kept_vnd


class CarryOver(models.Model):
    """Money of a source that a project may still spend in the next year, by a decision. Rows are only ever added."""

    project = models.ForeignKey("programs.Project", models.PROTECT, verbose_name="Đề án", related_name="carry_overs")
    source = models.ForeignKey("funding.Source", models.PROTECT, verbose_name="Nguồn vốn")
    from_year = models.PositiveSmallIntegerField("Từ năm")
    to_year = models.PositiveSmallIntegerField("Sang năm", db_index=True)
    amount_vnd = models.BigIntegerField("Số chuyển nguồn (đồng)")
    decision_number = NFCCharField("Số quyết định", max_length=100)
    decision_date = models.DateField("Ngày quyết định")
    note = NFCCharField("Ghi chú", max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi", related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "chuyển nguồn"
        verbose_name_plural = "chuyển nguồn"
        ordering = ("-to_year", "project_id", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("project", "source", "from_year"),
                name="carry_over_unique",
                violation_error_message="Nguồn này của đề án đã được chuyển từ năm này.",
            ),
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0),
                name="carry_over_positive",
                violation_error_message="Số chuyển nguồn phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(to_year=F("from_year") + 1),
                name="carry_over_to_next_year",
                violation_error_message="Chỉ chuyển sang năm liền sau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.from_year} → {self.to_year}"
