"""Which product a row of a file is about; several rows may be about one, each with another award."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from khuyencong.importing.fields import Problem, Understood
from khuyencong.importing.models import RowVerdict
from khuyencong.vietnamese.text import fold, name_key, nfc
from programs.imports.beneficiary_known import Known
from programs.imports.beneficiary_match import NEW_MARK, NoMatch, is_record
from programs.imports.places import AreaPlaces
from programs.imports.product_establishment import Establishments, contradiction
from programs.models import Product

NAME_TAKEN = "Cơ sở đã có sản phẩm cùng tên."
NameKey = tuple[int, str]


@dataclass(frozen=True)
class Owner:
    """The establishment of a product."""

    pk: int
    name: str
    place_id: int


@dataclass(frozen=True)
class ProductMatch:
    """`stored`: the product in the database. `creator`: the row of the file that brings a new one, 0 for a stored."""

    stored: Product | None
    creator: int
    owner: Owner
    key: NameKey

    @property
    def is_new(self) -> bool:
        return self.creator != 0


class ProductMatcher:
    """It remembers which rows of the file bring new products."""

    def __init__(self, places: AreaPlaces) -> None:
        self.places = places
        self.establishments = Establishments(places)
        self._creators: dict[NameKey, tuple[int, str]] = {}
        self._owners: dict[int, Known | NoMatch] = {}
        self._by_pk: dict[int, Product] = {}
        self._by_name: dict[NameKey, list[Product]] = {}

    def load(self, rows: Sequence[Understood], *, lock: bool) -> Sequence[int]:
        """Four queries, made anew for each portion; the ids of the products that these rows may be about."""
        self.establishments.load(rows)
        marked = {int(mark) for row in rows if is_record(mark := _mark(row))}
        self._owners = {row.number: self.establishments.find(row) for row in rows if not is_record(_mark(row))}
        owners = {one.pk for one in self._owners.values() if isinstance(one, Known)}
        theirs = Product.objects.filter(pk__in=marked).values("beneficiary")  # and what else the same have
        found = Product.objects.filter(Q(beneficiary__in=owners) | Q(beneficiary__in=theirs))
        found = found.select_related("beneficiary").order_by("pk")
        by_name: dict[NameKey, list[Product]] = defaultdict(list)
        self._by_pk = {}
        for one in found.select_for_update(of=("self",)) if lock else found:
            self._by_pk[one.pk] = one
            by_name[one.beneficiary_id, fold(one.name)].append(one)
        self._by_name = dict(by_name)
        named = {fold(_name(row)) for row in rows}
        return [pk for pk, one in self._by_pk.items() if fold(one.name) in named or pk in marked]

    def match(self, row: Understood) -> ProductMatch | NoMatch:
        mark = _mark(row)
        if mark and mark not in (fold(NEW_MARK), "new"):
            return self._by_record(row, mark)
        known = self._owners[row.number]
        if isinstance(known, NoMatch):
            return known
        owner, name = Owner(known.pk, known.name, known.place_id), _name(row)
        key = (owner.pk, name_key(name))
        if key in self._creators:
            return ProductMatch(None, self._creators[key][0], owner, key)
        found = self._named(owner, name) if not mark else None
        if isinstance(found, NoMatch):
            return found
        if mark and self.has_name(name, owner.pk, but=None):
            return NoMatch(RowVerdict.REFUSED, Problem("name", NAME_TAKEN))
        return ProductMatch(found, 0 if found else row.number, owner, key)

    def remember(self, match: ProductMatch, name: str) -> None:
        if match.is_new:
            self._creators.setdefault(match.key, (match.creator, name))

    def has_name(self, name: str, owner_id: int, *, but: Product | None) -> bool:
        """Whether another stored product of the establishment is called exactly so."""
        return any(one.name == name and one is not but for one in self._by_name.get((owner_id, fold(name)), []))

    def brought(self, key: NameKey) -> Product | None:
        """The product that an earlier portion of the file has brought."""
        name = self._creators[key][1]
        return next((one for one in self._by_name.get((key[0], fold(name)), []) if one.name == name), None)

    def _by_record(self, row: Understood, mark: str) -> ProductMatch | NoMatch:
        found = self._by_pk.get(int(mark)) if is_record(mark) else None
        if found is None or not self.places.covers(found.beneficiary.place_id):
            message = f"Không có sản phẩm nào mang mã bản ghi “{mark}” trong địa bàn. Hãy để trống nếu là sản phẩm mới."
            return NoMatch(RowVerdict.REFUSED, Problem("record", message))
        if problem := contradiction(row, found.beneficiary):
            return NoMatch(RowVerdict.REFUSED, problem)
        owner = Owner(found.beneficiary_id, found.beneficiary.name, found.beneficiary.place_id)
        return ProductMatch(found, 0, owner, (owner.pk, name_key(_name(row))))

    def _named(self, owner: Owner, name: str) -> Product | NoMatch | None:
        """By the name as it is written; what differs by marks only is the same where one side has none."""
        alike = self._by_name.get((owner.pk, fold(name)), [])
        for same in (
            [one for one in alike if one.name == name],
            [one for one in alike if name_key(one.name) == name_key(name)],
            [one for one in alike if _is_bare(name) or _is_bare(one.name)],
        ):
            if len(same) == 1:
                return same[0]
        if not alike:
            return None
        message = "Cơ sở đã có sản phẩm tên gần giống. Hãy chọn đúng sản phẩm, hoặc “mới” nếu là sản phẩm khác."
        choices = {**{str(one.pk): f"Là {one.name} (mã {one.pk})" for one in alike}, NEW_MARK: "Là sản phẩm khác"}
        return NoMatch(RowVerdict.DUPLICATE, Problem("record", message, choices))


def _is_bare(name: str) -> bool:
    return name.casefold() == fold(name)


def _mark(row: Understood) -> str:
    return fold(str(row.values.get("record") or ""))


def _name(row: Understood) -> str:
    return nfc(str(row.values["name"]))
