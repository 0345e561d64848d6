"""The year's money per source: planned, approved, out, left."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import F, Sum

from funding.models import Budget, BudgetEntry, LedgerEntry, Source
from funding.models.budget import PLANNED_KINDS
from funding.models.ledger import LedgerEntryQuerySet
from funding.queries.carry_over import carried_rows, carried_years
from funding.queries.committed import committed_rows
from funding.queries.provinces import ProvinceMap, load_provinces, province_of
from funding.rules.ceiling import Ceiling
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit, UnitLevel, covered_unit_ids
from programs.models import Project

BudgetKey = tuple[int | None, int]
"""(province id or None where no province is known, source id)."""
Label = tuple[Source, AdministrativeUnit | None]


@dataclass(frozen=True)
class BoardRow:
    """One source of one province in a year; `planned_vnd` is None for a source that has no budget plan."""

    source: Source
    province: AdministrativeUnit | None
    planned_vnd: int | None
    committed_vnd: int
    out_vnd: int

    @property
    def remaining_vnd(self) -> int | None:
        """What may still be approved."""
        return None if self.planned_vnd is None else self.planned_vnd - self.committed_vnd

    @property
    def unpaid_vnd(self) -> int:
        """Approved and not yet out."""
        return self.committed_vnd - self.out_vnd


@dataclass(frozen=True)
class CarriedRow:
    """Money of earlier years in this one, apart from its plan; `onward_vnd` is what this year passes on to the next."""

    source: Source
    province: AdministrativeUnit | None
    into_vnd: int
    spent_vnd: int
    onward_vnd: int


@dataclass(frozen=True)
class BudgetBoard:
    year: int
    rows: list[BoardRow]
    entries: list[BudgetEntry]
    has_province: bool
    carried: list[CarriedRow]

    @property
    def planned_vnd(self) -> int:
        return sum(row.planned_vnd or 0 for row in self.rows)

    @property
    def committed_vnd(self) -> int:
        return sum(row.committed_vnd for row in self.rows)

    @property
    def out_vnd(self) -> int:
        return sum(row.out_vnd for row in self.rows)


def budget_board(user: User, year: int) -> BudgetBoard:
    """Every state source of the user's area in a year; the number of queries does not grow with the rows.

    Budgets are a province's: who answers for a smaller area sees what its own projects were given and have received.
    """
    budgets = _visible_budgets(user, year)
    projects = Project.objects.visible_to(user)
    held = committed_rows([year], within=projects)
    out_rows = _out_rows(LedgerEntry.objects.filter(project__in=projects), year)
    carried = carried_rows(projects, year)
    all_rows = [*held, *out_rows, *chain.from_iterable(carried.values())]
    provinces = load_provinces({row["project__place_id"] for row in all_rows})
    committed, out = _by_province(held, provinces), _by_province(out_rows, provinces)
    planned: dict[BudgetKey, int] = {
        (budget.province_id, budget.source_id): budget.planned_vnd  # type: ignore[attr-defined]  # with_planned
        for budget in budgets
    }
    moved = {name: _by_province(found, provinces) for name, found in carried.items()}
    labels = _labels({*planned, *committed, *out}.union(*moved.values()))
    rows = _board_rows(planned, committed, out, labels)
    entries = BudgetEntry.objects.filter(budget__in=[budget.pk for budget in budgets]).select_related(
        "budget__source", "budget__province", "support_item", "recorded_by"
    )
    has_province = user.organisation is not None and user.organisation.area.level == UnitLevel.PROVINCE
    latest_first = list(entries.order_by("-decision_date", "-pk"))
    return BudgetBoard(year, rows, latest_first, has_province, _carried_rows(moved, labels))


def budget_years(user: User) -> list[int]:
    """Years in which the user's area has a budget, an approved project or money carried in, newest first."""
    years = set(Budget.objects.filter(province_id__in=covered_unit_ids(user.area_id)).values_list("year", flat=True))
    years |= set(carried_years(user))
    years |= set(Project.objects.visible_to(user).approved_on().order_by().values_list("year", flat=True).distinct())
    return sorted(years, reverse=True)


