"""Planned figures: counts, money, and rows that are wrong."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.indicator import Figure, plan_indicators
from programs.forms.figures import MAX_COUNT, parse_figure, show_figure
from programs.models import BudgetSide, IndicatorValue, ResultIndicator
from programs.workflow import EDITABLE, Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db
CENTRAL, PROVINCIAL = BudgetSide.CENTRAL.value, BudgetSide.PROVINCIAL.value


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


@pytest.fixture
def trained(reference):
    return ResultIndicator.objects.get(code="1")


@pytest.fixture
def invested(reference):
    return ResultIndicator.objects.get(code="10.1")


def tab(project):
    return reverse("programs:project-indicators", args=[project.pk])


def sent(project, *rows, version=None, initial=0):
    data = {"version": version or project.version, "rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": initial}
    for number, (indicator, value, *more) in enumerate(rows):
        values = {"indicator": indicator, "value": value, "budget": PROVINCIAL, "year": 2026} | (
            more[0] if more else {}
        )
        data |= {f"rows-{number}-{name}": one for name, one in values.items()}
    return data


def planned(project):
    rows = project.indicators.order_by("indicator__position", "budget")
    return [(row.indicator.code, row.budget, row.year, row.planned_value) for row in rows]


def test_counts_and_money_are_written_in_their_own_units(client, local_officer, project, trained, invested):
    client.force_login(local_officer)
    response = client.post(tab(project), sent(project, (trained.pk, "1.200"), (invested.pk, "2.768,9 triệu")))
    assert response.status_code == 302
    assert planned(project) == [("1", PROVINCIAL, 2026, 1200), ("10.1", PROVINCIAL, 2026, 2_768_900_000)]
    page = client.get(tab(project)).content.decode()
    assert 'value="2.768.900.000"' in page
    assert "2.768,9" in page
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.changes[f"{trained} – KCĐP 2026 (Lao động)"] == [None, 1200]
    assert event.changes[f"{invested} – KCĐP 2026 (đồng)"] == [None, 2_768_900_000]


def test_rows_are_changed_added_and_taken_out_together(client, local_officer, project, trained, invested):
    client.force_login(local_officer)
    client.post(tab(project), sent(project, (trained.pk, "20"), (invested.pk, "5 tỷ")))
    project.refresh_from_db()
    rows = [(trained.pk, "25"), (invested.pk, "5 tỷ", {"DELETE": "on"}), (trained.pk, "5", {"budget": CENTRAL})]
    assert client.post(tab(project), sent(project, *rows, initial=2)).status_code == 302
    assert planned(project) == [("1", CENTRAL, 2026, 5), ("1", PROVINCIAL, 2026, 25)]


def test_the_budget_offered_first_is_that_of_the_track(client, local_officer):
    client.force_login(local_officer)
    for track, budget in [(Track.LOCAL, PROVINCIAL), (Track.NATIONAL, CENTRAL)]:
        project = make_project(created_by=local_officer, track=track.value)
        formset = client.get(tab(project)).context["formset"]
        assert formset.empty_form["budget"].value() == budget


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("1", "-5", "Không nhận số âm"),
        ("1", "1,5", "không phải là số nguyên"),
        ("1", "hai mươi", "không phải là số nguyên"),
        ("1", "1.20", "không phải là số nguyên"),
        ("1", "9999999999", "Số quá lớn"),
        ("1", "", "Chưa nhập số"),
        ("10.1", "-5", "âm"),
        ("10.1", "4.020", ""),
        ("10.1", "abc", ""),
    ],
)
def test_what_is_wrong_is_said_in_its_row_and_kept(client, local_officer, project, code, value, words):
    indicator = ResultIndicator.objects.get(code=code)
    client.force_login(local_officer)
    response = client.post(tab(project), sent(project, (indicator.pk, value)))
    assert response.status_code == 422
    errors = response.context["formset"].forms[0].errors
    assert list(errors) == ["value"]
    assert words in str(errors["value"])
    assert f'value="{value}"' in response.content.decode() or value == ""
    assert not IndicatorValue.objects.exists()


def test_one_indicator_twice_for_the_same_budget_and_year_is_refused(client, local_officer, project, trained):
    client.force_login(local_officer)
    response = client.post(tab(project), sent(project, (trained.pk, "5"), (trained.pk, "6")))
    assert response.status_code == 422
    assert "đã ghi ở dòng trên" in response.content.decode()
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"indicator": "999999"}, {"budget": "district"}, {"year": "1990"}, {"indicator": ""}]
)
def test_forged_choices_are_refused(client, local_officer, project, trained, changes):
    client.force_login(local_officer)
    response = client.post(tab(project), sent(project, (trained.pk, "5", changes)))
    assert response.status_code == 422
    assert not IndicatorValue.objects.exists()


def test_without_the_management_fields_the_page_says_no(client, local_officer, project):
    client.force_login(local_officer)
    assert client.post(tab(project), {"version": 1}).status_code == 422
    assert (
        client.post(tab(project), {"version": 1, "rows-TOTAL_FORMS": "x", "rows-INITIAL_FORMS": 0}).status_code == 422
    )


def test_two_people_at_once_the_second_is_told(client, local_officer, project, trained):
    client.force_login(local_officer)
    client.post(tab(project), sent(project, (trained.pk, "5")))
    response = client.post(tab(project), sent(project, (trained.pk, "7"), version=1))
    assert response.status_code == 409
    assert 'value="7"' in response.content.decode()
    assert planned(project) == [("1", PROVINCIAL, 2026, 5)]


def test_the_same_figures_again_leave_no_event(local_officer, project, trained):
    figures = [Figure(trained.pk, PROVINCIAL, 2026, 5)]
    plan_indicators(project_id=project.pk, figures=figures, by=local_officer, version=1)
    plan_indicators(project_id=project.pk, figures=figures, by=local_officer, version=2)
    assert AuditEvent.objects.about(f"project:{project.pk}").count() == 1


@pytest.mark.parametrize("status", [status for status in Status if status not in EDITABLE])
def test_submitted_figures_are_read_only(client, local_officer, trained, status):
    project = make_project(created_by=local_officer, status=status.value)
    client.force_login(local_officer)
    assert "formset" not in client.get(tab(project)).context
    response = client.post(tab(project), sent(project, (trained.pk, "5")))
    assert response.status_code == 422
    assert status.label in response.content.decode()
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize("who", ["auditor", "leader", "accountant", "system_admin"])
def test_readers_read(request, client, project, trained, who):
    client.force_login(request.getfixturevalue(who))
    assert "formset" not in client.get(tab(project)).context
    assert client.post(tab(project), sent(project, (trained.pk, "5"))).status_code == 403
    assert not IndicatorValue.objects.exists()


def test_the_action_refuses_on_its_own(local_officer, stranger, project, trained):
    def plan(*figures, by=local_officer, version=1):
        plan_indicators(project_id=project.pk, figures=figures, by=by, version=version)

    good = Figure(trained.pk, PROVINCIAL, 2026, 5)
    with pytest.raises(NotAllowed):
        plan(good, by=stranger)
    with pytest.raises(Overtaken):
        plan(good, version=3)
    with pytest.raises(Refused):
        plan(Figure(trained.pk, PROVINCIAL, 2026, -1))
    with pytest.raises(Refused):
        plan(good, good)


def test_the_number_of_queries_does_not_grow(client, local_officer, project):
    indicators = list(ResultIndicator.objects.all())
    client.force_login(local_officer)
    counts = []
    for year in (range(2026, 2027), range(2027, 2033)):
        IndicatorValue.objects.bulk_create(
            IndicatorValue(project=project, indicator=one, budget=PROVINCIAL, year=when, planned_value=1)
            for one in indicators
            for when in year
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(tab(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 19


@given(value=st.integers(min_value=0, max_value=MAX_COUNT), is_money=st.booleans())
def test_what_is_shown_reads_back_as_itself(value, is_money):
    indicator = ResultIndicator(code="x", name="x", unit="x", is_money=is_money)
    assert parse_figure(show_figure(value, indicator), indicator) == value
