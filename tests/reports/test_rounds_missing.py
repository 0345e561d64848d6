"""What is missing in a round's period: which projects and craft villages, and whose."""

import datetime

import pytest
from django.utils import timezone

from funding.models import Contract
from programs.models import (
    CraftVillage,
    CraftVillageEvent,
    CraftVillageYear,
    IndicatorValue,
    ProgressReport,
    ResultIndicator,
)
from programs.workflow import Status
from reports.rounds.missing import MISSING, without_progress, without_results, without_village_figures
from reports.rounds.queries import missing_by_area, period_of, round_parameters
from tests.factories import make_project, make_province, unit
from tests.reports.rounds import make_round

pytestmark = pytest.mark.django_db
D = datetime.date
SIGNED = D(2026, 3, 1)
START, END = D(2026, 6, 15), D(2026, 9, 14)


@pytest.fixture
def asked(department_officer, local_officer):
    return make_round(department_officer, start=START, end=END)


@pytest.fixture
def parameters(asked, department_officer):
    return round_parameters(asked, department_officer)


def running(by, status=Status.IN_PROGRESS, signed=SIGNED, **values):
    project = make_project(created_by=by, status=status.value, **values)
    if signed:
        Contract.objects.create(
            project=project,
            number=f"{project.pk}/HĐ",
            signed_date=signed,
            support_vnd=1_000_000,
            recorded_by=by,
            recorded_at=timezone.now(),
        )
    return project


def reported(project, by, day, percent=40):
    ProgressReport.objects.create(
        project=project,
        report_date=day,
        percent_done=percent,
        content="Lắp máy",
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    return project


def test_the_period_of_a_round_is_named(asked, parameters):
    assert period_of(asked).label == "Quý III năm 2026"
    assert (parameters.year, parameters.area) == (2026, unit("96"))


@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        (D(2025, 12, 15), D(2026, 12, 14), 2026),
        (D(2026, 1, 1), D(2026, 12, 31), 2026),
        (D(2025, 12, 15), D(2026, 3, 14), 2026),
        (D(2020, 12, 15), D(2025, 12, 14), 2025),
        (D(2026, 2, 3), D(2026, 2, 20), 2026),
    ],
)
def test_the_year_of_a_round(start, end, year, department_officer):
    asked = make_round(department_officer, start=start, end=end)
    assert (period_of(asked).start, period_of(asked).end) == (start, end)
    assert round_parameters(asked, department_officer).year == year


def test_who_has_not_reported_progress(parameters, centre_officer):
    by = centre_officer
    silent = running(by)
    without_contract_row = running(by, signed=None, approved_date=D(2026, 2, 1))
    last_year = reported(running(by, Status.CONTRACTED), by, D(2025, 12, 20), 15)
    reported(running(by), by, START)
    reported(running(by), by, END)
    day_before = reported(running(by), by, START - datetime.timedelta(days=1))
    accepted_later = running(by, Status.ACCEPTED, accepted_date=END + datetime.timedelta(days=1))
    running(by, Status.ACCEPTED, accepted_date=END)
    running(by, Status.SETTLED, accepted_date=D(2026, 1, 5))
    running(by, Status.STOPPED)
    running(by, signed=END + datetime.timedelta(days=1))
    running(by, Status.APPROVED, signed=None, approved_date=D(2026, 2, 1))
    found = list(without_progress(parameters))
    assert set(found) == {silent, without_contract_row, last_year, day_before, accepted_later}
    assert {one.pk: (one.last_report_date, one.last_percent) for one in found}[last_year.pk] == (D(2025, 12, 20), 15)
    line = MISSING["tien-do"].line(next(one for one in found if one == silent))
    assert line.cells[-1] == "Chưa có lần nào"
    assert str(silent.implementer) in line.cells


def test_accepted_projects_without_results(parameters, centre_officer):
    empty = running(centre_officer, Status.ACCEPTED, accepted_date=START)
    planned_only = running(centre_officer, Status.LIQUIDATED, accepted_date=END)
    entered = running(centre_officer, Status.ACCEPTED, accepted_date=END)
    running(centre_officer, Status.ACCEPTED, accepted_date=START - datetime.timedelta(days=1))
    indicator = ResultIndicator.objects.get(code="1")
    common = {"indicator": indicator, "budget": "central", "year": 2026, "planned_value": 3}
    IndicatorValue.objects.create(project=planned_only, **common)
    IndicatorValue.objects.create(project=entered, achieved_value=3, achieved_date=END, **common)
    assert set(without_results(parameters)) == {empty, planned_only}


def test_craft_villages_without_figures_of_the_year(parameters):
    def village(name):
        return CraftVillage.objects.create(name=name, craft="Rèn", place=unit("31843"))

    def figures(one, year):
        CraftVillageYear.objects.create(
            village=one, year=year, reported_date=END, source="Xã", households=5, craft_households=1
        )

    never, old, filled, faded = village("Rèn"), village("Chiếu"), village("Muối"), village("Gốm")
    figures(old, 2025)
    figures(filled, 2026)
    CraftVillageEvent.objects.create(
        village=faded, kind="faded", recognition="craft_village", decision_number="1/QĐ", event_date=D(2020, 1, 1)
    )
    found = list(without_village_figures(parameters))
    assert set(found) == {never, old}
    assert [MISSING["lang-nghe"].line(one).cells[-1] for one in found] == ["2025", "Chưa có năm nào"]


def test_each_sees_the_gaps_of_the_own_area(asked, parameters, local_officer, other_local_officer, centre_officer):
    here, there = running(centre_officer), running(centre_officer, place=unit("31972"))
    running(centre_officer, place=make_province())
    assert set(without_progress(parameters)) == {here, there}
    assert list(without_progress(round_parameters(asked, local_officer))) == [here]
    assert list(without_progress(round_parameters(asked, other_local_officer))) == [there]


def test_how_many_of_each_place(parameters, local_officer, other_local_officer, centre_officer):
    old = unit("31843", old=True)
    for place in (unit("31843"), unit("31843"), old, unit("31972")):
        running(centre_officer, place=place)
    areas = [local_officer.area_id, other_local_officer.area_id, unit("31900").pk]
    assert missing_by_area(areas, without_progress(parameters)) == {areas[0]: 3, areas[1]: 1}
