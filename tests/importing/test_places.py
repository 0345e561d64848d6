"""Places by name, district, code and date, within an area. The units are those of Bạc Liêu and Cà Mau."""

import datetime

import pytest

from khuyencong.importing.fields import Problem
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.values import Context, chosen, understand
from khuyencong.localities.models import AdministrativeUnit
from tests.factories import unit
from tests.importing.corpus import BY_NAME, nfd

pytestmark = pytest.mark.django_db
BEFORE, AFTER = datetime.date(2013, 2, 5), datetime.date(2025, 7, 1)


@pytest.fixture
def finder(reference):
    return PlaceFinder.for_area(unit("96"))


def found(finder, text, **when):
    reading = finder.find(text, **when)
    assert not reading.problem, reading
    return AdministrativeUnit.objects.get(pk=reading.value)


def names(reading):
    return sorted(reading.choices.values())


class TestByName:
    @pytest.mark.parametrize(
        "text",
        [
            "Xã Ninh Hòa",
            "xã Ninh Hoà",
            "Ninh Hòa",
            "X. Ninh Hòa",
            "X.Ninh Hoà",
            "NINH HÒA",
            nfd("Xã Ninh Hoà"),
            "xã Ninh Hòa, huyện Hồng Dân",
            "Xã Ninh Hòa - H. Hồng Dân - T. Bạc Liêu",
            "ấp 3, xã Ninh Hòa, huyện Hồng Dân, tỉnh Bạc Liêu",
            "Ninh Hòa\nHồng Dân",
            "xa Ninh Hoa",
        ],
    )
    def test_however_it_is_written(self, finder, text):
        assert found(finder, text, day=BEFORE).name == "Xã Ninh Hòa"

    def test_towns_wards_and_districts(self, finder):
        assert found(finder, "TT. Ngan Dừa").name == "Thị trấn Ngan Dừa"
        assert found(finder, "P. Nhà Mát", day=BEFORE).name == "Phường Nhà Mát"
        assert found(finder, "P1, TX. Giá Rai", day=BEFORE).parent.name == "Thị xã Giá Rai"
        assert found(finder, "phường 01, TP Bạc Liêu", day=BEFORE).parent.name == "Thành phố Bạc Liêu"
        assert found(finder, "H. Hồng Dân").name == "Huyện Hồng Dân"
        assert found(finder, "tỉnh Bạc Liêu").name == "Tỉnh Bạc Liêu"

    def test_without_tone_marks_it_is_said(self, finder):
        assert "không dấu" in finder.find("xa Ninh Hoa", day=BEFORE).note

    def test_a_district_beside_it(self, finder):
        assert len(finder.find("Phường 1", day=BEFORE).choices) == 3
        assert found(finder, "Phường 1", day=BEFORE, parent="TX Giá Rai").parent.name == "Thị xã Giá Rai"
        wrong = finder.find("xã Ninh Hòa", day=BEFORE, parent="Huyện Vĩnh Lợi")
        assert "không thuộc Huyện Vĩnh Lợi" in wrong.problem
        assert names(wrong) == ["Xã Ninh Hòa, Huyện Hồng Dân, Tỉnh Bạc Liêu (đến 30/06/2025)"]

    def test_another_kind_of_unit_is_said(self, finder):
        reading = finder.find("TT. Hộ Phòng", day=BEFORE)
        assert AdministrativeUnit.objects.get(pk=reading.value).name == "Phường Hộ Phòng"
        assert "khác loại" in reading.note

    def test_nothing_of_that_name(self, finder):
        reading = finder.find("xã Ninh Hoaf, huyện Hồng Dân", day=BEFORE)
        assert "Gần giống: Xã Ninh Hòa" in reading.problem
        assert all("Huyện Hồng Dân" in name for name in names(reading))
        assert finder.find("xã Xyz Qwk").problem
        assert "chưa có tên xã" in finder.find("ấp 3, khóm 5").problem

    def test_a_misspelt_commune_is_not_taken_for_its_district(self, finder):
        assert finder.find("Ninh Hoaaa, huyện Hồng Dân").value is None


class TestByDate:
    def test_the_same_name_before_and_after(self, finder):
        assert found(finder, "xã Phước Long", day=BEFORE) == unit("31876", old=True)
        assert found(finder, "xã Phước Long", day=AFTER).code == "31867"
        assert found(finder, "xã Phước Long", year=2013) == unit("31876", old=True)
        assert found(finder, "xã Phước Long", year=2026).code == "31867"

    def test_both_in_the_year_of_the_change_or_without_a_date(self, finder):
        for reading in (finder.find("xã Phước Long", year=2025), finder.find("xã Phước Long")):
            assert names(reading) == [
                "Xã Phước Long, Huyện Phước Long, Tỉnh Bạc Liêu (đến 30/06/2025)",
                "Xã Phước Long, Tỉnh Cà Mau (từ 01/07/2025)",
            ]

    def test_a_day_for_rows_that_have_none(self, reference):
        finder = PlaceFinder.for_area(unit("96"), on=AFTER)
        assert found(finder, "xã Phước Long").code == "31867"
        assert found(finder, "xã Phước Long", day=BEFORE).code == "31876"

    def test_a_name_of_another_time(self, finder):
        reading = finder.find("Phường Nhà Mát", year=2026)
        assert "năm 2026: không có" in reading.problem
        assert names(reading) == ["Phường Nhà Mát, Thành phố Bạc Liêu, Tỉnh Bạc Liêu (đến 30/06/2025)"]

    def test_codes_return_with_another_meaning(self, finder):
        assert found(finder, "31957", day=BEFORE) == unit("31957", old=True)
        assert found(finder, "31957", day=AFTER) == unit("31957")
        assert len(finder.find("31957").choices) == 2


class TestArea:
    def test_a_place_outside_is_a_problem(self, reference):
        finder = PlaceFinder.for_area(unit("31843"))
        assert "ngoài địa bàn" in finder.find("xã Vĩnh Lợi", day=AFTER).problem
        assert finder.find("Xyz").choices == {}

    def test_the_only_one_of_that_name_in_the_area(self, reference):
        ward = AdministrativeUnit.objects.get(name="Phường 1", parent__name="Thành phố Bạc Liêu")
        today = ward.successions.get().new
        reading = PlaceFinder.for_area(today).find("Phường 1", day=BEFORE)
        assert reading.value == ward.pk
        assert "duy nhất trong địa bàn" in reading.note

    def test_nobody_has_no_area(self, reference):
        assert "ngoài địa bàn" in PlaceFinder.for_area(None).find("xã Ninh Hòa", day=BEFORE).problem


class TestInACell:
    def test_a_number_is_a_code(self, finder):
        field = BY_NAME["place"]
        assert understand(31957, field, Context(places=finder, day=AFTER)) == unit("31957").pk
        assert understand("31957", field, Context(places=finder, day=AFTER)) == unit("31957").pk
        assert isinstance(understand(True, field, Context(places=finder)), Problem)
        assert isinstance(understand("x", field, Context()), Problem)

    def test_a_choice_is_taken_by_its_id(self, finder):
        problem = understand("xã Phước Long", BY_NAME["place"], Context(places=finder))
        pk = unit("31867").pk
        assert chosen(str(pk), BY_NAME["place"], problem.choices) == pk
        assert chosen("0", BY_NAME["place"], problem.choices) is None


def test_one_query_and_none_afterwards(reference, django_assert_num_queries):
    area = unit("96")
    with django_assert_num_queries(1):
        finder = PlaceFinder.for_area(area)
        for text in ("xã Phước Long", "31957", "Xyz", "P1, TX. Giá Rai"):
            finder.find(text)
