"""As known on a day, and approved as of the period's end, after the acts of people at known moments."""

import datetime
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.stop import stop_project
from funding.models import Approval, FundingLine, LedgerEntry, LedgerKind
from funding.queries.as_known import AsOf, Rows, approved_money, is_known, ledger_entries
from programs.actions.project import Paper
from programs.models import Project
from programs.workflow import Status
from tests.factories import add_participant, unit
from tests.funding.amending import LATER, amended, whole
from tests.funding.makers import DECIDED, MILLION, PAID, YEAR, add_line, approved_project, source
from tests.reports.asking import build, figures, form_parameters

pytestmark = pytest.mark.django_db
D = datetime.date
HANOI = datetime.timezone(datetime.timedelta(hours=7))
BEFORE = "31/08/2025"  # the day before the amendment is decided
FORMS = {
    "kinh-phi": ("name", "provincial", {"basis": "approved"}),
    "giai-ngan": ("name", "approved", {}),
    "dia-ban": ("name", "approved_provincial", {}),
    "chuong-trinh": ("name", "provincial", {}),
    "du-an": ("name", "provincial", {}),
}


@contextmanager
def on(day, hour=12):
    """Everything inside is recorded at that hour of the day in Vietnam."""
    moment = datetime.datetime.combine(day, datetime.time(hour), HANOI)
    with patch.object(timezone, "now", lambda: moment):
        yield


@pytest.fixture
def project(local_officer, leader):
    """Approved on 01/08/2025 for 100 million đồng, entered on the same day."""
    with on(DECIDED):
        made = approved_project(local_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
        decision = {"decision_number": "15/QĐ", "decision_date": DECIDED, "approved_by": leader}
        Approval.objects.create(project=made, approved_at=timezone.now(), **decision)
    return made


def total(slug, user, **asked):
    """The local budget's approved money in the form's last row."""
    label, column, more = FORMS[slug]
    asked = {"year": str(YEAR), "start": "01/01/2025", "end": "31/12/2025", **more, **asked}
    table = build(slug, form_parameters(slug, user, unit("96"), **asked))[-2 if slug == "du-an" else -1]
    return figures(table, label, column)["Tổng cộng"][0]


@pytest.mark.parametrize("slug", FORMS)
def test_an_amendment_decided_after_the_period_is_not_in_it(slug, project, leader):
    amended(project, leader, whole(60 * MILLION))
    assert total(slug, leader, end=BEFORE) == 100 * MILLION
    assert total(slug, leader, end=f"{LATER:%d/%m/%Y}") == 60 * MILLION
    assert total(slug, leader) == 60 * MILLION


@pytest.mark.parametrize("slug", FORMS)
def test_an_establishment_that_left_later_still_had_its_money(slug, project, leader):
    leaver = add_participant(project)
    add_line(project, requested=50 * MILLION, approved=30 * MILLION, participant=leaver)
    with on(D(2025, 10, 5)):
        amended(project, leader, whole(90 * MILLION), removed=[leaver.pk])
    assert not FundingLine.objects.filter(approved_vnd=30 * MILLION).exists()
    assert total(slug, leader, end=BEFORE) == 130 * MILLION
    assert total(slug, leader) == 90 * MILLION
    assert total(slug, leader, known_on="04/10/2025") == 130 * MILLION
    assert total(slug, leader, known_on="05/10/2025") == 90 * MILLION


def test_what_an_amendment_brought_was_not_there_before(project, leader):
    other = add_participant(project)
    with on(D(2025, 10, 5)):
        amended(project, leader, {(None, source().pk): 70 * MILLION, (other.pk, source().pk): 10 * MILLION})
    assert total("kinh-phi", leader, known_on="04/10/2025") == 100 * MILLION
    assert total("kinh-phi", leader) == 80 * MILLION


def test_the_page_behind_a_figure_shows_who_has_left(client, project, leader):
    leaver = add_participant(project)
    add_line(project, requested=50 * MILLION, approved=30 * MILLION, participant=leaver)
    amended(project, leader, removed=[leaver.pk])
    client.force_login(leader)
    asked = {"year": YEAR, "start": "01/01/2025", "end": BEFORE, "basis": "approved"}
    page = client.get(reverse("reports:form-rows", args=["kinh-phi"]), {**asked, "row": "tong", "column": "provincial"})
    assert sorted(line.amount for line in page.context["lines"]) == [30 * MILLION, 100 * MILLION]
    assert page.context["breakdown"].total == 130 * MILLION
    text = page.content.decode()
    assert "Cộng tất cả 2 dòng, bằng 130,0 triệu đồng" in text
    assert text.count("15/QĐ") == 2


def test_rows_are_sliced_like_a_queryset(project):
    for one in range(3):
        add_line(project, "DOIUNG", 1, one + 1, participant=add_participant(project))
    found, left = FundingLine.objects.order_by("pk"), [FundingLine(pk=901), FundingLine(pk=902)]
    rows, ids = Rows(found, left), [*found.values_list("pk", flat=True), 901, 902]
    assert [one.pk for one in rows] == ids
    assert rows.count() == len(rows) == 6
    for part in (slice(0, 3), slice(3, 5), slice(4, 6), slice(5, 50), slice(None, 5), slice(6, 9)):
        assert [one.pk for one in rows[part]] == ids[part]
        assert rows[part].count() == len(ids[part])


@pytest.fixture
def reversed_voucher(project, accountant):
    """30 million of 01/09, entered on 10/09; its reversal of 20/09 was entered on 10/10."""
    values = {"source_id": source().pk, "participant_id": None, "by": accountant}
    with on(D(2025, 9, 10)):
        entry = record_entry(
            project_id=project.pk,
            kind=LedgerKind.ADVANCE,
            amount_vnd=30 * MILLION,
            voucher_number="TU-1",
            voucher_date=PAID,
            **values,
        )
    with on(D(2025, 10, 10), hour=0):
        day = D(2025, 9, 20)
        reverse_entry(entry_id=entry.pk, voucher_number="TU-1H", voucher_date=day, reason="Nhầm", by=accountant)
    return entry


@pytest.mark.parametrize(
    ("known_on", "vnd"),
    [("09/09/2025", 0), ("10/09/2025", 30 * MILLION), ("09/10/2025", 30 * MILLION), ("10/10/2025", 0), ("", 0)],
)
def test_a_reversal_counts_from_the_day_on_which_it_was_entered(known_on, vnd, reversed_voucher, accountant):
    asked = {"basis": "disbursed", "known_on": known_on}
    assert total("kinh-phi", accountant, **asked) == vnd
    assert LedgerEntry.objects.count() == 2


def test_a_project_without_its_decision_is_known_from_the_day_it_was_entered(local_officer, accountant):
    with on(D(2025, 9, 10)):
        bare = approved_project(local_officer, 40 * MILLION, status=Status.APPROVED.value)
    assert total("giai-ngan", accountant, known_on="09/09/2025") == 0
    assert total("giai-ngan", accountant, known_on="10/09/2025") == 40 * MILLION
    for day, known in ((D(2025, 9, 9), False), (D(2025, 9, 10), True)):
        assert Project.objects.filter(is_known(AsOf(day)), pk=bare.pk).exists() is known


def row_of(user, project, *keys, year=YEAR, **asked):
    days = {"year": str(year), "start": f"01/01/{year}", "end": f"31/12/{year}"}
    [table] = build("giai-ngan", form_parameters("giai-ngan", user, unit("96"), **{**days, **asked}))
    return figures(table, "name", *keys).get(str(project))


def test_a_stop_entered_later_leaves_the_money_as_it_was(project, leader):
    with on(D(2025, 10, 10)):
        order = Paper("77/QĐ-SCT", D(2025, 10, 1))
        project.refresh_from_db()
        values = {"kept": {}, "due_date": None, "by": leader, "version": project.version}
        stop_project(project_id=project.pk, paper=order, reason="Giải thể", **values)
    keys = ("released", "left", "note")
    assert row_of(leader, project, *keys, known_on="09/10/2025") == (0, 100 * MILLION, None)
    assert row_of(leader, project, *keys, known_on="10/10/2025") == (100 * MILLION, 0, "Ngừng triển khai")


def test_a_carry_over_entered_later_brings_no_project_yet(project, leader):
    with on(D(2025, 10, 10)):
        amounts = {source().pk: 60 * MILLION}
        values = {"amounts": amounts, "by": leader, "version": project.version}
        carry_over(project_id=project.pk, paper=Paper("80/QĐ-SCT", D(2025, 10, 1)), **values)
    asked = {"year": YEAR + 1, "end": f"01/01/{YEAR + 1}"}
    assert row_of(leader, project, "note", **asked, known_on="09/10/2025") is None
    assert row_of(leader, project, "note", **asked) == (f"Chuyển nguồn sang năm {YEAR + 1}",)


def test_the_number_of_queries_does_not_grow_with_amendments(project, leader, local_officer):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            total("kinh-phi", leader, known_on="04/10/2025")
        return len(asked)

    def let_go(one):
        leaver = add_participant(one)
        add_line(one, requested=5, approved=3, participant=leaver)
        with on(D(2025, 10, 5)):
            amended(one, leader, whole(90 * MILLION), removed=[leaver.pk])

    let_go(project)
    first = queries()
    for number in range(4):
        with on(DECIDED):
            other = approved_project(local_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
            decision = {"decision_number": f"{number}/QĐ", "decision_date": DECIDED, "approved_by": leader}
            Approval.objects.create(project=other, approved_at=timezone.now(), **decision)
        let_go(other)
    assert queries() == first


def test_without_a_day_nothing_is_looked_up(project):
    """No limit adds no condition: the ledger and the lines are read as they stand."""
    money = approved_money(Project.objects.all(), source().__class__.objects.all(), AsOf())
    assert "amend" not in str(money.lines.query).lower()
    assert 'recorded_at" <' not in str(ledger_entries(AsOf()).query)
