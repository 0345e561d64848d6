"""What an advance is held against: the payee's support from a source, and a share of it. Whole đồng."""

from dataclasses import dataclass
from decimal import Decimal

from funding.rules.ceiling import Ceiling
from funding.rules.norm import share


@dataclass(frozen=True)
class Support:
    """What a payee was granted from one source, from all state sources, and by its contracts (None: it has none)."""

    approved_vnd: int
    all_sources_vnd: int
    contracted_vnd: int | None = None

    @property
    def support_vnd(self) -> int:
        """The source's part of the contracts, rounded down; what was approved where there is no contract.

        Contracts do not name sources: they are shared among them as the approval is.
        """
        if self.contracted_vnd is None or self.contracted_vnd >= self.all_sources_vnd:
            return self.approved_vnd
        return self.approved_vnd * self.contracted_vnd // self.all_sources_vnd


def advance_ceiling(support_vnd: int, percent: Decimal, advanced_vnd: int, wanted_vnd: int) -> Ceiling:
    """Net advances, this one included, ≤ percent × support, rounded down to whole đồng."""
    return Ceiling(share(support_vnd, percent) or 0, advanced_vnd, wanted_vnd)
