"""Establishments that may be one: the same owner, telephone, or a name or address that is nearly the same."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from khuyencong.localities.models import Succession
from programs.models import Beneficiary, DuplicateSign
from programs.rules.likeness import (
    address_words,
    citizen_key,
    house_number,
    name_words,
    near_equal,
    phone_key,
    telling_words,
)

SEPARATORS = (" ", ".", "-", "(", ")", "/")
# SQLite refuses an expression of more than 1000 terms: so many words are looked for by one query.
WORDS_AT_ONCE = 900
NEEDED = ("name", "owner_citizen_id", "phone", "address", "place_id")


@dataclass(frozen=True)
class Found:
    """Another establishment, and what it shares."""

    beneficiary_id: int
    kind: DuplicateSign


@dataclass
class Alike:
    """By establishment: those that may be the same."""

    rows: dict[int, set[Found]] = field(default_factory=lambda: defaultdict(set))

    @property
    def ids(self) -> set[int]:
        return {found.beneficiary_id for rows in self.rows.values() for found in rows}

    def of(self, beneficiary_id: int) -> list[Found]:
        return sorted(self.rows.get(beneficiary_id, ()), key=lambda found: (found.kind.value, found.beneficiary_id))


class Likeness:
    """What an establishment's name and address are compared by, worked out once."""

    def __init__(self, owner: Beneficiary) -> None:
        self.owner = owner
        self.name = name_words(owner.name)
        self.address = address_words(owner.address)

    def searched(self) -> list[tuple[str, str]]:
        """(look-up, word): each near-equal establishment answers to one of them."""
        names = [("folded__contains", word) for word in telling_words(self.name)]
        return [*names, ("address__icontains", house_number(self.owner.address))] if self.address else names

    def is_near(self, other: "Likeness") -> bool:
        return near_equal(self.name, other.name) or near_equal(self.address, other.address)


def find_alike(owners: Sequence[Beneficiary]) -> Alike:
    """Three queries: numbers, places that followed each other, names and addresses (one per WORDS_AT_ONCE)."""
    alike, unique = Alike(), list({one.pk: one for one in owners}.values())
    _add_same_number(alike, unique)
    places = _related_places({one.place_id for one in unique})
    for some in _batches([Likeness(one) for one in unique]):
        near: dict[int, list[Likeness]] = defaultdict(list)
        for other in _near_in_database(some, places):
            near[other.place_id].append(Likeness(other))
        for one in some:
            there = (other for place_id in places[one.owner.place_id] for other in near[place_id])
            same = {other.owner.pk for other in there if other.owner.pk != one.owner.pk and one.is_near(other)}
            alike.rows[one.owner.pk].update(Found(pk, DuplicateSign.ADDRESS) for pk in same)
    return alike


def _batches(owners: Iterable[Likeness]) -> Iterator[list[Likeness]]:
    """The owners in runs whose words one query can hold."""
    some: list[Likeness] = []
    words = 0
    for one in owners:
        count = len(one.searched())
        if some and words + count > WORDS_AT_ONCE:
            yield some
            some, words = [], 0
        some.append(one)
        words += count
    if some:
        yield some


def _add_same_number(alike: Alike, owners: Collection[Beneficiary]) -> None:
    """Shared numbers, compared by their digits however they were written."""
    by_citizen = _grouped(owners, lambda one: citizen_key(one.owner_citizen_id))
    by_phone = _grouped(owners, lambda one: phone_key(one.phone))
    if not by_citizen and not by_phone:
        return
    phones = {written for phone in by_phone for written in _ways_to_write(phone)}
    rows = Beneficiary.objects.annotate(citizen=_bare("owner_citizen_id"), bare_phone=_bare("phone"))
    same_citizen = _ending("owner_citizen_id", by_citizen) & Q(citizen__in=set(by_citizen))
    same_phone = _ending("phone", by_phone) & Q(bare_phone__in=phones)
    for other in rows.filter(same_citizen | same_phone).only(*NEEDED).order_by("pk"):
        for kind, mine in (
            (DuplicateSign.OWNER, by_citizen.get(citizen_key(other.owner_citizen_id), [])),
            (DuplicateSign.PHONE, by_phone.get(phone_key(other.phone), [])),
        ):
            for one in mine:
                if one.pk != other.pk:
                    alike.rows[one.pk].add(Found(other.pk, kind))


def _grouped(owners: Iterable[Beneficiary], key: Callable[[Beneficiary], str]) -> dict[str, list[Beneficiary]]:
    groups: dict[str, list[Beneficiary]] = defaultdict(list)
    for one in owners:
        if key(one):
            groups[key(one)].append(one)
    return dict(groups)


def _ways_to_write(phone: str) -> Iterator[str]:
    """A number from 0, and behind the country's prefix, without separators."""
    yield phone
    if phone.startswith("0"):
        yield from (prefix + phone[1:] for prefix in ("+84", "84", "0084", "+840"))


def _ending(column: str, keys: Iterable[str]) -> Q:
    """A cheap look at the last digit, before the separators of the rest are taken out."""
    return Q(*((f"{column}__endswith", digit) for digit in sorted({key[-1] for key in keys})), _connector=Q.OR)


def _bare(column: str) -> Combinable:
    """The column without separators, in the database."""
    bare: Combinable = F(column)
    for separator in SEPARATORS:
        bare = Replace(bare, Value(separator), Value(""), output_field=CharField())
    return bare


def _related_places(place_ids: Collection[int]) -> dict[int, set[int]]:
    """Each place with itself, what it became, and what became it; one query."""
    related = {place_id: {place_id} for place_id in place_ids}
    pairs = Succession.objects.filter(Q(old__in=place_ids) | Q(new__in=place_ids)).order_by()
    for old, new in pairs.values_list("old_id", "new_id"):
        for one, other in ((old, new), (new, old)):
            if one in related:
                related[one].add(other)
    return related


def _near_in_database(owners: Iterable[Likeness], places: dict[int, set[int]]) -> QuerySet[Beneficiary]:
    """Establishments of these places whose name or address holds a word that a near-equal one cannot lack."""
    by_place: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for one in owners:
        by_place[one.owner.place_id].update(one.searched())
    condition = Q()
    for place_id, searched in by_place.items():
        if searched:
            words = Q(*sorted(searched), _connector=Q.OR)
            condition |= Q(place_id__in=places[place_id]) & words
    everywhere = {place for place_id in by_place for place in places[place_id]}
    rows = Beneficiary.objects.filter(place_id__in=everywhere)
    return rows.filter(condition).only(*NEEDED).order_by("pk") if condition else rows.none()
