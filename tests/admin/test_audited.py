"""Reference data edited in the admin: every change leaves one event with before and after, or nothing is changed."""

import datetime

import pytest
from django.urls import reverse

from funding.models import Norm
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.localities.models import AdministrativeUnit, covered_unit_ids
from programs.models import Collaborator, LegalDocument, Programme, ProgrammeTarget, Sector, SupportItem
from tests.factories import PASSWORD, make_organisation, make_project, make_user, unit

NEW_PASSWORD = "mat-khau-hoan-toan-moi"


@pytest.fixture
def admin_client(client, system_admin):
    client.force_login(system_admin)
    return client


def last_event():
    return AuditEvent.objects.order_by("-pk").first()


def test_adding_changing_deleting(admin_client, system_admin):
    add = reverse("admin:programs_sector_add")
    assert admin_client.post(add, {"name": "Nghề  thử", "is_priority": "on"}).status_code == 302
    sector = Sector.objects.get(name="Nghề thử")
    event = last_event()
    assert (event.action, event.actor_id, event.subject) == ("admin_add", system_admin.pk, f"sector:{sector.pk}")
    assert event.changes == {"Ngành nghề": [None, "Nghề thử"], "Ngành ưu tiên": [None, True]}

    change = reverse("admin:programs_sector_change", args=[sector.pk])
    admin_client.post(change, {"name": "Nghề mới"})
    assert last_event().changes == {"Ngành nghề": ["Nghề thử", "Nghề mới"], "Ngành ưu tiên": [True, False]}

    admin_client.post(reverse("admin:programs_sector_delete", args=[sector.pk]), {"post": "yes"})
    assert not Sector.objects.filter(pk=sector.pk).exists()
    assert (last_event().action, last_event().object_id) == ("admin_delete", sector.pk)
    assert last_event().changes["Ngành nghề"] == ["Nghề mới", None]


def test_saving_without_a_change_leaves_no_event(admin_client):
    sector = Sector.objects.create(name="Nghề thử")
    admin_client.post(reverse("admin:programs_sector_change", args=[sector.pk]), {"name": "Nghề thử"})
    assert not AuditEvent.objects.exists()


def test_deleting_several_leaves_an_event_for_each(admin_client):
    rows = [Sector.objects.create(name=f"Nghề {number}") for number in range(3)]
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    admin_client.post(reverse("admin:programs_sector_changelist"), data)
    assert not Sector.objects.filter(pk__in=[row.pk for row in rows]).exists()
    assert AuditEvent.objects.filter(action="admin_delete").count() == 3


def test_what_is_in_use_is_not_deleted(admin_client, department_officer):
    item = SupportItem.objects.get(row=10)
    make_project(created_by=department_officer, support_item=item)
    admin_client.post(reverse("admin:programs_supportitem_delete", args=[item.pk]), {"post": "yes"})
    assert SupportItem.objects.filter(pk=item.pk).exists()
    assert not AuditEvent.objects.exists()


