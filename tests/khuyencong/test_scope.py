"""Which units an area covers, before and after 01/07/2025."""

import pytest

from khuyencong.localities.covers import compute_covers
from khuyencong.localities.models import AdministrativeUnit, Succession, UnitCover
from tests.factories import unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(reference):
    pass


def covered(area):
    return set(AdministrativeUnit.objects.covered_by(area.pk))


def test_reference_has_the_units_of_both_provinces():
    assert AdministrativeUnit.objects.count() == 246
    assert Succession.objects.count() == 187


def test_the_province_covers_what_was_merged_into_it():
    inside = covered(unit("96"))
    assert {unit("95", old=True), unit("956", old=True), unit("31843", old=True), unit("31843")} <= inside
    assert len(inside) == AdministrativeUnit.objects.count()


def test_a_new_commune_covers_the_old_ones_it_took_over_whole():
    assert covered(unit("31843")) == {
        unit("31843"),
        unit("31843", old=True),
        unit("31852", old=True),
        unit("31855", old=True),
    }


def test_the_old_district_covers_its_old_communes_only():
    inside = covered(unit("956", old=True))
    assert unit("31843", old=True) in inside
    assert unit("31843") not in inside


def test_a_split_commune_belongs_to_no_one_successor_but_to_the_province():
    split = Succession.objects.filter(part=Succession.Part.PARTIAL).first()
    areas = set(UnitCover.objects.filter(unit=split.old).values_list("area_id", flat=True))
    assert split.new_id not in areas
    assert unit("96").pk in areas


def test_no_area_covers_nothing():
    assert not AdministrativeUnit.objects.covered_by(None).exists()


def test_a_circle_of_successions_ends():
    assert compute_covers({1: None, 2: None}, [(1, 2), (2, 1)]) == {1: frozenset({1, 2}), 2: frozenset({1, 2})}
