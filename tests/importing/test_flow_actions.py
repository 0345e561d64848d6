"""From a file to the portal and back, by the actions."""

import pytest
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.importing.actions import check, correct
from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.actions.check import check_batch
from khuyencong.importing.actions.correct import correct_row
from khuyencong.importing.actions.mapping import settle_columns
from khuyencong.importing.actions.table import choose_table
from khuyencong.importing.actions.upload import upload_batch
from khuyencong.importing.models import BatchState, ImportBatch, ImportedObject, ImportLayout
from programs.models import Partner
from tests.importing import sample_kind
from tests.importing.room import NOTHING_CHOSEN, as_upload, checked, partner_kind, partners, workbook

__all__ = ["partner_kind"]
pytestmark = pytest.mark.django_db
ACTIONS = ["import_upload", "import_columns", "import_check"]


def verdicts(batch):
    return dict(batch.rows.values_list("number", "verdict"))


def apply(batch, by, *, only_good=False):
    return apply_batch(batch_id=batch.pk, only_good=only_good, version=batch.version, by=by)


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_file_goes_in_and_is_taken_back(partner_kind, local_officer):
    old = Partner.objects.create(name="Hội Phụ nữ", contact="Bà Tư", phone="0912345678")
    count = Partner.objects.count()
    batch = checked(partner_kind, partners("Hội Nông dân", "Hội Phụ nữ"), local_officer)
    assert batch.state == BatchState.CHECKED
    assert verdicts(batch) == {4: "new", 5: "changed"}
    assert batch.counts == {"new": 1, "changed": 1}
    batch = apply(batch, local_officer)
    old.refresh_from_db()
    assert (old.contact, Partner.objects.count()) == ("Bà Sáu", count + 1)
    assert ImportedObject.objects.filter(batch=batch).count() == 2
    batch = undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)
    old.refresh_from_db()
    assert (old.contact, Partner.objects.count(), batch.state) == ("Bà Tư", count, BatchState.UNDONE)
    assert actions() == [*ACTIONS, "import_apply", "partner_take_back", "partner_take_back", "import_undo"]


def test_the_same_file_twice_changes_nothing(partner_kind, local_officer):
    content = partners("Hội Nông dân", "Hội Phụ nữ")
    apply(checked(partner_kind, content, local_officer), local_officer)
    again = checked(partner_kind, content, local_officer)
    assert again.counts == {"equal": 2}
    with pytest.raises(Refused, match="không có gì để ghi"):
        apply(again, local_officer)


def test_a_refused_row_stops_all_but_not_the_good_ones(partner_kind, local_officer):
    before = Partner.objects.count()
    batch = checked(partner_kind, workbook((1, "Hội A"), (2, "", "Ông Ba"), (3, "Hội A")), local_officer)
    assert verdicts(batch) == {4: "new", 5: "refused", 6: "duplicate"}
    with pytest.raises(Refused, match="Còn 1 dòng không nhận"):
        apply(batch, local_officer)
    assert Partner.objects.count() == before
    assert apply(batch, local_officer, only_good=True).state == BatchState.APPLIED
    assert Partner.objects.count() == before + 1
    written = AuditEvent.objects.get(action="import_apply")
    assert written.changes["Số bản ghi"] == [None, 1]


def test_a_row_is_corrected_and_others_are_judged_again(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội A", "Hội A"), local_officer)
    assert batch.counts == {"new": 1, "duplicate": 1}
    row = correct_row(
        batch_id=batch.pk, number=4, kind=partner_kind, fixes={"name": "Hội B"}, version=batch.version, by=local_officer
    )
    batch.refresh_from_db()
    # Row 5 repeats nothing any more.
    assert (row.verdict, batch.counts, verdicts(batch)) == ("new", {"new": 2}, {4: "new", 5: "new"})
    event = AuditEvent.objects.get(action="import_correct")
    assert event.changes == {"Tên tổ chức": [None, "Hội B"]}
    with pytest.raises(Overtaken):
        correct_row(batch_id=batch.pk, number=4, kind=partner_kind, fixes={}, version=1, by=local_officer)


def test_what_the_check_offers_is_chosen(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội lạ"), local_officer)
    fixes = {"name": {"value": "Hội Phụ nữ", "label": "Hội Phụ nữ"}}
    row = correct_row(
        batch_id=batch.pk, number=4, kind=partner_kind, fixes=fixes, version=batch.version, by=local_officer
    )
    assert (row.verdict, row.values["name"]) == ("new", "Hội Phụ nữ")


def test_one_correction_for_all_rows_that_ask_the_same(partner_kind, local_officer, client):
    rows = [(1, "Hội A", "", "", "Vừa"), (2, "Hội B", "", "", "Vừa"), (3, "Hội C", "", "", "To"), (4, "Hội D")]
    batch = checked(partner_kind, workbook(*rows), local_officer)
    assert batch.counts == {"refused": 3, "new": 1}
    client.force_login(local_officer)
    address = reverse("importing:row-edit", args=[batch.pk, 4])
    assert "Sửa giống vậy" in client.get(address).content.decode()
    sent = {"t_name": "Hội A", "p_size": "nho", "everywhere": "on", "version": batch.version}
    client.post(address, sent)
    batch.refresh_from_db()
    assert verdicts(batch) == {4: "new", 5: "new", 6: "refused", 7: "new"}
    assert dict(batch.rows.values_list("number", "fixes")) == {4: {"size": "nho"}, 5: {"size": "nho"}, 6: {}, 7: {}}
    event = AuditEvent.objects.get(action="import_correct")
    assert event.changes == {"Quy mô": [None, "nho"], "Sửa giống vậy ở các dòng": [None, "5"]}


def test_a_personal_number_is_masked_in_the_trail(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội A"), local_officer)
    correct_row(
        batch_id=batch.pk,
        number=4,
        kind=partner_kind,
        fixes={"phone": "0987654321"},
        version=batch.version,
        by=local_officer,
    )
    assert AuditEvent.objects.get(action="import_correct").changes == {"Điện thoại": [None, "*******321"]}


def test_a_long_file_waits_to_be_checked_again(partner_kind, local_officer, monkeypatch):
    batch = checked(partner_kind, partners("Hội A", "Hội A", "Hội C"), local_officer)
    monkeypatch.setattr(correct, "DIRECT_ROWS", 2)
    monkeypatch.setattr(check, "DIRECT_ROWS", 2)
    row = correct_row(
        batch_id=batch.pk, number=5, kind=partner_kind, fixes={"name": "Hội B"}, version=batch.version, by=local_officer
    )
    batch.refresh_from_db()
    assert (row.verdict, batch.counts) == ("", {"new": 2, "": 1})
    with pytest.raises(Refused, match="chưa kiểm tra lại"):
        apply(batch, local_officer)
    batch = check_batch(batch_id=batch.pk, by=local_officer, from_file=False)
    assert batch.counts == {"new": 3}
    apply(batch, local_officer)


def test_corrections_stay_where_the_column_is_the_same(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội A"), local_officer)
    fixes = {"name": "Hội B", "contact": "Ông Năm"}
    correct_row(batch_id=batch.pk, number=4, kind=partner_kind, fixes=fixes, version=batch.version, by=local_officer)
    batch.refresh_from_db()
    settle_columns(
        batch_id=batch.pk,
        kind=partner_kind,
        columns={1: "name", 3: "phone"},  # nobody to contact any more
        chosen=NOTHING_CHOSEN,
        version=batch.version,
        by=local_officer,
    )
    check_batch(batch_id=batch.pk, by=local_officer)
    row = batch.rows.get()
    assert (row.fixes, row.values) == ({"name": "Hội B"}, {"name": "Hội B", "phone": "0912345678"})


def test_the_office_maps_a_layout_once(partner_kind, local_officer, other_local_officer):
    content = partners("Hội A")
    batch = upload_batch(kind=partner_kind, upload=as_upload(content), by=local_officer)
    assert batch.options["is_remembered"] is False
    settle_columns(
        batch_id=batch.pk,
        kind=partner_kind,
        columns={2: "name"},
        chosen={**NOTHING_CHOSEN, "unit": "DONG"},
        version=batch.version,
        by=local_officer,
    )
    assert ImportLayout.objects.get().columns == {"2": "name"}
    again = upload_batch(kind=partner_kind, upload=as_upload(content), by=local_officer)
    assert (again.columns, again.options["unit"], again.options["is_remembered"]) == ({"2": "name"}, "DONG", True)
    elsewhere = upload_batch(kind=partner_kind, upload=as_upload(content), by=other_local_officer)
    assert elsewhere.columns == {"1": "name", "2": "contact", "3": "phone", "4": "size", "5": "fee"}


def test_the_unit_of_a_column_is_used(partner_kind, local_officer):
    batch = checked(partner_kind, workbook((1, "Hội A", "", "", "Lớn", 2.5)), local_officer)
    assert batch.rows.get().values == {"name": "Hội A", "size": "lon", "fee": 2_500_000}


def test_another_row_is_the_header(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội A", "Hội B"), local_officer)
    batch = choose_table(
        batch_id=batch.pk,
        kind=partner_kind,
        sheet_name="Danh sách",
        header_row=4,
        version=batch.version,
        by=local_officer,
    )
    assert (batch.header_row, batch.state, batch.rows.count()) == (4, BatchState.READ, 0)
    with pytest.raises(Refused) as refusal:
        choose_table(
            batch_id=batch.pk,
            kind=partner_kind,
            sheet_name="Danh sách",
            header_row=99,
            version=batch.version,
            by=local_officer,
        )
    assert refusal.value.field == "header_row"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 x", workbook(), b"PK\x03\x04broken"])
def test_a_bad_file_leaves_nothing(partner_kind, local_officer, content):
    with pytest.raises(Refused) as refusal:
        upload_batch(kind=partner_kind, upload=as_upload(content), by=local_officer)
    assert refusal.value.field == "file"
    assert not ImportBatch.objects.exists()
    assert not AuditEvent.objects.exists()


def test_what_changed_since_the_check_is_shown_and_not_written(partner_kind, local_officer):
    batch = checked(partner_kind, partners("Hội A", "Hội B"), local_officer)
    Partner.objects.create(name="Hội B", contact="Ông Mười")
    count = Partner.objects.count()
    with pytest.raises(Overtaken, match="Dòng khác đi: 5"):
        apply(batch, local_officer)
    assert Partner.objects.count() == count
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    batch = check_batch(batch_id=batch.pk, by=local_officer, from_file=False)
    assert batch.counts == {"new": 1, "changed": 1}
    apply(batch, local_officer)


def test_what_hangs_on_it_keeps_a_batch(partner_kind, local_officer):
    batch = apply(checked(partner_kind, partners("Hội A"), local_officer), local_officer)
    sample_kind.HANGING.append("Hội A: đang phối hợp 2 đề án")
    with pytest.raises(Refused, match="đang phối hợp 2 đề án"):
        undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED


def test_a_written_batch_is_not_written_corrected_or_mapped_again(partner_kind, local_officer):
    batch = apply(checked(partner_kind, partners("Hội A"), local_officer), local_officer)
    with pytest.raises(Refused, match="đã ghi"):
        apply(batch, local_officer)
    with pytest.raises(Refused, match="đã ghi"):
        check_batch(batch_id=batch.pk, by=local_officer)
    with pytest.raises(Refused, match="đã ghi"):
        correct_row(batch_id=batch.pk, number=4, kind=partner_kind, fixes={}, version=batch.version, by=local_officer)
    batch = undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)
    with pytest.raises(Refused, match="đã được hoàn lại"):
        undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)


def test_only_the_office_itself_works_on_a_batch(partner_kind, local_officer, department_officer, auditor, accountant):
    batch = checked(partner_kind, partners("Hội A"), local_officer)
    for person in (department_officer, auditor, accountant):
        with pytest.raises(NotAllowed):
            apply(batch, person)
        with pytest.raises(NotAllowed):
            check_batch(batch_id=batch.pk, by=person)
    with pytest.raises(NotAllowed):
        upload_batch(kind=partner_kind, upload=as_upload(partners("Hội A")), by=auditor)
