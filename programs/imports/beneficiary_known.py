"""Establishments that the portal or the file itself already has, looked up by number, by name and by likeness."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from khuyencong.vietnamese.text import fold
from programs.imports.places import AreaPlaces
from programs.models import Beneficiary
from programs.rules.likeness import Words, name_words, near_equal, telling_words


@dataclass(frozen=True)
class Known:
    """`pk`: the stored row, 0 for a new one. `row`: the row of the file that says so, 0 for the database."""

    pk: int
    name: str
    tax_code: str
    place_id: int
    row: int = 0

    @property
    def told(self) -> str:
        source = f"dòng {self.row} của tệp: " if self.row else ""
        return f"{source}{self.name} (MST {self.tax_code or 'chưa có'})"


class KnownEstablishments:
    """Filled place by place, as rows of the file name them."""

    def __init__(self, places: AreaPlaces) -> None:
        self.places = places
        self._loaded: set[int] = set()
        self._by_pk: dict[int, Known] = {}
        self._by_tax_code: dict[str, Known] = {}
        self._by_name: dict[tuple[int, str], list[Known]] = defaultdict(list)
        self._by_word: dict[tuple[int, str], list[tuple[Known, Words]]] = defaultdict(list)

    def load(self, place_ids: Collection[int], tax_codes: Collection[str], pks: Collection[int]) -> None:
        """Three queries: the places with those they are related to, and whoever has these numbers anywhere."""
        near = {other for pk in place_ids for other in self.places.related(pk)}
        wanted = [pk for pk in near - self._loaded if self.places.covers(pk)]
        for known in _known(Beneficiary.objects.filter(place_id__in=wanted)):
            self.add(known)
        self._loaded |= near
        for known in _known(Beneficiary.objects.filter(tax_code__in=tax_codes)):
            if not self._by_tax_code.get(known.tax_code, known).row:
                self._by_tax_code[known.tax_code] = known
        for known in _known(Beneficiary.objects.filter(pk__in=pks)):
            self._by_pk[known.pk] = known

    def add(self, known: Known) -> None:
        self._by_name[known.place_id, fold(known.name)].append(known)
        words = name_words(known.name)
        for word in words:
            self._by_word[known.place_id, word].append((known, words))
        if known.row and known.tax_code:
            self._by_tax_code.setdefault(known.tax_code, known)

    def get(self, pk: int) -> Known | None:
        """An establishment of the area; None for any other."""
        known = self._by_pk.get(pk)
        return known if known is not None and self.places.covers(known.place_id) else None

    def with_tax_code(self, code: str) -> Known | None:
        return self._by_tax_code.get(code) if code else None

    def named(self, place_ids: Iterable[int], name: str) -> list[Known]:
        """Those of this name, accents and case apart."""
        return [one for place_id in place_ids for one in self._by_name.get((place_id, fold(name)), [])]

    def near(self, place_ids: Iterable[int], name: str) -> list[Known]:
        """Those whose name is nearly this one."""
        words = name_words(name)
        pairs = [(place_id, word) for place_id in place_ids for word in telling_words(words)]
        found = (pair for key in pairs for pair in self._by_word.get(key, []))
        return [known for known, others in found if near_equal(words, others)]


def same_establishment(one: str, other: str) -> bool:
    """Whether two names may be of one establishment; a name of legal forms only says nothing."""
    mine, others = name_words(one), name_words(other)
    return not mine or not others or fold(one) == fold(other) or near_equal(mine, others)


def _known(rows: QuerySet[Beneficiary]) -> Iterable[Known]:
    return (Known(*values) for values in rows.order_by("pk").values_list("pk", "name", "tax_code", "place_id"))
