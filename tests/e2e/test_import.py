"""A hard Excel file becomes the figures of a yearly form, and goes out of it again, as an officer sees and presses."""

import re
from decimal import Decimal
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command
from openpyxl.styles import Font
from playwright.sync_api import expect

from khuyencong.audit.models import AuditEvent
from tests.e2e.officers import Officer
from tests.importing.corpus import saved, to_tcvn3

YEAR = 2024  # of the file: its places are those of before 01/07/2025
FORM = f"/bao-cao/lang-nghe/?year={YEAR}&start=01/01/{YEAR}&end=31/12/{YEAR}"
COLUMNS = {"households": 7, "craft": 8, "workers": 9, "women": 10, "revenue": 12}
HEADS = (
    "STT",
    "Tên làng nghề",
    "Nghề",
    "Xã, thị trấn",
    "Huyện",
    "Năm",
    "Số hộ",
    None,
    "Lao động",
    "Chị em",
    "Doanh thu",
)
ROWS = (
    (
        1,
        "Làng nghề đan đát Mỹ Tường",
        "đan đát",
        "Ninh Quới",
        "Hồng Dân",
        2024,
        120,
        45,
        90,
        60,
        "1.250,5",
        "10/01/2025",
    ),
    (
        2,
        "Nghề rèn Ngan Dừa",
        "rèn",
        "TT Ngan Dừa",
        "Hồng Dân",
        "năm 2024",
        60,
        22,
        "44 người",
        4,
        "4.020",
        "10/01/2025",
    ),
    (3, "Nghề mộc Ninh Hòa", "mộc dân dụng", "xã Ninh Hòa", "Hồng Dân", 2024, 80, 30, 55, 5, 800, "31/02/2025"),
)
ADDED = {"households": 260, "craft": 97, "workers": 189, "women": 69, "revenue": Decimal("6070.5")}


@pytest.fixture
def demo(live_server):
    call_command("seed_demo", stdout=StringIO())


