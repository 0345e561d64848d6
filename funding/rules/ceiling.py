"""Whether an amount still fits under a limit, with every number that explains the answer. Whole đồng."""

from collections.abc import Mapping
from dataclasses import dataclass

LineKey = tuple[int | None, int]
"""(participant id, or None for the project as a whole; source id)."""
Amounts = Mapping[LineKey, int]


@dataclass(frozen=True)
class Ceiling:
    """A limit, what is already used of it, and what is wanted now; all in đồng."""

    limit_vnd: int
    used_vnd: int
    wanted_vnd: int = 0

    @property
    def remaining_vnd(self) -> int:
        """What is free before the wanted amount; negative where more is used than the limit allows."""
        return self.limit_vnd - self.used_vnd

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


def line_of(approved: Amounts, key: LineKey) -> LineKey:
    """The line that a payment to `key` draws on: the participant's own, or the project's as a whole.

    A group project is approved as a whole and names its establishments later: they have no line of their own.
    """
    participant_id, source_id = key
    return key if approved.get((participant_id, source_id), 0) > 0 else (None, source_id)


def cell_name(key: LineKey) -> str:
    """The name of the form field for one amount, so that a refusal can point at it."""
    participant_id, source_id = key
    return f"amount_{'all' if participant_id is None else participant_id}_{source_id}"
