"""Acceptance with its accepted cost: results, cost and move together or not at all."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.actions.acceptance import accept, cost_field
from funding.models import AcceptedCost, LedgerKind
from funding.policies import check_can_accept
from funding.queries.acceptance import cost_table
from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.formfields import MAX_FIELD_VND
from programs.actions.acceptance import accept_project
from programs.actions.project import Paper, move
from programs.models import WordKind
from programs.workflow import Action, Status
from tests.factories import add_participant, make_organisation, make_project, make_province, make_user
from tests.funding.makers import DECIDED, MILLION, YEAR, add_entry, add_line, approved_project, page
from tests.programs.word import address, text_of
from tests.responses import content_of

pytestmark = pytest.mark.django_db
MINUTES = Paper("15/BB-NT", datetime.date(2025, 11, 10))


@pytest.fixture
def under_way(centre_officer):
    """Two establishments: 100 and 60 triệu of support, 150 triệu of counterpart from the first."""
    project = make_project(created_by=centre_officer, status=Status.IN_PROGRESS.value, year=YEAR, approved_date=DECIDED)
    first, second = add_participant(project), add_participant(project)
    add_line(project, "KCDP", 100 * MILLION, 100 * MILLION, first)
    add_line(project, "DOIUNG", 150 * MILLION, 150 * MILLION, first)
    add_line(project, "KCDP", 60 * MILLION, 60 * MILLION, second)
    return project


def payees(project):
    return list(project.participants.order_by("pk"))


def costs_of(project, *amounts):
    return {payee.pk: vnd for payee, vnd in zip(payees(project), amounts, strict=True)}


def accepting(project, by, costs, **values):
    defaults = {"achieved": {}, "others": [], "version": project.version, "paper": MINUTES}
    return accept(project_id=project.pk, by=by, costs=costs, **{**defaults, **values})


def typed(project, costs, **changes):
    data = {
        "version": project.version,
        "document_number": "15/BB-NT",
        "document_date": "10/11/2025",
        "reason": "",
        "others-TOTAL_FORMS": 0,
        "others-INITIAL_FORMS": 0,
    }
    return data | {cost_field(payee): text for payee, text in costs.items()} | changes


def test_cost_and_acceptance_are_written_together(client, centre_officer, under_way):
    client.force_login(centre_officer)
    address_ = page("project-accept", under_way)
    shown = client.get(address_)
    assert shown.status_code == 200
    assert "Chưa nhập giá trị nghiệm thu" not in shown.content.decode()  # what the page asks for is no hindrance yet
    assert "Chưa có biên bản kiểm tra tại nơi thực hiện." in shown.content.decode()
    response = client.post(address_, typed(under_way, costs_of(under_way, "262,5 triệu", "0")))
    assert response.status_code == 302
    under_way.refresh_from_db()
    assert under_way.state is Status.ACCEPTED
    written = dict(AcceptedCost.objects.filter(project=under_way).values_list("participant_id", "accepted_vnd"))
    assert written == costs_of(under_way, 262_500_000, 0)
    events = AuditEvent.objects.about(f"project:{under_way.pk}").order_by("pk")
    assert [event.action for event in events] == ["record_accepted_cost", "accept"]
    assert events[0].document_number == "15/BB-NT"
    assert list(events[0].changes.values()) == [[None, "262.500.000"], [None, "0"]]


def test_beside_each_field_stands_what_was_approved_and_paid(accountant, under_way):
    first, second = payees(under_way)
    add_entry(under_way, accountant, 50 * MILLION, participant=first)
    add_entry(under_way, accountant, 10 * MILLION, LedgerKind.RECOVERY, participant=first)
    told = [
        (line.participant_id, line.support_vnd, line.counterpart_vnd, line.total_vnd, line.out_vnd)
        for line in cost_table(under_way).lines
    ]
    assert told == [
        (first.pk, 100 * MILLION, 150 * MILLION, 250 * MILLION, 40 * MILLION),
        (second.pk, 60 * MILLION, 0, 60 * MILLION, 0),
    ]


def test_amounts_for_the_whole_project_are_accepted_as_a_whole(client, centre_officer, accountant):
    project = approved_project(centre_officer, 80 * MILLION, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 30 * MILLION, participant=payees(project)[0])  # draws on the project's line
    (line,) = cost_table(project).lines
    assert (line.participant_id, line.out_vnd) == (None, 30 * MILLION)
    client.force_login(centre_officer)
    assert client.post(page("project-accept", project), typed(project, {None: "90 triệu"})).status_code == 302
    assert AcceptedCost.objects.get().accepted_vnd == 90 * MILLION  # above the plan: recorded


def test_counterpart_alone_may_be_left_empty(client, centre_officer, under_way):
    third = add_participant(under_way)
    add_line(under_way, "DOIUNG", 5 * MILLION, 5 * MILLION, third)
    client.force_login(centre_officer)
    texts = {payee.pk: "1 triệu" for payee in payees(under_way)[:2]} | {third.pk: ""}
    assert client.post(page("project-accept", under_way), typed(under_way, texts)).status_code == 302
    assert AcceptedCost.objects.count() == 2


@pytest.mark.parametrize("wrong", ["", "-1", "nhiều", "9999999999999999"])
def test_a_wrong_cost_is_asked_back_at_its_field(client, centre_officer, under_way, wrong):
    client.force_login(centre_officer)
    response = client.post(
        page("project-accept", under_way), typed(under_way, costs_of(under_way, "77.000.000", wrong))
    )
    assert response.status_code == 422
    assert list(response.context["costs"].errors) == [cost_field(payees(under_way)[1].pk)]
    assert "77.000.000" in response.content.decode()  # what was typed stays
    assert "15/BB-NT" in response.content.decode()
    under_way.refresh_from_db()
    assert under_way.state is Status.IN_PROGRESS
    assert not AcceptedCost.objects.exists()


def test_supported_projects_are_not_accepted_without_cost_by_any_way(centre_officer, under_way):
    first, second = payees(under_way)
    ways = (
        lambda: move(project_id=under_way.pk, action=Action.ACCEPT, by=centre_officer, paper=MINUTES),
        lambda: accept_project(
            project_id=under_way.pk, achieved={}, others=[], by=centre_officer, version=1, paper=MINUTES
        ),
        lambda: accepting(under_way, centre_officer, {}),
        lambda: accepting(under_way, centre_officer, {first.pk: 1}),
    )
    for way in ways:
        with pytest.raises(Refused, match="Chưa nhập giá trị nghiệm thu"):
            way()
    under_way.refresh_from_db()
    assert under_way.state is Status.IN_PROGRESS
    assert not AcceptedCost.objects.exists()
    with pytest.raises(Refused, match=str(second)):
        accepting(under_way, centre_officer, {first.pk: 1})


def test_the_action_refuses_what_no_page_sends(centre_officer, local_officer, under_way):
    good = costs_of(under_way, 1, 2)
    foreign = add_participant(make_project(created_by=local_officer))
    for costs in (good | {foreign.pk: 1}, good | {None: 1}):
        with pytest.raises(Refused, match="không có kinh phí được duyệt"):
            accepting(under_way, centre_officer, costs)
    for vnd in (-1, MAX_FIELD_VND + 1):
        with pytest.raises(Refused, match="Số tiền không hợp lệ"):
            accepting(under_way, centre_officer, costs_of(under_way, vnd, 2))
    with pytest.raises(NotAllowed):
        accepting(under_way, local_officer, good)
    with pytest.raises(Overtaken):
        accepting(under_way, centre_officer, good, version=9)
    with pytest.raises(Refused, match="số văn bản"):
        accepting(under_way, centre_officer, good, paper=Paper())
    assert not AcceptedCost.objects.exists()
    assert not AuditEvent.objects.about(f"project:{under_way.pk}").exists()


def test_a_failed_result_takes_the_cost_back(client, centre_officer, under_way):
    client.force_login(centre_officer)
    sent = typed(under_way, costs_of(under_way, "1 triệu", "1 triệu"), document_date="")
    response = client.post(page("project-accept", under_way), sent)
    assert response.status_code == 422
    assert not AcceptedCost.objects.exists()
    with pytest.raises(Refused, match="Danh sách chỉ tiêu"):
        accepting(under_way, centre_officer, costs_of(under_way, 1, 2), achieved={987: 1})
    assert not AcceptedCost.objects.exists()


def test_a_second_press_writes_nothing_more(client, centre_officer, under_way):
    client.force_login(centre_officer)
    sent = typed(under_way, costs_of(under_way, "1 triệu", "1 triệu"))
    assert client.post(page("project-accept", under_way), sent).status_code == 302
    assert client.post(page("project-accept", under_way), sent).status_code == 409
    assert AcceptedCost.objects.count() == 2


@pytest.mark.parametrize("who", ["local_officer", "department_officer", "leader", "accountant", "auditor"])
def test_only_the_centre_accepts(request, client, under_way, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        check_can_accept(person, under_way)
    client.force_login(person)
    sent = typed(under_way, costs_of(under_way, "1", "1"))
    assert client.get(page("project-accept", under_way)).status_code == 403
    assert client.post(page("project-accept", under_way), sent).status_code == 403


def test_a_project_of_another_province_does_not_exist(client, reference, under_way):
    elsewhere = make_user(Role.CENTRE_OFFICER, make_organisation(make_province(), kind=OrganisationKind.CENTRE))
    with pytest.raises(NotAllowed):
        check_can_accept(elsewhere, under_way)
    client.force_login(elsewhere)
    assert client.get(page("project-accept", under_way)).status_code == 404
    assert client.post(page("project-accept", under_way), {}).status_code == 404


def test_the_money_tab_shows_cost_beside_plan_and_paid(client, centre_officer, auditor, under_way):
    client.force_login(auditor)
    assert "Giá trị nghiệm thu" not in client.get(page("project-money", under_way)).content.decode()
    accepting(under_way, centre_officer, costs_of(under_way, 240 * MILLION, 61 * MILLION))
    shown = client.get(page("project-money", under_way)).content.decode()
    for figure in ("240.000.000", "-10.000.000", "61.000.000", "301.000.000", "-9.000.000"):
        assert figure in shown


def test_the_minutes_in_word_carry_cost_and_verified_work(client, centre_officer, under_way):
    client.force_login(centre_officer)
    first = payees(under_way)[0]
    before = text_of(content_of(client.get(address(under_way, WordKind.ACCEPTANCE, first))))
    assert "Giá trị nghiệm thu: ……………" in before
    accepting(under_way, centre_officer, costs_of(under_way, 240 * MILLION, 61 * MILLION))
    after = text_of(content_of(client.get(address(under_way, WordKind.ACCEPTANCE, first))))
    assert "Giá trị nghiệm thu: 240.000.000 đồng (Bằng chữ: Hai trăm bốn mươi triệu đồng)" in after


def test_the_number_of_queries_does_not_grow(client, centre_officer, under_way):
    client.force_login(centre_officer)
    client.get(page("project-accept", under_way))
    counts = []
    for more in (20, 60):
        for _ in range(more):
            add_line(under_way, "KCDP", MILLION, MILLION, add_participant(under_way))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page("project-accept", under_way)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 40
