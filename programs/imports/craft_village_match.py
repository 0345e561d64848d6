"""Which craft village a row of a file is about; several rows may be about one, each with another year."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.importing.fields import Problem, Understood
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.text import fold, nfc
from programs.imports.beneficiary_match import NEW_MARK, NoMatch, is_record
from programs.imports.places import AreaPlaces
from programs.models import CraftVillage

NAME_TAKEN = "Địa bàn này đã có làng nghề cùng tên."
NameKey = tuple[int, str]


@dataclass(frozen=True)
class VillageMatch:
    """`stored`: the village in the database. `creator`: the row of the file that brings a new one, 0 for a stored."""

    stored: CraftVillage | None
    creator: int
    place_id: int
    key: NameKey

    @property
    def is_new(self) -> bool:
        return self.creator != 0


class VillageMatcher:
    """It remembers which rows of the file bring new villages."""

    def __init__(self, places: AreaPlaces) -> None:
        self.places = places
        self._creators: dict[NameKey, int] = {}
        self._by_pk: dict[int, CraftVillage] = {}
        self._by_name: dict[NameKey, list[CraftVillage]] = {}

    def load(self, rows: Sequence[Understood], *, lock: bool) -> Sequence[int]:
        """One query, made anew for each portion; the ids of the villages that these rows may be about."""
        near = {other for row in rows if isinstance(pk := row.values.get("place"), int) for other in self._near(pk)}
        found = CraftVillage.objects.filter(place__in=near).order_by("pk")
        by_name: dict[NameKey, list[CraftVillage]] = defaultdict(list)
        self._by_pk = {}
        for one in found.select_for_update(of=("self",)) if lock else found:
            self._by_pk[one.pk] = one
            by_name[one.place_id, fold(one.name)].append(one)
        self._by_name = dict(by_name)
        named = {fold(_name(row)) for row in rows}
        marks = (str(row.values.get("record") or "") for row in rows)
        marked = {int(mark) for mark in marks if is_record(mark)}
        return [pk for pk, one in self._by_pk.items() if fold(one.name) in named or pk in marked]

    def match(self, row: Understood) -> VillageMatch | NoMatch:
        found = self._find(row)
        if isinstance(found, NoMatch):
            return found
        place = self.places.settle(_place(row), kept=found.place_id if found else None)
        if isinstance(place, Problem):
            return NoMatch(RowVerdict.REFUSED, place)
        key = (place, fold(_name(row)))
        creator = 0 if found else self._creators.get(key, row.number)
        return VillageMatch(found, creator, place, key)

    def remember(self, match: VillageMatch) -> None:
        if match.is_new:
            self._creators.setdefault(match.key, match.creator)

    def has_name(self, name: str, place_id: int, *, but: CraftVillage | None) -> bool:
        """Whether another stored village of the place is called exactly so."""
        return any(one.name == name and one is not but for one in self._by_name.get((place_id, fold(name)), []))

    def brought(self, key: NameKey) -> CraftVillage | None:
        """The village that an earlier portion of the file has brought: the youngest of that name."""
        return max(self._by_name.get(key, []), key=lambda one: one.pk, default=None)

    def _find(self, row: Understood) -> CraftVillage | NoMatch | None:
        mark, place_id, name = fold(str(row.values.get("record") or "")), _place(row), _name(row)
        here = {place_id, self._today(place_id)}
        is_new = mark in (fold(NEW_MARK), "new")
        if mark and not is_new:
            return (self._by_pk.get(int(mark)) if is_record(mark) else None) or _unknown(mark)
        if any((place, fold(name)) in self._creators for place in here):
            return None
        if is_new:
            taken = any(self.has_name(name, place, but=None) for place in here)
            return NoMatch(RowVerdict.REFUSED, Problem("name", NAME_TAKEN)) if taken else None
        named = [one for place in here for one in self._by_name.get((place, fold(name)), [])]
        exact = [one for one in named if one.name == name] or named
        if len(exact) == 1:
            return exact[0]
        alike = exact or [one for place in self._near(place_id) for one in self._by_name.get((place, fold(name)), [])]
        return self._asked(alike) if alike else None

    def _asked(self, alike: Sequence[CraftVillage]) -> NoMatch:
        told = {str(one.pk): f"Là {one.name}, {self.places.units[one.place_id]} (mã {one.pk})" for one in alike}
        message = "Đã có làng nghề cùng tên. Hãy chọn đúng làng nghề, hoặc “mới” nếu là làng nghề khác."
        choices = {**told, NEW_MARK: "Là làng nghề khác, ghi mới"}
        return NoMatch(RowVerdict.DUPLICATE, Problem("record", message, choices))

    def _near(self, place_id: int) -> set[int]:
        return {pk for pk in self.places.related(place_id) | {self._today(place_id)} if self.places.covers(pk)}

    def _today(self, place_id: int) -> int:
        place = self.places.settle(place_id) if self.places.covers(place_id) else place_id
        return place_id if isinstance(place, Problem) else place


def _unknown(mark: str) -> NoMatch:
    message = f"Không có làng nghề nào mang mã bản ghi “{mark}” ở địa bàn này. Hãy để trống nếu là làng nghề mới."
    return NoMatch(RowVerdict.REFUSED, Problem("record", message))


def _place(row: Understood) -> int:
    place = row.values["place"]
    assert isinstance(place, int)
    return place


def _name(row: Understood) -> str:
    return nfc(str(row.values["name"]))
