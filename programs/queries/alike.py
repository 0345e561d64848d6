"""Establishments that may be one: the same owner, telephone, or a name or address that is nearly the same."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from khuyencong.localities.models import Succession
from programs.models import Beneficiary, DuplicateSign
from programs.rules.likeness import (
    address_words,
    house_number,
    name_words,
    near_equal,
    telling_words,
)

# SQLite refuses an expression of more than 1000 terms: so many words are looked for by one query.
WORDS_AT_ONCE = 900
NEEDED = ("name", "citizen_key", "phone_key", "address", "place_id")


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
    by_citizen = _grouped(owners, lambda one: one.citizen_key)
    by_phone = _grouped(owners, lambda one: one.phone_key)
    if not by_citizen and not by_phone:
        return
    same = Q(citizen_key__in=set(by_citizen)) | Q(phone_key__in=set(by_phone))
    for other in Beneficiary.objects.filter(same).only(*NEEDED).order_by("pk"):
        for kind, mine in (
            (DuplicateSign.OWNER, by_citizen.get(other.citizen_key, [])),
            (DuplicateSign.PHONE, by_phone.get(other.phone_key, [])),
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
