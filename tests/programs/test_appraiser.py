"""Who appraises: named for one project or many, found on the list and at home, binding nobody."""

import pytest
from django.urls import reverse

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs import policies
from programs.actions.appraiser import assign_appraiser
from programs.models import Project
from programs.workflow import APPRAISED_IN, Status
from tests.factories import make_organisation, make_project, make_user, unit

pytestmark = pytest.mark.django_db
LIST = "/de-an/"
BULK = "/de-an/giao-tham-dinh/"


@pytest.fixture
def colleague(department_officer):
    return make_user(Role.DEPARTMENT_OFFICER, department_officer.organisation, full_name="Trần Thị Thẩm")


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.CONFIRMED.value)


def page(project):
    return reverse("programs:project-assign", args=[project.pk])


def assign(project, appraiser, by, version=None):
    version = version or Project.objects.get(pk=project.pk).version
    return assign_appraiser(project_id=project.pk, appraiser=appraiser, by=by, version=version)


def appraiser_of(project):
    return Project.objects.get(pk=project.pk).appraiser


def ticks(*projects):
    return [f"{project.pk}-{project.version}" for project in projects]


def test_an_appraiser_is_named_and_the_history_says_who_before(client, department_officer, colleague, project):
    assign(project, department_officer, department_officer)
    client.force_login(department_officer)
    assert client.get(page(project)).status_code == 200
    version = Project.objects.get(pk=project.pk).version
    assert client.post(page(project), {"version": version, "appraiser": colleague.pk}).status_code == 302
    assert appraiser_of(project) == colleague
    event = AuditEvent.objects.about(f"project:{project.pk}").first()
    assert event.action == "assign_appraiser"
    assert event.changes == {"Người thẩm định": [str(department_officer), str(colleague)]}
    text = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
    assert "Trần Thị Thẩm" in text
    assert page(project) in text


@pytest.mark.parametrize("status", list(Status))
def test_it_is_settled_from_submission_until_approval(department_officer, project, status):
    project.status = status.value
    assert policies.allowed(policies.check_can_assign_appraiser, department_officer, project) is (
        status in APPRAISED_IN
    )


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_appraise_assign(client, cast, project, role):
    may = role is Role.DEPARTMENT_OFFICER
    assert policies.allowed(policies.check_can_assign_appraiser, cast[role], project) is may
    client.force_login(cast[role])
    assert client.get(page(project)).status_code == (200 if may else 403)
    assert client.post(BULK, {"de_an": ticks(project)}).status_code == (200 if may else 403)


def test_another_province_finds_nothing(client, stranger, colleague, project):
    client.force_login(stranger)
    assert client.post(page(project), {"version": 1, "appraiser": colleague.pk}).status_code == 404
    response = client.post(BULK, {"de_an": ticks(project), "appraiser": stranger.pk, "do": "1"}, follow=True)
    assert project.code not in response.content.decode()
    with pytest.raises(NotAllowed):
        assign(project, stranger, stranger)
    assert appraiser_of(project) is None


def test_the_appraiser_must_be_able_to_appraise_there(client, department_officer, stranger, accountant, project):
    left = make_user(Role.DEPARTMENT_OFFICER, department_officer.organisation, is_active=False)
    elsewhere = make_user(
        Role.DEPARTMENT_OFFICER, make_organisation(unit("31972"), kind=OrganisationKind.DISTRICT_OFFICE)
    )
    client.force_login(department_officer)
    for person in (left, accountant, stranger, elsewhere):
        with pytest.raises(Refused) as caught:
            assign(project, person, department_officer)
        assert caught.value.field == "appraiser"
        response = client.post(page(project), {"version": project.version, "appraiser": person.pk})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["appraiser"]
    assert appraiser_of(project) is None


def test_an_overtaken_or_empty_assignment_changes_nothing(client, department_officer, colleague, project):
    assign(project, colleague, department_officer)
    with pytest.raises(Overtaken):
        assign(project, department_officer, department_officer, version=1)
    with pytest.raises(Refused, match="đã giao cho"):
        assign(project, colleague, department_officer)
    client.force_login(department_officer)
    response = client.post(page(project), {"version": 1, "appraiser": department_officer.pk})
    assert response.status_code == 409
    assert appraiser_of(project) == colleague


