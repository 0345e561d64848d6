"""Progress reports, and who reports and accepts."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs import checks
from programs.actions.progress import report_progress
from programs.models import BudgetSide, IndicatorValue, ProgressReport, ResultIndicator
from programs.workflow import Action, Status
from tests.factories import make_project

pytestmark = pytest.mark.django_db
PROVINCIAL = BudgetSide.PROVINCIAL.value


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.CONTRACTED.value)


@pytest.fixture
def under_way(local_officer):
    return make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)


@pytest.fixture
def planned(under_way):
    """10 trained workers and 2 tỷ of investment were planned."""
    rows = [("1", 10), ("10.1", 2_000_000_000)]
    return [
        IndicatorValue.objects.create(
            project=under_way,
            indicator=ResultIndicator.objects.get(code=code),
            budget=PROVINCIAL,
            year=2026,
            planned_value=value,
        )
        for code, value in rows
    ]


def reporting(project):
    return reverse("programs:project-report-progress", args=[project.pk])


def accepting(project):
    return reverse("funding:project-accept", args=[project.pk])


def report(project, **changes):
    return {
        "version": project.version,
        "report_date": "05/02/2026",
        "percent_done": "40",
        "content": "Đã lắp máy",
    } | changes


def minutes(project, planned, *others, achieved=("12", "2,5 tỷ"), **changes):
    data = {
        "version": project.version,
        "document_number": "15/BB-NT",
        "document_date": "10/11/2026",
        "reason": "",
        "others-TOTAL_FORMS": len(others),
        "others-INITIAL_FORMS": 0,
    }
    data |= {f"achieved_{row.pk}": value for row, value in zip(planned, achieved, strict=True)}
    for number, (indicator, value) in enumerate(others):
        row = {"indicator": indicator.pk, "budget": PROVINCIAL, "year": 2026, "value": value}
        data |= {f"others-{number}-{name}": one for name, one in row.items()}
    return data | changes


def test_the_first_report_sets_the_work_under_way(client, centre_officer, project):
    client.force_login(centre_officer)
    response = client.post(reporting(project), report(project))
    assert response.status_code == 302
    project.refresh_from_db()
    assert project.status == Status.IN_PROGRESS
    row = project.progress.get()
    assert (row.report_date, row.percent_done) == (datetime.date(2026, 2, 5), 40)  # day first
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.action == "report_progress"
    assert event.reason == "Ngày 05/02/2026, hoàn thành 40 %. Đã lắp máy"


def test_a_lower_percent_is_written_with_a_warning(client, centre_officer, project):
    client.force_login(centre_officer)
    client.post(reporting(project), report(project))
    project.refresh_from_db()
    response = client.post(reporting(project), report(project, percent_done="30"), follow=True)
    assert "thấp hơn lần báo cáo trước (40 %)" in response.content.decode()
    assert list(project.progress.values_list("percent_done", flat=True)) == [30, 40]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"percent_done": "101"}, "percent_done"),
        ({"percent_done": "-1"}, "percent_done"),
        ({"percent_done": "40,5"}, "percent_done"),
        ({"percent_done": ""}, "percent_done"),
        ({"report_date": "31/02/2026"}, "report_date"),
        ({"report_date": ""}, "report_date"),
        ({"content": "  "}, "content"),
    ],
)
def test_a_wrong_report_is_asked_back(client, centre_officer, project, changes, field):
    client.force_login(centre_officer)
    response = client.post(reporting(project), report(project, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ProgressReport.objects.exists()
    project.refresh_from_db()
    assert project.status == Status.CONTRACTED


def test_a_report_from_tomorrow_is_refused_at_its_field(client, centre_officer, project):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(centre_officer)
    response = client.post(reporting(project), report(project, report_date=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["report_date"])
    assert not ProgressReport.objects.exists()


def test_a_second_press_writes_no_second_report(client, centre_officer, project):
    client.force_login(centre_officer)
    form = report(project)
    assert client.post(reporting(project), form).status_code == 302
    response = client.post(reporting(project), form)
    assert response.status_code == 409
    assert "Đã lắp máy" in response.content.decode()
    assert project.progress.count() == 1


@pytest.mark.parametrize("who", ["local_officer", "department_officer", "leader", "accountant", "auditor"])
def test_only_the_centre_reports_and_accepts(request, client, project, under_way, planned, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reporting(project)).status_code == 403
    assert client.post(reporting(project), report(project)).status_code == 403
    assert client.get(accepting(under_way)).status_code == 403
    assert client.post(accepting(under_way), minutes(under_way, planned)).status_code == 403
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, Status.ACCEPTED, Status.STOPPED])
def test_a_wrong_status_is_explained(client, centre_officer, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    client.force_login(centre_officer)
    for response in (
        client.get(reporting(project)),
        client.post(reporting(project), report(project)),
        client.get(accepting(project)),
        client.post(accepting(project), minutes(project, [], achieved=())),
    ):
        assert response.status_code == 422
        assert status.label in response.content.decode()
    project.refresh_from_db()
    assert (project.status, project.version) == (status, 1)


def test_a_report_and_its_move_are_one(centre_officer, project, monkeypatch):
    def fail(project):
        raise Refused("Chưa được.")

    monkeypatch.setitem(checks.CHECKS, Action.REPORT_PROGRESS, [fail])
    values = {"report_date": datetime.date(2026, 2, 5), "percent": 40, "content": "x", "version": 1}
    with pytest.raises(Refused):
        report_progress(project_id=project.pk, by=centre_officer, **values)
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
def test_the_reports_of_another_area_do_not_exist(request, client, project, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("programs:project-progress", args=[project.pk])).status_code == 404


def test_the_number_of_queries_does_not_grow(client, centre_officer, under_way):
    client.force_login(centre_officer)
    address, counts = reverse("programs:project-progress", args=[under_way.pk]), []
    for more in (20, 180):
        ProgressReport.objects.bulk_create(
            ProgressReport(
                project=under_way,
                report_date=datetime.date(2026, 1, 1),
                percent_done=number % 100,
                content="x",
                recorded_by=centre_officer,
                recorded_at=timezone.now(),
            )
            for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
