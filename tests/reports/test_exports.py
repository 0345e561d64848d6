"""The workbook holds what the page shows, and every download leaves a trace."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from reports.definitions import DEFINITIONS
from tests.factories import unit
from tests.reports.asking import form_parameters, years_parameters
from tests.reports.more_world import add_more
from tests.reports.world import area_unit, make_world

pytestmark = pytest.mark.django_db
ASKED = {"year": "2026", "start": "15/12/2025", "end": "14/12/2026", "from_year": "2024", "to_year": "2026"}
FILENAMES = {
    "ket-qua": "ket-qua-khuyen-cong-2026.xlsx",
    "kinh-phi": "kinh-phi-khuyen-cong-2026.xlsx",
    "so-sanh": "so-voi-ke-hoach-va-cung-ky-2026.xlsx",
    "binh-chon": "binh-chon-san-pham-2026.xlsx",
    "du-an": "bao-cao-du-an-2026.xlsx",
    "nhieu-nam": "khuyen-cong-nhieu-nam-2024-2026.xlsx",
    "giai-ngan": "giai-ngan-theo-de-an-2026.xlsx",
    "dia-ban": "tong-hop-theo-dia-ban-2026.xlsx",
    "lang-nghe": "tong-hop-lang-nghe-2026.xlsx",
    "tong-hop-de-an": "tong-hop-de-an-2026.xlsx",
    "chuong-trinh": "ket-qua-theo-chuong-trinh-2026.xlsx",
    "sau-ho-tro": "danh-gia-sau-ho-tro-2026.xlsx",
}
SHEETS = {"du-an": ["Dự án KCQG", "Dự án KCĐP", "Cơ sở thụ hưởng"]}


@pytest.fixture
def officer(client, department_officer):
    client.force_login(department_officer)
    return department_officer


def download(client, slug, **asked):
    response = client.get(reverse("reports:form-export", args=[slug]), {**ASKED, **asked})
    return response, b"".join(response.streaming_content)


def tables_of(slug, user):
    area = area_unit("province")
    if slug == "nhieu-nam":
        return DEFINITIONS[slug].build(years_parameters(user, area, 2024, 2026))
    return DEFINITIONS[slug].build(form_parameters(slug, user, area))


def sheet_cells(sheet, table):
    """The cells of the table's rows: they stand right below the row of column numbers."""
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "(1)") + 1
    return [
        [sheet.cell(first + place, 1 + column).value for column in range(len(table.columns))]
        for place in range(len(table.rows))
    ]


def expected_cells(table):
    def worth(place, column):
        value = table.value(place, column.key)
        if table.column_at(place, column).kind == "money-million" and value is not None:
            return pytest.approx(value / 1_000_000)
        is_share = column.kind == "percent" and value is not None and not isinstance(value, str)
        return pytest.approx(float(value)) if is_share else value

    return [[worth(place, column) for column in table.columns] for place in range(len(table.rows))]


@pytest.mark.parametrize("slug", list(DEFINITIONS))
def test_the_workbook_holds_the_figures_of_the_page(slug, client, officer):
    add_more(make_world(1, officer), 1, officer)
    response, content = download(client, slug)
    assert response["Content-Disposition"] == f'attachment; filename="{FILENAMES[slug]}"'
    book, tables = load_workbook(BytesIO(content), data_only=True), tables_of(slug, officer)
    assert slug not in SHEETS or book.sheetnames == SHEETS[slug]
    assert len(book.worksheets) == len(tables)
    for sheet, table in zip(book.worksheets, tables, strict=True):
        assert sheet_cells(sheet, table) == expected_cells(table)


