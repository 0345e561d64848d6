"""The list of establishments and its Excel file: scope, search, filters, masking, queries."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.models import Beneficiary, BeneficiaryKind
from tests.factories import make_beneficiary, unit
from tests.responses import content_of

LIST = reverse("programs:beneficiary-list")
EXPORT = reverse("programs:beneficiary-export")


def names_on(response):
    return {one.name for one in response.context["listing"].page_obj}


def test_shows_the_own_area_only(client, local_officer):
    make_beneficiary(name="Cơ sở trong xã")
    make_beneficiary(name="Cơ sở xã khác", place=unit("31972"))
    client.force_login(local_officer)
    assert names_on(client.get(LIST)) == {"Cơ sở trong xã"}


def test_a_stranger_sees_nothing(client, stranger):
    make_beneficiary()
    client.force_login(stranger)
    assert names_on(client.get(LIST)) == set()


@pytest.mark.parametrize("query", ["banh trang", "BÁNH TRÁNG", "bánh tráng", "1900123454"])
def test_search_ignores_accents_and_finds_tax_codes(client, local_officer, query):
    make_beneficiary(name="Cơ sở Bánh tráng Út Đẹt", tax_code="1900123454")
    make_beneficiary(name="Cơ sở mộc")
    client.force_login(local_officer)
    assert names_on(client.get(LIST, {"q": query})) == {"Cơ sở Bánh tráng Út Đẹt"}


def test_filters_by_kind_and_by_place(client, department_officer):
    make_beneficiary(name="Hợp tác xã A", kind=BeneficiaryKind.COOPERATIVE)
    make_beneficiary(name="Hộ B", kind=BeneficiaryKind.HOUSEHOLD, place=unit("31972"))
    client.force_login(department_officer)
    assert names_on(client.get(LIST, {"loai-hinh": "cooperative"})) == {"Hợp tác xã A"}
    assert names_on(client.get(LIST, {"dia-ban": unit("31972").pk})) == {"Hộ B"}


def test_a_record_of_a_merged_commune_is_found_under_the_new_one(client, department_officer):
    new = unit("31843")
    old = new.predecessions.filter(part="full").exclude(old__code=new.code).first().old
    make_beneficiary(name="Cơ sở ở xã cũ", place=old)
    client.force_login(department_officer)
    assert names_on(client.get(LIST, {"dia-ban": new.pk})) == {"Cơ sở ở xã cũ"}


def test_sorts_as_vietnamese_does(client, local_officer):
    for name in ("Đa Lộc", "Da Lộc", "Ấp Mới", "An Bình"):
        make_beneficiary(name=name)
    client.force_login(local_officer)
    listing = client.get(LIST, {"sort": "ten"}).context["listing"]
    assert [one.name for one in listing.page_obj] == ["An Bình", "Ấp Mới", "Da Lộc", "Đa Lộc"]


def test_phone_numbers_are_masked(client, local_officer):
    make_beneficiary(phone="0912345678", owner_citizen_id="095123456789")
    client.force_login(local_officer)
    page = client.get(LIST).content.decode()
    assert "*******678" in page
    assert "0912345678" not in page
    assert "095123456789" not in page


def test_htmx_gets_the_fragment(client, local_officer):
    client.force_login(local_officer)
    response = client.get(LIST, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]


def test_only_editors_see_the_button_to_add(client, local_officer, auditor):
    address = reverse("programs:beneficiary-create")
    for user, shown in ((local_officer, True), (auditor, False)):
        client.force_login(user)
        assert (address in client.get(LIST).content.decode()) is shown


@pytest.mark.parametrize("size", [20, 200])
def test_queries_do_not_grow_with_the_rows(client, department_officer, django_assert_num_queries, size):
    place = unit("31843")
    Beneficiary.objects.bulk_create(
        Beneficiary(name=f"Cơ sở {number}", kind=BeneficiaryKind.HOUSEHOLD, place=place) for number in range(size)
    )
    client.force_login(department_officer)
    # session, user, places of the filter, count, rows
    with django_assert_num_queries(5):
        client.get(LIST)


def read_rows(response):
    sheet = openpyxl.load_workbook(BytesIO(content_of(response))).active
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_export_keeps_the_tax_code_as_text_and_masks_personal_numbers(client, local_officer):
    make_beneficiary(name="Cơ sở A", tax_code="0300123450", phone="0912345678", owner_citizen_id="095123456789")
    make_beneficiary(name="Cơ sở B")
    client.force_login(local_officer)
    (row,) = read_rows(client.get(EXPORT, {"q": "co so a"}))
    assert row["Mã số thuế"] == "0300123450"
    assert row["Điện thoại (đã che)"] == "*******678"
    assert row["Số định danh (đã che)"] == "*********789"


def test_export_is_written_to_the_audit_trail(client, local_officer):
    make_beneficiary()
    client.force_login(local_officer)
    read_rows(client.get(EXPORT, {"q": "san xuat"}))
    event = AuditEvent.objects.get(action="beneficiary_export")
    assert event.actor_id == local_officer.pk
    assert event.changes == {"Số dòng": [None, 1], "Điều kiện lọc": [None, "q=san+xuat"]}


def test_export_holds_the_own_area_only(client, stranger):
    make_beneficiary()
    client.force_login(stranger)
    assert read_rows(client.get(EXPORT)) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_look_and_only_editors_may_write(client, cast, role):
    beneficiary = make_beneficiary()
    client.force_login(cast[role])
    editors = {Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.LOCAL_OFFICER}
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("programs:beneficiary-detail", args=[beneficiary.pk])).status_code == 200
    wanted = 200 if role in editors else 403
    assert client.get(reverse("programs:beneficiary-create")).status_code == wanted
    assert client.get(reverse("programs:beneficiary-edit", args=[beneficiary.pk])).status_code == wanted
    assert client.post(reverse("programs:beneficiary-create")).status_code == (422 if role in editors else 403)


@pytest.mark.parametrize("name", ["beneficiary-detail", "beneficiary-edit"])
def test_a_stranger_gets_404(client, stranger, name):
    beneficiary = make_beneficiary()
    client.force_login(stranger)
    assert client.get(reverse(f"programs:{name}", args=[beneficiary.pk])).status_code == 404
