"""The list of settlements: states, figures, filters, scope, workbook; and the page that settles."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from funding.queries.settlement_list import State, in_state, list_rows, settlement_projects, settlement_rules
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.models import Certainty, DeadlineKind, DeadlineRule, Step
from programs.workflow import Action, Status
from tests.factories import make_organisation, make_province, make_user
from tests.funding.limits import accept_cost
from tests.funding.makers import MILLION, YEAR, add_entry, approved_project, decision, page
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST = reverse("funding:settlement-list")
EXPORT = reverse("funding:settlement-export")


def accepted_on(project, day, by):
    return Step.objects.create(
        project=project,
        action=Action.ACCEPT.value,
        from_status=Status.IN_PROGRESS.value,
        to_status=Status.ACCEPTED.value,
        by=by,
        at=timezone.now(),
        document_date=day,
    )


@pytest.fixture
def rule(reference):
    """Local projects are settled within 15 days of the acceptance."""
    return DeadlineRule.objects.create(
        key="kcdp-quyet-toan",
        name="Quyết toán KCĐP",
        kind=DeadlineKind.AFTER_STEP,
        days=15,
        after_action=Action.ACCEPT.value,
        owed_by=f"{Status.ACCEPTED},{Status.LIQUIDATED}",
        legal_basis="Thử nghiệm",
        certainty=Certainty.CONFIRMED,
    )


@pytest.fixture
def four(centre_officer, rule):
    """A project in each state: state → project."""
    today = timezone.localdate()
    found = {
        State.NOT_ACCEPTED: approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value),
        State.WAITING: approved_project(centre_officer, 100 * MILLION, status=Status.ACCEPTED.value),
        State.OVERDUE: approved_project(centre_officer, 100 * MILLION, status=Status.LIQUIDATED.value),
        State.SETTLED: approved_project(centre_officer, 100 * MILLION, status=Status.SETTLED.value),
    }
    accepted_on(found[State.WAITING], today - datetime.timedelta(15), centre_officer)
    accepted_on(found[State.OVERDUE], today - datetime.timedelta(16), centre_officer)
    for state in (State.WAITING, State.OVERDUE, State.SETTLED):
        accept_cost(found[state], centre_officer, 80 * MILLION)
    return found


def codes(response):
    return {row.project.code for row in response.context["rows"]}


def test_each_state_is_told_and_can_be_chosen(client, four, accountant):
    client.force_login(accountant)
    response = client.get(LIST)
    assert {row.state: row.project.pk for row in response.context["rows"]} == {
        state: project.pk for state, project in four.items()
    }
    for state, project in four.items():
        assert state.label in response.content.decode()
        assert codes(client.get(LIST, {"tinh-trang": state.value})) == {project.code}


def test_without_a_rule_nothing_is_overdue(four, accountant, rule):
    today = timezone.localdate()
    projects = settlement_projects(accountant)
    assert in_state(projects, State.OVERDUE, [], today).count() == 0
    assert in_state(projects, State.WAITING, [], today).count() == 2
    rows = list_rows(projects, [], today)
    assert {row.due_date for row in rows} == {None}
    assert rule in settlement_rules()


def test_due_out_to_pay_and_to_recover(client, four, accountant):
    add_entry(four[State.WAITING], accountant, 50 * MILLION)
    add_entry(four[State.OVERDUE], accountant, 95 * MILLION)
    client.force_login(accountant)
    rows = {row.state: row.table for row in client.get(LIST).context["rows"]}
    waiting, overdue = rows[State.WAITING], rows[State.OVERDUE]
    assert (waiting.due_vnd, waiting.out_vnd) == (80 * MILLION, 50 * MILLION)
    assert (waiting.to_pay_vnd, waiting.to_recover_vnd) == (30 * MILLION, 0)
    assert (overdue.to_pay_vnd, overdue.to_recover_vnd) == (0, 15 * MILLION)
    assert not rows[State.NOT_ACCEPTED].is_accepted


def test_year_search_track_and_fragment(client, four, accountant, centre_officer):
    other = approved_project(centre_officer, 100, year=YEAR - 1, name="Lò gốm")
    client.force_login(accountant)
    assert codes(client.get(LIST, {"nam": YEAR - 1})) == {other.code}
    assert codes(client.get(LIST, {"q": "lo gom"})) == {other.code}
    assert codes(client.get(LIST, {"cap": "national"})) == set()
    fragment = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<table" in fragment
    assert "<html" not in fragment


def test_only_the_own_area_is_listed_and_taken_out(client, four, centre_officer, stranger, other_local_officer):
    make_province("92", "Tỉnh Kiên Giang")
    for user in (stranger, other_local_officer):
        client.force_login(user)
        assert codes(client.get(LIST)) == set()
        assert len(sheet_of(client.get(EXPORT))) == 1


def sheet_of(response):
    rows = load_workbook(BytesIO(content_of(response))).active.iter_rows(values_only=True)
    return [row for row in rows if any(row)]


def test_the_workbook_says_the_same_and_is_in_the_journal(client, four, accountant):
    add_entry(four[State.WAITING], accountant, 50 * MILLION)
    client.force_login(accountant)
    head, *rows = sheet_of(client.get(EXPORT, {"tinh-trang": State.WAITING.value}))
    assert head[-1] == "Phải thu hồi (đồng)"
    (row,) = rows
    assert row[1] == four[State.WAITING].code
    assert row[4] == "Chờ quyết toán"
    assert row[6:] == (100 * MILLION, 80 * MILLION, 50 * MILLION, 30 * MILLION, 0)
    event = AuditEvent.objects.get(action="settlement_export")
    assert event.changes["Số dòng"] == [None, 1]


def test_the_page_shows_what_to_recover_and_keeps_what_was_typed(client, four, accountant):
    project = four[State.OVERDUE]
    add_entry(project, accountant, 95 * MILLION)
    client.force_login(accountant)
    html = client.get(page("project-settle", project)).content.decode()
    assert "phải thu hồi 15.000.000 đồng" in html
    response = client.post(page("project-settle", project), decision(project, reason="Ghi chú riêng"))
    assert response.status_code == 422
    assert "Ghi chú riêng</textarea>" in response.content.decode()
    assert 'value="15/QĐ"' in response.content.decode()


def test_the_money_tab_shows_the_settlement_once_accepted(client, four, auditor):
    client.force_login(auditor)
    assert "Quyết toán theo cơ sở" in client.get(page("project-money", four[State.WAITING])).content.decode()
    assert "Quyết toán theo cơ sở" not in client.get(page("project-money", four[State.NOT_ACCEPTED])).content.decode()


def test_a_forged_settlement_of_another_area_or_without_the_right(client, four, stranger, leader):
    project = four[State.OVERDUE]
    foreign = make_user(Role.ACCOUNTANT, make_organisation(make_province("92", "Tỉnh Kiên Giang")))
    for user, status in ((foreign, 404), (stranger, 403), (leader, 403)):
        client.force_login(user)
        assert client.post(page("project-settle", project), decision(project)).status_code == status
