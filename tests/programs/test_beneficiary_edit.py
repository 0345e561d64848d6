"""Adding and editing an establishment: what is refused, what only warns, what the trail keeps."""

import unicodedata

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.beneficiary import EDITED_FIELDS, add_beneficiary, edit_beneficiary
from programs.actions.registers import fingerprint
from programs.models import Beneficiary, BeneficiaryKind
from tests.factories import add_participant, make_beneficiary, make_project, unit

CREATE = reverse("programs:beneficiary-create")


def typed(**changes):
    return {"name": "Cơ sở đan lát Ba Đình", "kind": "household", "place": unit("31843").pk, **changes}


def values(**changes):
    empty = dict.fromkeys(("tax_code", "owner_name", "owner_citizen_id", "phone", "address", "note"), "")
    return {
        **empty,
        "name": "Cơ sở đan lát",
        "kind": BeneficiaryKind.HOUSEHOLD,
        "place": unit("31843"),
        "sector": None,
        "founded_year": None,
        **changes,
    }


def test_adds_and_writes_one_event(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(tax_code="1900123454", phone="+84 912 345 678"))
    beneficiary = Beneficiary.objects.get()
    assert response.url == reverse("programs:beneficiary-detail", args=[beneficiary.pk])
    assert beneficiary.phone == "0912345678"
    event = AuditEvent.objects.get()
    assert event.subject == f"beneficiary:{beneficiary.pk}"
    assert event.place_id == beneficiary.place_id
    assert event.changes["Mã số thuế"] == [None, "1900123454"]


def test_the_trail_keeps_no_whole_personal_number(local_officer):
    add_beneficiary(values=values(phone="0912345678", owner_citizen_id="095123456789"), by=local_officer)
    changes = AuditEvent.objects.get().changes
    assert changes["Điện thoại"] == ["", "*******678"]
    assert changes["Số định danh người đại diện"] == ["", "*********789"]


def test_text_is_stored_in_one_form(client, local_officer):
    client.force_login(local_officer)
    client.post(CREATE, typed(name=unicodedata.normalize("NFD", "Cơ sở  Bánh  tráng")))
    assert Beneficiary.objects.get().name == "Cơ sở Bánh tráng"


def test_a_wrong_tax_code_is_kept_and_warned_of(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(tax_code="1900123455"))
    assert response.status_code == 302
    assert Beneficiary.objects.get().tax_code == "1900123455"
    assert any("sai chữ số kiểm tra" in str(message) for message in get_messages(response.wsgi_request))


def test_a_tax_code_that_another_has_is_refused_at_its_field(client, local_officer):
    make_beneficiary(tax_code="1900123454", place=unit("31972"))
    client.force_login(local_officer)
    response = client.post(CREATE, typed(tax_code="190 012 3454"))
    assert response.status_code == 422
    assert "đã có" in response.context["form"].errors["tax_code"][0]
    assert "Cơ sở đan lát Ba Đình" in response.content.decode()
    assert Beneficiary.objects.count() == 1


def test_the_same_name_in_the_same_place_must_be_accepted(client, local_officer):
    make_beneficiary(name="CƠ SỞ ĐAN LÁT BA ĐÌNH")
    client.force_login(local_officer)
    assert 'name="accept_similar"' not in client.get(CREATE).content.decode()
    refused = client.post(CREATE, typed())
    assert refused.status_code == 422
    assert "CƠ SỞ ĐAN LÁT BA ĐÌNH" in refused.context["form"].errors["accept_similar"][0]
    assert 'name="accept_similar"' in refused.content.decode()
    assert client.post(CREATE, typed(accept_similar="on")).status_code == 302
    assert Beneficiary.objects.count() == 2


def test_the_same_name_elsewhere_is_no_likeness(local_officer):
    make_beneficiary(name="Cơ sở đan lát", place=unit("31972"))
    make_beneficiary(name="Cơ sở đan lát tre")
    assert add_beneficiary(values=values(), by=local_officer).pk


def test_only_communes_of_today_within_the_area_are_offered(client, local_officer, department_officer):
    client.force_login(local_officer)
    places = client.get(CREATE).context["form"].fields["place"].queryset
    assert [place.code for place in places] == ["31843"]
    client.force_login(department_officer)
    places = client.get(CREATE).context["form"].fields["place"].queryset
    assert len(places) == 64
    assert {place.level for place in places} == {"commune"}
    assert all(place.valid_to is None for place in places)


