"""What apps above add to the demo; called last, within the one transaction."""

from collections.abc import Callable

from funding.demo.people import Cast

# Each returns what it made, in Vietnamese, and how many.
DemoPart = Callable[[Cast], tuple[str, int]]
PARTS: list[DemoPart] = []


def add_demo_part(part: DemoPart) -> None:
    """For an app above; called when the app starts."""
    if part not in PARTS:
        PARTS.append(part)
