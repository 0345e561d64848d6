"""Two people at the same moment, on two real connections."""

import pytest
from django.db.models import Sum

from funding.actions.approval import approve
from funding.actions.budget import add_budget_entry
from funding.actions.ledger import record_entry, reverse_entry
from funding.models import BudgetEntry, FundingLine, LedgerEntry, LedgerKind
from funding.queries.ledger import ledger_state
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.funding.makers import (
    DECIDED,
    PAID,
    PAPER,
    YEAR,
    add_entry,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_last_of_a_budget_goes_to_one_project(_round, leader, local_officer, accountant):
    give_budget(accountant, 100)
    projects = [appraised_project(local_officer, 80), appraised_project(local_officer, 80)]
    amounts = {(None, source().pk): 80}

    def grant(project):
        return lambda: approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)

    refusal = won_and_refused(at_once(*map(grant, projects)))
    assert "còn 20 đồng, phê duyệt 80 đồng, thiếu 60 đồng" in refusal
    assert FundingLine.objects.aggregate(sum=Sum("approved_vnd"))["sum"] == 80
    assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_same_project_is_approved_once(_round, leader, local_officer, accountant):
    give_budget(accountant, 500)
    project = appraised_project(local_officer, 80)
    amounts = {(None, source().pk): 80}

    def grant():
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)

    assert "đã được thay đổi" in won_and_refused(at_once(grant, grant))


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_plan_is_not_lowered_under_an_approval(_round, leader, local_officer, accountant):
    give_budget(accountant, 100)
    project = appraised_project(local_officer, 80)

    def grant():
        amounts = {(None, source().pk): 80}
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)

    def lower():
        add_budget_entry(
            year=YEAR,
            source_id=source().pk,
            amount_vnd=-50,
            decision_number="02/QĐ-UBND",
            decision_date=DECIDED,
            by=accountant,
        )

    won_and_refused(at_once(grant, lower))
    planned = BudgetEntry.objects.aggregate(sum=Sum("amount_vnd"))["sum"]
    assert (FundingLine.objects.aggregate(sum=Sum("approved_vnd", default=0))["sum"]) <= planned


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_do_not_pass_the_ceiling_together(_round, accountant, centre_officer):
    project = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)

    def pay(number):
        return lambda: record_entry(
            project_id=project.pk,
            kind=LedgerKind.PAYMENT,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=60,
            voucher_number=number,
            voucher_date=PAID,
            by=accountant,
        )

    refusal = won_and_refused(at_once(pay("UNC-1"), pay("UNC-2")))
    assert "được duyệt 100 đồng, đã chi 60 đồng, chi thêm 60 đồng, vượt 20 đồng" in refusal
    assert ledger_state(project.pk).total_out_vnd == 60


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_same_voucher_pressed_twice_counts_once(_round, accountant, centre_officer):
    project = approved_project(centre_officer, 100)

    def pay():
        record_entry(
            project_id=project.pk,
            kind=LedgerKind.ADVANCE,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=10,
            voucher_number="UNC-1",
            voucher_date=PAID,
            by=accountant,
        )

    assert "đã có trong sổ" in won_and_refused(at_once(pay, pay))
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_entry_is_reversed_once(_round, accountant, centre_officer):
    project = approved_project(centre_officer, 100)
    entry = add_entry(project, accountant, 60)

    def undo(number):
        return lambda: reverse_entry(
            entry_id=entry.pk, reason="Ghi nhầm", by=accountant, voucher_number=number, voucher_date=PAID
        )

    assert "đã bị hủy" in won_and_refused(at_once(undo("H-1"), undo("H-2")))
    assert ledger_state(project.pk).total_out_vnd == 0
