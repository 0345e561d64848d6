"""Tổng hợp làng nghề against plain Python: what a decision says on the last day, the last report of the year."""

import datetime

import pytest

from programs.models import CraftVillage, CraftVillageEvent, CraftVillageYear
from tests.factories import unit
from tests.reports.asking import build, form_parameters
from tests.reports.more_world import add_more
from tests.reports.world import AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
D = datetime.date
END = D(2026, 12, 14)
SUMMED = ("households", "craft_households", "workers", "women_workers", "khmer_workers", "revenue_vnd")
KEYS = ("recognised", *SUMMED, "income_per_head_vnd")
COMMUNES = {"new": "Xã Hồng Dân", "old": "Xã Hồng Dân", "far": "Xã Gành Hào"}


def ask(user, area="province", **more):
    [table] = build("lang-nghe", form_parameters("lang-nghe", user, area_unit(area), **more))
    return table


def rows_of(table, style):
    return {
        row.cells["name"]: tuple(table.value(place, key) for key in KEYS)
        for place, row in enumerate(table.rows)
        if row.style == style
    }


def expected(village):
    """The row of a village: the last decision until the end counts; of several of a day, the one entered last."""
    status = None
    for day, kind in sorted(village.events, key=lambda event: event[0]):
        status = kind if day <= END else status
    reports = sorted(((day, figures) for year, day, figures in village.years if year == 2026), key=lambda one: one[0])
    figures = reports[-1][1] if reports else {}
    return (int(status == "recognised"), *(figures.get(key) for key in KEYS[1:]))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("area", list(AREAS))
def test_the_form_is_the_sum_of_the_records(seed, area, department_officer):
    world = make_world(seed, department_officer, products=0)
    more = add_more(world, seed, department_officer)
    inside = [one for one in more.villages if one.place in AREAS[area]]
    table = ask(department_officer, area)
    wanted = {f"{one.name}, {world.places[one.place]}": expected(one) for one in inside}
    assert rows_of(table, "normal") == wanted
    for commune, row in rows_of(table, "group").items():
        assert row == added([expected(one) for one in inside if COMMUNES[one.place] == commune])
    assert rows_of(table, "total") == {"Tổng cộng": added(list(wanted.values()))}


def added(rows):
    return (*(sum(row[place] or 0 for row in rows) for place in range(len(SUMMED) + 1)), None)


@pytest.fixture
def village(reference):
    return CraftVillage.objects.create(name="Nghề rèn", craft="Rèn", place=unit("31852", old=True))


def add_event(village, kind, day, number):
    CraftVillageEvent.objects.create(
        village=village, kind=kind, recognition="craft_village", decision_number=number, event_date=day
    )


def cells_of(table):
    [row] = [row for row in table.rows if row.style == "normal"]
    return row.cells["status"], row.cells["decision"], row.cells["recognised"]


def test_a_village_without_a_decision_is_not_recognised(village, department_officer):
    assert cells_of(ask(department_officer)) == ("Chưa công nhận", "", 0)


def test_a_withdrawal_counts_from_its_day_only(village, department_officer):
    add_event(village, "recognised", D(2020, 5, 1), "5/QĐ")
    add_event(village, "withdrawn", D(2026, 9, 1), "9/QĐ")
    before = {"end": "31/08/2026", "start": "01/01/2026"}
    assert cells_of(ask(department_officer, **before)) == ("Đã công nhận", "5/QĐ ngày 01/05/2020", 1)
    assert cells_of(ask(department_officer)) == ("Thu hồi", "9/QĐ ngày 01/09/2026", 0)


def test_a_correction_replaces_the_earlier_report_and_another_year_does_not(village, department_officer):
    common = {"village": village, "source": "Xã", "households": 10, "craft_households": 5}
    CraftVillageYear.objects.create(year=2026, reported_date=D(2027, 1, 5), workers=7, **common)
    CraftVillageYear.objects.create(year=2026, reported_date=D(2027, 2, 5), workers=9, **common)
    CraftVillageYear.objects.create(year=2025, reported_date=D(2027, 3, 5), workers=100, **common)
    table = ask(department_officer)
    assert table.value(len(table.rows) - 1, "workers") == 9


def test_an_old_communes_village_is_in_the_district_that_it_lay_in(village, department_officer):
    table = ask(department_officer, grouping="district")
    assert list(rows_of(table, "group")) == ["Huyện Hồng Dân (cũ)"]
    assert list(rows_of(ask(department_officer), "group")) == ["Xã Hồng Dân"]


def test_without_villages_the_total_is_zero(department_officer):
    CraftVillage.objects.all().delete()
    assert rows_of(ask(department_officer), "total") == {"Tổng cộng": (*[0] * 7, None)}
