"""Lists too long for a page become a job; below and above the threshold the rows are the same."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from khuyencong.jobs.models import Job, JobState
from khuyencong.jobs.runner import run
from tests.factories import make_project, unit
from tests.funding.makers import MILLION, add_entry, approved_project
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PROJECTS, VOUCHERS = reverse("programs:project-export"), reverse("funding:disbursement-export")


@pytest.fixture
def projects(department_officer, local_officer, accountant):
    """Six projects of 2025 and 2026 in two communes; two vouchers on one of them."""
    for number in range(5):
        place = unit("31843") if number % 2 else unit("31972")
        make_project(created_by=department_officer, year=2025 + number % 2, place=place)
    paid = approved_project(local_officer, 200 * MILLION)
    for _ in range(2):
        add_entry(paid, accountant, 10 * MILLION)


def rows_of(content):
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def direct(client, address):
    response = client.get(address)
    assert response.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    return rows_of(content_of(response))


def by_job(client, address, data=None):
    """Asked, started, run, downloaded: as a person does it."""
    asked = client.post(address, data or {})
    job = Job.objects.latest("pk")
    assert asked.url == reverse("jobs:job-detail", args=[job.pk])
    run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    return rows_of(content_of(client.get(reverse("jobs:job-download", args=[job.pk]))))


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (PROJECTS, {"tat_ca": "1"}),
        (f"{PROJECTS}?nam=2026&sort=-ten", {"tat_ca": "1"}),
        (f"{PROJECTS}?q=tien+tien", {"tat_ca": "1"}),
        (VOUCHERS, {}),
        (f"{VOUCHERS}?kind=advance&sort=amount", {}),
    ],
)
@pytest.mark.parametrize("person", ["department_officer", "local_officer"])
def test_the_same_rows_both_ways(client, request, settings, projects, person, address, data):
    client.force_login(request.getfixturevalue(person))
    expected = direct(client, address)
    settings.EXPORT_DIRECT_ROWS = 1
    if len(expected) > 2:
        assert by_job(client, address, data) == expected
    else:
        assert direct(client, address) == expected


def test_opening_the_address_asks_first_and_starts_nothing(client, department_officer, settings, projects):
    settings.EXPORT_DIRECT_ROWS = 1
    client.force_login(department_officer)
    for address in (f"{PROJECTS}?nam=2026", VOUCHERS):
        response = client.get(address)
        assert response.status_code == 200
        assert "Chuẩn bị tệp" in response.content.decode()
        assert f'action="{address}"' in response.content.decode()
    assert not Job.objects.exists()


def test_ticked_rows_are_few_and_sent_at_once(client, department_officer, settings, projects):
    settings.EXPORT_DIRECT_ROWS = 1
    client.force_login(department_officer)
    ticked = [project.pk for project in make_three(department_officer)]
    response = client.post(PROJECTS, {"de_an": ticked})
    assert len(rows_of(content_of(response))) == 4
    assert not Job.objects.exists()


def make_three(by):
    return [make_project(created_by=by) for _ in range(3)]


def test_the_area_is_asked_again_when_it_runs(client, department_officer, settings, projects, stranger):
    settings.EXPORT_DIRECT_ROWS = 1
    client.force_login(department_officer)
    client.post(PROJECTS, {"tat_ca": "1"})
    job = Job.objects.get()
    department_officer.organisation = stranger.organisation
    department_officer.save()
    run(job.pk)
    job.refresh_from_db()
    assert len(rows_of(job.file.read())) == 1  # the heading: nothing of the former province
    job.file.close()


def test_a_disabled_account_gets_nothing(client, department_officer, settings, projects):
    settings.EXPORT_DIRECT_ROWS = 1
    client.force_login(department_officer)
    client.post(VOUCHERS)
    job = Job.objects.get()
    department_officer.is_active = False
    department_officer.save()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == (JobState.FAILED, False)


def test_vouchers_taken_by_a_job_are_told_like_those_of_the_page(client, accountant, settings, projects):
    settings.EXPORT_DIRECT_ROWS = 1
    client.force_login(accountant)
    by_job(client, f"{VOUCHERS}?kind=advance")
    event = AuditEvent.objects.get(action="disbursement_export")
    assert event.actor_id == accountant.pk
    assert event.changes == {"Số dòng": [None, 2], "Điều kiện lọc": [None, "kind=advance"]}
    acts = AuditEvent.objects.filter(action__startswith="job_").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["job_request", "job_download"]
