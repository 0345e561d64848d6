"""What a leader sees of the plans by support item before one project or a list of them is approved."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from funding.models import BudgetEntry, FundingLine, Source
from funding.models.budget import PLANNED_KINDS
from funding.queries.budget_items import ItemPosition
from funding.queries.committed import committed_rows
from funding.queries.provinces import load_provinces, province_of
from funding.rules.budget_items import ItemPlan
from khuyencong.localities.models import AdministrativeUnit
from programs.models import Project, SupportItem

PlanKey = tuple[int, int, int | None]
"""(year, source id, province id or None where no province is known)."""
Wanted = Mapping[PlanKey, Mapping[int, int]]
"""Budget → support item id → đồng."""


@dataclass(frozen=True)
class ItemRow:
    """One support item of one budget that is broken down."""

    year: int
    source: Source
    province: AdministrativeUnit
    position: ItemPosition


def project_item_rows(project: Project, wanted: Mapping[int, int], day: datetime.date) -> list[ItemRow]:
    """`wanted`: source id → đồng that the project would get by a decision of that day."""
    province = province_of(project.place_id, day)
    key = province.pk if province else None
    return item_rows(
        {(project.year, source_id, key): {project.support_item_id: vnd} for source_id, vnd in wanted.items()}
    )


def list_item_rows(projects: QuerySet[Project], day: datetime.date) -> list[ItemRow]:
    """The same for what many projects ask for; the number of queries is always the same."""
    lines = FundingLine.objects.filter(project__in=projects.order_by().values("pk"), source__kind__in=PLANNED_KINDS)
    columns = ("project__year", "project__place_id", "project__approved_date", "project__support_item_id", "source_id")
    rows = list(lines.order_by().values(*columns).annotate(vnd=Sum("requested_vnd", default=0)))
    return item_rows(_by_plan_and_item(rows, day))


def item_rows(wanted: Wanted) -> list[ItemRow]:
    """The items that are wanted of budgets that are broken down, in the order of sources and items."""
    years = {year for year, _, _ in wanted}
    plans = _plans(years)
    if not any(plans[key].is_broken_down for key in wanted if key in plans):
        return []
    committed = _by_plan_and_item(committed_rows(years), None)
    items, sources = SupportItem.objects.in_bulk(), Source.objects.in_bulk()
    units = AdministrativeUnit.objects.in_bulk({province for _, _, province in wanted if province})
    found = []
    for key, amounts in wanted.items():
        plan, held = plans.get(key), committed.get(key, {})
        if plan is None or not plan.is_broken_down or key[2] is None:
            continue
        for item, vnd in amounts.items():
            position = ItemPosition(
                items[item], plan.planned.get(item, 0), held.get(item, 0), plan.item_remaining_vnd(item, held), vnd
            )
            found.append(ItemRow(key[0], sources[key[1]], units[key[2]], position))
    return sorted(found, key=lambda row: (-row.year, row.source.position, row.source.pk, row.position.item.row))


def _plans(years: set[int]) -> dict[PlanKey, ItemPlan]:
    entries = BudgetEntry.objects.filter(budget__year__in=years).order_by()
    columns = ("budget__year", "budget__source_id", "budget__province_id", "support_item_id")
    sums: dict[PlanKey, dict[int | None, int]] = defaultdict(dict)
    for year, source, province, item, vnd in entries.values_list(*columns).annotate(vnd=Sum("amount_vnd")):
        sums[year, source, province][item] = vnd
    return {
        key: ItemPlan({item: vnd for item, vnd in by_item.items() if item is not None}, by_item.get(None, 0))
        for key, by_item in sums.items()
    }


def _by_plan_and_item(rows: list[Any], day: datetime.date | None) -> dict[PlanKey, dict[int, int]]:
    """Đồng per budget and item; the province is the one of `day`, or else of each project's own decision."""
    provinces = load_provinces({row["project__place_id"] for row in rows})
    sums: dict[PlanKey, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        province = provinces.find(row["project__place_id"], day or row["project__approved_date"])
        key = (row["project__year"], row["source_id"], province.pk if province else None)
        sums[key][row["project__support_item_id"]] += row["vnd"]
    return {key: dict(by_item) for key, by_item in sums.items()}
