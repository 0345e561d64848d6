"""Establishments of a file: which row is which establishment, and what is written of it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing.fields import Problem, Understood
from khuyencong.importing.kinds import find_kind, kinds_for
from programs.forms.beneficiary import BeneficiaryForm
from programs.imports.beneficiary import BeneficiaryKindOfImport
from programs.models import Beneficiary, Sector
from tests.factories import make_beneficiary, unit
from tests.programs.importing import checked, problems, stored, understood, verdicts, written

pytestmark = pytest.mark.django_db
KIND = BeneficiaryKindOfImport()
TAX, OTHER_TAX, WRONG_TAX = "0100109106", "0300588569", "0100109107"


def row(**values):
    return {"name": "Cơ sở mộc Thành Phát", "kind": "household", "place": unit("31843").pk, **values}


def test_it_is_offered_to_those_who_may_edit(cast):
    assert find_kind("co-so").label == "Cơ sở thụ hưởng"
    holders = {role for role, user in cast.items() if any(one.slug == "co-so" for one in kinds_for(user))}
    assert holders == {Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.LOCAL_OFFICER}


def test_a_new_row_is_written_with_its_derived_columns_and_one_event(local_officer):
    sector = Sector.objects.create(name="Mộc gia dụng thử")
    rows = understood(
        row(
            tax_code="0100 109 106",
            owner_name="Nguyễn Văn Thành",
            owner_citizen_id="095190001234",
            phone="+84 912.345.678",
            sector=str(sector.pk),
            founded_year=2018,
            note="Dòng một\nDòng hai",
        )
    )
    (verdict,) = checked(KIND, local_officer, rows)
    assert (verdict.verdict, verdict.object_id, verdict.problems) == ("new", None, ())
    assert verdict.changes["Số định danh người đại diện"] == ("", "*********234")
    assert verdict.changes["Xã, phường"] == ("", "Xã Hồng Dân")
    assert not Beneficiary.objects.exists()
    (one,) = written(KIND, local_officer, rows)
    made = Beneficiary.objects.get()
    assert (one.row_number, one.model, one.object_id, one.before) == (2, "programs.beneficiary", made.pk, {})
    assert (made.tax_code, made.phone, made.phone_key) == (TAX, "0912345678", "0912345678")
    assert (made.citizen_key, made.sector, made.founded_year) == ("095190001234", sector, 2018)
    assert made.folded == "co so moc thanh phat 0100109106 nguyen van thanh"
    assert made.sort_key
    assert made.note == "Dòng một\nDòng hai"
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.place_id) == ("beneficiary_add", made.pk, made.place_id)
    assert event.changes["Tên cơ sở"] == [None, "Cơ sở mộc Thành Phát"]
    assert event.changes["Điện thoại"] == ["", "*******678"]


def test_a_tax_code_finds_the_establishment_and_blank_cells_change_nothing(local_officer):
    known = make_beneficiary(name="Cơ sở mộc Thành Phát", tax_code=TAX, phone="0912345678", address="Ấp Nội Ô")
    rows = understood(row(tax_code=TAX, address="Ấp Bà Hiên"))
    (verdict,) = checked(KIND, local_officer, rows)
    assert (verdict.verdict, verdict.object_id) == ("changed", known.pk)
    assert verdict.changes == {"Địa chỉ": ("Ấp Nội Ô", "Ấp Bà Hiên")}
    (one,) = written(KIND, local_officer, rows)
    known.refresh_from_db()
    assert (known.address, known.phone, known.phone_key) == ("Ấp Bà Hiên", "0912345678", "0912345678")
    assert one.before["address"] == "Ấp Nội Ô"
    assert AuditEvent.objects.get().action == "beneficiary_edit"
    assert AuditEvent.objects.get().changes == {"Địa chỉ": ["Ấp Nội Ô", "Ấp Bà Hiên"]}


def test_without_a_number_name_and_place_find_it(local_officer):
    known = make_beneficiary(name="Cơ sở mộc Thành Phát")
    (verdict,) = checked(KIND, local_officer, understood(row(name="CO SO MOC THANH PHAT", tax_code=TAX)))
    assert (verdict.verdict, verdict.object_id) == ("changed", known.pk)
    assert verdict.changes == {"Mã số thuế": ("", TAX)}


@pytest.mark.parametrize("name", ["Cơ sở Hoà Bình", "CƠ SỞ HÒA BÌNH", "co so hoa binh"])
def test_another_spelling_of_the_name_is_no_change(local_officer, name):
    make_beneficiary(name="Cơ sở Hòa Bình")
    assert verdicts(KIND, local_officer, understood(row(name=name))) == ["equal"]


def test_marks_that_the_file_adds_are_taken(local_officer):
    make_beneficiary(name="Co so Hoa Binh")
    (verdict,) = checked(KIND, local_officer, understood(row(name="Cơ sở Hòa Bình")))
    assert verdict.changes == {"Tên cơ sở": ("Co so Hoa Binh", "Cơ sở Hòa Bình")}


def test_a_near_equal_name_in_the_same_place_is_asked_about(local_officer):
    known = make_beneficiary(name="Cơ sở sản xuất đồ gỗ Trần Thành Phát")
    given = row(name="Hộ kinh doanh gỗ Trần Thành Phát")
    (verdict,) = checked(KIND, local_officer, understood(given))
    assert verdict.verdict == "duplicate"
    (problem,) = verdict.problems
    assert problem.field == "record"
    assert list(problem.choices) == [str(known.pk), "mới"]
    assert known.name in problem.message
    assert verdicts(KIND, local_officer, understood({**given, "record": "mới"})) == ["new"]
    assert verdicts(KIND, local_officer, understood({**given, "record": str(known.pk)})) == ["changed"]


def test_the_same_name_with_another_number_is_asked_about(local_officer):
    make_beneficiary(name="Cơ sở mộc Thành Phát", tax_code=OTHER_TAX)
    assert verdicts(KIND, local_officer, understood(row(tax_code=TAX))) == ["duplicate"]


def test_a_number_of_an_establishment_with_quite_another_name_is_asked_about(local_officer):
    known = make_beneficiary(name="Hợp tác xã Ba Đình", tax_code=TAX)
    (verdict,) = checked(KIND, local_officer, understood(row(tax_code=TAX)))
    assert verdict.verdict == "duplicate"
    assert list(verdict.problems[0].choices) == [str(known.pk)]
    (settled,) = checked(KIND, local_officer, understood(row(tax_code=TAX, record=str(known.pk))))
    assert settled.changes["Tên cơ sở"] == ("Hợp tác xã Ba Đình", "Cơ sở mộc Thành Phát")


def test_a_move_to_where_a_namesake_stands_is_asked_about(department_officer):
    known = make_beneficiary(name="Cơ sở mộc Thành Phát", tax_code=TAX, place=unit("31972"))
    namesake = make_beneficiary(name="Cơ sở mộc Thành Phát")
    (verdict,) = checked(KIND, department_officer, understood(row(tax_code=TAX)))
    assert (verdict.verdict, list(verdict.problems[0].choices)) == ("duplicate", [str(known.pk)])
    (settled,) = checked(KIND, department_officer, understood(row(tax_code=TAX, record=str(known.pk))))
    assert (settled.verdict, settled.object_id) == ("changed", known.pk)
    namesake.delete()
    assert verdicts(KIND, department_officer, understood(row(tax_code=TAX))) == ["changed"]


def test_rows_of_one_file_that_are_the_same_are_written_once(local_officer):
    rows = understood(row(), row(name="Co so moc Thanh Phat"), row(name="Khác hẳn", tax_code=TAX), row(tax_code=TAX))
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["new", "duplicate", "new", "duplicate"]
    assert "dòng 2" in found[1].problems[0].message
    assert "dòng 4" in problems(found[3])["tax_code"]
    assert len(written(KIND, local_officer, rows)) == 2


def test_two_rows_about_one_stored_establishment_are_written_once(local_officer):
    known = make_beneficiary(name="Cơ sở mộc Thành Phát", tax_code=TAX)
    rows = understood(row(tax_code=TAX, address="Ấp 1"), row(record=str(known.pk), address="Ấp 2"))
    assert verdicts(KIND, local_officer, rows) == ["changed", "duplicate"]


def test_rows_of_another_portion_are_remembered(local_officer):
    run = KIND.importer(local_officer, {})
    assert [one.verdict for one in run.check(understood(row()))] == ["new"]
    assert [one.verdict for one in run.check(understood(row(), first=3))] == ["duplicate"]


def test_the_same_rows_twice_change_nothing(local_officer):
    rows = understood(row(tax_code="0100 109 106", phone="+84 912 345 678"), row(name="Lò rèn Út Tư", tax_code="12 34"))
    assert len(written(KIND, local_officer, rows)) == 2
    before = stored(Beneficiary)
    assert verdicts(KIND, local_officer, rows) == ["equal", "equal"]
    assert written(KIND, local_officer, rows) == []
    assert stored(Beneficiary) == before
    assert AuditEvent.objects.count() == 2


def test_another_area_is_refused(local_officer, other_local_officer):
    make_beneficiary(name="Cơ sở ở xã khác", tax_code=TAX, place=unit("31972"))
    outside = make_beneficiary(name="Cơ sở khác", place=unit("31972"))
    rows = understood(
        row(place=unit("31972").pk), row(tax_code=TAX), row(record=str(outside.pk)), row(record="mới", tax_code=TAX)
    )
    found = checked(KIND, local_officer, rows)
    assert [str(one.verdict) for one in found] == ["refused"] * 4
    assert [next(iter(problems(one))) for one in found] == ["place", "tax_code", "record", "tax_code"]
    assert not any("Cơ sở ở xã khác" in problem.message for one in found for problem in one.problems)
    with pytest.raises(Refused, match="Dòng 2: Địa bàn này không thuộc"), transaction.atomic():
        KIND.importer(local_officer, {}).write(rows)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 251),
        ("kind", "company"),
        ("kind", None),
        ("sector", "999999"),
        ("founded_year", 1899),
        ("founded_year", 2999),
        ("tax_code", "1" * 21),
        ("place", None),
        ("record", "abc"),
    ],
)
def test_what_the_form_refuses_is_refused_at_its_field(local_officer, field, value):
    (verdict,) = checked(KIND, local_officer, understood(row(**{field: value})))
    assert verdict.verdict == "refused"
    assert list(problems(verdict)) == [field]
    if field != "record":
        form = BeneficiaryForm(row(**{field: value}), user=local_officer)
        assert list(form.errors) == [field]


def test_what_the_reader_could_not_read_is_refused(local_officer):
    unread = Understood(2, row(), problems=(Problem("founded_year", "Không phải năm."),))
    (verdict,) = checked(KIND, local_officer, [unread])
    assert (verdict.verdict, problems(verdict)) == ("refused", {"founded_year": "Không phải năm."})


def test_a_wrong_code_is_kept_and_told_of_without_the_whole_personal_number(local_officer):
    rows = understood(row(tax_code=WRONG_TAX, owner_citizen_id="999190001234"))
    (verdict,) = checked(KIND, local_officer, rows)
    assert verdict.verdict == "new"
    assert list(problems(verdict)) == ["tax_code", "owner_citizen_id"]
    assert "999190001234" not in problems(verdict)["owner_citizen_id"]
    written(KIND, local_officer, rows)
    assert Beneficiary.objects.get().tax_code == WRONG_TAX


def test_an_old_commune_becomes_the_one_that_took_it_over(department_officer):
    old = unit("31843", old=True)
    (verdict,) = checked(KIND, department_officer, understood(row(place=old.pk)))
    assert verdict.changes["Xã, phường"][1] == "Xã Hồng Dân"


def test_an_establishment_may_keep_the_commune_of_its_time(department_officer):
    old = unit("31843", old=True)
    known = make_beneficiary(name="Cơ sở mộc Thành Phát", place=old)
    assert verdicts(KIND, department_officer, understood(row(place=old.pk))) == ["equal"]
    (verdict,) = checked(KIND, department_officer, understood(row()))
    assert (verdict.verdict, list(verdict.problems[0].choices)) == ("duplicate", [str(known.pk), "mới"])


def test_the_right_is_asked_for_again(auditor):
    for act in (KIND.importer(auditor, {}).check, KIND.importer(auditor, {}).write):
        with pytest.raises(NotAllowed), transaction.atomic():
            act(understood(row()))
    assert not Beneficiary.objects.exists()


def test_a_row_that_can_no_longer_be_written_is_named_and_nothing_is_written(local_officer):
    rows = understood(row(), row(name="Lò rèn Út Tư", tax_code=TAX))
    assert verdicts(KIND, local_officer, rows) == ["new", "new"]
    make_beneficiary(name="Người khác vừa ghi", tax_code=TAX, place=unit("31972"))
    with pytest.raises(Refused, match="Dòng 3: Mã số thuế này đã có ở một cơ sở khác"), transaction.atomic():
        KIND.importer(local_officer, {}).write(rows)
    assert Beneficiary.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_what_was_exported_comes_back_unchanged(department_officer):
    sector = Sector.objects.create(name="Nghề thử")
    make_beneficiary(tax_code=TAX, phone="0912345678", owner_citizen_id="12345", sector=sector, founded_year=2001)
    make_beneficiary(name="Trùng tên", phone="+84 (291) 3.822.999")
    make_beneficiary(name="Trùng tên", tax_code="MST 12")
    make_beneficiary(name="Ở xã cũ", place=unit("31843", old=True), note="a\nb")
    make_beneficiary(name="Tỉnh khác", place=unit("31972"))
    rows = understood(*KIND.rows(department_officer))
    assert len(rows) == 5
    assert set(verdicts(KIND, department_officer, rows)) == {"equal"}


def test_the_chain_of_events_stays_whole(local_officer):
    written(KIND, local_officer, understood(*(row(name=f"Lò rèn {number}") for number in range(5))))
    call_command("verify_audit", stdout=StringIO())
    assert AuditEvent.objects.count() == 5


def test_queries_do_not_grow_with_the_rows(local_officer, django_assert_num_queries):
    known = make_beneficiary(name="Hợp tác xã Ba Đình")
    for size in (3, 200):
        rows = understood(
            row(record=str(known.pk)),
            *(row(name=f"Lò rèn {number}", tax_code=f"{number:010d}") for number in range(size)),
        )
        with django_assert_num_queries(7):
            checked(KIND, local_officer, rows)


def test_portions_that_are_checked_and_written_in_turn_are_as_they_were_shown(local_officer):
    """As a batch is applied: one run, each portion judged once more after the one before was written."""
    make_beneficiary(name="Lò rèn Út Tư")
    rows = understood(
        row(),
        row(name="Lò rèn Út Tư", tax_code=TAX),
        row(name="CO SO MOC THANH PHAT"),
        row(name="Xưởng dệt chiếu Tân Bằng"),
        row(name="Khác hẳn", tax_code=TAX),
        row(name="Lò rèn Út Tư", address="Ấp 2"),
    )
    first, again = KIND.importer(local_officer, {}), KIND.importer(local_officer, {})
    parts = [rows[:3], rows[3:]]
    shown = [first.check(part) for part in parts]
    with transaction.atomic():
        for part, verdict in zip(parts, shown, strict=True):
            assert again.check(part) == verdict
            again.write([one for one, found in zip(part, verdict, strict=True) if found.verdict in ("new", "changed")])
    found = [str(one.verdict) for part in shown for one in part]
    assert found == ["new", "changed", "duplicate", "new", "duplicate", "duplicate"]
    assert Beneficiary.objects.count() == 3
