"""A project's total by kind of source: total = central + provincial + district + counterpart + other, always."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Totals:
    """Whole đồng; the field names are the kinds of sources."""

    central: int = 0
    provincial: int = 0
    district: int = 0
    counterpart: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.central + self.provincial + self.district + self.counterpart + self.other

    @property
    def state(self) -> int:
        """What the state pays."""
        return self.central + self.provincial + self.district


def totals_of(amounts: Iterable[tuple[str, int]]) -> Totals:
    """Totals of (kind, đồng) pairs. Errors: KeyError on an unknown kind, so that no money is lost silently."""
    sums = {field.name: 0 for field in fields(Totals)}
    for kind, vnd in amounts:
        sums[kind] += vnd
    return Totals(**sums)
