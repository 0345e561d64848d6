"""The comparison form as a page, opened figure by figure, locked, downloaded and calculated by another program."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from khuyencong.excel.cells import as_number
from khuyencong.excel.table import Kind
from reports.actions.lock import locked_now
from reports.definitions import DEFINITIONS
from reports.locked import open_report
from tests.excel.samples import written
from tests.excel.test_recalculation import converted, needs_soffice, without_results
from tests.factories import unit
from tests.reports.asking import build
from tests.reports.comparing import SLUG, add_plans, ask, money_of
from tests.reports.locking import lock, parameters_of
from tests.reports.world import AREAS, make_world
from tests.responses import content_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("more", [{}, {"basis": "approved"}, {"budget": "central", "part": "6-thang-2"}])
@pytest.mark.parametrize("area", list(AREAS))
def test_every_figure_opens_into_rows_whose_sum_it_is(more, area, department_officer):
    world = make_world(5, department_officer, projects=120, products=0)
    add_plans(world, 5, department_officer)
    parameters, find, opened = ask(department_officer, area, **more), DEFINITIONS[SLUG].break_down, Counter()
    for table in build(SLUG, parameters):
        for place, row in enumerate(table.rows):
            for column in ("plan", "now", "until", "before"):
                value = table.value(place, column)
                assert (column in row.links) == bool(value)
                if value:
                    query = parse_qs(urlsplit(row.links[column]).query)
                    breakdown = find(parameters, query["row"][0], query["column"][0])
                    assert sum(breakdown.line(one).amount for one in breakdown.rows) == breakdown.total == value
                    opened[column] += 1
    assert sum(opened.values()) >= 6
    assert area != "province" or min(opened[column] for column in ("plan", "now", "until", "before")) >= 3


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("kp.25", "now"),
        ("kp.²", "now"),
        ("kp.99999999999999999999999", "plan"),
        ("kp.chua-phan-bo", "now"),
        ("kp.tong", "of_plan"),
        ("kp.", "now"),
        ("kp.tong", "central"),
        ("kq.99", "plan"),
        ("kq.tong", "now"),
        ("kq.1", "of_before"),
        ("kq.", "now"),
        ("kq.\x00", "now"),
        ("tong", "now"),
        ("", ""),
    ],
)
def test_a_figure_that_the_form_does_not_have_is_not_found(row, column, client, department_officer):
    client.force_login(department_officer)
    address = reverse("reports:form-rows", args=[SLUG])
    assert client.get(address, {"row": row, "column": column}).status_code == 404


def test_a_commune_cannot_open_the_budget_of_its_province(client, department_officer, local_officer):
    world = make_world(5, department_officer, products=0)
    add_plans(world, 5, department_officer)
    client.force_login(local_officer)
    address, asked = reverse("reports:form-rows", args=[SLUG]), {"year": "2026", "column": "plan"}
    assert client.get(address, {**asked, "row": "kp.chua-phan-bo"}).status_code == 404
    own = client.get(address, {**asked, "row": "kp.tong"})
    opened = {world.place_of[row.project_id] for row in own.context["breakdown"].rows}
    assert opened
    assert opened <= AREAS["commune"]
    wide = client.get(address, {**asked, "row": "kp.tong", "area": unit("96").pk})
    assert wide.status_code == 302  # back to the page, which says that the area is not the office's
    # A wider area named behind the form changes nothing either.
    parameters = replace(ask(local_officer, "commune"), area=unit("96"))
    assert not parameters.has_budget
    assert money_of(build(SLUG, parameters)) == money_of(build(SLUG, ask(local_officer, "commune")))


def test_the_plan_opens_into_decisions_with_their_day_and_source(client, department_officer):
    world = make_world(5, department_officer, projects=0, products=0)
    add_plans(world, 5, department_officer)
    client.force_login(department_officer)
    page = client.get(reverse("reports:form-rows", args=[SLUG]), {"year": "2026", "row": "kp.tong", "column": "plan"})
    text = page.content.decode()
    assert page.context["breakdown"].has_projects is False
    assert "/QĐ-UBND ngày " in text
    assert "Chưa phân bổ theo nội dung" in text
    assert "Cộng tất cả" in text


def test_the_page_asks_which_budget_and_keeps_the_answer(client, department_officer):
    client.force_login(department_officer)
    page = client.get(reverse("reports:form-page", args=[SLUG]), {"year": "2026", "budget": "central"})
    text = page.content.decode()
    assert "Nguồn kinh phí: KCQG. Địa bàn: Tỉnh Cà Mau" in text
    assert '<option value="central" selected>KCQG</option>' in text
    assert all("budget=central" in shortcut.url for shortcut in page.context["shortcuts"])
    wrong = client.get(reverse("reports:form-page", args=[SLUG]), {"budget": "guessed"})
    assert wrong.context["form"].errors["budget"] == ["Chọn một nguồn trong danh sách."]
    assert 'id="id_budget_error"' in wrong.content.decode()
    export = client.get(reverse("reports:form-export", args=[SLUG]), {"budget": "guessed"})
    assert export.status_code == 302


@pytest.mark.parametrize("more", [{"basis": "approved"}, {"basis": "approved", "area": "31843"}, {"area": "31843"}])
def test_the_number_of_queries_does_not_grow_with_the_rows(more, client, department_officer):
    client.force_login(department_officer)
    asked = {"year": "2026", **more}
    if "area" in more:
        asked["area"] = str(unit(more["area"]).pk)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("reports:form-page", args=[SLUG]), asked).status_code == 200
        return len(queries)

    add_plans(make_world(1, department_officer, projects=25, products=0), 1, department_officer)
    count()
    few = count()
    add_plans(make_world(2, department_officer, projects=75, products=0), 2, department_officer)
    assert count() == few <= 25


def test_two_budgets_are_two_questions_to_lock(department_officer):
    world = make_world(6, department_officer, products=0)
    add_plans(world, 6, department_officer)
    report = lock(department_officer, SLUG)
    assert "Nguồn kinh phí: Cả hai nguồn" in report.span
    opened = open_report(report)
    assert opened.problem == ""
    assert money_of(opened.tables) == money_of(build(SLUG, parameters_of(SLUG, department_officer)))
    assert locked_now(SLUG, parameters_of(SLUG, department_officer)) == report
    assert locked_now(SLUG, parameters_of(SLUG, department_officer, budget="central")) is None
    assert AuditEvent.objects.get(action="report_lock").changes["Kỳ"][1] == report.span


def test_the_download_says_which_budget(client, department_officer):
    client.force_login(department_officer)
    asked = {"year": "2026", "budget": "provincial"}
    response = client.get(reverse("reports:form-export", args=[SLUG]), asked)
    book = load_workbook(BytesIO(content_of(response)))
    assert response["Content-Disposition"].endswith('"so-voi-ke-hoach-va-cung-ky-2026-kcdp.xlsx"')
    assert book.sheetnames == ["Kinh phí", "Kết quả"]
    assert "Nguồn kinh phí: KCĐP" in AuditEvent.objects.get(action="report_export").changes["Kỳ"][1]


@needs_soffice
def test_another_program_calculates_the_same(tmp_path, department_officer):
    world = make_world(7, department_officer, products=0)
    add_plans(world, 7, department_officer)
    tables = build(SLUG, ask(department_officer, part="6-thang-2"))
    bare = without_results(written(*tables))
    book = load_workbook(BytesIO(converted(bare, tmp_path, "xlsx")), data_only=True)
    shares = []
    for sheet, table in zip(book.worksheets, tables, strict=True):
        first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "(1)") + 1
        for place in range(len(table.rows)):
            for number, column in enumerate(table.columns):
                if column.kind is Kind.TEXT:
                    continue
                worth = table.value(place, column.key)
                wanted = as_number(table.column_at(place, column), worth)
                found = sheet.cell(first + place, 1 + number).value
                assert found == (worth if wanted is None else pytest.approx(wanted, rel=1e-9, abs=1e-9))
                shares += [worth] if column.kind is Kind.PERCENT else []
    assert "–" in shares
    assert sum(isinstance(one, Fraction) for one in shares) >= 6
