"""What an establishment has received over projects, tracks and years. `funding` adds the money when the app starts."""

from collections.abc import Callable, Mapping, Sequence

from programs.models import ProjectBeneficiary

Amounts = Mapping[int, int]
"""Participant pk → whole đồng of state money that was approved for it; absent while nothing has been approved."""
ReadAmounts = Callable[[Sequence[ProjectBeneficiary]], Amounts]

_READ: list[ReadAmounts] = []


def add_amounts(read: ReadAmounts) -> None:
    """For an app above that knows the money; called when the app starts."""
    if read not in _READ:
        _READ.append(read)


def amounts_of(parts: Sequence[ProjectBeneficiary]) -> Amounts:
    """The approved state money of these parts; the number of queries does not depend on how many there are."""
    found: dict[int, int] = {}
    for read in _READ:
        found.update(read(parts))
    return found
