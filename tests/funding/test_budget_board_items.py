"""The year's board per source and support item: figures, drill-down, workbook, who sees what."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.models import Contract, LedgerKind
from funding.queries.item_board import item_board
from funding.rules.shares import shared
from khuyencong.audit.models import AuditEvent
from programs.models import SupportItem
from programs.workflow import Status
from tests.funding.makers import DECIDED, MILLION, YEAR, add_entry, add_line, approved_project, give_budget, source
from tests.funding.test_budget_items import decide, item
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PAGE, EXPORT = reverse("funding:budget-items"), reverse("funding:budget-items-export")
PROJECTS = reverse("funding:budget-item-projects")


def sign(project, by, vnd):
    return Contract.objects.create(
        project=project,
        number="1/HĐ",
        signed_date=DECIDED,
        support_vnd=vnd,
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def figures(user, code="KCDP", row=10):
    for block in item_board(user, YEAR).blocks:
        for line in block.lines:
            if block.source.code == code and (line.item.row if line.item else None) == row:
                return line.figures
    return None


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),
        (0, {"a": 5}, {"a": 0}),
        (7, {"a": 0, "b": 3}, {"a": 0, "b": 7}),
        (7, {}, {}),
        (7, {"a": 0}, {}),
    ],
)
def test_shares_add_up(total, weights, parts):
    assert shared(total, weights) == parts


def test_every_figure_of_an_item(accountant, local_officer):
    decide(accountant, [(10, 500), (2, 100), (None, 50)])
    decide(accountant, [(10, 30), (None, -20)], number="02/QĐ")
    project = approved_project(local_officer, 200)
    sign(project, accountant, 180)
    first = add_entry(project, accountant, 90)
    add_entry(project, accountant, 90, reverses=first)
    add_entry(project, accountant, 60)
    add_entry(project, accountant, 40, LedgerKind.PAYMENT)
    add_entry(project, accountant, 15, LedgerKind.RECOVERY)
    one = figures(accountant)
    assert (one.first_vnd, one.adjusted_vnd, one.committed_vnd, one.contracted_vnd) == (500, 30, 200, 180)
    assert (one.advanced_vnd, one.paid_vnd, one.recovered_vnd) == (60, 40, 15)
    rest = figures(accountant, row=None)
    assert (rest.first_vnd, rest.adjusted_vnd, rest.committed_vnd) == (50, -20, 0)


def test_a_contract_over_two_sources_is_divided_as_they_were_approved(accountant, local_officer):
    project = approved_project(local_officer, 300)
    add_line(project, "KCQG", 100, 100)
    add_line(project, "DOIUNG", 500, 500)
    sign(project, accountant, 200)
    assert (figures(accountant).contracted_vnd, figures(accountant, "KCQG").contracted_vnd) == (150, 50)
    assert figures(accountant, "DOIUNG") is None


def test_a_stopped_project_holds_what_is_out_and_money_carried_in_is_not_counted(accountant, local_officer):
    stopped = approved_project(local_officer, 100, status=Status.STOPPED.value)
    sign(stopped, accountant, 100)
    add_entry(stopped, accountant, 30)
    add_entry(approved_project(local_officer, 70), accountant, 20, year=YEAR + 1)
    one = figures(accountant)
    assert (one.committed_vnd, one.contracted_vnd, one.advanced_vnd) == (100, 0, 30)


def test_a_commune_sees_its_own_projects_without_a_plan(
    client, accountant, local_officer, other_local_officer, stranger
):
    give_budget(accountant, 500 * MILLION)
    approved_project(local_officer, 200 * MILLION)
    one = figures(local_officer)
    assert (one.first_vnd, one.committed_vnd) == (0, 200 * MILLION)
    for user in (other_local_officer, stranger):
        assert item_board(user, YEAR).blocks == []
    client.force_login(local_officer)
    html = client.get(PAGE, {"year": YEAR}).content.decode()
    assert "500,0" not in html
    assert "dự toán giao cho tỉnh" in html


def test_the_page_opens_projects_and_vouchers(client, accountant, local_officer):
    decide(accountant, [(10, 500 * MILLION)])
    add_entry(approved_project(local_officer, 200 * MILLION), accountant, 50 * MILLION)
    client.force_login(accountant)
    html = client.get(PAGE, {"year": YEAR}).content.decode()
    for text in ("500,0", "200,0", "150,0", "40,0%", "% thực chi / phê duyệt", "Tổng cộng", str(item())):
        assert text in html
    vouchers = f"{reverse('funding:disbursement-list')}?year={YEAR}&source={source().pk}&item={item().pk}&plan=nam"
    assert f'href="{vouchers}&amp;kind=advance"'.replace("&", "&amp;").replace("&amp;amp;", "&amp;") in html
    listing = client.get(f"{vouchers}&kind=advance").context["listing"]
    assert [entry.amount_vnd for entry in listing.page_obj] == [50 * MILLION]


class TestProjects:
    """The list that a figure of approved money opens."""

    def sums(self, client, **params):
        return client.get(PROJECTS, {"nam": YEAR, **params}).context["sums"]

    def test_it_adds_up_to_the_figure(self, client, accountant, local_officer):
        project = approved_project(local_officer, 300)
        add_line(project, "KCQG", 100, 100)
        add_entry(project, accountant, 80)
        add_entry(project, accountant, 20, source=source("KCQG"))
        stopped = approved_project(local_officer, 100, status=Status.STOPPED.value)
        add_entry(stopped, accountant, 30)
        add_entry(stopped, accountant, 5, LedgerKind.RECOVERY)
        approved_project(local_officer, 7, support_item=item(2))
        approved_project(local_officer, 9, year=YEAR - 1)
        client.force_login(accountant)
        chosen = {"nguon": source().pk, "noi_dung": item().pk}
        one = figures(accountant)
        assert self.sums(client, **chosen) == {"held": one.committed_vnd, "out": 105} == {"held": 325, "out": 105}
        assert self.sums(client, nguon=source("KCQG").pk) == {"held": 100, "out": 20}
        assert self.sums(client) == {"held": 432, "out": 125}
        assert self.sums(client, nguon="x", noi_dung="y") == {"held": 432, "out": 125}

    def test_money_carried_in_is_not_of_the_plan(self, client, accountant, local_officer):
        add_entry(approved_project(local_officer, 70), accountant, 20, year=YEAR + 1)
        client.force_login(accountant)
        assert self.sums(client) == {"held": 70, "out": 0}

    def test_strangers_see_none(self, client, local_officer, other_local_officer, stranger):
        approved_project(local_officer, 70)
        for user, held in ((local_officer, 70), (other_local_officer, 0), (stranger, 0)):
            client.force_login(user)
            assert self.sums(client)["held"] == held


def test_the_workbook_adds_by_formulas_and_is_logged(client, accountant, local_officer):
    decide(accountant, [(10, 500 * MILLION), (None, 20 * MILLION)])
    approved_project(local_officer, 200 * MILLION)
    client.force_login(accountant)
    body = content_of(client.get(EXPORT, {"year": YEAR}))
    sheet = openpyxl.load_workbook(BytesIO(body)).active
    rows = {row[0].value: row for row in sheet.iter_rows()}
    assert rows["Tổng cộng"][1].value.startswith("=")
    values = {row[0]: row for row in openpyxl.load_workbook(BytesIO(body), data_only=True).active.values}
    assert values["Tổng cộng"][3] == 520
    assert values[str(item())][10] == 300
    event = AuditEvent.objects.first()
    assert (event.action, event.changes["Điều kiện lọc"]) == ("budget_items_export", [None, f"year={YEAR}"])


def test_the_same_queries_whatever_the_number_of_projects(client, accountant, local_officer):
    give_budget(accountant, 10**12)
    client.force_login(accountant)
    counts = set()
    for size in (20, 100):
        for place in range(size):
            one = approved_project(local_officer, 100, support_item=SupportItem.objects.get(row=place % 5 + 1))
            sign(one, accountant, 90)
            add_entry(one, accountant, 40)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"year": YEAR}).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts
    assert counts.pop() < 25
