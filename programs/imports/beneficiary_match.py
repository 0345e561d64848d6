"""Which establishment a row of a file is about: a stored one, a new one, or one that only a person can tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khuyencong.importing.fields import Problem, Understood
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.codes import check_tax_code
from khuyencong.vietnamese.text import fold
from programs.imports.beneficiary_known import Known, KnownEstablishments, same_establishment
from programs.imports.places import AreaPlaces

NEW_MARK = "mới"  # written in the column of record numbers: another establishment, however alike
TAKEN = "Mã số thuế này đã có ở một cơ sở khác."
MOST_NAMED = 3


@dataclass(frozen=True)
class Match:
    """`known`: the stored establishment, None for a new one. `place_id`: where it will stand."""

    known: Known | None
    place_id: int


@dataclass(frozen=True)
class NoMatch:
    """Nothing can be written: REFUSED, or DUPLICATE where somebody may settle it."""

    verdict: RowVerdict
    problem: Problem


class Matcher:
    """It remembers which rows of the file have spoken for which establishment."""

    def __init__(self, places: AreaPlaces) -> None:
        self.places = places
        self.known = KnownEstablishments(places)
        self._spoken_for: dict[int, int] = {}
        self._rows: set[int] = set()

    def load(self, rows: Iterable[Understood]) -> None:
        """Three queries."""
        values = [row.values for row in rows]
        marks = (str(one.get("record") or "") for one in values)
        self.known.load(
            {place for one in values if isinstance(place := one.get("place"), int)},
            {code for one in values if (code := tax_code_of(one))},
            {int(mark) for mark in marks if is_record(mark)},
        )

    def match(self, row: Understood) -> Match | NoMatch:
        """What the row is about; a match is remembered, so that no later row is about the same."""
        found = self._find(row)
        if isinstance(found, NoMatch):
            return found
        pk = found.pk if found else 0
        if found and self._spoken_for.get(pk, row.number) != row.number:
            return _twin(self._spoken_for[pk])
        place = self.places.settle(_place(row.values), kept=found.place_id if found else None)
        if isinstance(place, Problem):
            return NoMatch(RowVerdict.REFUSED, place)
        if found and not row.values.get("record") and (doubt := self._namesake(row, found, place)):
            return doubt
        self._remember(row, pk, place)
        return Match(found, place)

    def _namesake(self, row: Understood, found: Known, place_id: int) -> NoMatch | None:
        """Another one of that name where the row moves the establishment to, or by the name that it gives it."""
        name = str(row.values["name"])
        if (fold(name), place_id) == (fold(found.name), found.place_id):
            return None
        others = [one for one in _others(self.known.named([place_id], name), row.number) if one.pk != found.pk]
        if not others:
            return None
        message = f"Là {found.told}, nhưng nơi ghi đã có {others[0].told}. Hãy chọn nếu vẫn ghi như vậy."
        return NoMatch(RowVerdict.DUPLICATE, Problem("record", message, self._choices([found])))

    def _remember(self, row: Understood, pk: int, place_id: int) -> None:
        if row.number in self._rows:
            return
        self._rows.add(row.number)
        if pk:
            self._spoken_for[pk] = row.number
        name, tax_code = str(row.values["name"]), tax_code_of(row.values)
        if not pk or tax_code:
            self.known.add(Known(pk, name, tax_code, place_id, row.number))

    def _find(self, row: Understood) -> Known | NoMatch | None:
        mark = fold(str(row.values.get("record") or ""))
        owner = self.known.with_tax_code(tax_code_of(row.values))
        if owner and owner.row and owner.row == row.number:
            owner = None
        if mark in (fold(NEW_MARK), "new"):
            return _refused("tax_code", TAKEN) if owner else None
        if mark:
            return self._by_record(mark, owner)
        return self._by_tax_code(row, owner) if owner else self._by_name(row)

    def _by_record(self, mark: str, owner: Known | None) -> Known | NoMatch:
        known = self.known.get(int(mark)) if is_record(mark) else None
        if known is None:
            message = f"Không có cơ sở nào mang mã bản ghi “{mark}” trong địa bàn. Hãy để trống nếu là cơ sở mới."
            return _refused("record", message)
        return _refused("tax_code", TAKEN) if owner and owner.pk != known.pk else known

    def _by_tax_code(self, row: Understood, owner: Known) -> Known | NoMatch:
        if owner.row:
            return _twin(owner.row, "tax_code", "Cùng mã số thuế với")
        if not self.places.covers(owner.place_id):
            return _refused("tax_code", TAKEN)
        if same_establishment(owner.name, str(row.values["name"])):
            return owner
        message = (
            f"Mã số thuế này là của {owner.told}, tên khác hẳn. Hãy sửa mã số thuế, hoặc chọn nếu đúng là cơ sở ấy."
        )
        return NoMatch(RowVerdict.DUPLICATE, Problem("record", message, self._choices([owner])))

    def _by_name(self, row: Understood) -> Known | NoMatch | None:
        name, place_id, number = str(row.values["name"]), _place(row.values), row.number
        tax_code = tax_code_of(row.values)
        here = {place_id, self._today(place_id)}
        same = _others(self.known.named(here, name), number)
        stored = [one for one in same if not one.row]
        if len(stored) == 1 == len({one.pk for one in same}) and not (tax_code and stored[0].tax_code):
            return stored[0]
        wide = self.places.related(place_id) | here
        alike = [*same, *_others(self.known.named(wide, name), number), *_others(self.known.near(wide, name), number)]
        if not alike:
            return None
        return NoMatch(RowVerdict.DUPLICATE, self._asked(list(dict.fromkeys(alike))))

    def _today(self, place_id: int) -> int:
        place = self.places.settle(place_id)
        return place_id if isinstance(place, Problem) else place

    def _asked(self, alike: list[Known]) -> Problem:
        told = "; ".join(one.told for one in alike[:MOST_NAMED])
        message = f"Đã có cơ sở cùng tên hoặc gần giống: {told}. Hãy chọn đúng cơ sở, hoặc “mới” nếu là cơ sở khác."
        stored = {one.pk: one for one in reversed(alike) if one.pk}
        new = {NEW_MARK: "Là cơ sở khác, ghi mới"}
        return Problem("record", message, {**self._choices(stored.values()), **new})

    def _choices(self, stored: Iterable[Known]) -> Mapping[str, str]:
        return {str(one.pk): f"Là {one.name}, {self.places.units[one.place_id]} (mã {one.pk})" for one in stored}


def is_record(mark: str) -> bool:
    """Whether this can be the number of a stored row: the database takes 18 digits."""
    return mark.isascii() and mark.isdigit() and len(mark) <= 18


def tax_code_of(values: Mapping[str, object]) -> str:
    return check_tax_code(str(values.get("tax_code") or "")).normalized


def _place(values: Mapping[str, object]) -> int:
    place = values["place"]
    assert isinstance(place, int)
    return place


def _others(found: Iterable[Known], number: int) -> list[Known]:
    return [one for one in found if one.row != number]


def _refused(field: str, message: str) -> NoMatch:
    return NoMatch(RowVerdict.REFUSED, Problem(field, message))


def _twin(number: int, field: str = "", words: str = "Cùng một cơ sở với") -> NoMatch:
    return NoMatch(RowVerdict.DUPLICATE, Problem(field, f"{words} dòng {number} của tệp; chỉ ghi dòng ấy."))
