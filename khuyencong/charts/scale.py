"""From figures to lengths: round steps for an axis, and where a figure lies on it. Integers stay exact. Pure Python."""

from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 5)


def round_step(span: int, parts: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which `parts` or fewer span `span`; at least 1."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * parts >= span:
                return step * power
        power *= 10


@dataclass(frozen=True)
class Scale:
    """Figures `low` to `high` laid out from `start` to `end`; `low` ≤ 0 ≤ `high`, so that lengths do not lie."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: int) -> float:
        span = self.high - self.low
        return self.start + (self.end - self.start) * (value - self.low) / span if span else self.start


def limits(values: Iterable[int]) -> tuple[int, int]:
    """The lowest and the highest figure, and zero."""
    known = [0, *values]
    return min(known), max(known)


def ticks(values: Iterable[int], parts: int = 5) -> list[int]:
    """Round figures, about `parts` steps apart, from below the lowest to above the highest; [0] when all are zero."""
    low, high = limits(values)
    if low == high:
        return [0]
    step = round_step(high - low, parts)
    first, last = -(-low // step) - (low % step != 0), high // step + (high % step != 0)
    return [step * place for place in range(first, last + 1)]
