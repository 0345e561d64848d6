"""Employment after training: one survey, one row, also after the end of the project."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.vietnamese.dates import format_date
from programs.actions.employment import record_employment
from programs.models import EmploymentResult, SupportItem
from programs.policies import SURVEYED, check_can_record_employment
from programs.workflow import Status
from tests.factories import make_organisation, make_project, make_province, make_user

pytestmark = pytest.mark.django_db
APPROVED = datetime.date(2025, 8, 1)


@pytest.fixture
def project(local_officer):
    """A training project that has been accepted."""
    item = SupportItem.objects.get(row=1)
    return make_project(
        created_by=local_officer, status=Status.ACCEPTED.value, support_item=item, approved_date=APPROVED
    )


def adding(project):
    return reverse("programs:employment-add", args=[project.pk])


def indicators(project):
    return reverse("programs:project-indicators", args=[project.pk])


def typed(project, **changes):
    return {
        "version": project.version,
        "surveyed_on": "15/10/2025",
        "trained_count": "30",
        "employed_count": "24",
        "employed_women_count": "18",
        "note": "Phiếu khảo sát",
    } | changes


def values(**changes):
    return {
        "surveyed_on": datetime.date(2025, 10, 15),
        "trained_count": 30,
        "employed_count": 24,
        "employed_women_count": 18,
        "note": "",
    } | changes


def test_a_survey_is_recorded_with_one_event(client, centre_officer, project):
    client.force_login(centre_officer)
    assert client.get(adding(project)).status_code == 200
    response = client.post(adding(project), typed(project))
    assert response.status_code == 302
    assert response.url == indicators(project)
    row = project.employment.get()
    assert (row.surveyed_on, row.trained_count, row.employed_count) == (datetime.date(2025, 10, 15), 30, 24)
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.action == "record_employment"
    assert event.changes["Số người có việc làm"] == [None, 24]


def test_a_later_survey_adds_a_row_and_the_rate_names_its_denominator(client, centre_officer, auditor, project):
    client.force_login(centre_officer)
    client.post(adding(project), typed(project))
    project.status = Status.SETTLED.value
    project.save()
    project.refresh_from_db()
    later = typed(project, surveyed_on="20/12/2025", employed_count="27")
    assert client.post(adding(project), later).status_code == 302
    client.force_login(auditor)
    page = client.get(indicators(project)).content.decode()
    assert "80,0 % (24 trên 30 người được đào tạo)" in page
    assert "90,0 % (27 trên 30 người được đào tạo)" in page
    assert page.index("20/12/2025") < page.index("15/10/2025")
    assert "Ghi lần khảo sát" not in page


def test_training_items_have_it_first_with_the_reason(client, centre_officer, local_officer, project):
    client.force_login(centre_officer)
    page = client.get(indicators(project)).content.decode()
    assert "Nội dung hỗ trợ là đào tạo" in page
    assert page.index("Việc làm sau đào tạo") < page.index("Chưa có chỉ tiêu")
    other = make_project(created_by=local_officer, status=Status.ACCEPTED.value)
    page = client.get(indicators(other)).content.decode()
    assert "Nội dung hỗ trợ là đào tạo" not in page
    assert page.index("Việc làm sau đào tạo") > page.index("Chưa có chỉ tiêu")


def test_the_training_items_are_those_of_the_form():
    named = {item.row for item in SupportItem.objects.all() if item.name.startswith("Hỗ trợ đào tạo")}
    assert {item.row for item in SupportItem.objects.all() if item.is_training} == named


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trained_count": "0", "employed_count": "0", "employed_women_count": "0"}, "trained_count"),
        ({"trained_count": ""}, "trained_count"),
        ({"employed_count": "31"}, "employed_count"),
        ({"employed_count": "-1"}, "employed_count"),
        ({"employed_women_count": "25"}, "employed_women_count"),
        ({"employed_women_count": "1,5"}, "employed_women_count"),
        ({"surveyed_on": "31/02/2025"}, "surveyed_on"),
        ({"surveyed_on": "31/07/2025"}, "surveyed_on"),
    ],
)
def test_wrong_figures_are_asked_back_with_what_was_typed(client, centre_officer, project, changes, field):
    client.force_login(centre_officer)
    response = client.post(adding(project), typed(project, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Phiếu khảo sát" in response.content.decode()
    assert not EmploymentResult.objects.exists()


def test_a_survey_from_tomorrow_is_refused(client, centre_officer, project):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(centre_officer)
    response = client.post(adding(project), typed(project, surveyed_on=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["surveyed_on"])


def test_a_day_is_surveyed_once(client, centre_officer, project):
    client.force_login(centre_officer)
    form = typed(project)
    client.post(adding(project), form)
    assert client.post(adding(project), form).status_code == 409
    project.refresh_from_db()
    refused = client.post(adding(project), typed(project, employed_count="30"))
    assert refused.status_code == 422
    assert "đã được ghi" in str(refused.context["form"].errors["surveyed_on"])
    assert project.employment.get().employed_count == 24


def test_the_action_asks_for_itself(centre_officer, local_officer, project):
    with pytest.raises(NotAllowed):
        record_employment(project_id=project.pk, values=values(), by=local_officer, version=1)
    with pytest.raises(Overtaken):
        record_employment(project_id=project.pk, values=values(), by=centre_officer, version=9)
    for changes in ({"employed_count": 31}, {"employed_women_count": 25}, {"trained_count": 0}):
        with pytest.raises(Refused):
            record_employment(project_id=project.pk, values=values(**changes), by=centre_officer, version=1)
    assert not EmploymentResult.objects.exists()


@pytest.mark.parametrize("status", list(Status))
def test_surveys_are_recorded_from_the_work_on(centre_officer, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    if status in SURVEYED:
        check_can_record_employment(centre_officer, project)
    else:
        with pytest.raises(Refused, match="từ khi đề án đang thực hiện"):
            check_can_record_employment(centre_officer, project)


@pytest.mark.parametrize("who", ["local_officer", "department_officer", "leader", "accountant", "auditor"])
def test_only_the_centre_records_surveys(request, client, project, who):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        check_can_record_employment(person, project)
    client.force_login(person)
    assert client.get(adding(project)).status_code == 403
    assert client.post(adding(project), typed(project)).status_code == 403
    assert not EmploymentResult.objects.exists()


def test_a_wrong_status_is_explained(client, centre_officer, local_officer):
    project = make_project(created_by=local_officer, status=Status.APPROVED.value)
    client.force_login(centre_officer)
    for response in (client.get(adding(project)), client.post(adding(project), typed(project))):
        assert response.status_code == 422
        assert "Đã phê duyệt" in response.content.decode()
    assert not EmploymentResult.objects.exists()


def test_a_project_of_another_province_does_not_exist(client, reference, project):
    elsewhere = make_user(Role.CENTRE_OFFICER, make_organisation(make_province(), kind=OrganisationKind.CENTRE))
    with pytest.raises(NotAllowed):
        check_can_record_employment(elsewhere, project)
    client.force_login(elsewhere)
    assert client.get(adding(project)).status_code == 404
    assert client.post(adding(project), typed(project)).status_code == 404


def test_the_number_of_queries_does_not_grow(client, centre_officer, project):
    client.force_login(centre_officer)
    counts = []
    for first, more in ((0, 20), (20, 180)):
        EmploymentResult.objects.bulk_create(
            EmploymentResult(
                project=project,
                surveyed_on=APPROVED + datetime.timedelta(days=first + number),
                trained_count=30,
                employed_count=20,
                employed_women_count=10,
                recorded_by=centre_officer,
                recorded_at=timezone.now(),
            )
            for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(indicators(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
