"""Thời hạn: the list, the box on the first page, the admin of the rules."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.models import DeadlineRule
from programs.workflow import Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db
LIST = reverse("programs:deadline-list")


@pytest.fixture
def this_year(reference):
    """One rule of our own whose day is known whenever the test runs: 31/12 of the plan year, told 400 days ahead."""
    DeadlineRule.objects.all().delete()
    DeadlineRule.objects.create(
        key="cuoi-nam",
        name="Việc cuối năm",
        kind="calendar",
        month=12,
        day=31,
        owed_by="in_progress,accepted",
        warn_days=400,
        legal_basis="Văn bản thử",
        certainty="unverified",
    )
    return timezone.localdate().year


def make(user, year, **values):
    values = {"status": Status.IN_PROGRESS.value, "track": Track.NATIONAL.value} | values
    return make_project(created_by=user, year=year, **values)


def shown(response):
    return [(row.project.pk, row.standing.value) for row in response.context["rows"]]


def test_the_nearest_comes_first_and_an_unverified_rule_says_so(client, local_officer, this_year):
    later, overdue = make(local_officer, this_year + 3), make(local_officer, this_year - 1)
    soon = make(local_officer, this_year)
    client.force_login(local_officer)
    response = client.get(LIST)
    assert shown(response) == [(overdue.pk, "overdue"), (soon.pk, "soon"), (later.pk, "later")]
    page = response.content.decode()
    for text in (f"31/12/{this_year}", "Quá hạn", "Chưa đối chiếu văn bản", "Văn bản thử", overdue.code):
        assert text in page


def test_the_list_is_filtered(client, local_officer, this_year):
    later, overdue = make(local_officer, this_year + 3), make(local_officer, this_year - 1)
    client.force_login(local_officer)
    assert shown(client.get(LIST, {"tinh_trang": "qua-han"})) == [(overdue.pk, "overdue")]
    assert shown(client.get(LIST, {"nam": str(this_year + 3)})) == [(later.pk, "later")]
    assert shown(client.get(LIST, {"viec": "cuoi-nam"})) == [(overdue.pk, "overdue"), (later.pk, "later")]
    assert shown(client.get(LIST, {"tinh_trang": "sap-den-han"})) == []
    assert len(shown(client.get(LIST, {"tinh_trang": "la", "viec": "la", "nam": "la", "page": "x"}))) == 2
    assert shown(client.get(LIST, {"sort": "-han"}))[0] == (later.pk, "later")


def test_a_fragment_is_only_the_table(client, local_officer, this_year):
    make(local_officer, this_year)
    client.force_login(local_officer)
    page = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<table" in page
    assert "<html" not in page


def test_others_see_nothing(client, local_officer, other_local_officer, stranger, this_year):
    make(local_officer, this_year)
    for user in (other_local_officer, stranger):
        client.force_login(user)
        assert shown(client.get(LIST)) == []
        assert "Không có việc nào có thời hạn" in client.get(LIST).content.decode()


def test_without_a_rule_the_page_says_so(client, local_officer, reference):
    DeadlineRule.objects.all().delete()
    client.force_login(local_officer)
    assert "Chưa có thời hạn nào" in client.get(LIST).content.decode()


def test_pages_and_queries(client, cast, reference):
    """All three rules of the law; more rows, the same number of queries."""
    officer = cast[Role.DEPARTMENT_OFFICER]
    client.force_login(officer)
    counts = []
    for more in (20, 60):
        for number in range(more):
            status = (Status.DRAFT, Status.CONTRACTED, Status.ACCEPTED)[number % 3]
            make(officer, 2027, status=status.value)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
    assert len(shown(response)) == 25
    everything = [pair for page in range(1, 5) for pair in shown(client.get(LIST, {"page": page}))]
    assert len(everything) == len(set(everything)) == 80


def test_the_first_page_counts_what_is_due(client, local_officer, other_local_officer, this_year):
    make(local_officer, this_year), make(local_officer, this_year - 1), make(local_officer, this_year + 3)
    client.force_login(local_officer)
    response = client.get("/")
    assert response.context["due_count"] == 2
    assert "2 việc" in response.content.decode()
    client.force_login(other_local_officer)
    assert "Sắp đến hạn" not in client.get("/").content.decode()


def test_an_administrator_edits_a_rule_and_it_is_recorded(client, system_admin, this_year):
    rule = DeadlineRule.objects.get()
    client.force_login(system_admin)
    address = reverse("admin:programs_deadlinerule_change", args=[rule.pk])
    page = client.get(address).content.decode()
    assert 'value="in_progress"' in page
    form = {
        "key": rule.key,
        "name": rule.name,
        "kind": "calendar",
        "year_offset": "0",
        "month": "11",
        "day": "30",
        "days": "",
        "after_action": "",
        "track": "",
        "owed_by": ["accepted", "liquidated"],
        "warn_days": "10",
        "escalate_days": "5",
        "valid_from": "01/02/2026",
        "valid_to": "",
        "legal_basis": "Văn bản mới",
        "certainty": "confirmed",
    }
    assert client.post(address, form).status_code == 302
    rule.refresh_from_db()
    assert (rule.owed_by, rule.day, rule.valid_from) == ("accepted,liquidated", 30, datetime.date(2026, 2, 1))
    assert AuditEvent.objects.get(action="admin_change").object_id == rule.pk
    refused = client.post(address, form | {"day": "31"})
    assert "Ngày này không có trong mọi năm" in refused.content.decode()


def test_rules_go_out_to_excel_with_statuses_by_name(reference):
    from programs.admin.deadline import DeadlineRuleResource, StatusesCell

    data = DeadlineRuleResource().export()
    assert "Đang soạn; Đã trình" in data["Còn nợ ở trạng thái"]
    assert data["Quá hạn bao nhiêu ngày thì báo lãnh đạo"] == [5, 5, 5]
    again = DeadlineRuleResource().import_data(data, dry_run=True, user=None)
    assert not again.has_errors()
    assert not again.has_validation_errors()
    assert again.totals["skip"] == 3
    assert StatusesCell().clean("dang soan; Đã trình") == "draft,submitted"
    with pytest.raises(ValueError, match="Không có trạng thái: lạ"):
        StatusesCell().clean("Đang soạn; lạ")
