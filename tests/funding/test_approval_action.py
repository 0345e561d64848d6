import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from funding.actions.approval import approve
from funding.models import Approval, FundingLine
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper
from programs.workflow import Status, Track
from tests.factories import unit
from tests.funding.makers import (
    DECIDED,
    MILLION,
    PAPER,
    add_entry,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = pytest.mark.django_db


def grant(project, by, vnd, *, code="KCDP", paper=PAPER, **more):
    amounts = {(None, source(code).pk): vnd, **more}
    return approve(project_id=project.pk, amounts=amounts, by=by, version=project.version, paper=paper)


def test_money_decision_and_status_move_together(leader, local_officer, accountant):
    give_budget(accountant, 500 * MILLION)
    project = appraised_project(local_officer, 150 * MILLION)
    add_line(project, "DOIUNG", 90 * MILLION)
    amounts = {(None, source().pk): 120 * MILLION}
    approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)
    project.refresh_from_db()
    assert (project.state, project.approved_date) == (Status.APPROVED, DECIDED)
    approved = dict(FundingLine.objects.filter(project=project).values_list("source__code", "approved_vnd"))
    assert approved == {"KCDP": 120 * MILLION, "DOIUNG": 0}
    decision = Approval.objects.get(project=project)
    assert (decision.decision_number, decision.decision_date, decision.approved_by) == ("15/QĐ-UBND", DECIDED, leader)
    events = list(AuditEvent.objects.filter(subject=f"project:{project.pk}").values_list("action", flat=True))
    assert events == ["approve", "approve_money"]
    money = AuditEvent.objects.get(action="approve_money")
    assert money.changes["Phê duyệt (đồng), Khuyến công địa phương, Chung cả đề án"] == [None, "120.000.000"]
    assert money.document_number == "15/QĐ-UBND"


def test_the_last_dong_of_a_budget_can_be_given_but_not_one_more(leader, local_officer, accountant):
    give_budget(accountant, 500 * MILLION)
    approved_project(local_officer, 380 * MILLION)
    project = appraised_project(local_officer, 200 * MILLION)
    with pytest.raises(Refused) as refusal:
        grant(project, leader, 150 * MILLION)
    assert (
        "Vượt dự toán còn lại: còn 120.000.000 đồng, phê duyệt 150.000.000 đồng, thiếu 30.000.000 đồng"
        in refusal.value.message
    )
    project.refresh_from_db()
    assert project.state is Status.APPRAISED
    assert not Approval.objects.filter(project=project).exists()
    assert not FundingLine.objects.filter(project=project).exclude(approved_vnd=None).exists()
    grant(project, leader, 120 * MILLION)


def test_without_a_budget_nothing_is_approved(leader, local_officer):
    project = appraised_project(local_officer, 150 * MILLION)
    with pytest.raises(Refused) as refusal:
        grant(project, leader, 150 * MILLION)
    assert "còn 0 đồng, phê duyệt 150.000.000 đồng, thiếu 150.000.000 đồng" in refusal.value.message
    assert "chưa được giao dự toán" in refusal.value.message


def test_budgets_of_other_years_sources_and_provinces_do_not_help(leader, local_officer, accountant, stranger):
    give_budget(accountant, 900, year=2024)
    give_budget(accountant, 900, "KCQG")
    give_budget(accountant, 900, province=unit("95", old=True))
    give_budget(accountant, 900, province=stranger.organisation.area)
    with pytest.raises(Refused, match="thiếu 100 đồng"):
        grant(appraised_project(local_officer, 100), leader, 100)


def test_a_project_stopped_later_keeps_only_what_is_out(leader, local_officer, accountant):
    give_budget(accountant, 100)
    stopped = approved_project(local_officer, 80, status=Status.STOPPED.value)
    add_entry(stopped, accountant, 30)
    with pytest.raises(Refused, match="còn 70 đồng"):
        grant(appraised_project(local_officer, 90), leader, 71)
    grant(appraised_project(local_officer, 90), leader, 70)


