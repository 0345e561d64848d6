"""A province's budget year: open or closed, what happened to it, and what is still open in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Sum

from funding.models import Budget, BudgetYear, BudgetYearEvent, CarryOver, FundingLine, LedgerEntry, LedgerKind
from funding.models.budget import LEDGER_KINDS
from funding.queries.carry_over import ACCOUNTED_FOR
from funding.queries.provinces import load_provinces
from funding.queries.recovery import owing_projects
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from programs.models import Project
from programs.workflow import APPROVED_ON, Status

ROWS_SHOWN = 20
# What is settled is final, and of a stopped project only the demands are open.
SPENDING = APPROVED_ON - {Status.SETTLED, Status.STOPPED}
PairSums = Mapping[tuple[int, int], int]
"""(project id, source id) → đồng."""


@dataclass(frozen=True)
class OpenRow:
    project: Project
    vnd: int


@dataclass
class OpenPart:
    """One sort of open work; the largest rows first."""

    rows: list[OpenRow] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def vnd(self) -> int:
        return sum(row.vnd for row in self.rows)

    @property
    def shown(self) -> list[OpenRow]:
        return sorted(self.rows, key=lambda row: (-row.vnd, row.project.code))[:ROWS_SHOWN]

    @property
    def more(self) -> int:
        return max(0, self.count - ROWS_SHOWN)


@dataclass
class OpenWork:
    """`unspent`: approved or carried in and not out; `advances`: nobody has accounted for; `demands`: still owed."""

    unspent: OpenPart = field(default_factory=OpenPart)
    advances: OpenPart = field(default_factory=OpenPart)
    demands: OpenPart = field(default_factory=OpenPart)

    @property
    def is_any(self) -> bool:
        return bool(self.unspent.rows or self.advances.rows or self.demands.rows)


@dataclass(frozen=True)
class YearState:
    """`version` counts the events: what a person was looking at."""

    province: AdministrativeUnit
    year: int
    is_closed: bool
    events: list[BudgetYearEvent]
    work: OpenWork

    @property
    def version(self) -> int:
        return len(self.events)


def year_states(user: User, provinces: Sequence[AdministrativeUnit], year: int) -> list[YearState]:
    """The provinces that have something in the year, and the first one always; the number of queries is fixed."""
    work = open_work(user, year)
    rows = BudgetYear.objects.filter(province__in=provinces, year=year)
    closed = {row.province_id: row.is_closed for row in rows}
    events: dict[int, list[BudgetYearEvent]] = defaultdict(list)
    found = BudgetYearEvent.objects.filter(budget_year__in=rows).select_related("budget_year", "by")
    for event in found.order_by("pk"):
        events[event.budget_year.province_id].append(event)
    planned = set(Budget.objects.filter(year=year, province__in=provinces).values_list("province_id", flat=True))
    shown = [
        one for place, one in enumerate(provinces) if place == 0 or one.pk in {*planned, *events, *(pk for pk in work)}
    ]
    return [
        YearState(one, year, closed.get(one.pk, False), events[one.pk], work.get(one.pk, OpenWork())) for one in shown
    ]


def year_state(user: User, province: AdministrativeUnit, year: int) -> YearState:
    return year_states(user, [province], year)[0]


def open_work(user: User, year: int) -> dict[int, OpenWork]:
    """Province id → what is open in the year, on projects of the user's area."""
    into = CarryOver.objects.filter(to_year=year).values("project_id")
    projects = Project.objects.visible_to(user).filter(Q(year=year) | Q(pk__in=into)).order_by()
    live = {one.pk: one for one in projects.filter(status__in=[status.value for status in SPENDING])}
    owing = list(owing_projects().filter(pk__in=projects.values("pk")))
    parts = [
        ("unspent", _rows(live, _unspent(projects, live, year))),
        ("advances", _rows(live, _advances(projects, live, year))),
        ("demands", [OpenRow(one, one.out_now_vnd - one.kept_vnd) for one in owing]),  # type: ignore[attr-defined]
    ]
    provinces = load_provinces({row.project.place_id for _, rows in parts for row in rows})
    work: dict[int, OpenWork] = defaultdict(OpenWork)
    for name, rows in parts:
        for row in rows:
            province = provinces.find(row.project.place_id, row.project.approved_date)
            if province is not None:
                getattr(work[province.pk], name).rows.append(row)
    return dict(work)


def _rows(projects: Mapping[int, Project], sums: Mapping[int, int]) -> list[OpenRow]:
    return [OpenRow(projects[pk], vnd) for pk, vnd in sums.items() if vnd > 0]


def _unspent(projects: QuerySet[Project], live: Mapping[int, Project], year: int) -> dict[int, int]:
    """Per project, source by source: given to the year − passed on − out in the year."""
    lines = FundingLine.objects.filter(project__in=projects.filter(year=year), source__kind__in=LEDGER_KINDS)
    moved = CarryOver.objects.filter(project__in=projects)
    out = LedgerEntry.objects.filter(project__in=projects, year=year).with_effect()
    given = _pairs(lines, "approved_vnd", live), _pairs(moved.filter(to_year=year), "amount_vnd", live)
    gone = _pairs(moved.filter(from_year=year), "amount_vnd", live), _pairs(out, "effect_vnd", live)
    left: dict[int, int] = defaultdict(int)
    for pair in {*given[0], *given[1]}:
        rest = sum(sums.get(pair, 0) for sums in given) - sum(sums.get(pair, 0) for sums in gone)
        left[pair[0]] += max(0, rest)
    return left


def _advances(projects: QuerySet[Project], live: Mapping[int, Project], year: int) -> dict[int, int]:
    """Net advances of the year on projects whose work is not accepted yet."""
    kinds = (LedgerKind.ADVANCE, LedgerKind.RECOVERY)
    entries = LedgerEntry.objects.filter(project__in=projects, year=year, kind__in=kinds).with_effect()
    sums: dict[int, int] = defaultdict(int)
    for (pk, _), vnd in _pairs(entries, "effect_vnd", live).items():
        if live[pk].state not in ACCOUNTED_FOR:
            sums[pk] += vnd
    return sums


def _pairs(rows: QuerySet[Any], column: str, live: Mapping[int, Project]) -> PairSums:
    grouped: Iterable[tuple[int, int, int]] = (
        rows.order_by().values_list("project_id", "source_id").annotate(vnd=Sum(column, default=0))
    )
    return {(project, source): vnd for project, source, vnd in grouped if project in live}
