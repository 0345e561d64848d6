"""The ledger's balances: what is out per line, and whether one more entry keeps every sum valid. Whole đồng."""

from dataclasses import dataclass

from funding.rules.ceiling import Amounts, Ceiling, LineKey, line_of


def effect_vnd(amount_vnd: int, *, comes_back: bool, reverses: bool) -> int:
    """What an entry adds to the money out (+) or brings back (−); `reverses`: it takes an earlier one back."""
    return -amount_vnd if comes_back is not reverses else amount_vnd


@dataclass(frozen=True)
class LedgerState:
    """What was approved per line, and what is out (advances + payments − recoveries) per payee and source."""

    approved: Amounts
    out: Amounts

    def line_out(self, line: LineKey) -> int:
        """Net out on a line: its own payee, and for the whole project also payees without a line."""
        return sum(vnd for key, vnd in self.out.items() if line_of(self.approved, key) == line)

    def line_ceiling(self, key: LineKey, wanted_vnd: int) -> Ceiling:
        """Σ net out of the line that `key` draws on ≤ what was approved for it."""
        line = line_of(self.approved, key)
        return Ceiling(self.approved.get(line, 0), self.line_out(line), wanted_vnd)

    def source_ceiling(self, source_id: int, wanted_vnd: int) -> Ceiling:
        """Σ net out of a source ≤ what was approved from it."""
        limit = sum(vnd for (_, source), vnd in self.approved.items() if source == source_id)
        used = sum(vnd for (_, source), vnd in self.out.items() if source == source_id)
        return Ceiling(limit, used, wanted_vnd)

    def recovery_ceiling(self, key: LineKey, wanted_vnd: int) -> Ceiling:
        """What comes back from a payee ≤ what is out to it."""
        return Ceiling(self.out.get(key, 0), 0, wanted_vnd)

    @property
    def total_approved_vnd(self) -> int:
        return sum(self.approved.values())

    @property
    def total_out_vnd(self) -> int:
        return sum(self.out.values())

    def overspent_lines(self) -> list[LineKey]:
        """Lines with more out than approved."""
        lines = {line_of(self.approved, key) for key in self.out}
        return [line for line in lines if not self.line_ceiling(line, 0).fits]

    def over_recovered(self) -> list[LineKey]:
        """Payees that gave back more than they had received."""
        return [key for key, vnd in self.out.items() if vnd < 0]