def test_the_workbook_is_headed_and_signed(client, officer):
    _, content = download(client, "kinh-phi")
    sheet = load_workbook(BytesIO(content)).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    for text in (
        "UBND TỈNH CÀ MAU",
        "SỞ CÔNG THƯƠNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "KINH PHÍ KHUYẾN CÔNG",
        "Năm 2026 (từ ngày 15/12/2025 đến ngày 14/12/2026). Địa bàn: Tỉnh Cà Mau",
        "ĐVT: triệu đồng",
    ):
        assert text in texts
    signed = "\n".join(texts)
    for text in ("NGƯỜI LẬP BIỂU", officer.full_name, "THỦ TRƯỞNG ĐƠN VỊ", "Cà Mau, ngày …… tháng …… năm", "giải ngân"):
        assert text in signed


def test_totals_are_formulas(client, officer):
    make_world(1, officer)
    _, content = download(client, "kinh-phi")
    sheet = load_workbook(BytesIO(content)).active
    total = next(row for row in sheet.iter_rows() if row[1].value == "Tổng cộng")
    first, last = total[0].row - 24, total[0].row - 1
    assert [cell.value for cell in total[3:5]] == [f"=SUM({letter}{first}:{letter}{last})" for letter in "DE"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("slug", ["du-an", "nhieu-nam"])
def test_libreoffice_reckons_the_same(slug, client, officer, tmp_path):
    make_world(1, officer)
    _, content = download(client, slug)
    recalculated = recalculate(content, tmp_path)
    tables = tables_of(slug, officer)
    for sheet, table in zip(load_workbook(recalculated, data_only=True).worksheets, tables, strict=True):
        assert sheet_cells(sheet, table) == expected_cells(table)


def recalculate(content: bytes, folder: Path) -> Path:
    """The workbook opened and saved by LibreOffice, without the results that were stored in it."""
    source = folder / "report.xlsx"
    book = load_workbook(BytesIO(content))  # openpyxl drops stored results: LibreOffice has to reckon
    book.save(source)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "out"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / "report.xlsx"


def test_each_download_is_recorded(client, officer):
    download(client, "kinh-phi", area=unit("31843").pk, basis="approved")
    event = AuditEvent.objects.get(action="report_export")
    assert (event.actor_id, event.object_type, event.object_id) == (officer.pk, "accounts.user", officer.pk)
    assert event.place_id == unit("31843").pk
    assert event.changes == {
        "Biểu": [None, "Kinh phí khuyến công"],
        "Kỳ": [None, "Năm 2026 (từ ngày 15/12/2025 đến ngày 14/12/2026)"],
        "Địa bàn": [None, "Xã Hồng Dân"],
        "Cách tính": [None, "Được duyệt (ngày quyết định)"],
        "Tệp": [None, "kinh-phi-khuyen-cong-2026.xlsx"],
    }


def test_looking_leaves_no_trace_and_a_wrong_question_downloads_nothing(client, officer):
    client.get(reverse("reports:form-page", args=["kinh-phi"]))
    response = client.get(reverse("reports:form-export", args=["kinh-phi"]), {"start": "31/02/2026"})
    assert response.status_code == 302
    assert not AuditEvent.objects.filter(action="report_export").exists()


@pytest.mark.parametrize("slug", list(DEFINITIONS))
def test_an_empty_province_downloads_a_workbook(slug, client, officer):
    _, content = download(client, slug)
    assert load_workbook(BytesIO(content)).sheetnames


def test_a_custom_period_is_in_the_filename(client, officer):
    response, _ = download(client, "ket-qua", start="01/01/2026", end="31/03/2026")
    assert 'filename="ket-qua-khuyen-cong-20260101-20260331.xlsx"' in response["Content-Disposition"]


def test_a_person_without_the_right_downloads_nothing(client, officer, monkeypatch):
    from khuyencong.accounts import permissions

    readers = {role: frozenset({permissions.Permission.REPORT_VIEW}) for role in permissions.Role}
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", readers)
    assert client.get(reverse("reports:form-page", args=["ket-qua"])).status_code == 200
    assert "Tải Excel" not in client.get(reverse("reports:form-page", args=["ket-qua"])).content.decode()
    assert client.get(reverse("reports:form-export", args=["ket-qua"])).status_code == 403
