"""What the room tells of its reading: rows left out, the time of places; files that are long, bad or dangerous."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Overtaken, Refused
from khuyencong.importing.actions import table
from khuyencong.importing.actions import upload as upload_module
from khuyencong.importing.actions.table import read_batch
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.models import BatchState, ImportBatch, ImportLayout
from khuyencong.importing.policies import is_unread
from khuyencong.importing.reading.limits import Limits
from khuyencong.importing.settled import Settled
from khuyencong.importing.summary import left_out_rows
from khuyencong.importing.views import common
from khuyencong.jobs.models import Job, JobState
from programs.models import Partner
from tests.factories import unit
from tests.importing import corpus
from tests.importing.room import as_upload, checked, partner_kind, partners, text_of, url, workbook
from tests.importing.test_flow_places import placed, sent, values
from tests.responses import content_of

__all__ = ["partner_kind", "placed"]
pytestmark = pytest.mark.django_db
OLD_NINH_QUOI, NEW_NINH_QUOI = "31846", "31849"


@pytest.fixture
def officer(client, partner_kind, local_officer):
    client.force_login(local_officer)
    return local_officer


def send(client, content, name="hoi.xlsx"):
    return client.post(url("batch-create"), {"kind": "hoi-thu", "file": as_upload(content, name)})


# --- rows left out


def signed_list():
    rows = [("I", "Huyện Hồng Dân"), (1, "Hội A", "Bà Sáu"), (2, "Hội B", "Ông Ba"), ("", "Tổng cộng", "", 2), ()]
    rows += [("", "", "", "Bạc Liêu, ngày 05 tháng 02 năm 2014"), ("", "Người lập biểu 096085001234")]
    return workbook(*rows)


def test_no_row_is_passed_over_unseen(client, officer, partner_kind):
    batch = checked(partner_kind, signed_list(), officer)
    found = left_out_rows(batch)
    assert [(row.number, row.sort) for row in found.rows] == [
        (1, "phía trên bảng"),
        (4, "tên nhóm"),
        (7, "dòng cộng"),
        (9, "dưới bảng (ghi chú, chữ ký)"),
        (10, "dưới bảng (ghi chú, chữ ký)"),
    ]
    assert found.count == 5
    # Every filled row of the sheet is data, the header, or told of.
    book = openpyxl.load_workbook(io.BytesIO(signed_list()))
    filled = {cell.row for row in book.active.iter_rows() for cell in row if cell.value not in (None, "")}
    assert filled == {row.number for row in found.rows} | set(batch.rows.values_list("number", flat=True)) | {3}
    for name in ("batch-detail", "batch-map"):
        page = text_of(client.get(url(name, batch.pk)))
        assert "Cổng không lấy 5 dòng" in page
        assert "Tổng cộng" in page
        assert "096085001234" not in page


def test_the_page_says_what_was_understood(client, officer, partner_kind):
    batch = checked(partner_kind, workbook((1, "Hội A", "", "", "", 2)), officer)
    page = text_of(client.get(url("batch-detail", batch.pk)))
    assert "B “Tên tổ chức” là Tên tổ chức" in page
    assert "cột F: triệu đồng" in page
    assert "A “STT”" in page.partition("Cột không dùng")[2].partition("</dd>")[0]


# --- when a place existed


def place_of(batch, number=4):
    return values(batch)[number].get("place")


def test_the_time_of_places_is_chosen(placed, department_officer):
    old, new = unit(OLD_NINH_QUOI, old=True), unit(NEW_NINH_QUOI)
    row = (1, "A", "Xã Ninh Quới", 2024)
    assert place_of(sent(placed, department_officer, row)) == old.pk  # by the year of the row
    by_file = {"dated_by": "whole", "day": "2013"}
    assert place_of(sent(placed, department_officer, (1, "A", "Xã Ninh Quới", 2026), **by_file)) == old.pk
    today = sent(placed, department_officer, row, dated_by="now")
    assert place_of(today) == new.pk
    asked = sent(placed, department_officer, row, dated_by="any")
    assert place_of(asked) is None
    (problem,) = asked.rows.get().problems["place"]
    assert {str(old.pk), str(new.pk)} <= dict(problem["choices"]).keys()


def test_rows_without_a_year_are_of_the_year_of_the_file(placed, department_officer):
    batch = sent(placed, department_officer, (1, "A", "Xã Ninh Quới", ""), default_year=2013)
    assert values(batch)[4] == {"name": "A", "place": unit(OLD_NINH_QUOI, old=True).pk, "year": 2013}


def test_the_choice_is_remembered_with_the_layout(placed, department_officer):
    row = (1, "A", "Xã Ninh Quới", 2024)
    sent(placed, department_officer, row, dated_by="whole", day="2024-12-31")
    assert ImportLayout.objects.get().options["dated_by"] == "whole"
    content = workbook(row, header=("STT", "Tên", "Xã, phường", "Năm"), title="DANH SÁCH")
    again = upload_module.upload_batch(kind=placed, upload=as_upload(content), by=department_officer)
    assert again.options["is_remembered"]
    assert Settled.from_json(again.options).day == "2024-12-31"


def mapping_page(client, batch, **values):
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    return client.post(url("batch-map", batch.pk), {**columns, "version": batch.version, **values})


@pytest.fixture
def mapped(client, placed, department_officer):
    content = workbook((1, "A", "Xã Ninh Quới", 2024), header=("STT", "Tên", "Xã, phường", "Năm"))
    client.force_login(department_officer)
    return upload_module.upload_batch(kind=placed, upload=as_upload(content), by=department_officer)


def test_the_form_proposes_the_year_and_names_the_columns(client, mapped):
    page = text_of(client.get(url("batch-map", mapped.pk)))
    assert '<option value="field:year" selected>' in page
    assert "Tên vào lúc ghi ở cột “Năm” của từng dòng" in page


@pytest.mark.parametrize(
    ("sent_values", "said"),
    [
        ({"dated_by": "whole"}, "Chưa ghi ngày hoặc năm"),
        ({"dated_by": "whole", "day": "31/02/2024"}, "31/02/2024 không có trong lịch"),
        ({"dated_by": "whole", "day": "1850"}, "nằm ngoài khoảng"),
        ({"dated_by": "now", "day": "31/12/2024"}, "Ô này chỉ dùng khi chọn"),
        ({"dated_by": "field:year", "c3": ""}, "Chưa ghép cột nào là “Năm”"),
        ({"dated_by": "field:name"}, "field:name"),
    ],
)
def test_a_choice_that_says_nothing_is_asked_back(client, mapped, sent_values, said):
    response = mapping_page(client, mapped, **sent_values)
    assert response.status_code == 422
    assert said in text_of(response)
    mapped.refresh_from_db()
    assert mapped.version == 1


@pytest.mark.parametrize(("typed", "kept"), [("2013", "2013"), ("năm 2013", "2013"), ("31/12/2024", "2024-12-31")])
def test_a_day_or_a_year_is_typed(client, mapped, typed, kept):
    assert mapping_page(client, mapped, dated_by="whole", day=typed).status_code == 302
    mapped.refresh_from_db()
    assert mapped.options["day"] == kept
    assert mapped.state == BatchState.CHECKED
    page = text_of(client.get(url("batch-detail", mapped.pk)))
    assert "chung cho cả tệp" in page
    again = text_of(client.get(url("batch-map", mapped.pk)))
    assert f'value="{"31/12/2024" if kept.startswith("2024") else kept}"' in again


def test_a_kind_may_say_that_years_date_nothing(client, monkeypatch, placed, mapped):
    monkeypatch.setattr(type(placed), "day_field", "none", raising=False)
    page = text_of(client.get(url("batch-map", mapped.pk)))
    assert '<option value="any" selected>' in page


def test_the_district_tells_namesakes_apart(client, placed, department_officer):
    content = workbook(
        (1, "A", "Long Điền", "Đông Hải", 2024), header=("STT", "Tên", "Xã, phường", "Huyện", "Năm"), title="DS"
    )
    batch = checked(placed, content, department_officer)
    assert batch.columns["3"] == "place_parent"
    row = batch.rows.get()
    assert "place" in row.values, row.problems


# --- long files


@pytest.fixture
def no_patience(monkeypatch):
    monkeypatch.setattr(upload_module, "SECONDS_OF_SMALL", 0.0)


def last_job():
    return Job.objects.latest("pk")


def test_a_file_that_takes_long_is_read_by_a_job(client, officer, no_patience, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, partners("Hội A", "Hội B"))
    job = last_job()
    batch = ImportBatch.objects.get()
    assert (response.url, job.state) == (f"/viec-chay-lau/{job.pk}/", JobState.DONE)
    assert (job.result_url, batch.version) == (url("batch-map", batch.pk), 2)
    assert (batch.headers[1], Settled.from_json(batch.options).row_count) == ("Tên tổ chức", 2)
    actions = list(AuditEvent.objects.filter(object_type="importing.importbatch").values_list("action", flat=True))
    assert sorted(actions) == ["import_read", "import_upload"]


def test_until_then_it_waits_and_can_be_begun_again(client, officer, no_patience, django_capture_on_commit_callbacks):
    send(client, partners("Hội A"))  # nobody runs the job
    batch = ImportBatch.objects.get()
    assert is_unread(batch)
    page = text_of(client.get(url("batch-detail", batch.pk)))
    assert "Đọc lại tệp" in page
    assert "Đang đọc tệp" in text_of(client.get(url("batch-list")))
    for name in ("batch-map", "batch-recheck", "batch-apply", "batch-undo"):
        response = client.post(url(name, batch.pk), {"version": 1})
        assert response.url == url("batch-detail", batch.pk), name
    Job.objects.update(state=JobState.FAILED)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("batch-read", batch.pk))
    batch.refresh_from_db()
    assert not is_unread(batch)
    response = client.post(url("batch-read", batch.pk), follow=True)
    assert "đã được đọc rồi" in text_of(response)


def test_one_that_turns_out_unreadable_is_not_kept(client, officer, no_patience, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, workbook())
    job = last_job()
    assert job.state == JobState.FAILED
    assert "chưa có dòng dữ liệu" in job.message
    assert "tải lên lần mới" in job.message
    assert not ImportBatch.objects.exists()
    assert default_storage.listdir("imports")[1] == [] or not default_storage.exists("imports")
    assert AuditEvent.objects.filter(action="import_unreadable").count() == 1


def test_of_two_who_read_one_wins(client, officer, partner_kind, no_patience, monkeypatch):
    send(client, partners("Hội A"))
    batch = ImportBatch.objects.get()
    real = table.read_stored

    def read_meanwhile(one, tell):
        ImportBatch.objects.filter(pk=batch.pk).update(version=7)
        return real(one, tell)

    monkeypatch.setattr(table, "read_stored", read_meanwhile)
    with pytest.raises(Overtaken):
        read_batch(batch_id=batch.pk, kind=partner_kind, by=officer)
    assert ImportBatch.objects.count() == 1


def test_another_table_of_a_long_file_is_read_by_a_job(
    client, officer, partner_kind, monkeypatch, django_capture_on_commit_callbacks
):
    send(client, partners("Hội A", "Hội B"))
    monkeypatch.setattr(common, "DIRECT_ROWS", 1)
    batch = ImportBatch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        sent_values = {"sheet": "Danh sách", "header_row": "4", "version": batch.version}
        response = client.post(url("batch-table", batch.pk), sent_values)
    assert response.url == f"/viec-chay-lau/{last_job().pk}/"
    batch.refresh_from_db()
    assert (batch.header_row, last_job().state) == (4, JobState.DONE)


# --- bad and dangerous files


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for part in range(4):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b" " * 200_000_000)
    return stream.getvalue()


BAD = {
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "mật khẩu",
    ),
    "macro": (corpus.repacked(partners("Hội A"), {"xl/vbaProject.bin": b"x"}), "macro"),
    "half a zip": (partners("Hội A")[:900], "hỏng"),
    "no workbook": (b"MZ\x90\x00" + b"\0" * 500, "hỏng"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_told_at_its_field_and_the_kind_stays(client, officer, name):
    content, said = BAD[name]
    response = send(client, content, "hoi.xlsm" if name == "macro" else "hoi.xlsx")
    assert response.status_code == 422
    page = text_of(response)
    assert 'id="id_file_error"' in page
    assert said in page.partition('id="id_file_error"')[2].partition("</div>")[0].lower(), page.partition(
        'id="id_file_error"'
    )[2][:300]
    assert '<option value="hoi-thu" selected>' in page
    assert not ImportBatch.objects.exists()


def test_a_bomb_is_refused(client, officer):
    response = send(client, bomb())
    assert response.status_code == 422
    assert "quá lớn khi giải nén" in text_of(response)


@pytest.mark.parametrize("slug", ["hoi-thu", "co-so"])
def test_the_start_page_takes_the_kind_from_its_address(client, officer, slug):
    page = text_of(client.get(url("batch-create") + f"?kind={slug}"))
    assert f'<option value="{slug}" selected>' in page


# --- texts that look like formulas

SIGNS = ["=1+1", "+84 912", "-5 hộ", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x";"y")', "{=1}"]


def formulas(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def links(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_no_cell_becomes_a_formula(client, officer, partner_kind):
    for number, sign in enumerate(SIGNS):
        Partner.objects.create(name=f"{sign} hội {number}", contact=sign.strip())
    exported = content_of(client.get(url("rows-export", "hoi-thu")))
    batch = checked(
        partner_kind,
        workbook(
            *((1, f"{sign} x", "") for sign in SIGNS), (9, "", "=1+1"), header=("STT", "Tên tổ chức", "=Người liên hệ")
        ),
        officer,
    )
    errors = content_of(client.get(url("errors-download", batch.pk)))
    template = content_of(client.get(url("template-download", "hoi-thu")))
    for content in (exported, errors, template):
        assert formulas(content) == []
        assert links(content) == []
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            assert not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in sheets)
    texts = {cell.value for row in openpyxl.load_workbook(io.BytesIO(errors)).active.iter_rows() for cell in row}
    assert "=1+1 x" in texts


def test_the_template_guards_its_samples(client, officer, partner_kind, monkeypatch):
    fields = (ImportField("name", "=cmd|' /C calc'!A0", required=True, sample="=1+1", help_text="+x"),)
    fields += (ImportField("size", "@x", FieldKind.CHOICE, choices={"a": "=1+1", "b": "-2"}),)
    monkeypatch.setattr(type(partner_kind), "fields", lambda self, user: fields)
    assert formulas(content_of(client.get(url("template-download", "hoi-thu")))) == []


def test_the_clock_says_so(monkeypatch, officer, partner_kind):
    """A clock that runs out and a file that is broken are two things."""
    monkeypatch.setattr(upload_module, "DEFAULT_LIMITS", Limits(rows=1))
    with pytest.raises(Refused) as refusal:
        upload_module.upload_batch(kind=partner_kind, upload=as_upload(partners("Hội A")), by=officer)
    assert refusal.value.field == "file"


# --- from the lists


@pytest.mark.parametrize(
    ("route", "slug"),
    [
        ("programs:beneficiary-list", "co-so"),
        ("programs:craft-village-list", "lang-nghe"),
        ("programs:product-list", "san-pham"),
    ],
)
def test_lists_lead_to_the_room_and_back(client, department_officer, auditor, route, slug):
    client.force_login(department_officer)
    page = text_of(client.get(reverse(route)))
    assert url("rows-export", slug) in page
    assert f"{url('batch-create')}?kind={slug}" in page
    client.force_login(auditor)
    page = text_of(client.get(reverse(route)))
    assert url("rows-export", slug) not in page
    assert "Nhập từ Excel" not in page.partition("<main")[2]


def test_the_ledger_leads_to_the_room_too(client, accountant, auditor):
    address = reverse("funding:disbursement-list")
    client.force_login(accountant)
    assert url("rows-export", "so-tien") in text_of(client.get(address))
    client.force_login(auditor)
    assert url("rows-export", "so-tien") not in text_of(client.get(address))
