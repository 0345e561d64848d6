"""A year's money per source and support item: plan, adjustments, approved, contracted, paid."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import F, QuerySet, Sum

from funding.models import BudgetEntry, Contract, FundingLine, LedgerEntry, LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.committed import committed_rows
from funding.queries.provinces import ProvinceMap, load_provinces
from funding.rules.shares import shared
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit, covered_unit_ids
from programs.models import Project, SupportItem
from programs.workflow import APPROVED_ON, Status

BlockKey = tuple[int | None, int]
"""(province id or None where no province is known, source id)."""
_PLACE = ("project__place_id", "project__approved_date", "project__support_item_id", "source_id")
_PAID_AS = {
    LedgerKind.ADVANCE: "advanced_vnd",
    LedgerKind.PAYMENT: "paid_vnd",
    LedgerKind.RECOVERY: "recovered_vnd",
}


@dataclass
class Figures:
    """Whole đồng. `first_vnd`: by the year's first decision on the source; `adjusted_vnd`: by all later ones."""

    first_vnd: int = 0
    adjusted_vnd: int = 0
    committed_vnd: int = 0
    contracted_vnd: int = 0
    advanced_vnd: int = 0
    paid_vnd: int = 0
    recovered_vnd: int = 0

    @property
    def is_blank(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class ItemLine:
    """A support item of a block; None is the part of the plan that names no item."""

    item: SupportItem | None
    figures: Figures


@dataclass(frozen=True)
class SourceBlock:
    source: Source
    province: AdministrativeUnit | None
    is_planned: bool
    lines: list[ItemLine]


@dataclass(frozen=True)
class ItemBoard:
    year: int
    blocks: list[SourceBlock]


class _Sums:
    """Figures per block and item, as they are gathered."""

    def __init__(self, provinces: ProvinceMap) -> None:
        self.provinces = provinces
        self.planned: set[BlockKey] = set()
        self.blocks: dict[BlockKey, dict[int | None, Figures]] = defaultdict(lambda: defaultdict(Figures))

    def add(self, key: BlockKey, item: int | None, name: str, vnd: int) -> None:
        figures = self.blocks[key][item]
        setattr(figures, name, getattr(figures, name) + vnd)

    def add_rows(self, rows: Iterable[dict[str, Any]], name: str = "") -> None:
        """Rows of place, decision day, item, source and đồng; each may name its own figure."""
        for row in rows:
            province = self.provinces.find(row["project__place_id"], row["project__approved_date"])
            key = (province.pk if province else None, row["source_id"])
            self.add(key, row["project__support_item_id"], name or row["name"], row["vnd"])


def item_board(user: User, year: int) -> ItemBoard:
    """Every source of the user's area in a year; the number of queries does not grow with the rows.

    As on the board by source, plans are a province's: a smaller area sees what its own projects hold and received.
    """
    projects = Project.objects.visible_to(user).filter(year=year)
    held, contracted, paid = committed_rows([year], within=projects), _contracted(projects), _paid(projects, year)
    sums = _Sums(load_provinces({row["project__place_id"] for row in (*held, *contracted, *paid)}))
    _add_plans(sums, user, year)
    sums.add_rows(held, "committed_vnd")
    sums.add_rows(contracted, "contracted_vnd")
    sums.add_rows(paid)
    return ItemBoard(year, _blocks(sums))


def _add_plans(sums: _Sums, user: User, year: int) -> None:
    """A budget's first decision is what the year began with; later ones adjust it."""
    covered = covered_unit_ids(user.area_id)
    entries = BudgetEntry.objects.filter(budget__year=year, budget__province_id__in=covered).order_by(
        "decision_date", "pk"
    )
    first: dict[BlockKey, str] = {}
    columns = ("budget__province_id", "budget__source_id", "support_item_id", "decision_number", "amount_vnd")
    for province, source, item, number, vnd in entries.values_list(*columns):
        key = (province, source)
        sums.planned.add(key)
        is_first = first.setdefault(key, number) == number
        sums.add(key, item, "first_vnd" if is_first else "adjusted_vnd", vnd)


def _contracted(projects: QuerySet[Project]) -> list[dict[str, Any]]:
    """Contracts name no source: a project's contracts are divided over its state sources as they were approved."""
    running = projects.filter(status__in=[one.value for one in APPROVED_ON - {Status.STOPPED}]).order_by()
    signed = Contract.objects.filter(project__in=running.values("pk")).order_by()
    support = dict(signed.values_list("project_id").annotate(vnd=Sum("support_vnd")))
    lines = FundingLine.objects.filter(project__in=running.values("pk"), source__kind__in=LEDGER_KINDS)
    approved: dict[int, dict[int, int]] = defaultdict(dict)
    places: dict[tuple[int, int], dict[str, Any]] = {}
    grouped = lines.order_by().values("project_id", *_PLACE).annotate(vnd=Sum("approved_vnd", default=0))
    for row in grouped:
        approved[row["project_id"]][row["source_id"]] = row["vnd"]
        places[row["project_id"], row["source_id"]] = row
    return [
        places[project, source] | {"vnd": vnd}
        for project, weights in approved.items()
        for source, vnd in shared(support.get(project, 0), weights).items()
    ]


def _paid(projects: QuerySet[Project], year: int) -> list[dict[str, Any]]:
    """Out of the year's own plan, by kind, reversals taken off; money carried in stands on the board by source."""
    entries = LedgerEntry.objects.filter(project__in=projects.order_by().values("pk"), year=year)
    entries = entries.exclude(year__gt=F("project__year")).with_effect().order_by()
    rows = entries.values("kind", *_PLACE).annotate(vnd=Sum("effect_vnd", default=0))
    return [
        row
        | {
            "name": _PAID_AS[LedgerKind(row["kind"])],
            "vnd": -row["vnd"] if row["kind"] == LedgerKind.RECOVERY else row["vnd"],
        }
        for row in rows
    ]


def _blocks(sums: _Sums) -> list[SourceBlock]:
    """Money that is only declared, and has no plan, is left out, as on the board by source."""
    sources, items = Source.objects.in_bulk(), SupportItem.objects.in_bulk()
    units = AdministrativeUnit.objects.in_bulk({province for province, _ in sums.blocks if province})
    blocks = []
    for key, by_item in sums.blocks.items():
        source = sources[key[1]]
        lines = [ItemLine(items.get(item) if item else None, one) for item, one in by_item.items() if not one.is_blank]
        lines.sort(key=lambda line: line.item.row if line.item else 1_000)
        if lines and (source.is_state_money or key in sums.planned):
            blocks.append(SourceBlock(source, units.get(key[0]) if key[0] else None, key in sums.planned, lines))
    return sorted(
        blocks, key=lambda one: (one.source.position, one.source.pk, one.province.sort_key if one.province else "")
    )
