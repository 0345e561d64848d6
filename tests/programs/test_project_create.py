"""Registering a project."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from programs.models import Programme, Project, SupportItem
from programs.workflow import Status
from tests.factories import make_organisation, make_project, unit

pytestmark = pytest.mark.django_db
CREATE = "/de-an/moi/"


def typed(user, **changes):
    values = {
        "year": "2027",
        "name": "Ứng dụng máy sấy lúa",
        "track": "local",
        "kind": "specific",
        "programme": "",
        "support_item": SupportItem.objects.get(row=10).pk,
        "place": unit("31843").pk,
        "implementer": user.organisation_id,
        "start_date": "05/02/2027",
        "end_date": "30/11/2027",
        "objective": "Dòng một\r\nDòng hai",
        "note": "",
    }
    return {**values, **changes}


def edit_url(project):
    return reverse("programs:project-edit", args=[project.pk])


def test_a_new_project_is_a_draft_with_a_code_and_goes_on_to_its_beneficiaries(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer))
    project = Project.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("programs:project-beneficiaries", args=[project.pk])
    assert (project.code, project.status, project.created_by) == ("DP-2027-0001", "draft", local_officer)
    assert project.start_date == datetime.date(2027, 2, 5)  # day first: 5 February
    assert project.objective == "Dòng một\nDòng hai"
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert (event.action, event.actor_name) == ("register", local_officer.full_name)
    assert event.changes["Tên đề án"] == [None, "Ứng dụng máy sấy lúa"]


def test_a_date_that_does_not_exist_is_asked_back_with_everything_typed_kept(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, start_date="31/02/2027", name="Tên đã gõ “dài”"))
    assert response.status_code == 422
    assert not Project.objects.exists()
    page = response.content.decode()
    assert 'value="31/02/2027"' in page
    assert "Tên đã gõ “dài”" in page
    assert "Dòng hai" in page
    assert "31/02/2027 không có trong lịch" in page


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"end_date": "04/02/2027"}, "end_date", "từ ngày bắt đầu trở đi"),
        ({"name": ""}, "name", ""),
        ({"name": "x" * 501}, "name", ""),
        ({"year": "1999"}, "year", ""),
        ({"year": "2999"}, "year", "Năm kế hoạch từ"),
        ({"year": "hai nghìn"}, "year", ""),
        ({"track": "central"}, "track", ""),
        ({"kind": "x"}, "kind", ""),
        ({"support_item": "999999"}, "support_item", ""),
        ({"implementer": "999999"}, "implementer", ""),
        ({"place": "0"}, "place", ""),
        ({"place": "'; drop"}, "place", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, local_officer, changes, field, words):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in str(response.context["form"].errors[field])
    assert not Project.objects.exists()


def test_a_place_outside_the_area_cannot_be_sent(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, place=unit("31972").pk))
    assert "place" in response.context["form"].errors
    assert not Project.objects.exists()


def test_an_abolished_place_cannot_be_sent_for_a_new_project(client, local_officer):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, place=unit("31852", old=True).pk))
    assert "place" in response.context["form"].errors


def test_an_office_of_another_province_implements_nothing_here(client, local_officer, stranger):
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, implementer=stranger.organisation_id))
    assert "implementer" in response.context["form"].errors


def test_a_closed_office_implements_no_new_project(client, department_officer):
    closed = make_organisation(unit("96"), valid_to=timezone.localdate() - datetime.timedelta(days=1))
    client.force_login(department_officer)
    response = client.post(CREATE, typed(department_officer, implementer=closed.pk))
    assert "implementer" in response.context["form"].errors


def test_the_choices_are_the_area_of_the_person(client, local_officer, department_officer):
    client.force_login(local_officer)
    form = client.get(CREATE).context["form"]
    assert list(form.fields["place"].queryset) == [unit("31843")]
    assert form["place"].value() == unit("31843").pk
    client.force_login(department_officer)
    places = list(client.get(CREATE).context["form"].fields["place"].queryset)
    assert len(places) == 65
    assert all(place.valid_to is None and place.level in ("commune", "province") for place in places)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-05-02"])
def test_the_year_offered_is_next_years_plan_from_may_on(client, local_officer, monkeypatch, day):
    today = datetime.date.fromisoformat(day)
    monkeypatch.setattr("programs.forms.project.timezone.localdate", lambda: today)
    client.force_login(local_officer)
    assert client.get(CREATE).context["form"]["year"].value() == (2027 if today.month >= 5 else 2026)


def test_the_programme_is_of_the_same_track_and_holds_the_year(client, local_officer):
    national = Programme.objects.get(code="KCQG-2026-2030")
    client.force_login(local_officer)
    response = client.post(CREATE, typed(local_officer, programme=national.pk))
    assert "thuộc cấp khuyến công khác" in str(response.context["form"].errors["programme"])
    values = typed(local_officer, programme=national.pk, track="national", year="2025")
    response = client.post(CREATE, values)
    assert "ngoài giai đoạn 2026–2030" in str(response.context["form"].errors["programme"])
    client.post(CREATE, typed(local_officer, programme=national.pk, track="national"))
    assert Project.objects.get().code == "QG-2027-0001"


def test_a_second_press_does_not_register_twice(client, local_officer):
    client.force_login(local_officer)
    client.post(CREATE, typed(local_officer))
    # The same name with the tone mark placed the other way and spaces doubled is still the same name.
    response = client.post(CREATE, typed(local_officer, name="Ứng dụng  máy sấy lúa"))
    assert response.status_code == 422
    assert "DP-2027-0001 đã có cùng tên" in response.content.decode()
    assert Project.objects.count() == 1
    Project.objects.update(status=Status.WITHDRAWN.value)
    assert client.post(CREATE, typed(local_officer)).status_code == 302


def test_fields_that_the_form_does_not_have_are_not_read(client, local_officer, department_officer):
    client.force_login(local_officer)
    forged = {"status": "approved", "code": "X", "version": "9", "approved_date": "2026-01-01", "created_by": "1"}
    client.post(CREATE, typed(local_officer, **forged))
    project = Project.objects.get()
    assert (project.status, project.code, project.version, project.approved_date) == ("draft", "DP-2027-0001", 1, None)
    assert project.created_by == local_officer


@pytest.mark.parametrize("who", ["accountant", "leader", "auditor", "system_admin"])
def test_roles_without_the_right_are_turned_away(request, client, local_officer, who):
    project = make_project(created_by=local_officer)
    client.force_login(request.getfixturevalue(who))
    for address in (CREATE, edit_url(project)):
        assert client.get(address).status_code == 403
        assert client.post(address, typed(local_officer)).status_code == 403
