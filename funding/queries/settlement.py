"""What each payee of a project is due, what went out, and what is still to pay or to come back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from funding.models import AcceptedCost, FundingLine, LedgerEntry, LedgerKind, NormCheck, SettlementLine, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import Amounts, LineKey, line_of
from funding.rules.settlement import Settled, SettlementTerms, shared_due
from programs.models import Project, ProjectBeneficiary


@dataclass(frozen=True)
class SettlementRow:
    """One line of state money: its payee, or the project as a whole with those who draw on its line.

    `accepted_vnd` is None while no cost is accepted; rate and cap are those of the norm that bound the approval, else
    None. `unpaid_reason` is written when it is settled.
    """

    key: LineKey
    payee: str
    source: Source
    approved_vnd: int
    accepted_vnd: int | None
    money: Settled
    rate_percent: Decimal | None = None
    cap_vnd: int | None = None
    unpaid_reason: str = ""

    @property
    def name(self) -> str:
        """As a refusal speaks of it."""
        return f"{self.payee}, {self.source.name}"


@dataclass(frozen=True)
class Settlement:
    rows: list[SettlementRow] = field(default_factory=list)
    is_settled: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether every payee has an accepted cost, so that what is due is known."""
        return bool(self.rows) and not self.missing_costs

    @property
    def missing_costs(self) -> list[str]:
        return list(dict.fromkeys(row.payee for row in self.rows if row.accepted_vnd is None and row.approved_vnd))

    @property
    def approved_vnd(self) -> int:
        return sum(row.approved_vnd for row in self.rows)

    @property
    def due_vnd(self) -> int:
        return sum(row.money.due_vnd for row in self.rows)

    @property
    def advanced_vnd(self) -> int:
        return sum(row.money.advanced_vnd for row in self.rows)

    @property
    def paid_vnd(self) -> int:
        return sum(row.money.paid_vnd for row in self.rows)

    @property
    def recovered_vnd(self) -> int:
        return sum(row.money.recovered_vnd for row in self.rows)

    @property
    def out_vnd(self) -> int:
        return sum(row.money.out_vnd for row in self.rows)

    @property
    def to_pay_vnd(self) -> int:
        """Nothing is paid any more once it is settled."""
        return 0 if self.is_settled else self.left_vnd

    @property
    def left_vnd(self) -> int:
        """What is due and not out, settled or not."""
        return sum(row.money.to_pay_vnd for row in self.rows)

    @property
    def to_recover_vnd(self) -> int:
        """Payee by payee: what one owes is not made good by what another is due."""
        return sum(row.money.to_recover_vnd for row in self.rows)

    def row_of(self, key: LineKey) -> SettlementRow | None:
        """The row that a voucher for `key` counts for."""
        approved = {row.key: row.approved_vnd for row in self.rows}
        line = line_of(approved, key)
        return next((row for row in self.rows if row.key == line), None)


