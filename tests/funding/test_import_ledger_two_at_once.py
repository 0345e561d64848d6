"""Two people who bring vouchers of one project at the same moment: the ceiling holds, and nobody waits for ever."""

import pytest
from django.db import transaction

from funding.actions.ledger import record_entry
from funding.actions.year import close_year
from funding.models import BudgetYear, LedgerEntry, LedgerKind
from funding.queries.ledger import ledger_state
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links, events_at_the_end
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.factories import unit
from tests.funding.makers import PAID, YEAR, approved_project, source
from tests.funding.vouchers import KIND, bring, file_of, take_back, voucher, written_line
from tests.programs.importing import understood

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)
M = 1_000_000


@pytest.fixture
def projects(reference, centre_officer):
    return [approved_project(centre_officer, 100 * M, status=Status.IN_PROGRESS.value) for _ in range(3)]


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_files_for_the_last_of_a_project(_round, projects, accountant):
    files = [file_of(written_line(projects[0], f"UNC-{name}", 60 * M)) for name in "AB"]
    refusal = won_and_refused(at_once(*(lambda content=content: bring(content, accountant) for content in files)))
    assert "dòng" in refusal
    assert ledger_state(projects[0].pk).total_out_vnd == 60 * M
    assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_portions_of_the_same_projects_in_another_order(_round, projects, accountant):
    """Each file holds one project while it asks for the next; the one that comes second finds the sums of the first."""

    def writing(rows, name):
        def act():
            with transaction.atomic(), events_at_the_end():
                run = KIND.importer(accountant, {})
                run.is_writing = True
                for place, project in enumerate(rows):
                    portion = understood(voucher(project, f"{name}-{place}", 50 * M), first=place + 2)
                    run.check(portion)
                    run.write(portion)

        return act

    results = at_once(writing(projects, "A"), writing(projects[::-1], "B"))
    assert results == ["done", "done"]
    assert [ledger_state(one.pk).total_out_vnd for one in projects] == [100 * M] * 3
    assert LedgerEntry.objects.count() == AuditEvent.objects.count() == 6


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_file_and_a_form(_round, projects, accountant):
    def enter():
        record_entry(
            project_id=projects[0].pk,
            kind=LedgerKind.PAYMENT,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=60 * M,
            voucher_number="FORM",
            voucher_date=PAID,
            by=accountant,
        )

    content = file_of(*(written_line(one, "UNC", 60 * M) for one in projects))
    at_once(lambda: bring(content, accountant), enter)
    assert ledger_state(projects[0].pk).total_out_vnd == 60 * M
    assert all(ledger_state(one.pk).total_out_vnd <= 100 * M for one in projects)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_file_and_the_closing_of_its_year(_round, projects, accountant):
    content = file_of(*(written_line(one, "UNC", 10 * M) for one in projects))
    results = at_once(
        lambda: bring(content, accountant),
        lambda: close_year(province_id=unit("96").pk, year=YEAR, by=accountant, version=0),
    )
    assert results[1] == "done"
    assert BudgetYear.objects.get(year=YEAR).is_closed
    assert LedgerEntry.objects.count() == (3 if results[0] == "done" else 0)


@pytest.mark.parametrize("_round", ROUNDS)
def test_taken_back_once(_round, projects, accountant):
    batch = bring(file_of(*(written_line(one, "UNC", 10 * M) for one in projects)), accountant)
    won_and_refused(at_once(*[lambda: take_back(batch, accountant)] * 2))
    assert LedgerEntry.objects.count() == 6
    assert all(ledger_state(one.pk).total_out_vnd == 0 for one in projects)
