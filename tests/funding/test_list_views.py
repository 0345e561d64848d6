"""The year's board, its entries, and the list of vouchers."""

import datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.models import BudgetEntry, Contract, LedgerKind
from khuyencong.audit.models import AuditEvent
from tests.factories import add_participant, make_beneficiary, unit
from tests.funding.makers import DECIDED, MILLION, YEAR, add_entry, add_line, approved_project, give_budget, source
from tests.responses import content_of

pytestmark = pytest.mark.django_db
BOARD = reverse("funding:budget-board")
ADD = reverse("funding:budget-entry-add")
LIST = reverse("funding:disbursement-list")
EXPORT = reverse("funding:disbursement-export")


def query_count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


class TestBoard:
    def test_figures_and_named_percentages(self, client, accountant, local_officer):
        give_budget(accountant, 500 * MILLION)
        add_entry(approved_project(local_officer, 200 * MILLION), accountant, 50 * MILLION)
        client.force_login(accountant)
        html = client.get(BOARD, {"year": YEAR}).content.decode()
        for text in ("500.000.000", "300.000.000", "40,0", "10,0", "25,0", "% giải ngân / dự toán", "01/QĐ-UBND"):
            assert text in html

    @pytest.mark.parametrize("year", ["", "abcd", "١٩٩٩", "20255", "1000"])
    def test_any_address_answers(self, year, client, accountant):
        client.force_login(accountant)
        assert client.get(BOARD, {"year": year}).status_code == 200

    def test_only_the_province_may_add(self, client, accountant, local_officer, leader):
        for user, may in ((accountant, True), (local_officer, False), (leader, False)):
            client.force_login(user)
            assert (ADD.encode() in client.get(BOARD).content) is may
            assert client.get(ADD).status_code == (200 if may else 403)

    def test_the_same_queries_for_20_and_200_projects(self, client, accountant, local_officer):
        give_budget(accountant, 10**12)
        client.force_login(accountant)
        counts = set()
        for size in (20, 180):
            for _ in range(size):
                add_entry(approved_project(local_officer, 100), accountant, 40)
            counts.add(query_count(client, f"{BOARD}?year={YEAR}"))
        assert len(counts) == 1, counts


class TestBudgetEntry:
    def data(self, **values):
        data = {
            "year": YEAR,
            "source": source().pk,
            "province": unit("96").pk,
            "rows-TOTAL_FORMS": "1",
            "rows-INITIAL_FORMS": "0",
            "rows-0-item": "",
            "rows-0-direction": "assign",
            "rows-0-amount_vnd": "4 tỷ 020 triệu",
            "decision_number": "01/QĐ-UBND",
            "decision_date": "01/08/2025",
            "note": "",
        }
        return {**data, **values}

    def test_an_entry_is_added_and_taken_back(self, client, accountant):
        client.force_login(accountant)
        response = client.post(ADD, self.data())
        assert (response.status_code, response.url) == (302, f"{BOARD}?year={YEAR}")
        assert (
            client.post(ADD, self.data(**{"rows-0-direction": "reduce", "rows-0-amount_vnd": "20 triệu"})).status_code
            == 302
        )
        assert list(BudgetEntry.objects.values_list("amount_vnd", flat=True)) == [4_020 * MILLION, -20 * MILLION]

    def test_bad_input_is_kept_with_its_reasons(self, client, accountant):
        client.force_login(accountant)
        response = client.post(
            ADD, self.data(**{"rows-0-amount_vnd": "4.020", "year": "1999", "decision_date": "2025"})
        )
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"year", "decision_date"}
        assert set(response.context["formset"].errors[0]) == {"amount_vnd"}
        for text in ('value="4.020"', 'value="1999"', 'value="2025"'):
            assert text in response.content.decode()

    def test_a_refusal_is_shown_on_the_page(self, client, accountant, local_officer):
        give_budget(accountant, 500)
        approved_project(local_officer, 500)
        client.force_login(accountant)
        response = client.post(ADD, self.data(**{"rows-0-direction": "reduce", "rows-0-amount_vnd": "1 đồng"}))
        assert response.status_code == 422
        assert "thiếu 1 đồng" in response.context["form"].non_field_errors()[0]

    def test_a_foreign_province_is_no_choice(self, client, accountant, stranger):
        client.force_login(accountant)
        response = client.post(ADD, self.data(province=stranger.organisation.area_id))
        assert "province" in response.context["form"].errors


