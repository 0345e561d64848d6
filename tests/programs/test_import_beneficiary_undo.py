"""Taking back imported establishments: everything as it was, or nothing, with the reason."""

from io import StringIO

import pytest
from django.core.management import call_command

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.imports.beneficiary import BeneficiaryKindOfImport
from programs.models import Beneficiary
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.programs.importing import batch_of, stored, taken_back, understood, written

pytestmark = pytest.mark.django_db
KIND = BeneficiaryKindOfImport()
TAX = "0100109106"


def row(**values):
    return {"name": "Cơ sở mộc Thành Phát", "kind": "household", "place": unit("31843").pk, **values}


@pytest.fixture
def known(reference):
    return make_beneficiary(
        name="Lò rèn Út Tư", tax_code=TAX, phone="0912345678", owner_citizen_id="095190001234", note="a\nb"
    )


@pytest.fixture
def before(known):
    return stored(Beneficiary)


@pytest.fixture
def objects(before, local_officer):
    new = [row(name=f"Xưởng dệt chiếu {number}") for number in range(3)]
    changed = row(name="Lò rèn Út Tư", tax_code=TAX, phone="0987654321", founded_year=1999, note="c")
    return written(KIND, local_officer, understood(*new, changed))


def test_every_column_is_as_it_was(local_officer, before, objects):
    assert len(objects) == 4
    assert stored(Beneficiary) != before
    assert taken_back(KIND, local_officer, objects) == 4
    assert stored(Beneficiary) == before
    call_command("verify_audit", stdout=StringIO())


def test_each_object_has_its_event_without_whole_personal_numbers(local_officer, known, objects):
    taken_back(KIND, local_officer, objects)
    events = AuditEvent.objects.filter(action__contains="import").order_by("pk")
    assert [event.action for event in events] == [*["beneficiary_import_remove"] * 3, "beneficiary_import_restore"]
    assert events[3].changes["Điện thoại"] == ["*******321", "*******678"]
    assert (events[3].subject, events[3].place_id) == (f"beneficiary:{known.pk}", known.place_id)
    assert "danh-sach.xlsx" in events[0].reason


def test_it_can_be_brought_in_again_after_it_was_taken_back(local_officer, objects):
    taken_back(KIND, local_officer, objects)
    assert len(written(KIND, local_officer, understood(row(name="Xưởng dệt chiếu 0")))) == 1


def test_a_project_that_uses_one_keeps_the_whole_batch(local_officer, objects):
    used = Beneficiary.objects.get(name="Xưởng dệt chiếu 1")
    add_participant(make_project(created_by=local_officer), used)
    after = stored(Beneficiary)
    _, rows = batch_of(KIND, local_officer, objects)
    assert KIND.dependants(rows) == ["Dòng 3: Xưởng dệt chiếu 1 đang tham gia 1 đề án."]
    with pytest.raises(Refused, match="đang tham gia 1 đề án"):
        taken_back(KIND, local_officer, objects)
    assert stored(Beneficiary) == after


def test_a_project_that_uses_one_that_was_only_changed_is_no_hindrance(local_officer, known, before, objects):
    add_participant(make_project(created_by=local_officer), known)
    taken_back(KIND, local_officer, objects)
    assert stored(Beneficiary) == before


@pytest.mark.parametrize("act", ["update", "delete"])
def test_what_was_changed_since_is_not_overwritten(local_officer, objects, act):
    later = Beneficiary.objects.filter(name="Xưởng dệt chiếu 2")
    later.update(address="Sửa sau") if act == "update" else later.delete()
    after = stored(Beneficiary)
    with pytest.raises(Refused, match=r"Dòng 4: .* đã được sửa hoặc xóa sau khi nhập"):
        taken_back(KIND, local_officer, objects)
    assert stored(Beneficiary) == after


def test_another_area_or_a_missing_right_takes_nothing_back(auditor, other_local_officer, objects):
    after = stored(Beneficiary)
    for user in (auditor, other_local_officer):
        with pytest.raises(NotAllowed):
            taken_back(KIND, user, objects)
    assert stored(Beneficiary) == after


def test_a_long_list_of_hindrances_is_cut(local_officer, monkeypatch, objects):
    monkeypatch.setattr("programs.imports.undo.MOST_TOLD", 1)
    project = make_project(created_by=local_officer)
    for one in Beneficiary.objects.filter(name__startswith="Xưởng"):
        add_participant(project, one)
    _, rows = batch_of(KIND, local_officer, objects)
    assert KIND.dependants(rows)[-1] == "Và 2 trường hợp khác."
