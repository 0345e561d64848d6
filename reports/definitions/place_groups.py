"""Which old district or new commune a record's place belongs to, for forms that go on across 01/07/2025."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q, TextChoices

from khuyencong.localities.models import AdministrativeUnit, Succession, UnitLevel, covered_unit_ids
from reports.forms import KnownOnForm, PeriodForm
from reports.parameters import PeriodParameters


class Grouping(TextChoices):
    COMMUNE = "commune", "Theo xã, phường mới"
    DISTRICT = "district", "Theo huyện cũ"


UNKNOWN = "chua-ro"
UNKNOWN_LABELS = {Grouping.COMMUNE: "Chưa xác định xã mới", Grouping.DISTRICT: "Chưa xác định huyện cũ"}
GROUPING_NOTES = {
    Grouping.COMMUNE: "Hồ sơ ghi theo xã cũ được tính vào xã mới đã nhập trọn xã cũ đó. Xã cũ bị chia cho nhiều xã "
    "mới, và hồ sơ chỉ ghi cấp huyện hoặc cấp tỉnh, nằm ở dòng “Chưa xác định xã mới”.",
    Grouping.DISTRICT: "Hồ sơ ghi theo xã cũ được tính vào huyện của xã cũ; hồ sơ ghi theo xã mới được tính vào huyện "
    "cũ khi mọi xã cũ nhập vào xã mới đó cùng thuộc một huyện, nếu không thì nằm ở dòng “Chưa xác định huyện cũ”.",
}


@dataclass(frozen=True)
class PlaceParameters(PeriodParameters):
    grouping: Grouping = Grouping.COMMUNE

    @property
    def subtitle(self) -> str:
        return f"{super().subtitle}. {self.grouping.label}"

    def as_query(self) -> dict[str, Any]:
        return {**super().as_query(), "grouping": self.grouping.value}


class PlaceForm(PeriodForm):
    """A period, and by which units the rows are drawn."""

    grouping = forms.ChoiceField(
        label="Gộp theo",
        choices=Grouping.choices,
        error_messages={"invalid_choice": "Chọn một cách gộp trong danh sách."},
    )

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "grouping": Grouping.COMMUNE.value}

    def asked(self) -> PlaceParameters:
        cleaned = self.cleaned_data
        grouping, known_on = Grouping(cleaned["grouping"]), cleaned.get("known_on")
        area, year = cleaned["area"], cleaned["year"]
        return PlaceParameters(self.user, area, year, self.period, grouping=grouping, known_on=known_on)

    def defaults(self) -> PlaceParameters:
        plain = super().defaults()
        return PlaceParameters(plain.user, plain.area, plain.year, plain.period)


class MoneyPlaceForm(KnownOnForm, PlaceForm):
    """The same, and as known on which day."""


@dataclass(frozen=True)
class Groups:
    """The units that head the rows, in Vietnamese order, and for each place of the area its unit (None: unknown)."""

    units: list[AdministrativeUnit]
    unit_of: Mapping[int, int | None]
    grouping: Grouping

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(row, label) of each unit; last the row of what cannot be told, where the area has such places."""
        known = [(str(unit.pk), str(unit)) for unit in self.units]
        return [*known, (UNKNOWN, UNKNOWN_LABELS[self.grouping])] if None in self.unit_of.values() else known

    def row_of(self, place_id: int) -> str:
        unit = self.unit_of.get(place_id)
        return UNKNOWN if unit is None else str(unit)

    def places(self, row: str) -> list[int]:
        return [place for place in self.unit_of if self.row_of(place) == row]


def groups_of(parameters: PlaceParameters) -> Groups:
    """Two queries, whatever the area."""
    inside = Q(pk__in=covered_unit_ids(parameters.area.pk)) & Q(pk__in=covered_unit_ids(parameters.user.area_id))
    units = AdministrativeUnit.objects.annotate(is_inside=ExpressionWrapper(inside, output_field=BooleanField()))
    every = {unit.pk: unit for unit in units}
    links = list(Succession.objects.values_list("old_id", "new_id", "part"))
    find = _commune_of if parameters.grouping is Grouping.COMMUNE else _district_of
    unit_of = {pk: find(unit, every, links) for pk, unit in sorted(every.items()) if unit.is_inside}
    wanted = set(unit_of.values())
    return Groups([unit for unit in every.values() if unit.pk in wanted], unit_of, parameters.grouping)


Units = Mapping[int, AdministrativeUnit]
Links = Iterable[tuple[int, int, str]]


def _commune_of(unit: AdministrativeUnit, every: Units, links: Links) -> int | None:
    """The commune of today that the unit is or was merged into whole; None for one that was split, or no commune."""
    seen = set()
    while unit.valid_to is not None and unit.pk not in seen:
        seen.add(unit.pk)
        after = [(new, part) for old, new, part in links if old == unit.pk]
        if len(after) != 1 or after[0][1] != Succession.Part.FULL:
            return None
        unit = every[after[0][0]]
    return unit.pk if unit.level == UnitLevel.COMMUNE and unit.valid_to is None else None


def _district_of(unit: AdministrativeUnit, every: Units, links: Links) -> int | None:
    """The district above the unit; of a commune of today, the one that all it was made of lay in."""
    if unit.level == UnitLevel.DISTRICT:
        return unit.pk
    if unit.level != UnitLevel.COMMUNE:
        return None
    parent = every.get(unit.parent_id or 0)
    if parent is not None and parent.level == UnitLevel.DISTRICT:
        return parent.pk
    districts = {_district_of(every[old], every, ()) for old, new, _ in links if new == unit.pk}
    return districts.pop() if len(districts) == 1 else None
