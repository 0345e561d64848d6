"""What a leader sees before a list is approved: each project's request, and what it leaves of the budgets."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from funding.models import Budget, FundingLine, Source
from funding.models.budget import PLANNED_KINDS
from funding.queries.committed import committed_rows
from funding.queries.provinces import load_provinces
from funding.rules.ceiling import Ceiling
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from programs.models import Project
from programs.queues import QUEUES
from programs.workflow import Action

PlanKey = tuple[int, int, int | None]
"""(year, source id, province id or None where no province is known)."""


@dataclass(frozen=True)
class RequestRow:
    """A project and what it asks of each source, in the order of the list's sources."""

    project: Project
    amounts: list[int]

    @property
    def total_vnd(self) -> int:
        return sum(self.amounts)


@dataclass(frozen=True)
class RequestTable:
    sources: list[Source]
    rows: list[RequestRow]

    @property
    def sums(self) -> list[int]:
        """Đồng per source over the rows."""
        return [sum(column) for column in zip(*(row.amounts for row in self.rows), strict=True)]

    @property
    def total_vnd(self) -> int:
        return sum(row.total_vnd for row in self.rows)


@dataclass(frozen=True)
class PlanRow:
    """One budget, and what approving the projects would take from it; no `province` where none is known."""

    year: int
    source: Source
    province: AdministrativeUnit | None
    is_planned: bool
    position: Ceiling


def waiting_for_approval(user: User) -> QuerySet[Project]:
    """Projects of the user's area whose next step is the approval: appraised local ones, national ones sent up."""
    condition = Q()
    for queue in QUEUES:
        if queue.action is Action.APPROVE:
            condition |= queue.condition
    return Project.objects.visible_to(user).filter(condition).select_related("place").defer("objective", "note")


def waiting_years(user: User) -> list[int]:
    """Years that have projects waiting for approval, and this year; newest first."""
    years = set(waiting_for_approval(user).order_by().values_list("year", flat=True).distinct())
    return sorted(years | {timezone.localdate().year}, reverse=True)


def request_table(projects: Sequence[Project]) -> RequestTable:
    """One query for the amounts, one for the sources, whatever the number of projects."""
    sums: dict[tuple[int, int], int] = {}
    lines = FundingLine.objects.filter(project__in=[project.pk for project in projects]).order_by()
    for project_id, source_id, vnd in lines.values_list("project_id", "source_id").annotate(vnd=Sum("requested_vnd")):
        sums[project_id, source_id] = vnd
    used = {source_id for _, source_id in sums}
    sources = list(Source.objects.filter(pk__in=used))
    rows = [RequestRow(project, [sums.get((project.pk, source.pk), 0) for source in sources]) for project in projects]
    return RequestTable(sources, rows)


def plan_rows(projects: QuerySet[Project], day: datetime.date) -> list[PlanRow]:
    """How each budget stands with these projects approved on that day; the number of queries is always the same."""
    wanted = _sum_by_plan(_requested_rows(projects), day)
    years = {year for year, _, _ in wanted}
    used = _sum_by_plan(committed_rows(years), None)
    budgets = Budget.objects.filter(year__in=years).with_planned()
    planned: dict[PlanKey, int] = {
        (budget.year, budget.source_id, budget.province_id): budget.planned_vnd  # type: ignore[attr-defined]
        for budget in budgets
    }
    sources = {source.pk: source for source in Source.objects.filter(kind__in=PLANNED_KINDS)}
    wanted = {key: vnd for key, vnd in wanted.items() if key in planned or sources[key[1]].is_budgeted}
    units = AdministrativeUnit.objects.in_bulk({province_id for _, _, province_id in wanted if province_id})
    return [
        PlanRow(
            year=key[0],
            source=sources[key[1]],
            province=units.get(key[2]) if key[2] else None,
            is_planned=key in planned,
            position=Ceiling(planned.get(key, 0), used.get(key, 0), wanted[key]),
        )
        for key in sorted(wanted, key=lambda key: (-key[0], sources[key[1]].position, key[2] or 0))
    ]


def _requested_rows(projects: QuerySet[Project]) -> list[Any]:
    """Like `committed_rows`, of what the projects ask for."""
    lines = FundingLine.objects.filter(project__in=projects.order_by().values("pk"), source__kind__in=PLANNED_KINDS)
    grouped = lines.order_by().values("project__year", "project__place_id", "project__approved_date", "source_id")
    return list(grouped.annotate(vnd=Sum("requested_vnd", default=0)))


def _sum_by_plan(rows: list[Any], day: datetime.date | None) -> dict[PlanKey, int]:
    """Đồng per budget; the province is the one of `day`, or else of each project's own decision."""
    provinces = load_provinces({row["project__place_id"] for row in rows})
    sums: dict[PlanKey, int] = defaultdict(int)
    for row in rows:
        province = provinces.find(row["project__place_id"], day or row["project__approved_date"])
        sums[row["project__year"], row["source_id"], province.pk if province else None] += row["vnd"]
    return dict(sums)
