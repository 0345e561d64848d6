"""Whole files of the registers: exported and brought in again, and as offices write them; applied and taken back."""

import datetime
import io

import pytest

from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.models import BatchState
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.workbooks.template import write_template
from programs.imports.beneficiary import BeneficiaryKindOfImport
from programs.imports.craft_village import CraftVillageKindOfImport
from programs.models import Beneficiary, CraftVillage, CraftVillageYear, Sector
from tests.factories import make_beneficiary, unit
from tests.importing.room import checked, workbook
from tests.programs.importing import stored

pytestmark = pytest.mark.django_db
ESTABLISHMENTS, VILLAGES = BeneficiaryKindOfImport(), CraftVillageKindOfImport()


def exported(kind, user):
    stream = io.BytesIO()
    write_template(kind, kind.fields(user), stream, places=PlaceFinder.for_area(user.area_id), rows=kind.rows(user))
    return stream.getvalue()


def verdicts(batch):
    """Row → what came of it, with what is wrong for a failing test to show."""
    return {row.number: (row.verdict, row.problems) for row in batch.rows.all()}


def test_establishments_that_were_exported_come_back_equal(department_officer):
    sector = Sector.objects.create(name="Nghề thử")
    make_beneficiary(tax_code="0100109106", phone="0912345678", owner_citizen_id="012345678901", sector=sector)
    make_beneficiary(name="Trùng tên", founded_year=2001, note="a\nb")
    make_beneficiary(name="Trùng tên", tax_code="MST 12", phone="02913 822 999; 0912 345 678", kind="enterprise")
    make_beneficiary(name="=1+1", place=unit("31843", old=True))
    batch = checked(ESTABLISHMENTS, exported(ESTABLISHMENTS, department_officer), department_officer)
    assert batch.counts == {"equal": 4}, verdicts(batch)


def test_craft_villages_that_were_exported_come_back_equal(department_officer):
    village = CraftVillage.objects.create(name="Làng rèn", craft="Rèn", place=unit("31843"), source_note="a\nb")
    for day in ((2024, 1, 10), (2024, 3, 1)):
        CraftVillageYear.objects.create(
            village=village,
            year=2023,
            reported_date=datetime.date(*day),
            source="UBND xã",
            households=day[1] * 100,
            craft_households=50,
            revenue_vnd=2_768_900_001,
        )
    CraftVillage.objects.create(name="Làng Hòa Bình", craft="Mộc", place=unit("31843", old=True))
    batch = checked(VILLAGES, exported(VILLAGES, department_officer), department_officer)
    assert batch.counts == {"equal": 3}, verdicts(batch)


def test_a_list_of_establishments_as_offices_write_it(local_officer):
    known = make_beneficiary(name="Cơ sở mộc Thành Phát", tax_code="0100109106")
    before = stored(Beneficiary)
    header = ("TT", "Tên đơn vị thụ hưởng", "Loại hình", "MST", "Chủ cơ sở", "ĐT", "Xã", "Năm thành lập")
    content = workbook(
        (1, "CƠ SỞ MỘC THÀNH PHÁT", "HKD", "0100109106", "Nguyễn Văn Thành", "0912 345 678", "Hồng Dân", 2010),
        (2, "HTX Lúa Tôm Ba Đình", "HTX", "", "Trần Thị Bé", 912345678, "xã Hồng Dân", 2018),
        (3, "HTX Lúa tôm Ba Đình", "HTX", "", "", "", "X. Hồng Dân", ""),
        header=header,
    )
    batch = checked(ESTABLISHMENTS, content, local_officer)
    assert batch.counts == {"changed": 1, "new": 1, "duplicate": 1}, verdicts(batch)
    batch = apply_batch(batch_id=batch.pk, version=batch.version, by=local_officer, only_good=False)
    known.refresh_from_db()
    assert (known.name, known.owner_name, known.founded_year) == ("Cơ sở mộc Thành Phát", "Nguyễn Văn Thành", 2010)
    assert Beneficiary.objects.count() == 2
    undone = undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)
    assert undone.state == BatchState.UNDONE
    assert stored(Beneficiary) == before


def test_figures_of_craft_villages_as_offices_write_them(local_officer):
    header = ("STT", "Tên làng nghề", "Nghề", "Xã", "Năm", "Số hộ", "Số hộ làm nghề", "LĐ", "Doanh thu (triệu đồng)")
    content = workbook(
        (1, "Làng rèn Ngan Dừa", "Rèn", "Hồng Dân", 2022, 500, 120, 300, "2.768,9"),
        (2, "Làng rèn Ngan Dừa", "Rèn", "Hồng Dân", 2023, 500, 110, 280, 3100),
        header=header,
    )
    batch = checked(VILLAGES, content, local_officer)
    assert batch.counts == {"new": 2}, verdicts(batch)
    batch = apply_batch(batch_id=batch.pk, version=batch.version, by=local_officer, only_good=False)
    assert list(CraftVillageYear.objects.order_by("year").values_list("revenue_vnd", flat=True)) == [
        2_768_900_000,
        3_100_000_000,
    ]
    assert checked(VILLAGES, content, local_officer).counts == {"equal": 2}
    undo_batch(batch_id=batch.pk, version=batch.version, by=local_officer)
    assert not CraftVillage.objects.exists()


def test_a_code_that_looks_wrong_is_a_warning_and_no_hindrance(local_officer):
    content = workbook(("Lò rèn", "HKD", "0100109107", "Hồng Dân"), header=("Tên cơ sở", "Loại hình", "MST", "Xã"))
    batch = checked(ESTABLISHMENTS, content, local_officer)
    assert batch.counts == {"new": 1}, verdicts(batch)
    assert "sai chữ số kiểm tra" in str(batch.rows.get().problems)
    apply_batch(batch_id=batch.pk, version=batch.version, by=local_officer, only_good=False)
    assert Beneficiary.objects.get().tax_code == "0100109107"
