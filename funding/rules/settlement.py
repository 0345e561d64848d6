"""What a payee is due at the end, and what is still to pay or to come back. Whole đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from funding.rules.norm import share


@dataclass(frozen=True)
class SettlementTerms:
    """Accepted cost, the norm's rate and cap as they were used at the approval (None: no such limit), the approval."""

    accepted_vnd: int
    approved_vnd: int
    rate_percent: Decimal | None = None
    cap_vnd: int | None = None


@dataclass(frozen=True)
class Settled:
    """What is due, and what went out and came back."""

    due_vnd: int
    advanced_vnd: int
    paid_vnd: int
    recovered_vnd: int

    @property
    def out_vnd(self) -> int:
        return self.advanced_vnd + self.paid_vnd - self.recovered_vnd

    @property
    def to_pay_vnd(self) -> int:
        return max(0, self.due_vnd - self.out_vnd)

    @property
    def to_recover_vnd(self) -> int:
        return max(0, self.out_vnd - self.due_vnd)


def support_due(terms: SettlementTerms) -> int:
    """min(accepted cost × rate, cap, approved); never more than the accepted cost itself.

    Source: NĐ 45/2012/NĐ-CP, TT 36/2013/TT-BCT (the state pays its share of what was accepted).
    """
    limits = [terms.accepted_vnd, terms.approved_vnd]
    by_rate = share(terms.accepted_vnd, terms.rate_percent)
    limits += [limit for limit in (by_rate, terms.cap_vnd) if limit is not None]
    return min(limits)


def shared_due(terms: Sequence[SettlementTerms]) -> list[int]:
    """What each source of one payee gives, in this order, so that together they pass no more than was accepted.

    The accepted cost is one and the same for all of them: what an earlier source gives is no longer there for a later
    one.
    """
    given: list[int] = []
    for one in terms:
        left = max(0, one.accepted_vnd - sum(given))
        given.append(min(support_due(one), left))
    return given
