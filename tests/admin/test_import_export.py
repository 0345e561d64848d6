"""Reference data out to Excel, edited, and in again: natural keys, Vietnamese columns, an event per changed row."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from funding.models import AdvanceLimit, Norm, Source
from khuyencong.accounts.models import Organisation, Signatory, User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.localities.models import AdministrativeUnit, Succession, covered_unit_ids
from programs.models import (
    Collaborator,
    LegalDocument,
    Partner,
    Programme,
    ResultIndicator,
    Sector,
    SupportItem,
)
from tests.factories import MERGER, unit

MODELS = [
    LegalDocument,
    Programme,
    SupportItem,
    ResultIndicator,
    Sector,
    Partner,
    Collaborator,
    Source,
    Norm,
    AdvanceLimit,
    AdministrativeUnit,
    Succession,
    Organisation,
    Signatory,
    User,
]

NORM_COLUMNS = [
    "Nội dung hỗ trợ (TT)",
    "Định mức",
    "Cấp khuyến công",
    "Tỷ lệ tối đa (%)",
    "Mức tối đa (đồng)",
    "Áp dụng từ",
    "Căn cứ",
    "Mức tin cậy",
]


@pytest.fixture
def admin_client(client, system_admin, department_officer, local_officer):
    client.force_login(system_admin)
    return client


def address(model, page):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def export(client, model):
    response = client.get(address(model, "export"))
    assert response.status_code == 200
    return openpyxl.load_workbook(BytesIO(response.content))


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def preview(client, model, book):
    content = BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("danh-muc.xlsx", content.getvalue())
    return client.post(address(model, "import"), {"import_file": upload, "format": "0", "resource": "0"})


def confirm(client, model, previewed):
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', previewed.content.decode())
    data = {name: value for name, value in fields if name != "csrfmiddlewaretoken"}
    return client.post(address(model, "process_import"), data)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_comes_out_goes_in_unchanged(admin_client, model):
    Partner.objects.create(name="Hội Nông dân tỉnh", phone="02903831000")
    Collaborator.objects.create(full_name="Trần Văn A", place=unit("31843"))
    office = Organisation.objects.get(name="Sở Công Thương")
    Signatory.objects.create(
        organisation=office, role="head", job_title="Giám đốc", full_name="Trần Văn B", valid_from=MERGER
    )
    rows = list(model._default_manager.order_by("pk").values())
    previewed = preview(admin_client, model, export(admin_client, model))
    result = previewed.context["result"]
    assert not result.base_errors
    assert [
        (row.import_type, [str(e.error) for e in row.errors], row.validation_error)
        for row in result.rows
        if row.import_type != "skip"
    ] == []
    assert len(result.rows) >= 1
    assert confirm(admin_client, model, previewed).status_code == 302
    assert list(model._default_manager.order_by("pk").values()) == rows
    assert [event.action for event in AuditEvent.objects.all()] == ["admin_export"]


def test_changed_and_new_rows_leave_an_event_each(admin_client, system_admin):
    book = export(admin_client, Sector)
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["Ngành nghề", "Ngành ưu tiên"]
    sheet["B2"] = "Không" if sheet["B2"].value == "Có" else "Có"
    sheet.append(["Nghề đan  lát", "Có"])
    name, old, new = sheet["A2"].value, *(("Không", "Có") if sheet["B2"].value == "Có" else ("Có", "Không"))
    previewed = preview(admin_client, Sector, book)
    assert not Sector.objects.filter(name="Nghề đan lát").exists()
    taken_out = AuditEvent.objects.get()
    assert confirm(admin_client, Sector, previewed).status_code == 302
    changed, added = AuditEvent.objects.exclude(pk=taken_out.pk).order_by("pk")
    assert (changed.object_label, changed.changes) == (name, {"Ngành ưu tiên": [old == "Có", new == "Có"]})
    assert added.changes == {"Ngành nghề": [None, "Nghề đan lát"], "Ngành ưu tiên": [None, True]}
    assert {event.actor_id for event in (changed, added)} == {system_admin.pk}
    assert added.action == "admin_import"


def test_dates_numbers_and_labels_are_read_as_offices_write_them(admin_client):
    book = book_of(
        NORM_COLUMNS,
        [10, "Thử", "khuyen cong dia phuong", "66,7", "300.000.000", "05/02/2026", "NQ thử", "Đã đối chiếu văn bản"],
    )
    confirm(admin_client, Norm, preview(admin_client, Norm, book))
    norm = Norm.objects.get(name="Thử")
    assert (norm.track, str(norm.rate_percent), norm.cap_vnd) == ("local", "66.70", 300_000_000)
    assert (norm.valid_from.isoformat(), norm.certainty) == ("2026-02-05", "confirmed")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["1/QĐ", "Loại lạ", "Trích yếu", "05/02/2026"], "không có trong"),
        (["1/QĐ", "Nghị định", "Trích yếu", "31/02/2026"], "không có trong lịch"),
        (["1/QĐ", "Nghị định", None, "05/02/2026"], "Trích yếu"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken(admin_client, row, said):
    book = book_of(["Số, ký hiệu", "Loại văn bản", "Trích yếu", "Ngày ban hành"], row, ["2/QĐ", "Luật", "Đúng", None])
    previewed = preview(admin_client, LegalDocument, book)
    assert "confirm_form" not in previewed.context
    assert previewed.context["result"].has_validation_errors()
    assert said.lower() in previewed.content.decode().lower()
    assert not LegalDocument.objects.filter(number__in=["1/QĐ", "2/QĐ"]).exists()


def test_a_missing_key_column_is_named(admin_client):
    previewed = preview(admin_client, LegalDocument, book_of(["Trích yếu"], ["Thử"]))
    assert "Tệp thiếu cột: Số, ký hiệu." in previewed.content.decode()


def test_what_is_no_workbook_is_said_in_vietnamese(admin_client):
    upload = SimpleUploadedFile("x.xlsx", b"khong phai excel")
    response = admin_client.post(address(Sector, "import"), {"import_file": upload, "format": "0", "resource": "0"})
    assert "Không đọc được tệp" in response.content.decode()


def test_a_workbook_with_a_far_away_cell_is_read_within_limits(admin_client):
    book = book_of(["Ngành nghề", "Ngành ưu tiên"], ["Nghề thử", "Có"])
    book.active["XFD1048576"] = "bom"
    result = preview(admin_client, Sector, book).context["result"]
    assert [row.import_type for row in result.rows] == ["new"]


def test_units_come_by_code_and_date_and_the_areas_follow(admin_client):
    book = book_of(
        ["Mã", "Tên", "Cấp", "Mã đơn vị trực thuộc", "Từ ngày", "Đến hết ngày"],
        ["99001", "Xã Thử", "Xã, phường, thị trấn, đặc khu", "96", "01/01/2026", None],
    )
    confirm(admin_client, AdministrativeUnit, preview(admin_client, AdministrativeUnit, book))
    added = AdministrativeUnit.objects.get(code="99001")
    assert added.parent == unit("96")
    assert covered_unit_ids(unit("96").pk).filter(unit_id=added.pk).exists()


def test_an_imported_account_cannot_sign_in_before_it_gets_a_password(admin_client):
    office = unit("31843").organisations.get()
    book = book_of(
        ["Tên đăng nhập", "Họ và tên", "Vai trò", "Mã đơn vị", "Kích hoạt"],
        ["nguyen.van.c", "Nguyễn Văn C", "Cán bộ kinh tế huyện, xã", office.code, "Có"],
    )
    confirm(admin_client, User, preview(admin_client, User, book))
    user = User.objects.get(username="nguyen.van.c")
    assert (user.role, user.organisation) == (Role.LOCAL_OFFICER.value, office)
    assert not user.has_usable_password()
    assert not [key for key in AuditEvent.objects.get().changes if "khẩu" in key]


def test_an_export_holds_no_password_and_no_formula(admin_client):
    Sector.objects.create(name="=HYPERLINK(1)")
    header = [cell.value for cell in export(admin_client, User).active[1]]
    assert not [name for name in header if "khẩu" in name.lower()]
    cells = [cell for row in export(admin_client, Sector).active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)


def test_an_export_leaves_an_event_and_masks_phones(admin_client, system_admin):
    Collaborator.objects.create(full_name="Trần Văn A", place=unit("31843"), phone="0912345678")
    sheet = export(admin_client, Collaborator).active
    assert sheet["C1"].value == "Điện thoại"
    assert sheet["C2"].value == "*******678"
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("admin_export", system_admin.pk)
    assert event.changes == {"Danh mục": [None, "cộng tác viên khuyến công"], "Số dòng": [None, 1]}


def test_a_masked_phone_that_comes_back_leaves_the_number_alone(admin_client):
    person = Collaborator.objects.create(full_name="Trần Văn A", place=unit("31843"), phone="0912345678")
    book = export(admin_client, Collaborator)
    book.active["E2"].value = "31/12/2026"
    confirm(admin_client, Collaborator, preview(admin_client, Collaborator, book))
    person.refresh_from_db()
    assert (person.phone, person.valid_to.year) == ("0912345678", 2026)
    book.active["C2"].value = "0987654321"
    previewed = preview(admin_client, Collaborator, book)
    assert "0912345678" not in previewed.content.decode()
    confirm(admin_client, Collaborator, previewed)
    person.refresh_from_db()
    assert person.phone == "0987654321"
    assert AuditEvent.objects.first().changes == {"Điện thoại": ["*******678", "*******321"]}
    book.active["C2"].value = "****999"
    [row] = preview(admin_client, Collaborator, book).context["result"].rows
    assert row.import_type in ("error", "invalid")


def test_a_department_officer_takes_data_out_but_brings_none_in(client, department_officer):
    client.force_login(department_officer)
    assert export(client, Sector).active["A1"].value == "Ngành nghề"
    assert client.get(address(Sector, "import")).status_code == 403
    assert client.post(address(Sector, "process_import")).status_code == 403
