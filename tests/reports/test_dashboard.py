"""The page of the dashboard: who sees what, what is wrong with a question, what can be taken away, what it says."""

import datetime
import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.permissions import Permission, Role, permissions_of
from khuyencong.audit.models import AuditEvent
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from programs.workflow import Status
from reports.dashboard.board import board
from reports.dashboard.figures import Figures
from reports.dashboard.panels import PANELS
from reports.dashboard.panels.late import delay_of, turned
from reports.dashboard.panels.late import tables as late_tables
from reports.dashboard.parameters import DashboardForm, DashboardParameters
from reports.periods import year_of
from tests.factories import make_project, make_province, unit
from tests.reports.asking import figures
from tests.reports.world import make_world
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PAGE = "reports:dashboard"
D = datetime.date


@pytest.fixture
def officer(client, department_officer):
    client.force_login(department_officer)
    return department_officer


def page(client, **asked):
    return client.get(reverse(PAGE), asked)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def drawings(response):
    return [
        ET.fromstring(drawing.svg)
        for column in response.context["board"].columns
        for shown in column
        for _, drawing in shown.drawings
    ]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_may_see_reports_sees_it_in_the_menu_and_opens_it(role, client, cast):
    assert Permission.REPORT_VIEW in permissions_of(role)
    client.force_login(cast[role])
    response = page(client)
    assert response.status_code == 200
    assert response.context["parameters"].area.pk == cast[role].area_id
    assert f'href="{reverse(PAGE)}"' in client.get(reverse("home")).content.decode()


def test_without_the_right_it_is_forbidden(client, officer, monkeypatch):
    monkeypatch.setattr(type(officer), "portal_permissions", frozenset({Permission.HOME}))
    assert page(client).status_code == 403
    assert client.get(reverse("reports:dashboard-export")).status_code == 403
    assert client.post(reverse(PAGE)).status_code in (403, 405)


def test_it_can_only_be_read(client, officer):
    assert client.post(reverse(PAGE)).status_code == 405
    assert client.post(reverse("reports:dashboard-export")).status_code == 405


def test_the_default_is_the_running_report_year_and_the_own_area(department_officer):
    for today, year in ((D(2026, 12, 14), 2026), (D(2026, 12, 15), 2027)):
        parameters = DashboardForm({}, user=department_officer, today=today).parameters()
        assert (parameters.year, parameters.area) == (year, unit("96"))
    assert list(parameters.years) == list(range(2022, 2028))


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"year": "99999"}, "year", "Năm phải từ 2000 đến 2100."),
        ({"year": "hai nghìn"}, "year", "Năm phải là số có bốn chữ số."),
        ({"year": ""}, "year", "Chưa nhập năm."),
        ({"area": "999999999"}, "area", "Địa bàn này không thuộc phạm vi của đơn vị bạn."),
    ],
)
def test_a_wrong_question_is_named_and_the_page_still_draws(given, field, words, client, officer):
    response = page(client, **given)
    assert response.status_code == 200
    assert response.context["form"].errors[field] == [words]
    assert "Trang này dùng năm và địa bàn mặc định" in text_of(response)
    export = client.get(reverse("reports:dashboard-export"), given)
    assert export.status_code == 302
    assert export.url.startswith(reverse(PAGE))


def test_another_provinces_area_is_refused(client, officer):
    foreign = make_province()
    response = page(client, area=foreign.pk)
    assert response.context["form"].errors["area"]
    assert response.context["parameters"].area == unit("96")
    assert client.get(reverse("reports:dashboard-export"), {"area": foreign.pk}).status_code == 302


def test_a_stranger_sees_nothing_of_this_province(client, officer, stranger):
    """The world's own foreign places lie in a third province."""
    make_world(1, officer)
    client.force_login(stranger)
    response = page(client, year=2026)
    values = {one.label: one.value for one in response.context["board"].key_figures}
    assert values["Được duyệt trong năm"] == "0,0"
    assert values["Đề án của năm kế hoạch"] == "0"
    assert "Xã Hồng Dân" not in text_of(response)


def test_first_year_shows_no_year_before_it(client, officer):
    response = page(client, year=2000)
    assert response.status_code == 200
    assert list(response.context["parameters"].years) == [2000]


def test_each_panel_has_its_drawing_table_form_and_workbook(client, officer):
    make_world(1, officer)
    make_project(created_by=officer, year=2020, status=Status.LIQUIDATED.value)
    response = page(client, year=2026)
    text = text_of(response)
    for key, panel in PANELS.items():
        assert panel.title in text
        assert reverse("reports:dashboard-panel-export", args=[key]) in text
        assert f'id="{key}-wide-title"' in text
        assert f'id="{key}-small-title"' in text
    assert text.count("<details") == len(PANELS)
    assert text.count("<details open") == 0 == text.count(" open>")
    assert " open>" in text_of(page(client, year=2026, bang="mo"))


def test_drawings_are_whole_and_named_and_carry_no_style(client, officer):
    make_world(1, officer)
    response = page(client, year=2026)
    found = drawings(response)
    assert len(found) >= 10
    ids = [one.get("id") for root in found for one in root if one.get("id")]
    assert len(ids) == len(set(ids))
    for root in found:
        assert root.find("title").text
        assert root.find("desc").text
        assert not [one for one in root.iter() if one.get("style")]
        width, height = map(float, root.get("viewBox").split()[2:])
        assert width in (336, 620)
        assert height > 20
    assert " style=" not in text_of(response)


