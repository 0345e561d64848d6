"""Statements held against the ledger: outcomes, who sees what, the page and its workbook."""

import datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.actions.ledger import reverse_entry
from funding.models import LedgerKind
from funding.queries.treasury import reconcile
from khuyencong.audit.models import AuditEvent
from tests.funding.makers import PAID, add_entry, approved_project, source
from tests.funding.treasury_files import FIRST, LAST, statement
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST = reverse("funding:treasury-statement-list")
VIEW, EXPORT = reverse("funding:treasury-reconciliation"), reverse("funding:treasury-reconciliation-export")
YEAR = {"tu": "01/01/2025", "den": "31/12/2025"}


def found(user, source_id=None):
    return {(row.outcome.value, row.treasury_vnd, row.ledger_vnd) for row in reconcile(user, FIRST, LAST, source_id)}


class TestComparison:
    @pytest.fixture
    def project(self, local_officer):
        return approved_project(local_officer, 500)

    def test_every_line_and_entry_has_an_outcome(self, accountant, project):
        add_entry(project, accountant, 10, treasury_reference="KB1")
        add_entry(project, accountant, 20, treasury_reference="KB2")
        add_entry(project, accountant, 30)
        add_entry(project, accountant, 5, LedgerKind.RECOVERY, voucher_number="T-5")
        statement(accountant, ("KB1", "", 10), ("KB2", "", 21), ("KB9", "", 99), ("", "t 5", -5))
        assert found(accountant) == {
            ("khop", 10, 10),
            ("khop", -5, -5),
            ("lech", 21, 20),
            ("kho-bac", 99, None),
            ("so", None, 30),
        }

    def test_a_correction_in_the_ledger_shows_at_once(self, accountant, project):
        wrong = add_entry(project, accountant, 20, treasury_reference="KB2")
        statement(accountant, ("KB2", "", 21))
        assert found(accountant) == {("lech", 21, 20)}
        reverse_entry(entry_id=wrong.pk, reason="Ghi nhầm", by=accountant, voucher_number="H-1", voucher_date=PAID)
        add_entry(project, accountant, 21, treasury_reference="KB2")
        assert found(accountant) == {("khop", 21, 21), ("da-huy", None, 20), ("da-huy", None, -20)}

    def test_the_source_narrows_both_sides(self, accountant, project):
        add_entry(project, accountant, 10, treasury_reference="KB1")
        statement(accountant, ("KB1", "", 10), source_id=source("KCQG").pk)
        assert found(accountant, source("KCQG").pk) == {("kho-bac", 10, None)}
        assert found(accountant, source().pk) == {("so", None, 10)}

    def test_a_voucher_beyond_the_period_is_still_found(self, accountant, project):
        add_entry(project, accountant, 10, treasury_reference="KB1", voucher_date=PAID - datetime.timedelta(days=3))
        add_entry(project, accountant, 70, voucher_date=PAID - datetime.timedelta(days=3))
        statement(accountant, ("KB1", "", 10))
        (row,) = reconcile(accountant, PAID, PAID)
        assert (row.outcome.value, row.told) == ("lech", "Ngày")

    def test_who_sees_what(self, client, accountant, project, other_local_officer, local_officer, stranger, auditor):
        add_entry(project, accountant, 10, treasury_reference="KB1")
        kept = statement(accountant, ("KB1", "", 10))
        assert found(auditor) == {("khop", 10, 10)}
        assert found(local_officer) == {("so", None, 10)}
        for user in (stranger, other_local_officer):
            assert found(user) == set()
            client.force_login(user)
            assert "kb.xlsx" not in client.get(LIST).content.decode()
        client.force_login(auditor)
        assert "kb.xlsx" in client.get(LIST).content.decode()
        assert client.get(reverse("funding:treasury-remove", args=[kept.pk])).status_code == 403

    def test_the_page_filters_totals_and_pages(self, client, accountant, project):
        for place in range(60):
            add_entry(project, accountant, 1 + place, treasury_reference=f"KB{place}")
        statement(accountant, *((f"KB{place}", "", 1 + place) for place in range(55)), ("LE", "", 10**6))
        client.force_login(accountant)
        response = client.get(VIEW, YEAR)
        totals = {group.outcome.value: (group.count, group.treasury_vnd) for group, _ in response.context["groups"]}
        assert totals["khop"] == (55, sum(range(1, 56)))
        assert (totals["kho-bac"], totals["so"]) == ((1, 10**6), (5, 0))
        assert len(response.context["listing"].page_obj) == 50
        assert "page=2" in response.content.decode()
        narrowed = client.get(VIEW, YEAR | {"ket_qua": "so", "page": "9"})
        assert len(narrowed.context["listing"].page_obj) == 5
        fragment = client.get(VIEW, YEAR, headers={"HX-Request": "true"})
        assert b"<html" not in fragment.content

    @pytest.mark.parametrize("params", [{}, {"tu": "x"}, {"tu": "01/01/2025"}, {"den": "01/01/2020"}, {"source": "x"}])
    def test_any_address_answers(self, params, client, accountant):
        client.force_login(accountant)
        assert client.get(VIEW, params).status_code == 200

    def test_the_same_queries_for_20_and_100_lines(self, client, accountant, local_officer):
        client.force_login(accountant)
        counts = set()
        for size in (20, 100):
            for place in range(size):
                one = approved_project(local_officer, 100)
                add_entry(one, accountant, 1, treasury_reference=f"K{size}-{place}", participant=one.participants.get())
            statement(accountant, *((f"K{size}-{place}", "", 1) for place in range(size)), sha256=str(size))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(VIEW, YEAR).status_code == 200
            counts.add(len(queries))
        assert len(counts) == 1, counts

    def test_the_workbook_holds_the_filtered_rows_and_no_formula(self, client, accountant, project):
        add_entry(project, accountant, 10, treasury_reference="=1+1", voucher_number="+7")
        statement(accountant, ("=1+1", "", 10), ("KB9", "@x", 99))
        client.force_login(accountant)
        sheet = openpyxl.load_workbook(BytesIO(content_of(client.get(EXPORT, YEAR)))).active
        rows = list(sheet.iter_rows())
        assert len(rows) == 3
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
        assert "=1+1" in [cell.value for cell in rows[1]]
        event = AuditEvent.objects.first()
        assert (event.action, event.changes["Số dòng"]) == ("reconciliation_export", [None, 2])
        only = openpyxl.load_workbook(BytesIO(content_of(client.get(EXPORT, YEAR | {"ket_qua": "khop"})))).active
        assert only.max_row == 2
