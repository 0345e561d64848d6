"""Finds the administrative unit that a cell names: by name or code, on the row's date, within the officer's area.

One query loads all units; looking up is pure. Nothing is guessed: several candidates are asked back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Exists, OuterRef

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text
from khuyencong.importing.reading.place_names import PlaceName, parse_name, split_places
from khuyencong.importing.reading.reading import NO_CHOICES, Context, Reading, refused
from khuyencong.localities.models import AdministrativeUnit, UnitCover
from khuyencong.vietnamese.dates import format_date

_MOST_CHOICES = 12
_NEAR = 4
_CODE_DIGITS = 5
_LONGEST = 300  # characters of a cell


@dataclass(frozen=True)
class Place:
    """A unit as the finder knows it. `in_area`: within the officer's area."""

    pk: int
    code: str
    name: str
    level: str
    parent: int | None
    valid_from: date | None
    valid_to: date | None
    in_area: bool


@dataclass(frozen=True)
class Period:
    first: date
    last: date

    def meets(self, place: Place) -> bool:
        begun = place.valid_from is None or place.valid_from <= self.last
        return begun and (place.valid_to is None or place.valid_to >= self.first)

    def __str__(self) -> str:
        whole_year = (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)
        return f"năm {self.first.year}" if whole_year else f"ngày {format_date(self.first)}"


