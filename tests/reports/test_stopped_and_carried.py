"""Reports beside stops and carry-overs: approved as decided, disbursed by the year of the ledger."""

import datetime

import pytest

from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry
from funding.actions.stop import stop_project
from funding.models import LedgerKind
from programs.actions.project import Paper
from programs.workflow import Status
from tests.factories import unit
from tests.funding.makers import MILLION, PAID, PAPER, YEAR, add_entry, approved_project, source
from tests.reports.asking import build, figures, years_parameters

pytestmark = pytest.mark.django_db
NEXT = YEAR + 1


@pytest.fixture
def running(local_officer, accountant):
    project = approved_project(local_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 30 * MILLION)
    return project


def years(user):
    """Year → local budget approved, disbursed, in triệu or đồng as the report has them."""
    (table,) = build("nhieu-nam", years_parameters(user, unit("96"), YEAR, NEXT))
    return figures(table, "year", "provincial", "disbursed")


def spend(project, by, vnd, number, kind, year=None):
    record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=source().pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
        year=year,
    )


def test_disbursed_stays_in_the_year_of_the_ledger(running, leader, accountant):
    amounts = {source().pk: 60 * MILLION}
    carry_over(project_id=running.pk, amounts=amounts, by=leader, version=running.version, paper=PAPER)
    spend(running, accountant, 25 * MILLION, "TT-1", LedgerKind.PAYMENT)
    spend(running, accountant, 5 * MILLION, "TT-2", LedgerKind.PAYMENT, YEAR)
    found = years(accountant)
    assert found[str(YEAR)] == (100 * MILLION, 35 * MILLION)
    assert found[str(NEXT)] == (0, 25 * MILLION)


def test_a_stopped_project_was_approved_and_what_came_back_is_not_disbursed(running, leader, accountant):
    order = Paper("77/QĐ-SCT", datetime.date(2025, 10, 1))
    due = datetime.date(2025, 12, 1)
    stop_project(
        project_id=running.pk, kept={}, due_date=due, by=leader, version=running.version, paper=order, reason="Giải thể"
    )
    spend(running, accountant, 20 * MILLION, "TH-1", LedgerKind.RECOVERY)
    assert years(accountant)[str(YEAR)] == (100 * MILLION, 10 * MILLION)
