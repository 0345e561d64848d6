"""An amendment and somebody else's act at the same moment, on two real connections."""

import pytest
from django.db.models import Sum

from funding.actions.amendment import Money, amend
from funding.actions.approval import approve
from funding.actions.ledger import record_entry
from funding.models import FundingLine, LedgerKind
from funding.queries.ledger import ledger_state
from programs.actions.amendment import Content, Decision
from programs.models import Amendment
from tests.at_once import at_once, won_and_refused
from tests.funding.makers import PAID, PAPER, appraised_project, approved_project, give_budget, source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)


def amending(project, by, vnd, number="20/QĐ-UBND"):
    return lambda: amend(
        project_id=project.pk,
        content=Content(values={}, figures=[]),
        money=Money({(None, source().pk): vnd}),
        decision=Decision(number, PAID, PAID, "Giá máy thay đổi"),
        by=by,
        version=project.version,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_decrease_and_an_advance_that_needs_the_money(_round, leader, accountant, centre_officer):
    project = approved_project(centre_officer, 100)

    def advance():
        record_entry(
            project_id=project.pk,
            kind=LedgerKind.ADVANCE,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=60,
            voucher_number="UNC-1",
            voucher_date=PAID,
            by=accountant,
        )

    refusal = won_and_refused(at_once(amending(project, leader, 50), advance))
    assert "đã chi 60 đồng, không điều chỉnh xuống 50" in refusal or "Vượt kinh phí được duyệt" in refusal
    assert ledger_state(project.pk).overspent_lines() == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_amendments_one_is_overtaken(_round, leader, centre_officer):
    project = approved_project(centre_officer, 100)
    refusal = won_and_refused(
        at_once(amending(project, leader, 50, "20/QĐ-UBND"), amending(project, leader, 60, "21/QĐ-UBND"))
    )
    assert "đã được thay đổi" in refusal
    assert Amendment.objects.get().number == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_increase_and_an_approval_do_not_both_take_the_last_of_a_budget(
    _round, leader, local_officer, accountant, centre_officer
):
    give_budget(accountant, 150)
    project, other = approved_project(centre_officer, 100), appraised_project(local_officer, 50)

    def grant():
        amounts = {(None, source().pk): 50}
        approve(project_id=other.pk, amounts=amounts, by=leader, version=other.version, paper=PAPER)

    assert "Vượt dự toán còn lại" in won_and_refused(at_once(amending(project, leader, 140), grant))
    assert FundingLine.objects.aggregate(sum=Sum("approved_vnd"))["sum"] <= 150
