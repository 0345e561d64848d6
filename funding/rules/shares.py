"""An amount divided in proportion, without losing or inventing a đồng. Whole đồng."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def shared(total_vnd: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """`total_vnd` in proportion to the weights (none negative); what rounding leaves goes to the largest remainders.

    Nothing when no weight is above zero.
    """
    whole = sum(weights.values())
    if whole <= 0:
        return {}
    parts = {key: total_vnd * weight // whole for key, weight in weights.items()}
    left = total_vnd - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: total_vnd * weights[key] % whole, reverse=True)
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts
