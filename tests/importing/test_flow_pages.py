"""The pages of the room, as an officer meets them."""

import pytest
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.importing.models import BatchState, ImportBatch
from programs.models import Partner
from tests.importing import sample_kind
from tests.importing.room import as_upload, checked, partner_kind, partners, text_of, url, workbook

__all__ = ["partner_kind"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, partner_kind, local_officer):
    client.force_login(local_officer)
    return local_officer


def send(client, content, name="hoi.xlsx"):
    return client.post(url("batch-create"), {"kind": "hoi-thu", "file": as_upload(content, name)})


def test_from_the_menu_to_the_portal(client, officer):
    assert url("batch-list") in text_of(client.get(reverse("home")))
    assert "Chưa có lần nhập nào" in text_of(client.get(url("batch-list")))
    assert "20 MB" in text_of(client.get(url("batch-create")))
    response = send(client, partners("Hội A", "Hội B"))
    batch = ImportBatch.objects.get()
    assert response.url == url("batch-map", batch.pk)
    page = text_of(client.get(response.url))
    assert "Hội A" in page
    assert "0912345678" not in page  # a phone is personal
    columns = {f"c{place}": name for place, name in batch.columns.items()}
    response = client.post(response.url, {**columns, "version": batch.version})
    assert response.url == url("batch-detail", batch.pk)
    page = text_of(client.get(response.url))
    assert "Hội A" in page
    assert "0912345678" not in page
    batch.refresh_from_db()
    assert "Ghi tất cả" in text_of(client.get(url("batch-apply", batch.pk)))
    client.post(url("batch-apply", batch.pk), {"version": batch.version, "do": "tat-ca"})
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert Partner.objects.filter(name="Hội A", phone="0912345678").exists()
    assert "Sẽ bỏ" in text_of(client.get(url("batch-undo", batch.pk)))
    client.post(url("batch-undo", batch.pk), {"version": batch.version})
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert not Partner.objects.filter(name="Hội A").exists()
    assert "hoi.xlsx" in text_of(client.get(url("batch-list")))


def test_a_bad_file_is_said_at_its_field(client, officer):
    response = send(client, b"%PDF-1.4")
    assert response.status_code == 422
    assert "không phải bảng tính" in text_of(response)
    assert not ImportBatch.objects.exists()
    assert "Chưa chọn tệp" in text_of(client.post(url("batch-create"), {"kind": "hoi-thu"}))


def test_missing_and_doubled_columns_are_said(client, officer):
    send(client, partners("Hội A"))
    batch = ImportBatch.objects.get()
    page = client.post(url("batch-map", batch.pk), {"c2": "contact", "c3": "contact", "version": batch.version})
    assert page.status_code == 422
    assert "Còn thiếu cột bắt buộc: Tên tổ chức" in text_of(page)
    assert "đã chọn cho một cột khác" in text_of(page)
    assert text_of(page).count('value="contact" selected') == 2  # what was chosen is kept


def test_an_overtaken_page_says_so(client, officer):
    send(client, partners("Hội A"))
    batch = ImportBatch.objects.get()
    page = client.post(url("batch-map", batch.pk), {"c1": "name", "version": 99})
    assert page.status_code == 409
    assert "vừa được người khác" in text_of(page)
    page = client.post(url("batch-table", batch.pk), {"sheet": "Danh sách", "header_row": "99", "version": 1})
    assert page.status_code == 422
    assert "chỉ có 4 dòng" in text_of(page)
    client.post(url("batch-table", batch.pk), {"sheet": "Danh sách", "header_row": "", "version": 1})
    batch.refresh_from_db()
    assert batch.header_row == 3


def test_rows_are_filtered_and_corrected(client, officer, partner_kind):
    batch = checked(partner_kind, workbook((1, "Hội A"), (2, "", "Ông Ba", "0912345678")), officer)
    page = text_of(client.get(url("batch-detail", batch.pk) + "?ket_qua=refused"))
    assert "Ông Ba" in page
    assert "Hội A" not in page.partition('id="results"')[2]
    address = url("row-edit", batch.pk, 5)
    page = text_of(client.get(address))
    assert "Thiếu “Tên tổ chức”" in page
    assert "0912345678" not in page
    batch.refresh_from_db()
    sent = {"t_name": "Hội C", "t_contact": "Ông Ba", "t_phone": "", "version": batch.version}
    response = client.post(address, sent)
    assert response.url == url("batch-detail", batch.pk)
    row = batch.rows.get(number=5)
    assert (row.fixes, row.verdict, row.values["phone"]) == ({"name": "Hội C"}, "new", "0912345678")
    response = client.post(address, {**sent, "version": 1})
    assert response.status_code == 409
    assert "Hội C" in text_of(response)


def test_a_choice_of_the_check_is_a_select(client, officer, partner_kind):
    batch = checked(partner_kind, partners("Hội lạ"), officer)
    address = url("row-edit", batch.pk, 4)
    assert '<option value="Hội Phụ nữ">' in text_of(client.get(address))
    client.post(address, {"p_name": "Hội Phụ nữ", "t_contact": "Bà Sáu", "version": batch.version})
    row = batch.rows.get()
    assert row.fixes == {"name": {"value": "Hội Phụ nữ", "label": "Hội Phụ nữ"}}
    assert row.verdict == "new"
    batch.refresh_from_db()
    # Saved once more as it stands, the choice stays.
    client.post(address, {"p_name": "Hội Phụ nữ", "t_contact": "Bà Bảy", "version": batch.version})
    assert batch.rows.get().values == {"name": "Hội Phụ nữ", "contact": "Bà Bảy", "phone": "0912345678"}


def test_still_wrong_stays_at_the_row(client, officer, partner_kind):
    batch = checked(partner_kind, workbook((1, "", "Ông Ba")), officer)
    response = client.post(url("row-edit", batch.pk, 4), {"t_contact": "Ông Tư", "version": batch.version})
    assert response.url == url("row-edit", batch.pk, 4)


def test_the_page_says_why_a_batch_stays(client, officer, partner_kind):
    batch = checked(partner_kind, workbook((1, "Hội A"), (2, "", "Ông Ba")), officer)
    page = text_of(client.get(url("batch-apply", batch.pk)))
    assert "Ghi các dòng đúng, bỏ 1 dòng không nhận" in page
    assert ">Ghi tất cả<" not in page
    refused = client.post(url("batch-apply", batch.pk), {"version": batch.version, "do": "tat-ca"})
    assert refused.status_code == 422
    assert "Còn 1 dòng không nhận" in text_of(refused)
    client.post(url("batch-apply", batch.pk), {"version": batch.version, "do": "dong-dung"})
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    sample_kind.HANGING.append("Hội A: đang phối hợp")
    page = text_of(client.get(url("batch-undo", batch.pk)))
    assert "Hội A: đang phối hợp" in page
    assert "Hoàn lại cả lần nhập" not in page
    refused = client.post(url("batch-undo", batch.pk), {"version": batch.version})
    assert refused.status_code == 422


def test_others_look_or_find_nothing(
    client, officer, partner_kind, department_officer, other_local_officer, auditor, stranger
):
    batch = checked(partner_kind, partners("Hội A"), officer)
    events = AuditEvent.objects.count()
    own = [url(name, batch.pk) for name in ("batch-map", "batch-table", "batch-recheck", "batch-apply", "batch-undo")]
    own.append(url("row-edit", batch.pk, 4))
    for person, status, look in (
        (other_local_officer, 404, 404),
        (stranger, 404, 404),
        (auditor, 403, 403),
        (department_officer, 403, 200),
    ):
        client.force_login(person)
        assert client.get(url("batch-detail", batch.pk)).status_code == look
        for address in own:
            assert client.post(address, {"version": batch.version}).status_code == status, (person, address)
    assert AuditEvent.objects.count() == events


def test_one_without_the_right_of_the_kind(client, partner_kind, accountant):
    client.force_login(accountant)  # opens the room for the ledger, not for partners
    assert client.get(url("batch-list")).status_code == 200
    assert send(client, partners("Hội A")).status_code == 422
    assert not ImportBatch.objects.exists()


def test_checking_again(client, officer, partner_kind):
    batch = checked(partner_kind, partners("Hội A"), officer)
    Partner.objects.create(name="Hội A", contact="Bà Sáu", phone="0912345678")
    client.post(url("batch-recheck", batch.pk))
    batch.refresh_from_db()
    assert batch.counts == {"equal": 1}
    page = text_of(client.get(url("batch-apply", batch.pk), follow=True))
    assert "không có gì để ghi" in page


def test_texts_of_a_file_are_no_markup(client, officer, partner_kind):
    batch = checked(partner_kind, partners("<script>alert(1)</script>"), officer)
    for address in (url("batch-detail", batch.pk), url("row-edit", batch.pk, 4), url("batch-map", batch.pk)):
        page = text_of(client.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
