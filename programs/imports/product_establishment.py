"""Whose product a row of a file is about: an establishment that the portal has already."""

from collections.abc import Iterable, Sequence

from khuyencong.importing.fields import Problem, Understood
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.text import nfc
from programs.imports.beneficiary_known import Known, KnownEstablishments, same_establishment
from programs.imports.beneficiary_match import NoMatch, is_record, tax_code_of
from programs.imports.places import AreaPlaces
from programs.models import Beneficiary

FIELDS = ("beneficiary", "beneficiary_name", "tax_code", "place")
MOST_NAMED = 3


class Establishments:
    """By number, by tax code, else by name and commune; what only a person can tell is asked for."""

    def __init__(self, places: AreaPlaces) -> None:
        self.places = places
        self.known = KnownEstablishments(places)

    def load(self, rows: Iterable[Understood]) -> None:
        """Three queries."""
        values = [row.values for row in rows]
        marks = (str(one.get("beneficiary") or "") for one in values)
        self.known.load(
            {pk for one in values if isinstance(pk := one.get("place"), int) and self.places.covers(pk)},
            {code for one in values if (code := tax_code_of(one))},
            {int(mark) for mark in marks if is_record(mark)},
        )

    def find(self, row: Understood) -> Known | NoMatch:
        if mark := nfc(str(row.values.get("beneficiary") or "")):
            return self._by_number(row, mark)
        owner = self.known.with_tax_code(tax_code_of(row.values))
        if owner is None or not self.places.covers(owner.place_id):
            return self._by_name(row)
        if _may_be(row, owner.name):
            return owner
        message = f"Mã số thuế này là của {owner.told}, tên khác hẳn. Hãy sửa lại, hoặc chọn nếu đúng là cơ sở ấy."
        return self._asked(message, [owner])

    def _by_number(self, row: Understood, mark: str) -> Known | NoMatch:
        known = self.known.get(int(mark)) if is_record(mark) else None
        if known is None:
            return _refused("beneficiary", f"Không có cơ sở nào mang mã “{mark}” trong địa bàn.")
        said = nfc(str(row.values.get("beneficiary_name") or ""))
        if _may_be(row, known.name) or (tax_code_of(row.values) or "-") == known.tax_code:
            return known
        return _refused("beneficiary_name", f"Mã {mark} là {known.told}, tệp ghi “{said}”. Hãy ghi một cơ sở.")

    def _by_name(self, row: Understood) -> Known | NoMatch:
        name, place, code = row.values.get("beneficiary_name"), row.values.get("place"), tax_code_of(row.values)
        if not name or not isinstance(place, int):
            field, message = _nobody(code, has_name=bool(name))
            return _refused(field, message)
        here = {place, self._today(place)}
        same = self.known.named(here, str(name))
        if len(same) == 1 and not (code and same[0].tax_code):
            return same[0]
        wide = self.places.related(place) | here
        alike = [*same, *self.known.named(wide, str(name)), *self.known.near(wide, str(name))]
        if alike:
            told = "; ".join(one.told for one in list(dict.fromkeys(alike))[:MOST_NAMED])
            return self._asked(f"Có cơ sở cùng tên hoặc gần giống: {told}. Hãy chọn đúng cơ sở.", alike)
        where = self.places.units[place]
        message = f"Chưa có cơ sở “{name}” ở {where}. Hãy ghi cơ sở vào cổng trước, rồi kiểm tra lại tệp này."
        return _refused("beneficiary_name", message)

    def _today(self, place_id: int) -> int:
        place = self.places.settle(place_id)
        return place_id if isinstance(place, Problem) else place

    def _asked(self, message: str, alike: Sequence[Known]) -> NoMatch:
        choices = {str(one.pk): f"Là {one.name}, {self.places.units[one.place_id]} (mã {one.pk})" for one in alike}
        return NoMatch(RowVerdict.DUPLICATE, Problem("beneficiary", message, choices))


def contradiction(row: Understood, owner: Beneficiary) -> Problem | None:
    """Where the row says that a known product is another establishment's: it stays with its own."""
    mark, code = nfc(str(row.values.get("beneficiary") or "")), tax_code_of(row.values)
    message = f"Sản phẩm này là của {owner.name} (mã {owner.pk}); sản phẩm không chuyển sang cơ sở khác."
    if mark:
        return None if is_record(mark) and int(mark) == owner.pk else Problem("beneficiary", message)
    if code and owner.tax_code:
        return None if code == owner.tax_code else Problem("tax_code", message)
    return None if _may_be(row, owner.name) else Problem("beneficiary_name", message)


def _may_be(row: Understood, name: str) -> bool:
    said = row.values.get("beneficiary_name")
    return not said or same_establishment(name, str(said))


def _nobody(code: str, *, has_name: bool) -> tuple[str, str]:
    if code:
        return "tax_code", "Không có cơ sở nào mang mã số thuế này trong địa bàn. Hãy ghi cơ sở vào cổng trước."
    if has_name:
        return "place", "Chưa có xã, phường của cơ sở. Cơ sở không ghi mã số thuế thì được tìm theo tên và xã, phường."
    return "beneficiary_name", "Chưa có cơ sở. Hãy ghi tên cơ sở với xã, phường, hoặc mã số thuế."


def _refused(field: str, message: str) -> NoMatch:
    return NoMatch(RowVerdict.REFUSED, Problem(field, message))
