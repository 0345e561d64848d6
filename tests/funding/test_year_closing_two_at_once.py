"""A closing and a writer of money at the same moment, on two real connections: neither passes the other."""

import pytest
from django.db import connection, transaction

from funding.actions.ledger import record_entry
from funding.actions.open_year import hold_year
from funding.actions.year import close_year
from funding.models import BudgetYear, LedgerEntry, LedgerKind
from programs.workflow import Status
from tests.at_once import at_once
from tests.factories import unit
from tests.funding.makers import PAID, YEAR, approved_project, source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)


def paying(project, by, number):
    return lambda: record_entry(
        project_id=project.pk,
        kind=LedgerKind.PAYMENT,
        source_id=source().pk,
        participant_id=None,
        amount_vnd=10,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
    )


def closing(by):
    return lambda: close_year(province_id=unit("96").pk, year=YEAR, by=by, version=0)


@pytest.mark.parametrize("has_row", [True, False])
@pytest.mark.parametrize("_round", ROUNDS)
def test_a_payment_is_in_the_closed_books_or_refused(_round, has_row, accountant, centre_officer):
    project = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
    if has_row:
        BudgetYear.objects.create(province=unit("96"), year=YEAR)
    closed, paid = at_once(closing(accountant), paying(project, accountant, "UNC-1"))
    assert closed == "done"
    assert paid == "done" or "đã khóa" in paid
    assert LedgerEntry.objects.count() == (1 if paid == "done" else 0)


@pytest.mark.parametrize("_round", ROUNDS)
def test_payments_of_different_projects_do_not_wait_for_each_other_for_ever(_round, accountant, centre_officer):
    projects = [approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value) for _ in range(4)]
    acts = [paying(project, accountant, f"UNC-{number}") for number, project in enumerate(projects)]
    assert at_once(*acts) == ["done"] * 4


def test_a_closing_waits_for_a_writer_and_a_writer_for_a_closing(accountant, centre_officer):
    """The row is held while a writer writes: a closing that will not wait is turned away by the database."""
    BudgetYear.objects.create(province=unit("96"), year=YEAR)
    waited = []

    def close_without_waiting():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            try:
                with transaction.atomic():
                    BudgetYear.objects.select_for_update().get(province=unit("96"), year=YEAR)
            except Exception as error:
                waited.append(type(error).__name__)

    def hold_without_waiting():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            hold_year(unit("96"), YEAR)
            waited.append("shared")

    with transaction.atomic():
        hold_year(unit("96"), YEAR)
        assert at_once(close_without_waiting) == ["done"]
        assert at_once(hold_without_waiting) == ["done"]
    assert waited == ["OperationalError", "shared"]
