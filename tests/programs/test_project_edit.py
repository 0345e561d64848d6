"""The page of a project, and editing its general part."""

import datetime

import pytest
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import EDITED_FIELDS, edit_project
from programs.models import Project, ProjectKind, SupportItem
from programs.workflow import EDITABLE, Status, Track
from tests.factories import make_organisation, make_project, unit

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("who", ["other_local_officer", "stranger"])
def test_another_areas_project_does_not_exist(request, client, local_officer, who):
    project = make_project(created_by=local_officer)
    client.force_login(request.getfixturevalue(who))
    names = ["detail", "edit", "beneficiaries", "beneficiary-add", "indicators", "progress", "documents", "history"]
    for name in names:
        assert client.get(reverse(f"programs:project-{name}", args=[project.pk])).status_code == 404, name
    assert client.post(edit_url(project), typed(local_officer, version=1)).status_code == 404


def test_an_edit_is_written_with_what_changed(client, local_officer):
    project = make_project(created_by=local_officer, name="Tên cũ")
    client.force_login(local_officer)
    response = client.post(
        edit_url(project), typed(local_officer, version=project.version, name="Tên mới", year="2026")
    )
    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.name, project.version) == ("Tên mới", 2)
    event = AuditEvent.objects.about(f"project:{project.pk}").get()
    assert event.changes["Tên đề án"] == ["Tên cũ", "Tên mới"]
    assert "Nội dung hỗ trợ" not in event.changes


def test_an_older_project_keeps_its_place_and_office(client, local_officer):
    old_place = unit("31852", old=True)
    closed = make_organisation(old_place, valid_to=datetime.date(2025, 6, 30))
    project = make_project(created_by=local_officer, year=2024, place=old_place, implementer=closed)
    client.force_login(local_officer)
    page = client.get(edit_url(project))
    assert old_place in page.context["form"].fields["place"].queryset
    values = typed(local_officer, version=1, year="2024", place=old_place.pk, implementer=closed.pk)
    assert client.post(edit_url(project), values).status_code == 302


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(client, local_officer, department_officer):
    project = make_project(created_by=local_officer)
    client.force_login(department_officer)
    client.post(edit_url(project), typed(department_officer, version=1, name="Bản của Sở"))
    client.force_login(local_officer)
    response = client.post(edit_url(project), typed(local_officer, version=1, name="Bản của xã"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Bản của xã" in page
    assert "đã được thay đổi sau khi bạn mở trang" in page
    assert f"{department_officer.full_name} đã sửa thông tin chung lúc " in page
    project.refresh_from_db()
    assert project.name == "Bản của Sở"
    assert project.name in page
    assert 'name="version" value="1"' in page  # a blind second press is refused again


@pytest.mark.parametrize("status", [status for status in Status if status not in EDITABLE])
def test_a_submitted_project_is_not_edited_and_the_page_says_why(client, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    client.force_login(local_officer)
    for response in (client.get(edit_url(project)), client.post(edit_url(project), typed(local_officer, version=1))):
        assert response.status_code == 422
        assert f"đang ở trạng thái “{status.label}”, không sửa được nữa" in response.content.decode()
    project.refresh_from_db()
    assert project.version == 1


def test_the_action_asks_the_policy_itself(local_officer, other_local_officer):
    project = make_project(created_by=local_officer)
    values = {name: getattr(project, name) for name in EDITED_FIELDS}
    with pytest.raises(NotAllowed):
        edit_project(project_id=project.pk, values=values, by=other_local_officer, version=1)
    with pytest.raises(NotAllowed):
        edit_project(project_id=project.pk, values={**values, "place": unit("31972")}, by=local_officer, version=1)
    with pytest.raises(Overtaken):
        edit_project(project_id=project.pk, values=values, by=local_officer, version=2)
    Project.objects.filter(pk=project.pk).update(status=Status.APPROVED.value)
    with pytest.raises(Refused):
        edit_project(project_id=project.pk, values=values, by=local_officer, version=1)


def test_the_page_of_a_draft_lists_what_is_left(client, local_officer):
    project = make_project(created_by=local_officer)
    client.force_login(local_officer)
    response = client.get(reverse("programs:project-detail", args=[project.pk]))
    checklist = response.context["checklist"]
    done = {step.url_name: step.done for step in checklist.steps}
    assert done == {
        "programs:project-detail": True,
        "programs:project-beneficiaries": False,
        "funding:project-money": False,
        "programs:project-indicators": False,
        "programs:project-documents": False,
    }
    assert any("cơ sở thụ hưởng" in problem for problem in checklist.problems)
    assert "Chưa trình được vì" in response.content.decode()


def test_a_group_project_may_be_submitted_without_beneficiaries(client, local_officer):
    project = make_project(created_by=local_officer, kind=ProjectKind.GROUP)
    client.force_login(local_officer)
    checklist = client.get(reverse("programs:project-detail", args=[project.pk])).context["checklist"]
    assert not any("cơ sở thụ hưởng" in problem for problem in checklist.problems)


def test_a_submitted_project_and_a_reader_have_no_checklist(client, local_officer, auditor):
    draft = make_project(created_by=local_officer)
    submitted = make_project(created_by=local_officer, status=Status.SUBMITTED.value)
    client.force_login(auditor)
    assert client.get(reverse("programs:project-detail", args=[draft.pk])).context["checklist"] is None
    client.force_login(local_officer)
    assert client.get(reverse("programs:project-detail", args=[submitted.pk])).context["checklist"] is None


def test_the_moves_on_the_page_are_those_of_the_person(client, cast, local_officer):
    project = make_project(created_by=local_officer, status=Status.APPRAISED.value, track=Track.LOCAL.value)
    shown = {}
    for role, user in cast.items():
        client.force_login(user)
        response = client.get(reverse("programs:project-detail", args=[project.pk]))
        shown[role.value] = [button.label for button in response.context["moves"]]
    assert shown == {
        "department_officer": ["Trả lại bổ sung", "Từ chối", "Rút đề án"],
        "centre_officer": ["Rút đề án"],
        "local_officer": ["Rút đề án"],
        "accountant": [],
        "leader": ["Phê duyệt"],
        "auditor": [],
        "system_admin": [],
    }
