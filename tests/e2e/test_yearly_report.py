"""A period's report from choosing the days to the signed paper, and what became of it when a voucher came late."""

import io

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import expect

from funding.queries.money import WHOLE_PROJECT
from khuyencong.audit.models import AuditEvent
from programs.workflow import Status
from reports.models import LockedReport
from tests.e2e.officers import fill_voucher, report_rows
from tests.funding.makers import MILLION, add_entry, approved_project
from tests.funding.makers import page as page_of

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = "6 tháng cuối năm 2025 (từ ngày 15/06/2025 đến ngày 14/12/2025)"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@pytest.fixture
def project(centre_officer, accountant):
    """100 triệu approved, 30 of them advanced on 01/09/2025."""
    project = approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value, name="Máy tráng bánh")
    add_entry(project, accountant, 30 * MILLION)
    return project


def sign_in(page, base_url, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])
    page.set_default_timeout(10_000)


def look(page, screenshots, name):
    page.screenshot(path=screenshots / f"{name}.png", full_page=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=screenshots / f"{name}-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{name}: scrolls sideways"
    page.set_viewport_size(DESK)


def test_a_report_is_locked_and_a_late_voucher_shows(
    page, base_url, project, department_officer, accountant, leader, screenshots, tmp_path
):
    sign_in(page, base_url, department_officer)
    open_the_figure(page, project, screenshots)
    lock(page, screenshots)
    check_papers(page, tmp_path)
    sign_in(page, base_url, accountant)
    record_late_voucher(page, project)
    sign_in(page, base_url, department_officer)
    compare(page, screenshots)
    sign_in(page, base_url, leader)
    unlock(page, screenshots)
    done = AuditEvent.objects.filter(object_type="reports.lockedreport").order_by("pk")
    assert [event.action for event in done if "export" not in event.action] == ["report_lock", "report_unlock"]


def open_the_figure(page, project, screenshots):
    """The half year is chosen; the figure leads to its voucher, and back to the same days."""
    page.goto("/bao-cao/kinh-phi/")
    page.locator("[name=year]").fill("2025")
    page.locator("select[name=part]").select_option(label="6 tháng cuối năm")
    page.get_by_role("button", name="Xem báo cáo").click()
    expect(page.get_by_text(SPAN).first).to_be_visible()
    assert report_rows(page)["10"][3:] == ["0,0", "30,0"]
    page.get_by_role("row", name="Hỗ trợ chuyển giao công nghệ").get_by_role("link", name="30,0").click()
    expect(page.get_by_role("link", name=str(project))).to_be_visible()
    expect(page.locator("tfoot")).to_contain_text("bằng 30,0 triệu đồng")
    look(page, screenshots, "yearly-rows")
    page.get_by_role("link", name="Quay lại báo cáo").click()
    expect(page.get_by_text(SPAN).first).to_be_visible()


def lock(page, screenshots):
    page.get_by_role("link", name="Khóa số liệu").click()
    page.get_by_label("Số báo cáo").fill("15/BC-SCT")
    look(page, screenshots, "yearly-lock")
    page.get_by_role("button", name="Khóa số liệu", exact=True).click()
    expect(page.get_by_role("heading", name="(đã khóa)")).to_be_visible()
    assert report_rows(page)["10"][4] == "30,0"


def check_papers(page, tmp_path):
    """The workbook of the locked figures, and the letter that goes with it."""
    sheet = load_workbook(io.BytesIO(download(page, "Tải Excel", tmp_path))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(SPAN in text for text in texts)
    total = next(row for row in sheet.iter_rows() if row[1].value == "Tổng cộng")
    assert total[4].value.startswith("=SUM(")
    page.goto("/bao-cao/cong-tac-khuyen-cong/?year=2025&start=15/06/2025&end=14/12/2025")
    expect(page.get_by_text("Bản khóa ngày").first).to_be_visible()
    assert download(page, "Tải Word", tmp_path).startswith(b"PK")


def download(page, name, tmp_path):
    with page.expect_download() as found:
        page.get_by_role("link", name=name).click()
    found.value.save_as(tmp_path / "paper")
    return (tmp_path / "paper").read_bytes()


def record_late_voucher(page, project):
    page.goto(page_of("ledger-add", project, "advance"))
    fill_voucher(page, "Khuyến công địa phương", WHOLE_PROJECT, "25.000.000", "TU-MUON", "15/09/2025")
    page.get_by_role("button", name="Ghi tạm ứng", exact=True).click()
    expect(page.get_by_text("TU-MUON").first).to_be_visible()


def compare(page, screenshots):
    """Exactly what came late: in the row of the item and in the total."""
    page.goto(f"/bao-cao/da-khoa/{LockedReport.objects.get().pk}/")
    assert report_rows(page)["10"][4] == "30,0"
    page.get_by_role("link", name="So với hôm nay").click()
    rows = page.get_by_role("table", name="Các ô khác so với bản đã khóa").locator("tbody tr").all()
    found = [[text.strip() for text in row.locator("td").all_inner_texts()] for row in rows]
    assert [row[3:] for row in found] == [["30.000.000 đồng", "55.000.000 đồng", "+25.000.000 đồng"]] * 2
    assert "Tổng cộng" in found[1][1]
    look(page, screenshots, "yearly-compared")


def unlock(page, screenshots):
    page.goto(f"/bao-cao/da-khoa/{LockedReport.objects.get().pk}/")
    page.get_by_role("link", name="Mở khóa").click()
    page.get_by_label("Lý do mở khóa").fill("   ")
    page.get_by_role("button", name="Mở khóa báo cáo").click()
    expect(page.get_by_text("Ghi rõ lý do mở khóa.").first).to_be_visible()
    page.get_by_label("Lý do mở khóa").fill("Kế toán nhập muộn một chứng từ của tháng 9")
    page.get_by_role("button", name="Mở khóa báo cáo").click()
    expect(page.get_by_text("Có thể khóa lại với số liệu mới").first).to_be_visible()
    expect(page.get_by_text("Kế toán nhập muộn một chứng từ").first).to_be_visible()
    look(page, screenshots, "yearly-unlocked")