def hard_file():
    """Titles, a unit above the table, a header of two rows with merged cells, column numbers, a group, a column in
    TCVN3, old communes, an amount that may be read in two ways, a day that never was, a sum, signatures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Năm 2024"
    sheet.append(["SỞ CÔNG THƯƠNG BẠC LIÊU", *[None] * 6, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
    sheet.append([None])
    sheet.append(["BÁO CÁO TÌNH HÌNH LÀNG NGHỀ NĂM 2024"])
    sheet.append([*[None] * 10, "ĐVT: triệu đồng"])
    sheet.append([*HEADS, "Ngày báo cáo"])
    sheet.append([*[None] * 6, "Tổng số hộ", "Hộ làm nghề"])
    sheet.merge_cells("A3:L3")
    sheet.merge_cells("G5:H5")
    for column in "ABCDEFIJKL":
        sheet.merge_cells(f"{column}5:{column}6")
    sheet.append([f"({number})" for number in range(1, 13)])
    sheet.append(["I", "Huyện Hồng Dân"])
    for row in ROWS:
        sheet.append([*row[:2], to_tcvn3(row[2]), *row[3:]])
        sheet.cell(sheet.max_row, 3).font = Font(name=".VnTime")
    sheet.append([None, "Tổng cộng", *[None] * 4, 260, 97])
    sheet.append([None])
    sheet.append([*[None] * 9, "Bạc Liêu, ngày 20 tháng 01 năm 2025"])
    sheet.append([None, "Người lập biểu", *[None] * 7, "GIÁM ĐỐC"])
    return saved(book)


def read_form(page):
    """The sums of the form and the number of its villages."""
    page.goto(FORM)
    rows = page.locator(".kc-report tbody tr")
    texts = [[text.strip() for text in row.locator("th, td").all_inner_texts()] for row in rows.all()]
    total = next(cells for cells in texts if "Tổng cộng" in cells)
    figures = {name: Decimal(total[COLUMNS[name]].replace(".", "").replace(",", ".")) for name in ADDED}
    return figures, sorted(cells[1] for cells in texts if cells[0])


def go_on(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


def upload(page):
    """From the list of villages to the room: the kind is chosen already."""
    page.get_by_role("navigation", name="Mục chính").get_by_role("link", name="Làng nghề", exact=True).click()
    go_on(page, "Nhập từ Excel")
    expect(page.get_by_label("Loại dữ liệu")).to_have_value("lang-nghe")
    file = {"name": "lang-nghe-2024.xlsx", "mimeType": "application/octet-stream", "buffer": hard_file()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Tải lên và ghép cột").click()


def map_columns(page, screenshots, officer):
    """The portal knows all columns but one."""
    expect(page.get_by_text("chữ TCVN3 (phông .Vn…) đã đổi sang Unicode")).to_be_visible()
    expect(page.get_by_text(re.compile("Cổng không lấy .* dòng vì không phải số liệu"))).to_be_visible()
    women = page.get_by_label("Cột “Chị em” là")
    expect(women).to_have_value("")
    expect(page.get_by_label("Cột “Số hộ – Hộ làm nghề” là")).to_have_value("craft_households")
    expect(page.get_by_label("Đơn vị tính của các cột tiền")).to_contain_text("Theo tệp: triệu đồng")
    women.select_option(label="Lao động nữ")
    officer.look(screenshots, "import-columns")
    page.get_by_role("button", name="Kiểm tra các dòng").click()


def tile(page, name):
    return (
        page.locator(".kc-stat").filter(has=page.get_by_role("link", name=name, exact=True)).locator(".kc-stat-value")
    )


def correct_cells(page, screenshots, officer):
    """The amount is chosen among its two readings; the day is typed. The next refused row opens by itself."""
    expect(tile(page, "Không nhận")).to_contain_text("2")
    expect(tile(page, "Mới")).to_contain_text("1")
    officer.look(screenshots, "import-rows")
    go_on(page, "Xem các dòng đó")
    page.get_by_role("link", name="Sửa dòng 10", exact=True).click()
    expect(page.get_by_text("có thể hiểu hai cách")).to_be_visible()
    officer.look(screenshots, "import-row")
    page.get_by_label("Doanh thu", exact=True).select_option(label="4.020.000.000 đồng")
    page.get_by_role("button", name="Lưu và kiểm tra lại dòng").click()
    expect(page.get_by_role("heading", name=re.compile("Sửa dòng 11"))).to_be_visible()
    page.get_by_label("Ngày báo cáo", exact=True).fill("28/02/2025")
    page.get_by_role("button", name="Lưu và kiểm tra lại dòng").click()
    expect(tile(page, "Không nhận")).to_contain_text("0")
    expect(tile(page, "Mới")).to_contain_text("3")


def test_a_hard_file_in_and_out(page, demo, screenshots):
    officer = Officer(page, "chuyenvien")
    before, villages = read_form(page)
    upload(page)
    map_columns(page, screenshots, officer)
    correct_cells(page, screenshots, officer)
    assert read_form(page) == (before, villages)  # nothing yet
    page.go_back()
    go_on(page, "Ghi vào cổng…")
    expect(page.get_by_text("Sẽ ghi 3 dòng")).to_be_visible()
    officer.look(screenshots, "import-apply")
    page.get_by_role("button", name="Ghi tất cả").click()
    expect(page.get_by_text("Đã ghi dữ liệu vào cổng.").first).to_be_visible()
    room = page.url
    after, now = read_form(page)
    assert {name: after[name] - before[name] for name in before} == ADDED
    assert len(now) == len(villages) + 2  # one was known already
    page.goto(room)
    go_on(page, "Hoàn lại…")
    officer.look(screenshots, "import-undo")
    page.get_by_role("button", name="Hoàn lại cả lần nhập").click()
    expect(page.get_by_text("Đã hoàn lại").first).to_be_visible()
    assert read_form(page) == (before, villages)
    of_room = AuditEvent.objects.filter(object_type="importing.importbatch").order_by("pk")
    assert list(of_room.values_list("action", flat=True)) == [
        *("import_upload", "import_columns", "import_check", "import_correct", "import_correct"),
        *("import_apply", "import_undo"),
    ]
