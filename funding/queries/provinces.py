"""Whose budget pays: the province that a place belonged to on the day of a decision."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from khuyencong.localities.models import AdministrativeUnit, UnitCover, UnitLevel


@dataclass(frozen=True)
class ProvinceMap:
    """Provinces over places, with the days on which they exist."""

    over: dict[int, list[AdministrativeUnit]]
    merged_into: dict[int, set[int]]

    def find(self, place_id: int, day: datetime.date | None) -> AdministrativeUnit | None:
        """The province of the place on that day (today when unknown), or None.

        On a day when the old province still existed, the one that later took it over covers the place too but does
        not own it: xã Hồng Dân is Bạc Liêu's until 30/06/2025 and Cà Mau's from 01/07/2025.
        """
        day = day or timezone.localdate()
        found = [province for province in self.over.get(place_id, []) if _in_force(province, day)]
        ids = {province.pk for province in found}
        own = [province for province in found if not self.merged_into.get(province.pk, set()) & ids]
        return own[0] if own else None


def _in_force(unit: AdministrativeUnit, day: datetime.date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)


def load_provinces(place_ids: Collection[int]) -> ProvinceMap:
    """Two queries, whatever the number of places."""
    over: dict[int, list[AdministrativeUnit]] = defaultdict(list)
    covers = UnitCover.objects.filter(area__level=UnitLevel.PROVINCE, unit_id__in=set(place_ids))
    for cover in covers.select_related("area").order_by("area_id"):
        over[cover.unit_id].append(cover.area)
    merged_into: dict[int, set[int]] = defaultdict(set)
    inner = UnitCover.objects.filter(area__level=UnitLevel.PROVINCE, unit__level=UnitLevel.PROVINCE)
    for area_id, unit_id in inner.values_list("area_id", "unit_id"):
        if area_id != unit_id:
            merged_into[area_id].add(unit_id)
    return ProvinceMap(dict(over), dict(merged_into))


def province_of(place_id: int, day: datetime.date | None) -> AdministrativeUnit | None:
    """The province of one place on a day."""
    return load_provinces([place_id]).find(place_id, day)
