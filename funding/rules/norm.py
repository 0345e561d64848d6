"""How much support a norm allows: the least of its limits, each shown. Whole đồng."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

PERCENT = 100


@dataclass(frozen=True)
class NormTerms:
    """What a dated norm says; an empty rate or cap does not limit."""

    rate_percent: Decimal | None
    cap_vnd: int | None
    multiplier: Decimal | None = None


@dataclass(frozen=True)
class Basis:
    """What the norm is reckoned from: eligible cost in đồng, units, whether the multiplier's condition holds."""

    eligible_vnd: int
    unit_count: int = 1
    has_multiplier: bool = False


@dataclass(frozen=True)
class NormLimits:
    """min(rate × eligible cost, cap × multiplier × units, remaining plan); None where there is no such limit."""

    rate_limit_vnd: int | None
    cap_limit_vnd: int | None
    plan_remaining_vnd: int | None

    @property
    def norm_limit_vnd(self) -> int | None:
        """What the norm alone allows."""
        return _least(self.rate_limit_vnd, self.cap_limit_vnd)

    @property
    def allowed_vnd(self) -> int | None:
        """What may be approved; None when nothing limits it."""
        return _least(self.rate_limit_vnd, self.cap_limit_vnd, self.plan_remaining_vnd)

    def excess_over_norm_vnd(self, wanted_vnd: int) -> int:
        """How much the wanted amount passes the norm; the plan has a refusal of its own."""
        limit = self.norm_limit_vnd
        return 0 if limit is None else max(0, wanted_vnd - limit)


def norm_limits(terms: NormTerms, basis: Basis, plan_remaining_vnd: int | None) -> NormLimits:
    """The three limits. A share of the cost is rounded down to whole đồng, so that it never passes the rate."""
    return NormLimits(share(basis.eligible_vnd, terms.rate_percent), _cap(terms, basis), plan_remaining_vnd)


def share(amount_vnd: int, percent: Decimal | None) -> int | None:
    """`percent` of an amount, rounded down to whole đồng; None without a percentage."""
    if percent is None:
        return None
    return int((Decimal(amount_vnd) * percent / PERCENT).to_integral_value(ROUND_DOWN))


def _cap(terms: NormTerms, basis: Basis) -> int | None:
    if terms.cap_vnd is None:
        return None
    factor = terms.multiplier if basis.has_multiplier and terms.multiplier is not None else Decimal(1)
    return int((Decimal(terms.cap_vnd) * factor * basis.unit_count).to_integral_value(ROUND_DOWN))


def _least(*limits: int | None) -> int | None:
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None
