"""Which units an area covers: below it on any date, and merged into it.

A unit that was split covers nothing of itself to a commune, since only a person can say which part a record lies in;
to the province that holds all the parts it belongs whole.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from khuyencong.localities.models import AdministrativeUnit, Succession, UnitCover


def compute_covers(
    parents: Mapping[int, int | None], full_successions: list[tuple[int, int]]
) -> dict[int, frozenset[int]]:
    """Area id → ids of the units it covers, itself included.

    `parents`: unit → parent. `full_successions`: (old, new) pairs of units taken over whole.
    """
    below: dict[int, set[int]] = defaultdict(set)
    for unit, parent in parents.items():
        if parent is not None:
            below[parent].add(unit)
    for old, new in full_successions:
        if old != new:
            below[new].add(old)
    return {unit: frozenset(_reach(unit, below)) for unit in parents}


def _reach(start: int, below: dict[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        for unit in below[waiting.pop()] - seen:
            seen.add(unit)
            waiting.append(unit)
    return seen


@transaction.atomic
def rebuild_covers() -> int:
    """Write the cover table anew from units and successions; returns the number of rows."""
    units = dict(AdministrativeUnit.objects.values_list("pk", "parent_id"))
    full = list(Succession.objects.filter(part=Succession.Part.FULL).values_list("old_id", "new_id"))
    covers = compute_covers(units, full)
    UnitCover.objects.all().delete()
    rows = [UnitCover(area_id=area, unit_id=unit) for area, inside in covers.items() for unit in sorted(inside)]
    UnitCover.objects.bulk_create(rows, batch_size=5000)
    return len(rows)