def test_without_the_event_there_is_no_change(admin_client, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("no trail")

    monkeypatch.setattr("khuyencong.ui.modeladmin.record", fail)
    sector = Sector.objects.create(name="Nghề thử")
    with pytest.raises(RuntimeError, match="no trail"):
        admin_client.post(reverse("admin:programs_sector_change", args=[sector.pk]), {"name": "Nghề khác"})
    with pytest.raises(RuntimeError, match="no trail"):
        admin_client.post(reverse("admin:programs_sector_delete", args=[sector.pk]), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": sector.pk, "post": "yes"}
    with pytest.raises(RuntimeError, match="no trail"):
        admin_client.post(reverse("admin:programs_sector_changelist"), data)
    assert Sector.objects.get(pk=sector.pk).name == "Nghề thử"


def test_dates_and_money_are_read_as_offices_write_them(admin_client):
    data = {
        "support_item": SupportItem.objects.get(row=10).pk,
        "name": "Định mức thử",
        "track": "local",
        "rate_percent": "66,7",
        "cap_vnd": "300 triệu",
        "valid_from": "05/02/2026",
        "legal_basis": "Nghị quyết thử",
        "certainty": "unverified",
    }
    assert admin_client.post(reverse("admin:funding_norm_add"), data).status_code == 302
    norm = Norm.objects.get(name="Định mức thử")
    assert (norm.cap_vnd, norm.valid_from) == (300_000_000, datetime.date(2026, 2, 5))
    assert str(norm.rate_percent) == "66.70"
    page = admin_client.get(reverse("admin:funding_norm_change", args=[norm.pk])).content.decode()
    assert 'value="05/02/2026"' in page
    assert 'value="300.000.000"' in page
    assert "300.000.000" in admin_client.get(reverse("admin:funding_norm_changelist")).content.decode()


def test_search_ignores_accents(admin_client):
    Sector.objects.create(name="Chế biến khô cá")
    listing = admin_client.get(reverse("admin:programs_sector_changelist"), {"q": "che bien kho"}).context["cl"]
    assert [row.name for row in listing.result_list] == ["Chế biến khô cá"]


def test_inline_targets_are_told_on_the_programme(admin_client):
    programme = Programme.objects.create(code="KC-T", name="Thử", track="local", start_year=2026, end_year=2030)
    target = ProgrammeTarget.objects.create(programme=programme, name="Lao động", unit="người", value=10)
    data = {
        "code": "KC-T",
        "name": "Thử",
        "track": "local",
        "start_year": 2026,
        "end_year": 2030,
        "targets-TOTAL_FORMS": 2,
        "targets-INITIAL_FORMS": 1,
        "targets-0-id": target.pk,
        "targets-0-programme": programme.pk,
        "targets-0-name": "Lao động",
        "targets-0-unit": "người",
        "targets-0-value": 25,
        "targets-1-programme": programme.pk,
        "targets-1-name": "Mô hình",
        "targets-1-unit": "mô hình",
        "targets-1-value": 3,
    }
    response = admin_client.post(reverse("admin:programs_programme_change", args=[programme.pk]), data)
    assert response.status_code == 302
    event = AuditEvent.objects.get()
    assert event.subject == f"programme:{programme.pk}"
    before, after = event.changes[f"mục tiêu chương trình {target.pk}"]
    assert ("Mục tiêu: 10" in before, "Mục tiêu: 25" in after) == (True, True)
    assert len(event.changes) == 2


def test_a_changed_unit_changes_who_sees_what(admin_client):
    stray = AdministrativeUnit.objects.create(code="99001", name="Xã Thử", level="commune")
    province = unit("96")
    assert not covered_unit_ids(province.pk).filter(unit_id=stray.pk).exists()
    data = {"code": "99001", "name": "Xã Thử", "level": "commune", "parent": province.pk}
    change = reverse("admin:localities_administrativeunit_change", args=[stray.pk])
    assert admin_client.post(change, data).status_code == 302
    assert covered_unit_ids(province.pk).filter(unit_id=stray.pk).exists()
    assert AuditEvent.objects.get().changes == {"Trực thuộc": [None, str(province)]}


def test_an_event_of_a_placed_row_carries_its_place(admin_client):
    place = unit("31843")
    admin_client.post(reverse("admin:programs_collaborator_add"), {"full_name": "Trần Văn A", "place": place.pk})
    assert Collaborator.objects.get().place == place
    assert last_event().place_id == place.pk


def test_history_is_the_audit_trail(admin_client):
    document = LegalDocument.objects.get(number="45/2012/NĐ-CP")
    data = {"number": document.number, "kind": "decree", "title": "Về khuyến công", "issuer": "Chính phủ"}
    admin_client.post(reverse("admin:programs_legaldocument_change", args=[document.pk]), data)
    history = admin_client.get(reverse("admin:programs_legaldocument_history", args=[document.pk]))
    page = history.content.decode()
    assert "Sửa danh mục" in page
    assert "Về khuyến công" in page


def account(**changes):
    office = make_organisation(unit("31843"))
    return {
        "username": "can.bo",
        "full_name": "Lê Thị B",
        "role": Role.LOCAL_OFFICER.value,
        "organisation": office.pk,
        **changes,
    }


def test_a_new_account_signs_in_and_its_password_is_nowhere_in_the_trail(admin_client, client):
    data = account(password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    assert admin_client.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(username="can.bo")
    assert user.check_password(NEW_PASSWORD)
    assert (user.is_staff, user.is_superuser) == (False, False)
    changes = AuditEvent.objects.get().changes
    assert changes["Vai trò"] == [None, Role.LOCAL_OFFICER.label]
    assert not [key for key in changes if "khẩu" in key]


def test_flags_that_open_nothing_here_are_not_shown_nor_taken(admin_client, local_officer):
    change = reverse("admin:accounts_user_change", args=[local_officer.pk])
    fields = admin_client.get(change).context["adminform"].form.fields
    assert not {"is_staff", "is_superuser", "groups", "user_permissions"} & set(fields)
    data = {
        "username": local_officer.username,
        "full_name": local_officer.full_name,
        "role": local_officer.role,
        "organisation": local_officer.organisation_id,
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
    }
    assert admin_client.post(change, data).status_code == 302
    local_officer.refresh_from_db()
    assert (local_officer.is_staff, local_officer.is_superuser) == (False, False)


def test_a_changed_role_is_told(admin_client, local_officer):
    change = reverse("admin:accounts_user_change", args=[local_officer.pk])
    data = {
        "username": local_officer.username,
        "full_name": local_officer.full_name,
        "role": Role.AUDITOR.value,
        "organisation": local_officer.organisation_id,
        "is_active": "on",
    }
    admin_client.post(change, data)
    assert AuditEvent.objects.get().changes == {"Vai trò": [Role.LOCAL_OFFICER.label, Role.AUDITOR.label]}


def test_a_role_needs_an_office(admin_client, local_officer):
    change = reverse("admin:accounts_user_change", args=[local_officer.pk])
    data = {"username": local_officer.username, "full_name": "X", "role": local_officer.role, "is_active": "on"}
    response = admin_client.post(change, data)
    assert response.context["adminform"].form.errors["organisation"]


def test_a_password_set_by_the_administrator_is_told_without_the_password(admin_client, local_officer, system_admin):
    address = reverse("admin:auth_user_password_change", args=[local_officer.pk])
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert admin_client.post(address, data).status_code == 302
    local_officer.refresh_from_db()
    assert local_officer.check_password(NEW_PASSWORD)
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.actor_id) == ("password_set", local_officer.pk, system_admin.pk)
    assert event.changes == {}


def test_a_weak_password_is_refused(admin_client, local_officer):
    address = reverse("admin:auth_user_password_change", args=[local_officer.pk])
    data = {"password1": "1234567890", "password2": "1234567890"}
    assert admin_client.post(address, data).status_code == 200
    local_officer.refresh_from_db()
    assert local_officer.check_password(PASSWORD)
    assert not AuditEvent.objects.exists()


def test_nobody_deletes_the_own_account(admin_client, system_admin):
    delete = reverse("admin:accounts_user_delete", args=[system_admin.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": system_admin.pk, "post": "yes"}
    admin_client.post(reverse("admin:accounts_user_changelist"), data)
    assert User.objects.filter(pk=system_admin.pk).exists()


def test_an_account_of_another_area_gets_no_password_here(admin_client, stranger):
    address = reverse("admin:auth_user_password_change", args=[stranger.pk])
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert admin_client.post(address, data).status_code == 404
    assert not AuditEvent.objects.exists()


def test_a_department_officer_sets_no_password(client, department_officer, local_officer):
    client.force_login(department_officer)
    address = reverse("admin:auth_user_password_change", args=[local_officer.pk])
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(address, data).status_code == 403


def test_an_unused_account_can_be_deleted(admin_client, local_officer):
    user = make_user(Role.AUDITOR, local_officer.organisation)
    admin_client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=user.pk).exists()
    assert last_event().changes["Tên đăng nhập"] == [user.username, None]


def test_the_pages_of_an_account_are_vietnamese_and_say_nothing_of_the_hash(admin_client, local_officer):
    pages = [
        reverse("admin:accounts_user_add"),
        reverse("admin:accounts_user_change", args=[local_officer.pk]),
        reverse("admin:auth_user_password_change", args=[local_officer.pk]),
    ]
    for address in pages:
        page = admin_client.get(address).content.decode()
        assert "Mật khẩu" in page
        for text in ("Password", "password-based", "After you", "Enabled", "md5", "pbkdf2", "salt"):
            assert text not in page
