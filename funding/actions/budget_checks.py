"""What a decision on a year's budget must keep: the plan and its items stay above what is approved. Whole đồng."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funding.actions.wording import dong
from funding.models import Budget
from funding.queries.budget import budget_position
from funding.queries.budget_items import committed_by_item, item_plan
from funding.rules.budget_items import ItemPlan
from khuyencong.errors import Refused
from khuyencong.formfields import MAX_FIELD_VND
from programs.models import SupportItem

ROW_LIMIT = 60


@dataclass(frozen=True)
class PlanRow:
    """One row of a decision; `item_id` None is the part of the plan that names no support item."""

    item_id: int | None
    amount_vnd: int


def check_rows(budget: Budget, rows: Sequence[PlanRow], items: Mapping[int, SupportItem]) -> ItemPlan:
    """The plan as it was before. The budget is locked. Errors: Refused, at the row's amount where one is to blame."""
    _check_amounts(rows)
    _check_total(budget, sum(row.amount_vnd for row in rows))
    plan, committed = item_plan(budget), committed_by_item(budget)
    _check_item_decreases(plan, committed, rows, items)
    _check_unallocated(plan, _changed(plan, rows), committed, rows)
    return plan


def _check_amounts(rows: Sequence[PlanRow]) -> None:
    if not rows:
        raise Refused("Nhập ít nhất một dòng có số tiền.")
    if len(rows) > ROW_LIMIT:
        raise Refused(f"Mỗi quyết định ghi tối đa {ROW_LIMIT} dòng.")
    seen: set[int | None] = set()
    for place, row in enumerate(rows):
        if not 0 < abs(row.amount_vnd) <= MAX_FIELD_VND:
            raise Refused("Số tiền phải khác 0 và không quá lớn.", field=_field(place))
        if row.item_id in seen:
            raise Refused("Nội dung này đã có ở dòng trên: gộp thành một dòng.", field=f"rows-{place}-item")
        seen.add(row.item_id)


def _check_total(budget: Budget, change_vnd: int) -> None:
    position = budget_position(budget)
    after = position.limit_vnd + change_vnd
    if change_vnd < 0 and after < position.used_vnd:
        raise Refused(
            f"Dự toán sau điều chỉnh {dong(after)}, thấp hơn số đã phê duyệt cho các đề án {dong(position.used_vnd)}: "
            f"thiếu {dong(position.used_vnd - after)}.",
            field="amount_vnd",
        )


def _check_item_decreases(
    plan: ItemPlan, committed: Mapping[int, int], rows: Sequence[PlanRow], items: Mapping[int, SupportItem]
) -> None:
    """An item is not lowered below what is approved for it, even where the unallocated part could make it up."""
    for place, row in enumerate(rows):
        if row.item_id is None or row.amount_vnd > 0:
            continue
        after, used = plan.planned.get(row.item_id, 0) + row.amount_vnd, committed.get(row.item_id, 0)
        if after < used:
            raise Refused(
                f"Nội dung “{items[row.item_id]}”: dự toán sau điều chỉnh {dong(after)}, thấp hơn số đã phê duyệt "
                f"{dong(used)}: thiếu {dong(used - after)}.",
                field=_field(place),
            )


def _check_unallocated(
    before: ItemPlan, after: ItemPlan, committed: Mapping[int, int], rows: Sequence[PlanRow]
) -> None:
    """What items hold beyond their own plans still fits the unallocated part; a plan in deficit may only get better."""
    used = after.pool_used_vnd(committed)
    lacking = used - after.unallocated_vnd
    if lacking <= max(0, before.pool_used_vnd(committed) - before.unallocated_vnd):
        return
    place = next((place for place, row in enumerate(rows) if row.item_id is None), None)
    raise Refused(
        f"Phần chưa phân bổ theo nội dung sau điều chỉnh {dong(after.unallocated_vnd)}, các nội dung đã phê duyệt vượt "
        f"dự toán riêng {dong(used)}: thiếu {dong(lacking)}.",
        field="" if place is None else _field(place),
    )


def _changed(plan: ItemPlan, rows: Sequence[PlanRow]) -> ItemPlan:
    planned, unallocated = dict(plan.planned), plan.unallocated_vnd
    for row in rows:
        if row.item_id is None:
            unallocated += row.amount_vnd
        else:
            planned[row.item_id] = planned.get(row.item_id, 0) + row.amount_vnd
    return ItemPlan(planned, unallocated)


def _field(place: int) -> str:
    return f"rows-{place}-amount_vnd"
