"""What became of an administrative unit: the one that took it over whole, or those that a person must choose from."""

import datetime
from dataclasses import dataclass

from khuyencong.localities.models import AdministrativeUnit, Succession


@dataclass(frozen=True)
class Today:
    """`unit`: where the old unit lies now, or None; `parts`: the units among which it was split."""

    unit: AdministrativeUnit | None
    parts: tuple[AdministrativeUnit, ...] = ()


def unit_today(unit: AdministrativeUnit, day: datetime.date) -> Today:
    """The unit itself while it exists on `day`; else its successors, followed as long as each was taken over whole."""
    seen = {unit.pk}
    while not _exists_on(unit, day):
        successions = list(Succession.objects.filter(old=unit).select_related("new"))
        if any(one.part == Succession.Part.PARTIAL for one in successions) or len(successions) > 1:
            return Today(None, tuple(one.new for one in successions))
        if not successions or successions[0].new_id in seen:
            return Today(None)
        unit = successions[0].new
        seen.add(unit.pk)
    return Today(unit)


def _exists_on(unit: AdministrativeUnit, day: datetime.date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)
