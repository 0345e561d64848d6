"""Places of an officer's area, read once for a whole file: which may be written, and what old ones are today."""

import datetime
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.importing.fields import Problem
from khuyencong.localities.models import AdministrativeUnit, Succession, UnitLevel, covered_unit_ids

OUTSIDE = "Địa bàn này không thuộc phạm vi của đơn vị bạn."


class AreaPlaces:
    """Two queries. `units`: every unit that the area covers, of any time."""

    def __init__(self, user: User) -> None:
        units = AdministrativeUnit.objects.covered_by(user.area_id).select_related("parent__parent")
        self.units: Mapping[int, AdministrativeUnit] = {unit.pk: unit for unit in units.order_by("pk")}
        self.today = timezone.localdate()
        self._became: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self._related: dict[int, set[int]] = defaultdict(set)
        mine = covered_unit_ids(user.area_id)
        pairs = Succession.objects.filter(Q(old__in=mine) | Q(new__in=mine)).order_by("pk")
        for old, new, part in pairs.values_list("old_id", "new_id", "part"):
            self._became[old].append((new, part))
            if old in self.units and new in self.units:
                self._related[old].add(new)
                self._related[new].add(old)

    def covers(self, pk: object) -> bool:
        return pk in self.units

    def related(self, pk: int) -> set[int]:
        """The place, what it became, and what became it."""
        return {pk, *self._related.get(pk, ())}

    def settle(self, pk: int, *, kept: int | None = None) -> int | Problem:
        """Where a record that names this place stands today: the place itself or the one that took it over whole.

        `kept`: the place that the record already has, which it may keep, as in the form.
        """
        if pk not in self.units:
            return Problem("place", OUTSIDE)
        unit = self.units[pk]
        if pk == kept:
            return pk
        if unit.level != UnitLevel.COMMUNE:
            return Problem("place", f"“{unit.name}” không phải xã, phường. Hãy ghi tên xã, phường hiện nay.")
        return self._followed(pk) or self._asked(unit)

    def _followed(self, pk: int) -> int | None:
        seen: set[int] = set()
        while pk in self.units and pk not in seen:
            if _exists_on(self.units[pk], self.today):
                return pk
            seen.add(pk)
            became = self._became.get(pk, [])
            if len(became) != 1 or became[0][1] != Succession.Part.FULL:
                return None
            pk = became[0][0]
        return None

    def _asked(self, unit: AdministrativeUnit) -> Problem:
        parts = [self.units[new] for new, _ in self._became.get(unit.pk, []) if new in self.units]
        message = f"{unit.name} không còn là một đơn vị hành chính. Hãy chọn xã, phường hiện nay của cơ sở."
        return Problem("place", message, {str(part.pk): part.full_name for part in parts})


def _exists_on(unit: AdministrativeUnit, day: datetime.date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)
