"""Checks at the place: what was verified beside what was declared."""

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
from programs.actions.field_check import record_field_check
from programs.checks import warnings_before
from programs.models import Document, DocumentKind, FieldCheck, ProgressReport
from programs.policies import check_can_check_field
from programs.queries.progress import progress_timeline
from programs.workflow import Action, Status
from tests.factories import make_organisation, make_project, make_province, make_user

pytestmark = pytest.mark.django_db
APPROVED = datetime.date(2025, 8, 1)
CHECKED = datetime.date(2025, 9, 20)


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, approved_date=APPROVED)


def add_report(project, by, day=datetime.date(2025, 9, 10), percent=60):
    return ProgressReport.objects.create(
        project=project,
        report_date=day,
        percent_done=percent,
        content="Đã lắp máy",
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def add_check(project, by, day=CHECKED, percent=40, number="01/BBKT", report=None):
    return FieldCheck.objects.create(
        project=project,
        report=report,
        checked_on=day,
        minutes_number=number,
        checkers="Ông A",
        verified_percent=percent,
        findings="Chưa đấu điện",
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def adding(project):
    return reverse("programs:field-check-add", args=[project.pk])


def progress_page(project):
    return reverse("programs:project-progress", args=[project.pk])


def typed(project, **changes):
    return {
        "version": project.version,
        "minutes_number": "01/BBKT-TTKC",
        "checked_on": "20/09/2025",
        "report": "",
        "verified_percent": "40",
        "checkers": "Ông A, Trung tâm Khuyến công\nBà B, UBND xã",
        "findings": "Máy đã lắp, chưa đấu điện",
    } | changes


def values(**changes):
    return {
        "report": None,
        "checked_on": CHECKED,
        "minutes_number": "01/BBKT",
        "checkers": "Ông A",
        "verified_percent": 40,
        "findings": "Chưa xong",
    } | changes


def test_a_check_is_recorded_with_one_event(client, centre_officer, project):
    report = add_report(project, centre_officer)
    client.force_login(centre_officer)
    page = client.get(adding(project)).content.decode()
    assert "Báo cáo ngày 10/09/2025, khai báo 60 %" in page
    response = client.post(adding(project), typed(project, report=report.pk))
    assert response.status_code == 302
    check = project.field_checks.get()
    assert (check.checked_on, check.verified_percent, check.report) == (CHECKED, 40, report)
    assert check.recorded_by == centre_officer
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert (event.action, event.document_number, event.document_date) == ("field_check", "01/BBKT-TTKC", CHECKED)
    assert event.changes["Khối lượng xác minh (%)"] == [None, 40]
    project.refresh_from_db()
    assert (project.status, project.version) == (Status.IN_PROGRESS, 2)


def test_declared_above_verified_is_shown_and_not_refused(client, centre_officer, auditor, project):
    add_check(project, centre_officer, percent=40)
    client.force_login(centre_officer)
    address = reverse("programs:project-report-progress", args=[project.pk])
    report = {"version": 1, "report_date": "01/10/2025", "percent_done": "95", "content": "Sắp xong"}
    assert client.post(address, report).status_code == 302
    client.force_login(auditor)
    page = client.get(progress_page(project)).content.decode()
    assert page.count("Cao hơn 55 điểm") == 2  # above, and in its row
    assert 'value="95"' in page
    assert 'value="40"' in page
    assert "01/BBKT" in page
    assert "Ghi biên bản kiểm tra" not in page  # an auditor looks on


def test_the_line_of_time_carries_each_percentage_on(centre_officer, project):
    first = add_report(project, centre_officer, datetime.date(2025, 9, 1), 60)
    add_report(project, centre_officer, datetime.date(2025, 9, 20), 80)
    add_check(project, centre_officer, datetime.date(2025, 9, 20), 50, "01", report=first)
    add_check(project, centre_officer, datetime.date(2025, 9, 25), 80, "02")
    add_report(project, centre_officer, datetime.date(2025, 9, 30), 70)
    timeline = progress_timeline(project)
    told = [(row.date.day, bool(row.check), row.declared, row.verified, row.difference) for row in timeline.rows]
    assert told == [
        (30, False, 70, 80, -10),
        (25, True, 80, 80, 0),
        (20, True, 60, 50, 10),  # against the report that it checked
        (20, False, 80, None, None),
        (1, False, 60, None, None),
    ]
    assert (timeline.last_report.percent_done, timeline.last_check.verified_percent) == (70, 80)
    assert timeline.difference == -10


def test_before_anything_is_recorded_the_page_says_so(client, centre_officer, project):
    client.force_login(centre_officer)
    assert "Chưa có báo cáo tiến độ" in client.get(progress_page(project)).content.decode()
    assert progress_timeline(project).difference is None


def test_the_scan_is_asked_for_and_then_linked(client, centre_officer, project):
    check = add_check(project, centre_officer, number="01/BBKT")
    client.force_login(centre_officer)
    page = client.get(progress_page(project)).content.decode()
    attaching = reverse("programs:document-add", args=[project.pk])
    assert f"{attaching}?loai=field_check&amp;so=01%2FBBKT" in page
    form = client.get(f"{attaching}?loai=field_check&so=01%2FBBKT").context["form"]
    assert (form["kind"].value(), form["number"].value()) == ("field_check", "01/BBKT")
    scan = Document.objects.create(
        project=project,
        kind=DocumentKind.FIELD_CHECK.value,
        number=check.minutes_number,
        file="projects/1/x",
        original_name="quet.pdf",
        content_type="application/pdf",
        size_bytes=1,
        sha256="0" * 64,
        uploaded_by=centre_officer,
        uploaded_at=timezone.now(),
    )
    page = client.get(progress_page(project)).content.decode()
    assert reverse("programs:document-download", args=[project.pk, scan.pk]) in page
    assert "Đính kèm bản quét" not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"verified_percent": "101"}, "verified_percent"),
        ({"verified_percent": "-1"}, "verified_percent"),
        ({"verified_percent": ""}, "verified_percent"),
        ({"checked_on": "31/02/2025"}, "checked_on"),
        ({"checked_on": "31/07/2025"}, "checked_on"),  # the day before the approval
        ({"minutes_number": " "}, "minutes_number"),
        ({"checkers": ""}, "checkers"),
        ({"findings": ""}, "findings"),
        ({"report": "987654"}, "report"),
    ],
)
def test_wrong_minutes_are_asked_back_with_what_was_typed(client, centre_officer, project, changes, field):
    client.force_login(centre_officer)
    response = client.post(adding(project), typed(project, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "Bà B, UBND xã" in response.content.decode() or field == "checkers"
    assert not FieldCheck.objects.exists()
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_a_check_from_tomorrow_is_refused(client, centre_officer, project):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(centre_officer)
    response = client.post(adding(project), typed(project, checked_on=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["checked_on"])


def test_minutes_are_recorded_once_in_a_project(client, centre_officer, local_officer, project):
    client.force_login(centre_officer)
    form = typed(project)
    assert client.post(adding(project), form).status_code == 302
    again = client.post(adding(project), form)
    assert again.status_code == 409  # a second press
    assert "Máy đã lắp, chưa đấu điện" in again.content.decode()
    project.refresh_from_db()
    refused = client.post(adding(project), typed(project))
    assert refused.status_code == 422
    assert "đã được ghi" in str(refused.context["form"].errors["minutes_number"])
    assert project.field_checks.count() == 1
    other = make_project(created_by=local_officer, status=Status.CONTRACTED.value)
    assert client.post(adding(other), typed(other)).status_code == 302


def test_the_action_asks_for_itself(centre_officer, local_officer, project):
    other = make_project(created_by=local_officer, status=Status.IN_PROGRESS.value)
    foreign = add_report(other, centre_officer)
    with pytest.raises(NotAllowed):
        record_field_check(project_id=project.pk, values=values(), by=local_officer, version=1)
    with pytest.raises(Overtaken):
        record_field_check(project_id=project.pk, values=values(), by=centre_officer, version=7)
    for changes in ({"report": foreign}, {"verified_percent": 101}, {"verified_percent": -1}, {"findings": ""}):
        with pytest.raises(Refused):
            record_field_check(project_id=project.pk, values=values(**changes), by=centre_officer, version=1)
    assert not FieldCheck.objects.exists()


@pytest.mark.parametrize("status", list(Status))
def test_checks_belong_between_contract_and_acceptance(centre_officer, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    if status in (Status.CONTRACTED, Status.IN_PROGRESS):
        check_can_check_field(centre_officer, project)
    else:
        with pytest.raises(Refused, match="từ khi ký hợp đồng đến khi nghiệm thu"):
            check_can_check_field(centre_officer, project)


def test_the_policy_asks_for_right_and_area(local_officer, stranger, leader, project):
    for person in (local_officer, stranger, leader):
        with pytest.raises(NotAllowed):
            check_can_check_field(person, project)


@pytest.mark.parametrize("who", ["local_officer", "department_officer", "leader", "accountant", "auditor"])
def test_only_the_centre_records_checks(request, client, project, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(adding(project)).status_code == 403
    assert client.post(adding(project), typed(project)).status_code == 403
    assert not FieldCheck.objects.exists()


def test_a_wrong_status_is_explained(client, centre_officer, local_officer):
    project = make_project(created_by=local_officer, status=Status.ACCEPTED.value)
    client.force_login(centre_officer)
    for response in (client.get(adding(project)), client.post(adding(project), typed(project))):
        assert response.status_code == 422
        assert "Đã nghiệm thu" in response.content.decode()
    assert not FieldCheck.objects.exists()


def test_a_project_of_another_province_does_not_exist(client, centre_officer, local_officer, project):
    elsewhere = make_user(Role.CENTRE_OFFICER, make_organisation(make_province(), kind=OrganisationKind.CENTRE))
    client.force_login(elsewhere)
    assert client.get(adding(project)).status_code == 404
    assert client.post(adding(project), typed(project)).status_code == 404
    assert not FieldCheck.objects.exists()


def test_acceptance_is_warned_about_the_last_check(centre_officer, project):
    assert any("Chưa có biên bản kiểm tra" in text for text in warnings_before(Action.ACCEPT, project))
    add_check(project, centre_officer, percent=90)
    assert any("xác minh 90 % khối lượng" in text for text in warnings_before(Action.ACCEPT, project))
    add_check(project, centre_officer, CHECKED + datetime.timedelta(days=1), 100, "02/BBKT")
    assert not any("kiểm tra" in text for text in warnings_before(Action.ACCEPT, project))


def test_the_number_of_queries_does_not_grow(client, centre_officer, project):
    client.force_login(centre_officer)
    counts = []
    for more in (20, 180):
        for number in range(more):
            report = add_report(project, centre_officer)
            add_check(project, centre_officer, number=f"{more}.{number}", report=report)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(progress_page(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