def test_a_wrong_state_is_explained(client, department_officer, colleague, local_officer):
    draft = make_project(created_by=local_officer)
    client.force_login(department_officer)
    response = client.post(page(draft), {"version": 1, "appraiser": colleague.pk})
    assert response.status_code == 422
    assert "không giao người thẩm định ở bước này" in response.content.decode()
    assert appraiser_of(draft) is None


def test_many_are_shown_first_and_then_assigned_each_for_itself(client, department_officer, colleague, local_officer):
    first, second, draft = (
        make_project(created_by=local_officer, status=status.value)
        for status in (Status.SUBMITTED, Status.CONFIRMED, Status.DRAFT)
    )
    client.force_login(department_officer)
    plain = [str(project.pk) for project in (first, second, draft)]
    response = client.post(BULK, {"de_an": plain, "appraiser": colleague.pk})
    assert (response.context["good"], response.context["bad"]) == (2, 1)
    assert f'value="{colleague.pk}" selected' in response.content.decode()
    assert not AuditEvent.objects.exists()
    form = {"de_an": ticks(first, second, draft), "appraiser": colleague.pk, "do": "1"}
    Project.objects.filter(pk=second.pk).update(version=7)
    response = client.post(BULK, form)
    assert (response.context["good"], response.context["bad"]) == (1, 2)
    text = response.content.decode()
    assert "đã được thay đổi sau khi bạn mở trang" in text
    assert "không giao người thẩm định ở bước này" in text
    assert [appraiser_of(one) for one in (first, second, draft)] == [colleague, None, None]
    assert AuditEvent.objects.filter(action="assign_appraiser").count() == 1


def test_in_bulk_a_person_must_be_chosen(client, department_officer, project):
    client.force_login(department_officer)
    response = client.post(BULK, {"de_an": ticks(project), "appraiser": "", "do": "1"})
    assert response.status_code == 422
    assert "Chọn người thẩm định." in response.content.decode()
    assert client.get(BULK).url.startswith(LIST)


def test_the_list_is_narrowed_by_appraiser(client, department_officer, colleague, local_officer, project):
    other = make_project(created_by=local_officer, status=Status.SUBMITTED.value, appraiser=colleague)
    mine = make_project(created_by=local_officer, status=Status.SUBMITTED.value, appraiser=department_officer)
    make_project(created_by=local_officer)
    client.force_login(department_officer)

    def codes(value):
        return {row.code for row in client.get(LIST, {"nguoi_tham_dinh": value}).context["listing"].page_obj}

    assert codes("toi") == {mine.code}
    assert codes("chua-giao") == {project.code}
    assert codes(colleague.pk) == {other.code}
    assert len(codes("1'")) == 4
    assert "Giao người thẩm định" in client.get(LIST).content.decode()
    client.force_login(local_officer)
    response = client.get(LIST)
    assert response.context["assign"] is None
    assert "Giao cho tôi" not in response.content.decode()


def test_home_says_how_many_are_mine(client, department_officer, colleague, local_officer, project):
    make_project(created_by=local_officer, status=Status.CONFIRMED.value, appraiser=department_officer)
    make_project(created_by=local_officer, status=Status.SUBMITTED.value, appraiser=department_officer)
    client.force_login(department_officer)
    response = client.get("/")
    boards = {board["queue"].key: board for board in response.context["work"]}
    assert (boards["tham-dinh"]["count"], boards["tham-dinh"]["mine"]) == (2, 1)
    assert boards["xac-nhan"]["mine"] is None
    assert "1 đề án giao cho tôi" in response.content.decode()
    client.force_login(colleague)
    assert "0 đề án giao cho tôi" in client.get("/").content.decode()


def test_nobody_else_is_kept_from_appraising(client, department_officer, colleague, project):
    assign(project, colleague, department_officer)
    client.force_login(department_officer)
    assert client.get(reverse("programs:project-move", args=[project.pk, "appraise"])).status_code == 200
