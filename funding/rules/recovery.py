"""What a payee of a stopped project still owes, from what was out at the stop, what it keeps and what is out now."""

from dataclasses import dataclass

from funding.rules.ceiling import Ceiling


@dataclass(frozen=True)
class Debt:
    """One payee and source, whole đồng. Always: kept ≤ out now ≤ out at the stop."""

    out_vnd: int
    kept_vnd: int
    out_now_vnd: int

    @property
    def demanded_vnd(self) -> int:
        """What must come back by the decision."""
        return self.out_vnd - self.kept_vnd

    @property
    def recovered_vnd(self) -> int:
        """What has come back since the stop."""
        return self.out_vnd - self.out_now_vnd

    @property
    def open_vnd(self) -> int:
        return max(0, self.out_now_vnd - self.kept_vnd)

    def taking_back(self, wanted_vnd: int) -> Ceiling:
        """What comes back now ≤ what is demanded and still open."""
        return Ceiling(self.open_vnd, 0, wanted_vnd)

    def giving_again(self, wanted_vnd: int) -> Ceiling:
        """A recovery that is undone does not put out more than there was at the stop."""
        return Ceiling(self.out_vnd, self.out_now_vnd, wanted_vnd)
