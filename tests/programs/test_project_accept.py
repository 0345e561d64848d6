"""Acceptance: the minutes, the results, the move, together or not at all."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.vietnamese.dates import format_date
from programs import checks
from programs.actions.acceptance import accept_project
from programs.actions.indicator import Figure
from programs.actions.project import Paper
from programs.models import BudgetSide, IndicatorValue, ResultIndicator
from programs.workflow import Action, Status
from tests.factories import make_project

pytestmark = pytest.mark.django_db
PROVINCIAL = BudgetSide.PROVINCIAL.value


@pytest.fixture
def under_way(local_officer):
    return make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)


@pytest.fixture
def planned(under_way):
    """10 trained workers and 2 tỷ of investment were planned."""
    rows = [("1", 10), ("10.1", 2_000_000_000)]
    return [
        IndicatorValue.objects.create(
            project=under_way,
            indicator=ResultIndicator.objects.get(code=code),
            budget=PROVINCIAL,
            year=2026,
            planned_value=value,
        )
        for code, value in rows
    ]


@pytest.fixture
def no_money_checks(monkeypatch):
    """Only what this app asks before an acceptance."""
    monkeypatch.setitem(checks.CHECKS, Action.ACCEPT, [])


def accepting(project):
    return reverse("funding:project-accept", args=[project.pk])


def minutes(project, planned, *others, achieved=("12", "2,5 tỷ"), **changes):
    data = {
        "version": project.version,
        "document_number": "15/BB-NT",
        "document_date": "10/11/2026",
        "reason": "",
        "others-TOTAL_FORMS": len(others),
        "others-INITIAL_FORMS": 0,
    }
    data |= {f"achieved_{row.pk}": value for row, value in zip(planned, achieved, strict=True)}
    for number, (indicator, value) in enumerate(others):
        row = {"indicator": indicator.pk, "budget": PROVINCIAL, "year": 2026, "value": value}
        data |= {f"others-{number}-{name}": one for name, one in row.items()}
    return data | changes


@pytest.mark.usefixtures("no_money_checks")
def test_acceptance_writes_results_dated_by_the_minutes(client, centre_officer, under_way, planned):
    other = ResultIndicator.objects.get(code="9")
    client.force_login(centre_officer)
    assert client.get(accepting(under_way)).status_code == 200
    response = client.post(accepting(under_way), minutes(under_way, planned, (other, "1")))
    assert response.status_code == 302
    under_way.refresh_from_db()
    day = datetime.date(2026, 11, 10)
    assert (under_way.status, under_way.accepted_date) == (Status.ACCEPTED, day)
    rows = under_way.indicators.order_by("indicator__position")
    assert [(row.indicator.code, row.planned_value, row.achieved_value, row.achieved_date) for row in rows] == [
        ("1", 10, 12, day),
        ("9", None, 1, day),
        ("10.1", 2_000_000_000, 2_500_000_000, day),
    ]
    events = AuditEvent.objects.about(f"project:{under_way.pk}")
    assert [event.action for event in events] == ["accept", "record_results"]
    assert {event.document_number for event in events} == {"15/BB-NT"}


@pytest.mark.usefixtures("no_money_checks")
@pytest.mark.parametrize(
    ("achieved", "changes", "fields"),
    [
        (("-1", "0"), {}, [0]),
        (("", "0"), {}, [0]),
        (("1,5", "4.020"), {}, [0, 1]),
        (("1", "1 tỷ"), {"document_number": ""}, ["document_number"]),
        (("1", "1 tỷ"), {"document_date": ""}, ["document_date"]),
        (("1", "1 tỷ"), {"document_date": "31/02/2026"}, ["document_date"]),
    ],
)
def test_wrong_minutes_are_asked_back(client, centre_officer, under_way, planned, achieved, changes, fields):
    client.force_login(centre_officer)
    response = client.post(accepting(under_way), minutes(under_way, planned, achieved=achieved, **changes))
    assert response.status_code == 422
    names = [f"achieved_{planned[one].pk}" if isinstance(one, int) else one for one in fields]
    assert list(response.context["form"].errors) == names
    under_way.refresh_from_db()
    assert under_way.status == Status.IN_PROGRESS
    assert not IndicatorValue.objects.exclude(achieved_value=None).exists()


@pytest.mark.usefixtures("no_money_checks")
def test_minutes_from_tomorrow_are_refused(client, centre_officer, under_way, planned):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(centre_officer)
    response = client.post(accepting(under_way), minutes(under_way, planned, document_date=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["document_date"])


@pytest.mark.usefixtures("no_money_checks")
def test_a_planned_figure_is_not_given_again_among_the_others(client, centre_officer, under_way, planned):
    client.force_login(centre_officer)
    response = client.post(accepting(under_way), minutes(under_way, planned, (planned[0].indicator, "3")))
    assert response.status_code == 422
    assert "đã có trong kế hoạch" in response.content.decode()
    under_way.refresh_from_db()
    assert under_way.status == Status.IN_PROGRESS


@pytest.mark.usefixtures("no_money_checks")
def test_figures_of_another_project_cannot_be_sent(client, centre_officer, local_officer, under_way, planned):
    other = make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)
    client.force_login(centre_officer)
    response = client.post(accepting(other), minutes(other, planned))
    assert response.status_code == 302
    assert not IndicatorValue.objects.exclude(achieved_value=None).exists()
    with pytest.raises(Refused, match="đã thay đổi"):
        accept_project(
            project_id=under_way.pk,
            achieved={planned[0].pk: 1},
            others=[],
            by=centre_officer,
            version=1,
            paper=Paper("1", datetime.date(2026, 11, 10)),
        )


def test_a_check_against_acceptance_leaves_nothing_behind(client, centre_officer, under_way, planned, monkeypatch):
    def fail(project):
        raise Refused("Chưa có hợp đồng nào được ghi.")

    monkeypatch.setitem(checks.CHECKS, Action.ACCEPT, [fail])
    client.force_login(centre_officer)
    assert "Chưa có hợp đồng nào được ghi." in client.get(accepting(under_way)).content.decode()
    response = client.post(accepting(under_way), minutes(under_way, planned))
    assert response.status_code == 422
    assert "Chưa có hợp đồng nào được ghi." in str(response.context["form"].non_field_errors())
    assert not IndicatorValue.objects.exclude(achieved_value=None).exists()
    assert not AuditEvent.objects.about(f"project:{under_way.pk}").exists()


@pytest.mark.usefixtures("no_money_checks")
def test_accepting_twice_happens_once(client, centre_officer, under_way, planned):
    client.force_login(centre_officer)
    form = minutes(under_way, planned)
    assert client.post(accepting(under_way), form).status_code == 302
    response = client.post(accepting(under_way), form)
    assert response.status_code == 409
    assert "đã được thay đổi sau khi bạn mở trang" in response.content.decode()
    assert under_way.steps.count() == 1


@pytest.mark.usefixtures("no_money_checks")
def test_the_action_asks_the_policy_itself(under_way, local_officer, centre_officer):
    values = {"achieved": {}, "others": [], "paper": Paper("1", datetime.date(2026, 11, 10))}
    with pytest.raises(NotAllowed):
        accept_project(project_id=under_way.pk, by=local_officer, version=1, **values)
    with pytest.raises(Overtaken):
        accept_project(project_id=under_way.pk, by=centre_officer, version=7, **values)
    figure = Figure(ResultIndicator.objects.get(code="1").pk, PROVINCIAL, 2026, 5)
    for others in ([replace(figure, value=-1)], [figure, figure]):
        with pytest.raises(Refused):
            accept_project(project_id=under_way.pk, by=centre_officer, version=1, **{**values, "others": others})
    with pytest.raises(Refused, match="số văn bản"):
        accept_project(project_id=under_way.pk, by=centre_officer, version=1, **{**values, "paper": Paper()})
