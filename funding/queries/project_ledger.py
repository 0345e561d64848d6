"""Everything that vouchers of projects are judged by, read once: for one voucher as for a file of thousands.

What is about to be written is posted here first, so that the next voucher is judged with it counted.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from funding.models import (
    AdvanceLimit,
    CarryOver,
    Contract,
    FundingLine,
    LedgerEntry,
    LedgerKind,
    RecoveryDemand,
)
from funding.models.budget import LEDGER_KINDS
from funding.queries.advance import LimitInForce, limit_among, support_among
from funding.queries.contract import ContractOut, contracts_among
from funding.queries.money import WHOLE_PROJECT
from funding.queries.provinces import load_provinces
from funding.queries.settlement import Settlement, settlements_of
from funding.rules.advance import Support
from funding.rules.carry_over import SourceYears
from funding.rules.ceiling import Ceiling, LineKey
from funding.rules.ledger import LedgerState, effect_vnd
from funding.rules.recovery import Debt
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.text import nfc
from programs.models import Project, ProjectBeneficiary
from programs.workflow import Status

ACCEPTED = frozenset({Status.ACCEPTED, Status.LIQUIDATED})
Slot = tuple[str, LineKey, int | None, int]
"""(kind; payee and source; contract or None; budget year)."""


def number_key(number: str) -> str:
    """Two vouchers of a project have one number exactly when these are equal."""
    return nfc(number).casefold()


@dataclass(frozen=True)
class Posting:
    """One entry of the ledger; `row`: of the file that brings it, 0 for what came another way.

    `pk` is 0 while it is not stored.
    """

    kind: str
    key: LineKey
    contract_id: int | None
    year: int
    amount_vnd: int
    number: str
    date: datetime.date
    reverses_id: int | None = None
    pk: int = 0
    row: int = 0

    @property
    def effect_vnd(self) -> int:
        return effect_vnd(
            self.amount_vnd, comes_back=self.kind == LedgerKind.RECOVERY, reverses=self.reverses_id is not None
        )


@dataclass
class ProjectLedger:
    """One project: what it was granted, contracted, carried and paid. Inside a write: lock the project first.

    `carried`: source id → year → đồng that it passed on. `limits`: of the support item, whatever their dates.
    `settlement` is there once the work is accepted, `demands` of a stopped project. `numbers`: `number_key` → who holds
    it; a voucher that was reversed holds its number no more. `rows`: those of a file that are counted, in their order.
    """

    project: Project
    province: AdministrativeUnit | None = None
    settlement: Settlement | None = None
    limits: Sequence[AdvanceLimit] = ()
    approved: dict[LineKey, int] = field(default_factory=dict)
    payees: dict[int, ProjectBeneficiary] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    carried: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    demands: dict[LineKey, RecoveryDemand] = field(default_factory=dict)
    sums: dict[Slot, int] = field(default_factory=lambda: defaultdict(int))
    numbers: dict[str, Posting] = field(default_factory=dict)
    number_of: dict[int, str] = field(default_factory=dict)
    reversed_ids: set[int] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)

    def post(self, one: Posting) -> None:
        """Count an entry in. A reversal comes after what it reverses."""
        self.sums[one.kind, one.key, one.contract_id, one.year] += one.effect_vnd
        if one.reverses_id is not None:
            self.reversed_ids.add(one.reverses_id)
            self._free(one.reverses_id)
        self.numbers[number_key(one.number)] = one
        if one.pk:
            self.number_of[one.pk] = number_key(one.number)
        if one.row:
            self.rows.append(one.row)

    def _free(self, entry_id: int) -> None:
        key = self.number_of.get(entry_id, "")
        if key in self.numbers and self.numbers[key].pk == entry_id:
            del self.numbers[key]

    def payee_name(self, participant_id: int | None) -> str:
        return WHOLE_PROJECT if participant_id is None else str(self.payees[participant_id])

    @property
    def out(self) -> dict[LineKey, int]:
        """Net out per payee and source."""
        return self._out(LedgerKind.values)

    @property
    def state(self) -> LedgerState:
        return LedgerState(self.approved, self.out)

    @property
    def contract_out(self) -> ContractOut:
        """Net out per contract, payee and source."""
        sums: dict[tuple[int | None, LineKey], int] = defaultdict(int)
        for (_, key, contract_id, _), vnd in self.sums.items():
            sums[contract_id, key] += vnd
        return sums

    def contracts_for(self, participant_id: int | None) -> list[Contract]:
        return contracts_among(self.contracts, participant_id)

    def contract_ceiling(self, contract: Contract, wanted_vnd: int) -> Ceiling:
        """Net out of the contract, whoever received it, ≤ its support."""
        used = sum(vnd for (_, _, pk, _), vnd in self.sums.items() if pk == contract.pk)
        return Ceiling(contract.support_vnd, used, wanted_vnd)

    def budget_years(self, source_id: int | None = None) -> list[int]:
        """The years that a voucher may count for, oldest first; of one source when it is named."""
        moved = self.carried if source_id is None else {source_id: self.carried.get(source_id, {})}
        last = max((year + 1 for years in moved.values() for year in years), default=self.project.year)
        return list(range(self.project.year, last + 1))

    def source_years(self, source_id: int) -> SourceYears | None:
        """The source's money over the years; None where nothing was approved from it."""
        approved = sum(vnd for (_, source), vnd in self.approved.items() if source == source_id)
        if not approved:
            return None
        out: dict[int, int] = defaultdict(int)
        for (_, key, _, year), vnd in self.sums.items():
            if key[1] == source_id:
                out[year] += vnd
        return SourceYears(self.project.year, approved, out, self.carried.get(source_id, {}))

    def limit_on(self, day: datetime.date) -> LimitInForce:
        return limit_among(self.limits, day)

    def support(self, key: LineKey) -> tuple[Support, int]:
        """What the payee was granted from the source, and the net advances that count against it, in đồng."""
        advances = self._out((LedgerKind.ADVANCE.value, LedgerKind.RECOVERY.value))
        return support_among(self.approved, self.contracts, {one: max(0, vnd) for one, vnd in advances.items()}, key)

    def debt(self, key: LineKey) -> Debt:
        """How one payee of a stopped project stands; without a demand all that is out has to come back."""
        out_now, demand = self.out.get(key, 0), self.demands.get(key)
        return Debt(demand.out_vnd, demand.kept_vnd, out_now) if demand else Debt(out_now, 0, out_now)

    def _out(self, kinds: Iterable[str]) -> dict[LineKey, int]:
        wanted, sums = set(kinds), defaultdict[LineKey, int](int)
        for (kind, key, _, _), vnd in self.sums.items():
            if kind in wanted:
                sums[key] += vnd
        return sums


