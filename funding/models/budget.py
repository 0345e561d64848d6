"""Where money comes from, and how much of it a year has."""

from django.db import models
from django.db.models import Q, Sum

from khuyencong.modelfields import NFCCharField
from programs.workflow import Track


class SourceKind(models.TextChoices):
    """The parts of a project's total: total = central + provincial + district + counterpart + other."""

    CENTRAL = "central", "Khuyến công quốc gia"
    PROVINCIAL = "provincial", "Khuyến công địa phương"
    DISTRICT = "district", "Ngân sách huyện, xã"
    COUNTERPART = "counterpart", "Đối ứng của cơ sở"
    OTHER = "other", "Nguồn khác"


# What the state pays out through the portal's ledger; the beneficiary's own and other people's money is only declared.
LEDGER_KINDS = frozenset({SourceKind.CENTRAL, SourceKind.PROVINCIAL, SourceKind.DISTRICT})
# What an approval may spend only within the year's budget plan.
BUDGETED_KINDS = frozenset({SourceKind.CENTRAL, SourceKind.PROVINCIAL})
# What may have a yearly plan; outside BUDGETED_KINDS a plan binds only once it has been recorded.
PLANNED_KINDS = frozenset(SourceKind) - {SourceKind.COUNTERPART}

BUDGET_OF_TRACK = {Track.NATIONAL: SourceKind.CENTRAL, Track.LOCAL: SourceKind.PROVINCIAL}


class Source(models.Model):
    """A funding source."""

    code = NFCCharField("Mã", max_length=20, unique=True)
    name = NFCCharField("Nguồn vốn", max_length=100)
    kind = models.CharField("Loại", max_length=12, choices=SourceKind.choices)
    position = models.PositiveSmallIntegerField("Thứ tự", default=0)
    is_active = models.BooleanField("Đang dùng", default=True)

    class Meta:
        verbose_name = "nguồn vốn"
        verbose_name_plural = "nguồn vốn"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_budgeted(self) -> bool:
        return self.kind in BUDGETED_KINDS

    @property
    def may_have_plan(self) -> bool:
        return self.kind in PLANNED_KINDS

    def is_budget_of(self, track: Track) -> bool:
        """Whether projects of that track are paid from this budget as a rule."""
        return self.kind == BUDGET_OF_TRACK[track]

    @property
    def is_state_money(self) -> bool:
        return self.kind in LEDGER_KINDS


class BudgetQuerySet(models.QuerySet["Budget"]):
    def with_planned(self) -> "BudgetQuerySet":
        """Adds `planned_vnd`, the sum of the entries."""
        return self.annotate(planned_vnd=Sum("entries__amount_vnd", default=0))


class Budget(models.Model):
    """The plan of one province, source and year; its row is locked while anything is approved against it."""

    year = models.PositiveSmallIntegerField("Năm")
    source = models.ForeignKey(Source, models.PROTECT, verbose_name="Nguồn vốn", related_name="budgets")
    province = models.ForeignKey(
        "localities.AdministrativeUnit", models.PROTECT, verbose_name="Tỉnh", related_name="budgets"
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "dự toán năm"
        verbose_name_plural = "dự toán năm"
        ordering = ("-year", "source__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("year", "source", "province"),
                name="budget_unique",
                violation_error_message="Dự toán năm của nguồn này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} năm {self.year}"


class BudgetEntry(models.Model):
    """A decision that assigns (positive) or takes back (negative) money of a budget; rows are only ever added."""

    budget = models.ForeignKey(Budget, models.PROTECT, verbose_name="Dự toán", related_name="entries")
    support_item = models.ForeignKey(
        "programs.SupportItem",
        models.PROTECT,
        verbose_name="Nội dung hỗ trợ",
        related_name="budget_entries",
        null=True,
        blank=True,
        help_text="Để trống: chưa phân bổ theo nội dung.",
    )
    amount_vnd = models.BigIntegerField("Số tiền (đồng)")
    decision_number = NFCCharField("Số quyết định", max_length=100)
    decision_date = models.DateField("Ngày quyết định")
    note = NFCCharField("Ghi chú", max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="Người ghi")
    recorded_at = models.DateTimeField("Ghi lúc")

    class Meta:
        verbose_name = "lần giao, điều chỉnh dự toán"
        verbose_name_plural = "các lần giao, điều chỉnh dự toán"
        ordering = ("decision_date", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_vnd=0),
                name="budget_entry_not_zero",
                violation_error_message="Số tiền phải khác 0.",
            ),
            models.CheckConstraint(
                condition=~Q(decision_number=""),
                name="budget_entry_has_decision",
                violation_error_message="Phải có số quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_number}: {self.amount_vnd}"
