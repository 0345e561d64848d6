"""Stopping a project: the demands, the check behind every stop, what the ledger allows after it."""

import datetime

import pytest
from django.utils import timezone

from funding import policies
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.stop import stop_project
from funding.models import LedgerKind, RecoveryDemand
from funding.queries.approval_list import plan_rows
from funding.queries.budget import budget_board, committed_vnd
from funding.queries.recovery import debts, owing
from funding.rules.recovery import Debt
from khuyencong.accounts.permissions import Permission, Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper, move
from programs.models import Project
from programs.policies import allowed
from programs.queries.home import waiting_work
from programs.queues import queues_for
from programs.workflow import Action, Status
from tests.factories import add_participant, unit
from tests.funding.makers import (
    PAID,
    YEAR,
    add_entry,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = pytest.mark.django_db
STOPPED_ON = datetime.date(2025, 10, 1)
DUE = datetime.date(2025, 12, 1)
ORDER = Paper("77/QĐ-SCT", STOPPED_ON)
REASON = "Cơ sở chuyển ra ngoài tỉnh."


@pytest.fixture
def running(local_officer, accountant):
    """100 approved: 60 advanced to an establishment, 10 to the project as a whole."""
    project = approved_project(local_officer, 100, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 60, participant=project.participants.get())
    add_entry(project, accountant, 10)
    return project


def keys(project):
    return (project.participants.get().pk, source().pk), (None, source().pk)


def stop(project, by, kept=None, **values):
    values = {"due_date": DUE, "paper": ORDER, "reason": REASON, "version": project.version} | values
    stop_project(project_id=project.pk, kept=kept or {}, by=by, **values)
    project.refresh_from_db()
    return project


def hand_back(project, by, vnd, number, participant_id=None):
    return record_entry(
        project_id=project.pk,
        kind=LedgerKind.RECOVERY,
        source_id=source().pk,
        participant_id=participant_id,
        amount_vnd=vnd,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
    )


def waits(user):
    return [work.projects for work in waiting_work(user) if work.queue.key == "thu-hoi"]


def test_every_payee_with_money_gets_a_demand_and_the_history_tells_it(running, leader):
    mine, whole = keys(running)
    stop(running, leader, {mine: 25})
    assert running.state is Status.STOPPED
    found = {(one.participant_id, one.source_id): one for one in RecoveryDemand.objects.filter(project=running)}
    assert set(found) == {mine, whole}
    assert (found[mine].out_vnd, found[mine].kept_vnd, found[mine].demanded_vnd) == (60, 25, 35)
    assert (found[whole].out_vnd, found[whole].kept_vnd, found[whole].due_date) == (10, 0, DUE)
    events = AuditEvent.objects.about(f"project:{running.pk}").order_by("pk")
    assert [event.action for event in events] == ["demand_recovery", "stop"]
    assert {event.document_number for event in events} == {ORDER.number}
    told = " ".join(pair[1] for pair in events[0].changes.values())
    assert "đã chi 60 đồng, giữ lại 25 đồng, phải nộp lại 35 đồng, hạn 01/12/2025" in told
    assert running.steps.get().reason == REASON


def test_without_money_out_it_is_a_plain_stop(local_officer, leader):
    project = approved_project(local_officer, 100, status=Status.APPROVED.value)
    stop(project, leader, due_date=None)
    assert project.state is Status.STOPPED
    assert not RecoveryDemand.objects.exists()
    assert [event.action for event in AuditEvent.objects.about(f"project:{project.pk}")] == ["stop"]


def test_who_keeps_everything_owes_nothing_and_needs_no_day(running, leader, accountant):
    mine, whole = keys(running)
    stop(running, leader, {mine: 60, whole: 10}, due_date=None)
    assert debts(running, timezone.localdate()).total == Debt(70, 70, 70)
    assert set(RecoveryDemand.objects.values_list("due_date", flat=True)) == {None}
    assert waits(accountant) == []


@pytest.mark.parametrize(
    ("kept", "values", "field", "message"),
    [
        (61, {}, "amount", "giữ lại 61 đồng, phải từ 0 đến số đã chi 60 đồng"),
        (-1, {}, "amount", "giữ lại -1 đồng"),
        (0, {"due_date": None}, "due_date", "nhập hạn nộp lại"),
        (0, {"due_date": STOPPED_ON - datetime.timedelta(1)}, "due_date", "trước ngày quyết định 01/10/2025"),
        (0, {"paper": Paper("", STOPPED_ON)}, "document_number", "số văn bản"),
        (0, {"paper": Paper("1/QĐ", None)}, "document_date", "ngày văn bản"),
        (0, {"reason": ""}, "reason", "lý do"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(running, leader, kept, values, field, message):
    mine, _ = keys(running)
    with pytest.raises(Refused, match=message) as refusal:
        stop(running, leader, {mine: kept}, **values)
    assert refusal.value.field.startswith(field)
    running.refresh_from_db()
    assert running.state is Status.IN_PROGRESS
    assert not RecoveryDemand.objects.exists()
    assert not AuditEvent.objects.about(f"project:{running.pk}").exists()


def test_a_row_without_money_out_is_not_kept(running, leader):
    with pytest.raises(Refused, match="không còn tiền đã chi"):
        stop(running, leader, {(None, source("KCQG").pk): 5})


def test_an_overtaken_page_is_refused(running, leader):
    with pytest.raises(Overtaken):
        stop(running, leader, version=running.version + 1)


def test_only_the_leader_of_the_area_stops(cast, running, stranger):
    may = {role for role, user in cast.items() if allowed(policies.check_can_stop, user, running)}
    assert may == {Role.LEADER}
    stranger.role = Role.LEADER.value
    with pytest.raises(NotAllowed, match="phạm vi"):
        stop(running, stranger)


def test_an_accepted_project_is_not_stopped(running, leader):
    Project.objects.filter(pk=running.pk).update(status=Status.ACCEPTED.value)
    with pytest.raises(Refused, match="Đã nghiệm thu"):
        stop(running, leader)


def test_the_plain_move_does_not_go_round_the_demands(running, leader, local_officer):
    with pytest.raises(Refused, match="70 đồng đã chi"):
        move(project_id=running.pk, action=Action.STOP, by=leader, paper=ORDER, reason=REASON)
    running.refresh_from_db()
    assert running.state is Status.IN_PROGRESS
    bare = approved_project(local_officer, 100)
    assert move(project_id=bare.pk, action=Action.STOP, by=leader, paper=ORDER, reason=REASON).state is Status.STOPPED


def test_no_more_comes_back_than_is_demanded_and_open(running, leader, accountant):
    mine, _ = keys(running)
    stop(running, leader, {mine: 25})
    with pytest.raises(Refused, match="phải thu 35 đồng, đã thu 0 đồng, còn phải thu 35 đồng, thu về 36 đồng") as over:
        hand_back(running, accountant, 36, "TH-1", mine[0])
    assert over.value.field == "amount_vnd"
    hand_back(running, accountant, 30, "TH-1", mine[0])
    with pytest.raises(Refused, match="đã thu 30 đồng, còn phải thu 5 đồng, thu về 6 đồng, vượt 1 đồng"):
        hand_back(running, accountant, 6, "TH-2", mine[0])
    assert debts(running, timezone.localdate()).total == Debt(70, 25, 40)


def test_an_outgoing_voucher_is_not_reversed_below_what_is_kept(running, leader, accountant):
    mine, _ = keys(running)
    stop(running, leader, {mine: 25})
    entry = running.ledger.get(amount_vnd=60)
    with pytest.raises(Refused, match="còn phải thu 35 đồng"):
        reverse_entry(entry_id=entry.pk, reason="Nhầm", by=accountant, voucher_number="H-1", voucher_date=PAID)


def test_a_recovery_of_before_the_stop_stays_one_after_it_can_be_undone(running, leader, accountant):
    early = hand_back(running, accountant, 10, "TH-0", keys(running)[0][0])
    stop(running, leader)
    with pytest.raises(Refused, match="đã được tính khi ngừng"):
        reverse_entry(entry_id=early.pk, reason="Nhầm", by=accountant, voucher_number="H-0", voucher_date=PAID)
    late = hand_back(running, accountant, 10, "TH-1", keys(running)[0][0])
    reverse_entry(entry_id=late.pk, reason="Nhầm", by=accountant, voucher_number="H-1", voucher_date=PAID)
    assert debts(running, timezone.localdate()).total == Debt(60, 0, 60)


def test_the_accountant_sees_it_until_everything_is_back(running, leader, accountant):
    mine, _ = keys(running)
    stop(running, leader, {mine: 25})
    assert waits(accountant) == [[running]]
    hand_back(running, accountant, 35, "TH-1", mine[0])
    assert waits(accountant) == [[running]]
    hand_back(running, accountant, 10, "TH-2")
    assert waits(accountant) == []
    assert not Project.objects.filter(owing()).exists()


def test_the_queue_is_the_accountants_alone():
    holders = {role for role in Role if "thu-hoi" in {queue.key for queue in queues_for(_permissions(role))}}
    assert holders == {Role.ACCOUNTANT}


def _permissions(role):
    from khuyencong.accounts.permissions import permissions_of

    return permissions_of(role)


def test_an_accountant_of_another_province_has_no_such_work(running, leader, stranger):
    stop(running, leader)
    stranger.role = Role.ACCOUNTANT.value
    assert Permission.LEDGER_RECORD in stranger.portal_permissions
    assert waits(stranger) == []


def test_a_day_that_has_passed_is_marked_while_money_is_open(running, leader, accountant):
    mine, whole = keys(running)
    stop(running, leader, {whole: 10})
    assert not any(row.is_overdue for row in debts(running, DUE).rows)
    next_day = DUE + datetime.timedelta(1)
    assert [row.is_overdue for row in debts(running, next_day).rows] == [False, True]
    hand_back(running, accountant, 60, "TH-1", mine[0])
    assert not any(row.is_overdue for row in debts(running, next_day).rows)


def test_the_plan_is_charged_with_what_is_out_and_frees_what_comes_back(running, leader, accountant):
    give_budget(accountant, 1000)
    assert committed_vnd(YEAR, source().pk, unit("96").pk) == 100
    stop(running, leader)
    assert committed_vnd(YEAR, source().pk, unit("96").pk) == 70
    hand_back(running, accountant, 60, "TH-1", keys(running)[0][0])
    assert committed_vnd(YEAR, source().pk, unit("96").pk) == 10
    (row,) = budget_board(accountant, YEAR).rows
    assert (row.committed_vnd, row.remaining_vnd, row.out_vnd) == (10, 990, 10)


def test_a_list_of_approvals_reckons_with_the_same(running, leader, accountant, local_officer):
    give_budget(accountant, 1000)
    stop(running, leader)
    waiting = appraised_project(local_officer, 500)
    (plan,) = plan_rows(Project.objects.filter(pk=waiting.pk), timezone.localdate())
    assert (plan.position.limit_vnd, plan.position.used_vnd, plan.position.wanted_vnd) == (1000, 70, 500)


def test_two_sources_and_two_payees_are_kept_apart(local_officer, leader, accountant):
    project = approved_project(local_officer, 100, status=Status.IN_PROGRESS.value)
    add_line(project, "KCQG", 50, 50)
    other = add_participant(project)
    add_entry(project, accountant, 40, source=source("KCQG"), participant=other)
    add_entry(project, accountant, 30, participant=other)
    stop(project, leader, {(other.pk, source("KCQG").pk): 15})
    table = debts(project, timezone.localdate())
    assert {(row.source.code, row.debt) for row in table.rows} == {
        ("KCDP", Debt(30, 0, 30)),
        ("KCQG", Debt(40, 15, 40)),
    }


def test_a_project_stopped_before_there_were_demands_owes_all_that_is_out(running, accountant):
    Project.objects.filter(pk=running.pk).update(status=Status.STOPPED.value)
    running.refresh_from_db()
    assert debts(running, timezone.localdate()).total == Debt(70, 0, 70)
    assert waits(accountant) == [[running]]
    hand_back(running, accountant, 10, "TH-1")
    assert debts(running, timezone.localdate()).total.open_vnd == 60