class TestDisbursements:
    @pytest.fixture
    def vouchers(self, accountant, local_officer):
        project = approved_project(local_officer, 100 * MILLION, name="Máy ép bánh tráng")
        add_line(project, "KCQG", 50 * MILLION, 50 * MILLION)
        payee = add_participant(project, make_beneficiary(name="Cơ sở Lò rèn Ngan Dừa"))
        first = add_entry(project, accountant, 40 * MILLION, voucher_number="UNC-Đ7", participant=payee)
        add_entry(project, accountant, 10 * MILLION, LedgerKind.PAYMENT, source=source("KCQG"))
        add_entry(project, accountant, 40 * MILLION, reverses=first, participant=payee)
        return project

    def found(self, client, **params):
        return [entry.amount_vnd for entry in client.get(LIST, params).context["listing"].page_obj]

    def test_search_ignores_accents_and_finds_project_payee_and_voucher(self, client, vouchers, accountant):
        client.force_login(accountant)
        assert len(self.found(client, q="banh trang")) == 3
        assert len(self.found(client, q="lo ren")) == 2
        assert len(self.found(client, q="UNC-")) == 1
        assert self.found(client, q="khong co") == []

    def test_filters_and_sorts(self, client, vouchers, accountant):
        client.force_login(accountant)
        assert self.found(client, source=source("KCQG").pk) == [10 * MILLION]
        assert self.found(client, kind="payment") == [10 * MILLION]
        assert self.found(client, year=YEAR, kind="recovery") == []
        assert self.found(client, sort="amount")[0] == 10 * MILLION
        assert self.found(client, sort="-amount")[0] == 40 * MILLION
        assert len(self.found(client, year="1999", source="x", sort="y", page="z")) == 3

    def test_htmx_gets_the_table_alone(self, client, vouchers, accountant):
        client.force_login(accountant)
        response = client.get(LIST, headers={"HX-Request": "true"})
        assert b"<html" not in response.content
        assert "Máy ép bánh tráng" in response.content.decode()
        assert "HX-Request" in response["Vary"]

    def test_a_stranger_sees_none(self, client, vouchers, stranger, other_local_officer):
        for user in (stranger, other_local_officer):
            client.force_login(user)
            assert self.found(client) == []

    def test_the_same_queries_for_20_and_200_vouchers(self, client, accountant, local_officer):
        client.force_login(accountant)
        counts = set()
        for size in (20, 180):
            for _ in range(size):
                project = approved_project(local_officer, 100)
                add_entry(project, accountant, 40, participant=project.participants.get())
            counts.add(query_count(client, f"{LIST}?page=1"))
        assert len(counts) == 1, counts

    def test_the_workbook_holds_what_the_list_shows_and_is_logged(self, client, vouchers, accountant):
        client.force_login(accountant)
        response = client.get(EXPORT, {"kind": "advance", "sort": "amount"})
        sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
        rows = list(sheet.iter_rows(values_only=True))
        header = rows[0]
        first = dict(zip(header, rows[1], strict=True))
        assert len(rows) == 3
        assert first["Số tiền chứng từ (đồng)"] == 40_000_000
        assert first["Năm ngân sách"] == str(YEAR)
        assert {row[header.index("Tăng (+), giảm (-) số đã chi (đồng)")] for row in rows[1:]} == {
            40 * MILLION,
            -40 * MILLION,
        }
        event = AuditEvent.objects.first()
        assert (event.action, event.changes["Số dòng"]) == ("disbursement_export", [None, 2])

    def test_an_export_takes_the_same_queries_whatever_its_length(self, client, accountant, local_officer):
        client.force_login(accountant)
        counts = set()
        project = approved_project(local_officer, 100)
        for size in (2, 40):
            for _ in range(size):
                add_entry(project, accountant, 1)
            with CaptureQueriesContext(connection) as queries:
                b"".join(client.get(EXPORT).streaming_content)
            counts.add(len(queries))
        assert len(counts) == 1, counts


class TestDisbursementFilters:
    @pytest.fixture
    def vouchers(self, accountant, local_officer):
        project = approved_project(local_officer, 100 * MILLION)
        payee = add_participant(project, make_beneficiary(name="Cơ sở Lò rèn Ngan Dừa"))
        contract = Contract.objects.create(
            project=project,
            number="15/HĐ-KC",
            signed_date=DECIDED,
            support_vnd=100 * MILLION,
            recorded_by=accountant,
            recorded_at=timezone.now(),
        )
        add_entry(project, accountant, 40 * MILLION, participant=payee, treasury_reference="KB1", contract=contract)
        late = {"voucher_date": datetime.date(2025, 10, 5)}
        paid = add_entry(project, accountant, 30 * MILLION, LedgerKind.PAYMENT, **late)
        add_entry(project, accountant, 30 * MILLION, LedgerKind.PAYMENT, reverses=paid, **late)
        add_entry(project, accountant, 5 * MILLION, LedgerKind.RECOVERY, **late)
        return project

    def test_each_filter_narrows_rows_and_sums(self, client, vouchers, accountant):
        client.force_login(accountant)

        def seen(**params):
            context = client.get(LIST, params).context
            return len(context["listing"].page_obj), context["sums"]["out"] // MILLION

        assert seen() == (4, 35)
        assert seen(ben_nhan="lo ren") == (1, 40)
        assert seen(tu="01/10/2025") == (3, -5)
        assert seen(den="30/09/2025") == seen(treasury="co") == (1, 40)
        assert seen(treasury="chua", kind="payment") == (2, 0)
        assert seen(item=vouchers.support_item_id) == (4, 35)
        assert seen(item=vouchers.support_item_id + 1) == (0, 0)
        assert seen(tu="x") == (4, 35)
        add_entry(vouchers, accountant, MILLION, year=YEAR + 1)
        assert seen(plan="nam") == (4, 35)
        assert seen(plan="chuyen") == (1, 1)

    def test_the_page_keeps_what_was_typed_and_shows_contract_and_sums(self, client, vouchers, accountant):
        client.force_login(accountant)
        html = client.get(LIST, {"tu": "32/10/2025", "den": "31/12/2025"}).content.decode()
        for text in ('value="32/10/2025"', "không có trong lịch", "15/HĐ-KC", "KB1", "40.000.000", "35.000.000"):
            assert text in html
        assert "den=31%2F12%2F2025" in html

    def test_the_workbook_takes_the_same_rows(self, client, vouchers, accountant):
        client.force_login(accountant)
        body = content_of(client.get(EXPORT, {"den": "30/09/2025"}))
        header, *rows = openpyxl.load_workbook(BytesIO(body)).active.iter_rows(values_only=True)
        (row,) = (dict(zip(header, one, strict=True)) for one in rows)
        assert (row["Số hợp đồng"], row["Nội dung hỗ trợ"]) == ("15/HĐ-KC", vouchers.support_item.name)