def budget_position(budget: Budget, wanted_vnd: int = 0) -> Ceiling:
    """The plan of a budget and what is approved against it. Inside a write: lock the budget first."""
    planned = BudgetEntry.objects.filter(budget=budget).aggregate(total=Sum("amount_vnd", default=0))["total"]
    return Ceiling(planned, committed_vnd(budget.year, budget.source_id, budget.province_id), wanted_vnd)


def committed_vnd(year: int, source_id: int, province_id: int) -> int:
    """What the projects of a year and province hold of a source: see `committed_rows`."""
    rows = committed_rows([year], source_id=source_id)
    provinces = load_provinces({row["project__place_id"] for row in rows})
    return _by_province(rows, provinces).get((province_id, source_id), 0)


def project_positions(project: Project, wanted: dict[int, int], day: datetime.date) -> list[tuple[Source, Ceiling]]:
    """How the year's budget of the project's province stands, for each source that has a plan or needs one.

    `wanted`: đồng per source.
    """
    province = province_of(project.place_id, day)
    budgets = {budget.source_id: budget for budget in Budget.objects.filter(year=project.year, province=province)}
    positions = []
    for source in Source.objects.filter(kind__in=PLANNED_KINDS, is_active=True):
        amount = wanted.get(source.pk, 0)
        budget = budgets.get(source.pk)
        if budget is None and not source.is_budgeted:
            continue
        positions.append((source, budget_position(budget, amount) if budget else Ceiling(0, 0, amount)))
    return positions


def _visible_budgets(user: User, year: int) -> list[Budget]:
    budgets = Budget.objects.filter(year=year, province_id__in=covered_unit_ids(user.area_id))
    return list(budgets.with_planned())


def _out_rows(entries: LedgerEntryQuerySet, year: int) -> list[Any]:
    """Out of the year's own plan; what is spent of money carried in stands apart."""
    out = entries.filter(year=year).exclude(year__gt=F("project__year")).with_effect().order_by()
    grouped = out.values("project__place_id", "project__approved_date", "source_id")
    return list(grouped.annotate(vnd=Sum("effect_vnd", default=0)))


def _by_province(rows: Iterable[dict[str, Any]], provinces: ProvinceMap) -> dict[BudgetKey, int]:
    sums: dict[BudgetKey, int] = defaultdict(int)
    for row in rows:
        province = provinces.find(row["project__place_id"], row["project__approved_date"])
        sums[(province.pk if province else None, row["source_id"])] += row["vnd"]
    return dict(sums)


def _labels(keys: set[BudgetKey]) -> dict[BudgetKey, Label]:
    """The source and the province of each key, in the order in which boards show them."""
    sources = {source.pk: source for source in Source.objects.all()}
    units = AdministrativeUnit.objects.in_bulk({province_id for province_id, _ in keys if province_id})
    labels = {key: (sources[key[1]], units.get(key[0]) if key[0] else None) for key in keys}
    return dict(sorted(labels.items(), key=lambda pair: _place_on_board(*pair[1])))


def _place_on_board(source: Source, province: AdministrativeUnit | None) -> tuple[int, int, str]:
    return source.position, source.pk, province.sort_key if province else ""


def _board_rows(
    planned: dict[BudgetKey, int],
    committed: dict[BudgetKey, int],
    out: dict[BudgetKey, int],
    labels: dict[BudgetKey, Label],
) -> list[BoardRow]:
    """Money that is only declared, and has no plan, is not on the board."""
    shown = {key for key in (*planned, *committed, *out) if key in planned or labels[key][0].is_state_money}
    return [
        BoardRow(source, province, planned.get(key), committed.get(key, 0), out.get(key, 0))
        for key, (source, province) in labels.items()
        if key in shown
    ]


def _carried_rows(moved: dict[str, dict[BudgetKey, int]], labels: dict[BudgetKey, Label]) -> list[CarriedRow]:
    shown = set().union(*moved.values())
    return [
        CarriedRow(source, province, *(moved[name].get(key, 0) for name in ("into", "spent", "onward")))
        for key, (source, province) in labels.items()
        if key in shown
    ]
