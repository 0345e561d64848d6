"""How a refusal and the history speak of money."""

from funding.queries.budget_items import ItemPosition
from funding.rules.ceiling import Ceiling
from khuyencong.vietnamese.money import format_vnd


def dong(vnd: int) -> str:
    """ "1.234.000 đồng"."""
    return f"{format_vnd(vnd)} đồng"


def over_budget(position: Ceiling, where: str) -> str:
    """Why an approval does not fit into the year's budget plan, with its numbers."""
    numbers = (
        f"còn {dong(position.remaining_vnd)}, phê duyệt {dong(position.wanted_vnd)}, thiếu {dong(position.excess_vnd)}"
    )
    return f"Vượt dự toán còn lại: {numbers} ({where})."


def over_limit(what: str, ceiling: Ceiling, used: str, wanted: str) -> str:
    """A limit, what is used of it, what is wanted, by how much it is passed."""
    return (
        f"{what}: được duyệt {dong(ceiling.limit_vnd)}, {used} {dong(ceiling.used_vnd)}, "
        f"{wanted} {dong(ceiling.wanted_vnd)}, vượt {dong(ceiling.excess_vnd)}."
    )


def over_item_plan(position: ItemPosition, where: str) -> str:
    """Why an approval does not fit what the year's plan leaves for its support item, with its numbers."""
    return (
        f"Vượt dự toán của nội dung “{position.item}”: dự toán {dong(position.planned_vnd)}, "
        f"đã phê duyệt {dong(position.committed_vnd)}, còn lại (cả phần chưa phân bổ) {dong(position.remaining_vnd)}, "
        f"phê duyệt {dong(position.wanted_vnd)}, thiếu {dong(position.excess_vnd)} ({where})."
    )