@dataclass
class _Loaded:
    """What is known of one project."""

    approved: dict[LineKey, int] = field(default_factory=dict)
    accepted: dict[int | None, int] = field(default_factory=dict)
    norms: dict[LineKey, NormCheck] = field(default_factory=dict)
    moved: dict[LineKey, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    settled: dict[LineKey, SettlementLine] = field(default_factory=dict)


def settlement_of(project: Project) -> Settlement:
    """How the project stands; seven queries. Inside a write: lock the project first."""
    return settlements_of([project])[project.pk]


def settlements_of(projects: Sequence[Project]) -> dict[int, Settlement]:
    """Project id → its settlement; the number of queries does not grow with the projects."""
    loaded = _load([project.pk for project in projects])
    sources = {source.pk: source for source in Source.objects.filter(kind__in=LEDGER_KINDS)}
    keys = {key for one in loaded.values() for key in (*one.approved, *one.moved)}
    people = ProjectBeneficiary.objects.filter(pk__in={payee for payee, _ in keys if payee})
    payees: dict[int | None, str] = {None: WHOLE_PROJECT}
    payees |= {one.pk: str(one) for one in people.select_related("beneficiary")}
    return {project.pk: _settlement(project, loaded[project.pk], sources, payees) for project in projects}


def _load(pks: list[int]) -> dict[int, _Loaded]:
    found = {pk: _Loaded() for pk in pks}
    for line in FundingLine.objects.filter(project__in=pks, source__kind__in=LEDGER_KINDS, approved_vnd__gt=0):
        found[line.project_id].approved[line.participant_id, line.source_id] = line.approved_vnd or 0
    for cost in AcceptedCost.objects.filter(project__in=pks):
        found[cost.project_id].accepted[cost.participant_id] = cost.accepted_vnd
    # The last check of a line is that of its last decision.
    for check in NormCheck.objects.filter(project__in=pks).order_by("pk"):
        found[check.project_id].norms[check.participant_id, check.source_id] = check
    entries = LedgerEntry.objects.filter(project__in=pks).with_effect().order_by()
    columns = ("project_id", "participant_id", "source_id", "kind")
    for project, payee, source, kind, vnd in entries.values_list(*columns).annotate(vnd=Sum("effect_vnd")):
        one = found[project]
        one.moved[line_of(one.approved, (payee, source))][kind] += vnd
    for settled in SettlementLine.objects.filter(project__in=pks):
        found[settled.project_id].settled[settled.participant_id, settled.source_id] = settled
    return found


def _settlement(
    project: Project, one: _Loaded, sources: Mapping[int, Source], payees: Mapping[int | None, str]
) -> Settlement:
    keys = sorted({*one.approved, *one.moved}, key=lambda key: _place(project, key, sources))
    due = _due(keys, one)
    rows = [_row(key, one, due[key], sources[key[1]], payees[key[0]]) for key in keys]
    return Settlement(rows, bool(one.settled))


def _place(project: Project, key: LineKey, sources: Mapping[int, Source]) -> tuple[int, bool, int, int]:
    """The whole project first; of a payee's sources the budget of the project's track first."""
    source = sources[key[1]]
    return key[0] or 0, not source.is_budget_of(project.track_kind), source.position, source.pk


def _due(keys: Iterable[LineKey], one: _Loaded) -> Amounts:
    """Đồng per line: as it was settled, otherwise by the rule; 0 while nothing is accepted."""
    by_payee: dict[int | None, list[LineKey]] = defaultdict(list)
    for key in keys:
        by_payee[key[0]].append(key)
    due: dict[LineKey, int] = {}
    for lines in by_payee.values():
        due |= dict(zip(lines, shared_due([_terms(key, one) for key in lines]), strict=True))
    return due | {key: line.due_vnd for key, line in one.settled.items()}


def _terms(key: LineKey, one: _Loaded) -> SettlementTerms:
    rate, cap = _norm(key, one)
    return SettlementTerms(one.accepted.get(key[0], 0), one.approved.get(key, 0), rate, cap)


def _norm(key: LineKey, one: _Loaded) -> tuple[Decimal | None, int | None]:
    """Rate and cap of the norm that bound the decision; one that only warned takes nothing away from the payee."""
    check = one.norms.get(key)
    return (check.rate_percent, check.cap_limit_vnd) if check and check.is_binding else (None, None)


def _row(key: LineKey, one: _Loaded, due_vnd: int, source: Source, payee: str) -> SettlementRow:
    moved, settled = one.moved.get(key, {}), one.settled.get(key)
    rate, cap = (settled.rate_percent, settled.cap_vnd) if settled else _norm(key, one)
    money = Settled(
        due_vnd,
        moved.get(LedgerKind.ADVANCE.value, 0),
        moved.get(LedgerKind.PAYMENT.value, 0),
        -moved.get(LedgerKind.RECOVERY.value, 0),
    )
    return SettlementRow(
        key=key,
        payee=payee,
        source=source,
        approved_vnd=one.approved.get(key, 0),
        accepted_vnd=settled.accepted_vnd if settled else one.accepted.get(key[0]),
        money=money,
        rate_percent=rate,
        cap_vnd=cap,
        unpaid_reason=settled.unpaid_reason if settled else "",
    )