def test_before_the_merger_bac_lieu_pays_and_after_it_ca_mau(leader, local_officer, accountant):
    hong_dan = unit("31843", old=True)
    give_budget(accountant, 100, province=unit("95", old=True))
    give_budget(accountant, 40)
    early = appraised_project(local_officer, 100, place=hong_dan)
    late = appraised_project(local_officer, 100, place=hong_dan)
    with pytest.raises(Refused, match=r"còn 40 đồng, phê duyệt 50 đồng, thiếu 10 đồng .*Tỉnh Cà Mau"):
        grant(late, leader, 50)
    grant(early, leader, 50, paper=Paper("1/QĐ-UBND", datetime.date(2025, 6, 30)))
    grant(late, leader, 40, paper=Paper("2/QĐ-UBND", datetime.date(2025, 7, 1)))


def test_both_sources_that_do_not_fit_are_named(leader, local_officer):
    project = appraised_project(local_officer, 10)
    add_line(project, "KCQG", 20)
    with pytest.raises(Refused) as refusal:
        approve(
            project_id=project.pk,
            amounts={(None, source("KCDP").pk): 10, (None, source("KCQG").pk): 20},
            by=leader,
            version=project.version,
            paper=PAPER,
        )
    assert len(refusal.value.message.split("\n")) == 2


def test_more_than_was_requested_is_refused_at_its_cell(leader, local_officer, accountant):
    give_budget(accountant, 500)
    project = appraised_project(local_officer, 100)
    with pytest.raises(Refused, match=r"phê duyệt 101 đồng, lớn hơn đề nghị 100 đồng \(vượt 1 đồng\)\.") as refusal:
        grant(project, leader, 101)
    assert refusal.value.field == f"amount_all_{source().pk}"
    payee = project.participants.get()
    amounts = {(payee.pk, source().pk): 5}
    with pytest.raises(Refused, match="lớn hơn đề nghị 0 đồng"):
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)


def test_counterpart_may_be_higher_than_declared_and_needs_no_budget(leader, local_officer, accountant):
    give_budget(accountant, 500)
    project = appraised_project(local_officer, 100)
    amounts = {(None, source().pk): 100, (None, source("DOIUNG").pk): 900}
    approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)
    assert FundingLine.objects.get(project=project, source__code="DOIUNG").approved_vnd == 900


def test_some_state_money_must_be_approved(leader, local_officer):
    project = appraised_project(local_officer, 100)
    amounts = {(None, source("DOIUNG").pk): 900, (None, source().pk): 0}
    with pytest.raises(Refused, match="Chưa có khoản ngân sách nào"):
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)


def test_district_money_needs_no_budget_plan(leader, local_officer):
    project = appraised_project(local_officer, 100, "HUYEN")
    grant(project, leader, 100, code="HUYEN")
    project.refresh_from_db()
    assert project.state is Status.APPROVED


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (Paper("", DECIDED), "document_number"),
        (Paper("1/QĐ", None), "document_date"),
        (Paper("1/QĐ", datetime.date(2199, 1, 1)), "document_date"),
    ],
)
def test_the_decision_must_be_named(paper, field, leader, local_officer, accountant):
    give_budget(accountant, 500)
    with pytest.raises(Refused) as refusal:
        grant(appraised_project(local_officer, 100), leader, 100, paper=paper)
    assert refusal.value.field == field


def test_wrong_person_wrong_status_old_page(leader, local_officer, accountant):
    give_budget(accountant, 500)
    project = appraised_project(local_officer, 100)
    with pytest.raises(NotAllowed):
        grant(project, accountant, 100)
    with pytest.raises(Overtaken):
        approve(
            project_id=project.pk, amounts={(None, source().pk): 1}, by=leader, version=project.version + 1, paper=PAPER
        )
    with pytest.raises(Refused, match="Đang soạn"):
        grant(appraised_project(local_officer, 100, status=Status.DRAFT.value), leader, 100)
    with pytest.raises(Refused, match="Đã thẩm định"):  # KCQG is approved only after the Ministry has seen it
        grant(appraised_project(local_officer, 100, "KCQG", track=Track.NATIONAL.value), leader, 100, code="KCQG")


@pytest.mark.parametrize("verb", ["UPDATE funding_budgetentry SET amount_vnd = 1", "DELETE FROM funding_budgetentry"])
def test_the_database_keeps_budget_entries_as_they_are(verb, accountant):
    give_budget(accountant, 500)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)
