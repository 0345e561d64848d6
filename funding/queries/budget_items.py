"""A budget broken down by support item: its plan, what is approved, what may still be approved."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from funding.models import Budget, BudgetEntry
from funding.queries.committed import committed_rows
from funding.queries.provinces import load_provinces
from funding.rules.budget_items import ItemPlan
from programs.models import SupportItem

UNALLOCATED = "Chưa phân bổ theo nội dung"


@dataclass(frozen=True)
class ItemPosition:
    """How one support item of a budget stands before `wanted_vnd` is approved; all in đồng."""

    item: SupportItem
    planned_vnd: int
    committed_vnd: int
    remaining_vnd: int
    wanted_vnd: int = 0

    @property
    def after_vnd(self) -> int:
        return self.remaining_vnd - self.wanted_vnd

    @property
    def excess_vnd(self) -> int:
        """How much is missing; 0 when it fits."""
        return max(0, -self.after_vnd)

    @property
    def fits(self) -> bool:
        return self.excess_vnd == 0


def item_plan(budget: Budget) -> ItemPlan:
    """The plan per support item, and its part that names none. Inside a write: lock the budget first."""
    entries = BudgetEntry.objects.filter(budget=budget).order_by()
    sums: dict[int | None, int] = dict(entries.values_list("support_item_id").annotate(vnd=Sum("amount_vnd")))
    return ItemPlan({item: vnd for item, vnd in sums.items() if item is not None}, sums.get(None, 0))


def committed_by_item(budget: Budget) -> dict[int, int]:
    """Support item id → what the projects of the budget's year and province hold of its source."""
    rows = committed_rows([budget.year], source_id=budget.source_id)
    provinces = load_provinces({row["project__place_id"] for row in rows})
    sums: dict[int, int] = defaultdict(int)
    for row in rows:
        province = provinces.find(row["project__place_id"], row["project__approved_date"])
        if province and province.pk == budget.province_id:
            sums[row["project__support_item_id"]] += row["vnd"]
    return dict(sums)


def item_position(budget: Budget, item: SupportItem, wanted_vnd: int = 0) -> ItemPosition | None:
    """How the item stands; None while the plan is not broken down, since the source's plan says it all then."""
    plan = item_plan(budget)
    if not plan.is_broken_down:
        return None
    committed = committed_by_item(budget)
    return ItemPosition(
        item=item,
        planned_vnd=plan.planned.get(item.pk, 0),
        committed_vnd=committed.get(item.pk, 0),
        remaining_vnd=plan.item_remaining_vnd(item.pk, committed),
        wanted_vnd=wanted_vnd,
    )