@pytest.mark.parametrize("area", ["province", "commune"])
def test_a_tile_for_each_place(area, client, officer):
    make_world(1, officer)
    chosen = unit("96") if area == "province" else unit("31843")
    response = page(client, year=2026, area=chosen.pk)
    tiles = [root for root in drawings(response) if root.get("role") == "group"]
    assert len(tiles) == 2
    communes = AdministrativeUnit.objects.filter(level=UnitLevel.COMMUNE, valid_to=None, parent=unit("96"))
    links = [one.get("href") for one in tiles[0].iter("a")]
    assert len(links) == (communes.count() if area == "province" else 1)
    codes = [AdministrativeUnit.objects.get(pk=re.search(r"area=(\d+)", link)[1]).code for link in links]
    assert codes == sorted(codes)
    form = client.get(links[codes.index("31843")])
    assert form.status_code == 200
    assert form.context["parameters"].area == unit("31843")


def test_old_districts_are_tiles_before_the_merger(client, officer):
    make_world(1, officer)
    response = page(client, year=2025, area=unit("31843").pk)
    assert response.status_code == 200
    text = text_of(page(client, year=2013))
    assert "Theo huyện cũ" in text


def test_names_are_written_as_text(client, officer):
    make_world(1, officer)
    AdministrativeUnit.objects.filter(pk=unit("31843").pk).update(name="Xã <b>&Hồng")
    response = page(client, year=2026)
    assert response.status_code == 200
    assert "<b>&Hồng" not in text_of(response)


def test_an_empty_year_says_so_instead_of_drawing(client, officer):
    response = page(client, year=2040)
    text = text_of(response)
    assert text.count("Không có số liệu để vẽ") == len(PANELS)
    assert drawings(response) == []
    assert "–" in {one.value for one in response.context["board"].key_figures}


def test_every_panel_can_be_taken_as_a_workbook_and_that_is_recorded(client, officer):
    make_world(1, officer)
    for key, panel in PANELS.items():
        address = reverse("reports:dashboard-panel-export", args=[key])
        body = content_of(client.get(address, {"year": 2026}))
        sheets = load_workbook(BytesIO(body)).worksheets
        parameters = DashboardParameters(officer, unit("96"), 2026)
        assert len(sheets) == len(panel.tables(Figures(parameters)))
        event = AuditEvent.objects.latest("pk")
        assert event.action == "report_export"
        assert panel.title in str(event.changes)


def test_all_panels_in_one_workbook(client, officer):
    make_world(1, officer)
    before = AuditEvent.objects.count()
    response = client.get(reverse("reports:dashboard-export"), {"year": 2026})
    assert 'filename="tong-quan-2026.xlsx"' in response["Content-Disposition"]
    assert len(load_workbook(BytesIO(content_of(response))).worksheets) == len(PANELS) + 1  # two of what is late
    assert AuditEvent.objects.count() == before + 1


def test_an_unknown_panel_is_not_found(client, officer):
    assert client.get(reverse("reports:dashboard-panel-export", args=["khong-co"])).status_code == 404


def test_without_the_right_to_export_there_is_no_button(client, officer, monkeypatch):
    monkeypatch.setattr(type(officer), "portal_permissions", frozenset({Permission.REPORT_VIEW}))
    assert "Tải Excel" not in text_of(page(client))
    assert client.get(reverse("reports:dashboard-export")).status_code == 403


@pytest.mark.parametrize(
    ("days", "column"),
    [
        (1, "week"),
        (7, "week"),
        (8, "month"),
        (30, "month"),
        (31, "quarter"),
        (90, "quarter"),
        (91, "more"),
        (9999, "more"),
    ],
)
def test_delays(days, column):
    today = D(2026, 6, 1)
    assert delay_of(today - datetime.timedelta(days=days), today) == column


def test_what_is_late_is_the_deadline_list(client, officer):
    """Long liquidated and never settled: overdue whatever the day of the test."""
    for year in (2015, 2016, 2017):
        make_project(created_by=officer, year=year, status=Status.CONTRACTED.value, track="national")
    make_project(created_by=officer, year=2015, status=Status.CONTRACTED.value, track="national", place=unit("31972"))
    everything = client.get(reverse("programs:deadline-list"), {"tinh_trang": "qua-han"}).context["listing"]
    for area, projects in (("96", 4), ("31843", 3)):
        counted, oldest = late_tables(Figures(DashboardParameters(officer, unit(area), year_of(D.today()))))
        total = counted.value(len(counted.rows) - 2, "every")
        of_projects = [counted.value(len(counted.rows) - 1, key) for key in ("week", "month", "quarter", "more")]
        assert sum(of_projects) == projects
        assert total >= projects
        assert len(oldest.rows) == min(total, 5)
        days = [oldest.value(place, "days") for place in range(len(oldest.rows))]
        assert days == sorted(days, reverse=True)
        if area == "96":
            assert total == everything.paginator.count
        else:
            assert any("rộng hơn địa bàn" in note for note in counted.notes)
        assert sum(row[0] for row in figures(turned(counted), "name", "owed").values()) == total
        for row in counted.rows:
            for link in row.links.values():
                assert client.get(link).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_data(client, officer, leader):
    client.force_login(leader)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, year=2026).status_code == 200
        return len(queries)

    make_world(1, officer, projects=15, products=0)
    make_project(created_by=officer, year=2020, status=Status.CONTRACTED.value)
    count()
    few = count()
    make_world(2, officer, projects=40, products=0)
    assert count() == few


def test_key_figures_and_panels_are_of_one_question(officer):
    parameters = DashboardParameters(officer, unit("96"), 2026)
    found = board(parameters)
    assert [one.label for one in found.key_figures][:2] == ["Đề án của năm kế hoạch", "Dự toán năm"]
    assert all(one.note or one.unit for one in found.key_figures)
