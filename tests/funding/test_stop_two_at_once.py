"""A stop or a carry-over beside somebody else's act, on two real connections."""

import datetime

import pytest

from funding.actions.advance import Grounds
from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry
from funding.actions.stop import stop_project
from funding.models import CarryOver, LedgerKind, RecoveryDemand
from funding.queries.ledger import ledger_state
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.funding.makers import PAID, PAPER, add_entry, approved_project, source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)
PASSED = Grounds(override_reason="Theo tiến độ hợp đồng")  # of the advance limit, which only warns here
DUE = datetime.date(2099, 1, 1)


def stopping(project, by):
    return lambda: stop_project(
        project_id=project.pk, kept={}, due_date=DUE, by=by, version=project.version, paper=PAPER, reason="Giải thể"
    )


def booking(project, by, kind, vnd, number):
    return lambda: record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=source().pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
        grounds=PASSED,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_demands_cover_what_is_really_out(_round, leader, accountant, centre_officer):
    project = approved_project(centre_officer, 100)
    add_entry(project, accountant, 20)
    stop, advance = at_once(stopping(project, leader), booking(project, accountant, LedgerKind.ADVANCE, 50, "TU-1"))
    assert stop == "done"
    project.refresh_from_db()
    assert project.state is Status.STOPPED
    assert advance == "done" or "Ngừng triển khai" in advance
    out = ledger_state(project.pk).total_out_vnd
    assert out == (70 if advance == "done" else 20)
    assert RecoveryDemand.objects.get().out_vnd == out


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_same_debt_is_not_paid_back_twice(_round, leader, accountant, centre_officer):
    project = approved_project(centre_officer, 100)
    add_entry(project, accountant, 50)
    stopping(project, leader)()
    back = [booking(project, accountant, LedgerKind.RECOVERY, 40, f"TH-{number}") for number in range(2)]
    assert "thu về" in won_and_refused(at_once(*back))
    assert ledger_state(project.pk).total_out_vnd == 10


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_stops_make_one(_round, leader, accountant, centre_officer):
    project = approved_project(centre_officer, 100)
    add_entry(project, accountant, 50)
    assert "đã được thay đổi" in won_and_refused(at_once(stopping(project, leader), stopping(project, leader)))
    assert RecoveryDemand.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_money_is_carried_over_or_spent_not_both(_round, leader, accountant, centre_officer):
    project = approved_project(centre_officer, 100)

    def carry():
        carry_over(project_id=project.pk, amounts={source().pk: 80}, by=leader, version=project.version, paper=PAPER)

    results = at_once(carry, booking(project, accountant, LedgerKind.ADVANCE, 80, "TU-1"))
    entry, moved = project.ledger.first(), CarryOver.objects.first()
    # Spent first: 20 are left to carry. Carried first: the advance counts for the year that the money went into.
    if moved is None:
        assert "số chưa chi của năm 2025 20 đồng" in results[0]
    else:
        assert (moved.amount_vnd, entry.year) == (80, moved.to_year)