class PlaceFinder:
    """Over the given units. `on`: the day of rows that have none; None: units of all times are considered for them."""

    def __init__(self, places: Iterable[Place], *, on: date | None = None) -> None:
        self.places = {place.pk: place for place in places}
        self.on = on
        self.names = {pk: parse_name(place.name) for pk, place in self.places.items()}
        self.by_key: dict[str, list[int]] = defaultdict(list)
        self.by_fold: dict[str, list[int]] = defaultdict(list)
        self.by_code: dict[int, list[int]] = defaultdict(list)
        for pk, name in self.names.items():
            self.by_key[name.key].append(pk)
            self.by_fold[name.folded].append(pk)
            if self.places[pk].code.isdecimal():
                self.by_code[int(self.places[pk].code)].append(pk)
        self.known: dict[tuple[str, str, Period | None], Reading] = {}

    @classmethod
    def for_area(cls, area: AdministrativeUnit | int | None, *, on: date | None = None) -> "PlaceFinder":
        """All units, those of the area marked: one query."""
        pk = area.pk if isinstance(area, AdministrativeUnit) else area
        covered = UnitCover.objects.filter(area_id=pk, unit_id=OuterRef("pk"))
        units = AdministrativeUnit.objects.annotate(in_area=Exists(covered)).order_by("sort_key", "pk")
        columns = ("pk", "code", "name", "level", "parent_id", "valid_from", "valid_to", "in_area")
        return cls((Place(*row) for row in units.values_list(*columns)), on=on)

    def find(self, text: str, *, parent: str = "", day: date | None = None, year: int | None = None) -> Reading:
        """The unit's id, or a problem with the candidates (id → full name with its period)."""
        period = self._period(day, year)
        key = (text, parent, period)
        if key not in self.known:
            self.known[key] = self._find(text, parent, period)
        return self.known[key]

    def full_name(self, pk: int) -> str:
        """With its parents and its period: namesakes can be told apart."""
        place: Place | None = self.places[pk]
        assert place is not None
        first, last, names = place.valid_from, place.valid_to, []
        while place is not None:
            names.append(place.name)
            place = self.places.get(place.parent) if place.parent is not None else None
        times = [f"từ {format_date(first)}"] if first else []
        times += [f"đến {format_date(last)}"] if last else []
        return ", ".join(names) + (f" ({' '.join(times)})" if times else "")

    def _period(self, day: date | None, year: int | None) -> Period | None:
        if day is None and year is not None:
            return Period(date(year, 1, 1), date(year, 12, 31))
        day = day or self.on
        return Period(day, day) if day else None

    def _find(self, text: str, parent: str, period: Period | None) -> Reading:
        digits = text.strip()
        if digits.isdecimal() and len(digits) <= _CODE_DIGITS and int(digits) in self.by_code:
            return self._settled(self.by_code[int(digits)], text, period, "")
        parts, above = split_places(text), split_places(parent)
        named = [part for part in parts if not part.is_hamlet or part.key in self.by_key]
        if not named:
            return refused(f"“{text[:60]}” chưa có tên xã, phường. Hãy ghi tên xã, huyện.")
        found, note = self._named(named[0])
        if not found:
            return self._unknown(named[0], [*named[1:], *above])
        if len(named) < len(parts):
            note = f"“{text[:60]}”: chỉ lấy {named[0].text}. {note}".strip()
        wider = [part for part in [*named[1:], *above] if part.key != named[0].key or part.kind]
        below = self._below(found, wider)
        if not below:
            message = f"“{named[0].text}” không thuộc {', '.join(part.text for part in wider)}. Hãy chọn đúng nơi."
            return refused(message, self._choices(found))
        return self._settled(below, text, period, note)

    def _named(self, name: PlaceName) -> tuple[list[int], str]:
        """Units of that name; without tone marks only when none is written."""
        found, note = self.by_key.get(name.key, []), ""
        if not found and name.text.isascii():
            found = self.by_fold.get(name.folded, [])
            note = f"“{name.text}” viết không dấu, hãy xem lại nơi đã chọn." if found else ""
        if not name.kind:
            return found, note
        level = [pk for pk in found if self.places[pk].level in name.levels]
        same = [pk for pk in level if self.names[pk].kind == name.kind]
        if level and not same:
            note = f"“{name.text}” ghi khác loại đơn vị trong danh mục, hãy xem lại nơi đã chọn."
        return same or level, note

    def _below(self, found: Sequence[int], wider: Sequence[PlaceName]) -> list[int]:
        """Those of which each wider place that is known is above. A wider place that nobody knows says nothing."""
        for part in wider:
            above, _ = self._named(part)
            if above:
                found = [pk for pk in found if not self._above(pk).isdisjoint(above)]
        return list(found)

    def _above(self, pk: int) -> set[int]:
        seen: set[int] = set()
        parent = self.places[pk].parent
        while parent is not None and parent not in seen:
            seen.add(parent)
            parent = self.places[parent].parent if parent in self.places else None
        return seen

    def _settled(self, found: Sequence[int], text: str, period: Period | None, note: str) -> Reading:
        then = [pk for pk in found if period is None or period.meets(self.places[pk])]
        if not then:
            return refused(f"{period}: không có “{text[:60]}” trong danh mục. Hãy chọn đúng nơi.", self._choices(found))
        mine = [pk for pk in then if self.places[pk].in_area]
        if not mine:
            return refused(f"“{self.full_name(then[0])}” ngoài địa bàn của đơn vị bạn.")
        if len(mine) > 1:
            return refused(f"“{text[:60]}” có thể là nhiều nơi. Hãy chọn một.", self._choices(mine))
        if len(then) > 1:
            note = f"“{text[:60]}” hiểu là {self.full_name(mine[0])}, nơi duy nhất trong địa bàn. {note}".strip()
        return Reading(mine[0], note=note)

    def _unknown(self, name: PlaceName, wider: Sequence[PlaceName]) -> Reading:
        """The nearest names, of the wider place that is written where there is one."""
        pool = [pk for pk, place in self.places.items() if place.in_area]
        pool = [pk for pk in pool if not name.levels or self.places[pk].level in name.levels]
        pool = self._below(pool, wider) or pool
        by_fold: dict[str, list[int]] = defaultdict(list)
        for pk in pool:
            by_fold[self.names[pk].folded].append(pk)
        near = get_close_matches(name.folded, list(by_fold), n=_NEAR, cutoff=0.6)
        found = [pk for folded in near for pk in by_fold[folded]]
        names = list(dict.fromkeys(self.places[pk].name for pk in found))
        hint = f" Gần giống: {'; '.join(names[:_NEAR])}." if names else " Hãy ghi lại tên xã, phường."
        return refused(f"Không có “{name.text[:60]}” trong danh mục đơn vị hành chính.{hint}", self._choices(found))

    def _choices(self, found: Sequence[int]) -> Mapping[str, str]:
        """Those of the officer's area."""
        mine = [pk for pk in found if self.places[pk].in_area][:_MOST_CHOICES]
        return {str(pk): self.full_name(pk) for pk in mine} if mine else NO_CHOICES


def read_place(cell: Cell, one: ImportField, context: Context) -> Reading:
    if context.places is None:
        return refused("Chưa nạp danh mục đơn vị hành chính.")
    text = as_text(cell)
    if len(text) > _LONGEST:
        return refused(f"Ô dài {len(text)} ký tự, không phải tên một nơi. Hãy ghi xã, huyện.")
    return context.places.find(text, parent=context.parent, day=context.day, year=context.year)