def ledger_of(project: Project) -> ProjectLedger:
    return load_ledgers([project])[project.pk]


def load_ledgers(projects: Iterable[Project], *, rows: Mapping[int, int] | None = None) -> dict[int, ProjectLedger]:
    """Project id → its ledger; the number of queries does not grow with the projects.

    `rows`: entry id → row of the file that brought it.
    """
    by_id = {project.pk: project for project in projects}
    provinces = load_provinces({project.place_id for project in by_id.values()})
    accepted = [project for project in by_id.values() if project.state in ACCEPTED]
    settlements = settlements_of(accepted) if accepted else {}
    limits = _limits({project.support_item_id for project in by_id.values()})
    found = {
        pk: ProjectLedger(
            project,
            provinces.find(project.place_id, project.approved_date),
            settlements.get(pk),
            limits.get(project.support_item_id, ()),
        )
        for pk, project in by_id.items()
    }
    _load_grants(found)
    _load_entries(found, rows or {})
    return found


def _limits(items: set[int]) -> dict[int, list[AdvanceLimit]]:
    found: dict[int, list[AdvanceLimit]] = defaultdict(list)
    pairs = AdvanceLimit.support_items.through.objects.filter(supportitem__in=items).order_by("advancelimit_id")
    for pair in pairs.select_related("advancelimit"):
        found[pair.supportitem_id].append(pair.advancelimit)
    return found


def _load_grants(found: Mapping[int, ProjectLedger]) -> None:
    """Five queries: approved lines, payees, contracts, carry-overs, what stopped projects owe."""
    for line in FundingLine.objects.filter(project__in=found, source__kind__in=LEDGER_KINDS):
        found[line.project_id].approved[line.participant_id, line.source_id] = line.approved_vnd or 0
    people = ProjectBeneficiary.objects.filter(project__in=found).select_related("beneficiary").order_by("pk")
    for payee in people:
        found[payee.project_id].payees[payee.pk] = payee
    for contract in Contract.objects.filter(project__in=found).order_by("pk"):
        found[contract.project_id].contracts.append(contract)
    for moved in CarryOver.objects.filter(project__in=found):
        found[moved.project_id].carried[moved.source_id][moved.from_year] = moved.amount_vnd
    for demand in RecoveryDemand.objects.filter(project__in=found):
        found[demand.project_id].demands[demand.participant_id, demand.source_id] = demand


def _load_entries(found: Mapping[int, ProjectLedger], rows: Mapping[int, int]) -> None:
    entries = LedgerEntry.objects.filter(project__in=found).order_by("pk")
    columns = ("kind", "contract_id", "year", "amount_vnd", "voucher_number", "voucher_date", "reverses_id", "pk")
    for project_id, payee, source, *values in entries.values_list(
        "project_id", "participant_id", "source_id", *columns
    ):
        kind, contract, year, vnd, number, date, reverses, pk = values
        posting = Posting(kind, (payee, source), contract, year, vnd, number, date, reverses, pk, rows.get(pk, 0))
        found[project_id].post(posting)