def test_an_old_record_keeps_its_old_commune(client, department_officer):
    old = unit("31843").predecessions.filter(part="full").first().old
    beneficiary = make_beneficiary(place=old)
    client.force_login(department_officer)
    address = reverse("programs:beneficiary-edit", args=[beneficiary.pk])
    form = client.get(address).context["form"]
    assert old in form.fields["place"].queryset
    data = typed(name="Tên mới", place=old.pk, version=form.initial["version"])
    assert client.post(address, data).status_code == 302
    beneficiary.refresh_from_db()
    assert (beneficiary.name, beneficiary.place) == ("Tên mới", old)


def test_another_place_than_the_offered_is_refused(client, local_officer):
    client.force_login(local_officer)
    assert client.post(CREATE, typed(place=unit("31972").pk)).status_code == 422
    assert not Beneficiary.objects.exists()


def test_the_action_itself_asks_for_the_right_and_the_area(auditor, local_officer, stranger):
    with pytest.raises(NotAllowed):
        add_beneficiary(values=values(), by=auditor)
    with pytest.raises(NotAllowed):
        add_beneficiary(values=values(place=unit("31972")), by=local_officer)
    beneficiary = make_beneficiary()
    version = fingerprint(beneficiary, EDITED_FIELDS)
    with pytest.raises(NotAllowed):
        edit_beneficiary(beneficiary_id=beneficiary.pk, values=values(), by=stranger, version=version)
    assert not AuditEvent.objects.exists()


def test_an_edit_tells_before_and_after(local_officer):
    beneficiary = make_beneficiary(name="Tên cũ")
    version = fingerprint(beneficiary, EDITED_FIELDS)
    edit_beneficiary(beneficiary_id=beneficiary.pk, values=values(name="Tên mới"), by=local_officer, version=version)
    assert AuditEvent.objects.get().changes == {"Tên cơ sở": ["Tên cũ", "Tên mới"]}


def test_an_edit_that_changes_nothing_leaves_no_event(local_officer):
    beneficiary = make_beneficiary(**values())
    version = fingerprint(beneficiary, EDITED_FIELDS)
    edit_beneficiary(beneficiary_id=beneficiary.pk, values=values(), by=local_officer, version=version)
    assert not AuditEvent.objects.exists()


def test_an_edit_of_what_somebody_else_has_changed_is_refused(client, local_officer):
    beneficiary = make_beneficiary(name="Tên cũ")
    version = fingerprint(beneficiary, EDITED_FIELDS)
    Beneficiary.objects.filter(pk=beneficiary.pk).update(name="Tên của người khác")
    with pytest.raises(Overtaken):
        edit_beneficiary(beneficiary_id=beneficiary.pk, values=values(), by=local_officer, version=version)
    client.force_login(local_officer)
    address = reverse("programs:beneficiary-edit", args=[beneficiary.pk])
    assert client.post(address, typed(version=version)).status_code == 409


def test_an_edit_may_not_take_another_tax_code(local_officer):
    make_beneficiary(tax_code="1900123454")
    beneficiary = make_beneficiary()
    version = fingerprint(beneficiary, EDITED_FIELDS)
    with pytest.raises(Refused) as refusal:
        edit_beneficiary(
            beneficiary_id=beneficiary.pk, values=values(tax_code="1900123454"), by=local_officer, version=version
        )
    assert refusal.value.field == "tax_code"


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        ("/de-an/7/co-so/", True),
        ("https://example.org/", False),
        ("//example.org/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_next_is_followed_only_within_the_portal(client, local_officer, wanted, followed):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(next=wanted))
    expected = wanted if followed else reverse("programs:beneficiary-detail", args=[Beneficiary.objects.get().pk])
    assert response.url == expected


def test_detail_lists_the_visible_projects(client, local_officer, department_officer):
    beneficiary = make_beneficiary()
    here = make_project(created_by=local_officer, name="Đề án trong xã")
    elsewhere = make_project(created_by=department_officer, name="Đề án xã khác", place=unit("31972"))
    for project in (here, elsewhere):
        add_participant(project, beneficiary)
    client.force_login(local_officer)
    page = client.get(reverse("programs:beneficiary-detail", args=[beneficiary.pk])).content.decode()
    assert "Đề án trong xã" in page
    assert "Đề án xã khác" not in page


def test_detail_shows_whole_numbers_to_editors_only(client, local_officer, auditor):
    beneficiary = make_beneficiary(owner_citizen_id="095123456789", phone="0912345678")
    address = reverse("programs:beneficiary-detail", args=[beneficiary.pk])
    for user, whole in ((local_officer, True), (auditor, False)):
        client.force_login(user)
        page = client.get(address).content.decode()
        assert ("095123456789" in page) is whole
        assert ("0912345678" in page) is whole
