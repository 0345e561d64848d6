"""A plan that is broken down by support item: whether what is approved still fits it. Whole đồng."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ItemPlan:
    """`planned` per support item id; `unallocated_vnd` is the part of the plan that names no item."""

    planned: Mapping[int, int]
    unallocated_vnd: int

    @property
    def is_broken_down(self) -> bool:
        return any(self.planned.values())

    def pool_used_vnd(self, committed: Mapping[int, int]) -> int:
        """What the items take beyond their own plans; it must fit the unallocated part."""
        return sum(max(0, vnd - self.planned.get(item, 0)) for item, vnd in committed.items())

    def item_remaining_vnd(self, item: int, committed: Mapping[int, int]) -> int:
        """What may still be approved for an item: what is left of its own plan, and of the unallocated part."""
        own = max(0, self.planned.get(item, 0) - committed.get(item, 0))
        return own + max(0, self.unallocated_vnd - self.pool_used_vnd(committed))
