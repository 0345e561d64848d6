"""Workbooks of the room: template, export for editing, rows with their errors; and back again through the reader."""

import io

import openpyxl
import pytest

from khuyencong.audit.models import AuditEvent
from khuyencong.importing.actions.correct import correct_row
from khuyencong.importing.actions.upload import upload_batch
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.looking import read_stored, table_of
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.table import understand_rows
from khuyencong.importing.settled import Settled, mapping_of
from khuyencong.importing.stored import LineReader
from khuyencong.importing.workbooks.template import PlaceText, write_template
from programs.models import Partner
from tests.factories import unit
from tests.importing.room import as_upload, checked, partner_kind, partners, text_of, url, workbook
from tests.responses import content_of

__all__ = ["partner_kind"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, partner_kind, local_officer):
    client.force_login(local_officer)
    return local_officer


def download(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return content_of(response)


def cells(content, sheet=None):
    book = openpyxl.load_workbook(io.BytesIO(content))
    chosen = book[sheet] if sheet else book.worksheets[0]
    return [[cell.value for cell in row] for row in chosen.iter_rows()]


def test_the_template_is_understood_without_a_question(client, officer, partner_kind):
    content = download(client, url("template-download", "hoi-thu"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Nhập liệu"]
    assert [cell.value for cell in sheet[1]] == [
        "Tên tổ chức",
        "Người liên hệ",
        "Điện thoại",
        "Quy mô",
        "Hội phí (đồng)",
    ]
    assert sheet.max_row == 1  # samples stand in the notes only
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert book["DanhMuc"].sheet_state == "hidden"
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ("DanhMuc!$A$1:$A$2", "D2:D200001")
    assert any("Hội Nông dân xã" in row for row in cells(content, "Hướng dẫn"))
    sheet.append(["Hội A", "", "0912345678", "Lớn", 2_500_000])
    stream = io.BytesIO()
    book.save(stream)
    batch = checked(partner_kind, stream.getvalue(), officer)
    assert batch.rows.get().values == {"name": "Hội A", "phone": "0912345678", "size": "lon", "fee": 2_500_000}


def test_a_blank_template_is_told_to_be_blank(client, officer, partner_kind):
    content = download(client, url("template-download", "hoi-thu"))
    response = client.post(url("batch-create"), {"kind": "hoi-thu", "file": as_upload(content)})
    assert response.status_code == 422
    assert "chưa có dòng dữ liệu" in text_of(response)


def test_what_was_exported_comes_back_equal(client, officer, partner_kind):
    Partner.objects.create(name="=1+1 Hội “Đặc biệt”", contact="+84 Ông", phone="0012345678")
    Partner.objects.create(name="Hội Hoà Bình", contact="", phone="")
    content = download(client, url("rows-export", "hoi-thu"))
    batch = checked(partner_kind, content, officer)
    assert batch.counts == {"equal": Partner.objects.count()}
    event = AuditEvent.objects.get(action="import_export")
    assert event.changes["Số dòng"] == [None, Partner.objects.count()]


def test_errors_are_written_beside_and_the_layout_is_known_again(client, officer, partner_kind):
    content = workbook((1, "Hội A"), (2, "", "Ông Ba"), (3, "Hội B", "", "", "Vừa", "abc"))
    batch = checked(partner_kind, content, officer)
    correct_row(
        batch_id=batch.pk,
        number=4,
        kind=partner_kind,
        fixes={"name": "Hội D", "contact": "=1+2"},
        version=batch.version,
        by=officer,
    )
    content = download(client, url("errors-download", batch.pk))
    rows = cells(content)
    assert rows[0][-1] == "Lỗi cổng ghi"
    assert rows[1][1:3] == ["Hội D", "=1+2"]
    assert rows[1][-1] is None
    assert "Thiếu “Tên tổ chức”" in rows[2][-1]
    assert "Có thể ghi: Nhỏ; Lớn" in rows[3][-1]
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert sheet["B3"].fill.fgColor.rgb.endswith("F8D7DA")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    sheet["B3"], sheet["E4"], sheet["F4"] = "Hội C", "Nhỏ", "1,5"
    stream = io.BytesIO()
    book.save(stream)
    again = checked(partner_kind, stream.getvalue(), officer)
    assert again.layout == batch.layout
    assert again.options["is_remembered"]
    assert again.counts == {"new": 3}
    assert again.rows.get(number=4).values == {"name": "Hội B", "size": "nho", "fee": 1_500_000}
    assert AuditEvent.objects.filter(action="import_errors").count() == 1


def test_the_same_policies_as_the_pages(
    client, officer, partner_kind, other_local_officer, department_officer, accountant
):
    batch = checked(partner_kind, partners("Hội A"), officer)
    for person, status in ((other_local_officer, 404), (department_officer, 403), (accountant, 404)):
        client.force_login(person)
        assert client.get(url("errors-download", batch.pk)).status_code == status
    for name in ("template-download", "rows-export"):
        assert client.get(url(name, "hoi-thu")).status_code == 403  # an accountant brings in no partners
        assert client.get(url(name, "khong-co")).status_code == 404


def test_every_place_of_the_area_reads_back_as_itself(partner_kind, department_officer):
    field = ImportField("place", "Xã, phường", FieldKind.PLACE, required=True)
    places = PlaceFinder.for_area(department_officer.area_id)
    text = PlaceText(places)
    mine = [place.pk for place in places.places.values() if place.in_area]
    batch = ImportBatch(columns={"0": "place"}, options={})
    reader = LineReader(batch, partner_kind, [field], department_officer.area_id)
    lines = [reader.again(1, [text(pk)], {}, notes=(), group=()) for pk in mine]
    assert len(mine) > 100
    assert [line.understood.values.get("place") for line in lines] == mine
    assert not any(line.understood.problems for line in lines)


def test_the_list_of_places_is_the_officers_own(partner_kind, local_officer):
    field = ImportField("place", "Xã, phường", FieldKind.PLACE, required=True)
    stream = io.BytesIO()
    places = PlaceFinder.for_area(local_officer.area_id)
    write_template(partner_kind, [field], stream, places=places)
    listed = [row[0] for row in cells(stream.getvalue(), "DanhMuc")]
    assert listed == [PlaceText(places)(unit("31843").pk)]


def test_money_and_dates_come_back(partner_kind, local_officer):
    fields = [
        ImportField("fee", "Hội phí", FieldKind.MONEY),
        ImportField("support", "Hỗ trợ (triệu đồng)", FieldKind.MONEY),
        ImportField("day", "Ngày lập", FieldKind.DATE),
        ImportField("year", "Năm", FieldKind.YEAR),
    ]
    row = {"fee": 1_234_567, "support": 2_768_900_000, "day": "2025-02-05", "year": 2025}
    stream = io.BytesIO()
    write_template(partner_kind, fields, stream, places=None, rows=[row])

    class Kind(type(partner_kind)):
        def fields(self, user):
            return fields

    batch = upload_batch(kind=Kind(), upload=as_upload(stream.getvalue()), by=local_officer)
    settled, mapping = Settled.from_json(batch.options), mapping_of(batch.columns)
    sheet, header = table_of(read_stored(batch), batch.sheet_name, settled)
    (read,) = understand_rows(sheet, header, mapping, fields, settled.reading_options(mapping, "year"))
    assert dict(read.values) == row
    assert ImportBatch.objects.count() == 1
