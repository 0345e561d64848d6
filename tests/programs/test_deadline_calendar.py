"""Lịch thời hạn: the year's days as a page and as a file for telephones."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Role
from programs.models import DeadlineRule, RegistrationRound
from programs.workflow import Action, Status, Track
from tests.factories import make_project
from tests.programs.test_deadline_queries import add_step
from tests.responses import content_of

pytestmark = pytest.mark.django_db
PAGE, FILE, LIST = (reverse(f"programs:deadline-{name}") for name in ("calendar", "calendar-file", "list"))


@pytest.fixture
def this_year(reference):
    return timezone.localdate().year


def make(user, year, status=Status.DRAFT):
    return make_project(created_by=user, track=Track.NATIONAL.value, year=year, status=status.value)


def entries(response):
    return {
        (day.date, entry.key): (entry.owing, entry.is_overdue)
        for month in response.context["months"]
        for day in month.days
        for entry in day.entries
    }


def the_file(client, year):
    response = client.get(FILE, {"nam": year})
    return response, content_of(response).decode()


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_each_day_says_how_many_owe_and_how_many_are_overdue(client, local_officer, this_year):
    late, coming = this_year - 1, this_year + 1
    make(local_officer, late + 1), make(local_officer, late + 1), make(local_officer, coming + 1)
    client.force_login(local_officer)
    past, future = client.get(PAGE, {"nam": late}), client.get(PAGE, {"nam": coming})
    assert entries(past)[datetime.date(late, 5, 19), "kcqg-dang-ky"] == (2, True)
    assert entries(future)[datetime.date(coming, 5, 19), "kcqg-dang-ky"] == (1, False)
    page = past.content.decode()
    assert "2 đề án quá hạn" in page
    assert "1 đề án còn nợ" in future.content.decode()
    assert f"{LIST}?viec=kcqg-dang-ky&amp;ngay={late}-05-19" in page


def test_a_day_that_nobody_owes_is_still_on_the_calendar(client, auditor, this_year):
    client.force_login(auditor)
    response = client.get(PAGE)
    assert entries(response)[datetime.date(this_year, 1, 22), "kcqg-thanh-ly"] == (0, False)
    assert "Không đề án nào còn nợ" in response.content.decode()


def test_days_that_run_from_a_step_fall_where_each_project_has_them(client, local_officer, this_year):
    project = make(local_officer, this_year, Status.ACCEPTED)
    add_step(project, Action.ACCEPT, document_date=datetime.date(this_year, 3, 1))
    client.force_login(local_officer)
    day = datetime.date(this_year, 3, 16), "kcqg-ho-so-quyet-toan"
    assert entries(client.get(PAGE))[day][0] == 1
    assert day not in entries(client.get(PAGE, {"nam": this_year + 1}))


def test_a_rule_is_on_the_calendar_in_its_period_only(client, auditor, this_year):
    DeadlineRule.objects.filter(key="kcqg-thanh-ly").update(valid_to=datetime.date(this_year, 12, 31))
    client.force_login(auditor)
    keys = [{key for _, key in entries(client.get(PAGE, {"nam": this_year + more}))} for more in (0, 1)]
    assert ["kcqg-thanh-ly" in found for found in keys] == [True, False]


def test_registration_rounds_open_and_close_on_it(client, auditor, this_year):
    RegistrationRound.objects.create(
        year=this_year + 1,
        track=Track.LOCAL.value,
        opens_on=datetime.date(this_year - 1, 12, 1),
        closes_on=datetime.date(this_year, 6, 30),
        decision_number="12/TB-SCT",
    )
    client.force_login(auditor)
    page = client.get(PAGE).content.decode()
    assert f"Ngày cuối của đợt đăng ký khuyến công địa phương kế hoạch năm {this_year + 1}" in page
    assert "12/TB-SCT" in page
    assert "Mở đợt đăng ký" not in page
    assert "Mở đợt đăng ký" in client.get(PAGE, {"nam": this_year - 1}).content.decode()


def test_today_is_marked_and_other_years_are_a_link_away(client, auditor, this_year):
    client.force_login(auditor)
    page = client.get(PAGE).content.decode()
    today = timezone.localdate()
    assert page.count('aria-current="date"') == 1
    assert f'id="ngay-{today.isoformat()}"' in page
    assert "Hôm nay" in page
    assert f"?nam={this_year + 1}" in page
    assert f"?nam={this_year - 1}" in page
    other = client.get(PAGE, {"nam": this_year + 1}).content.decode()
    assert 'aria-current="date"' not in other
    for odd in ("0000", "1999", "9999", "x", "²²²²", ""):
        assert client.get(PAGE, {"nam": odd}).context["year"] == this_year


def test_the_link_of_a_day_lists_just_those(client, local_officer, this_year):
    wanted, other = make(local_officer, this_year), make(local_officer, this_year + 1)
    client.force_login(local_officer)
    chosen = {"viec": "kcqg-dang-ky", "ngay": f"{this_year - 1}-05-19"}
    response = client.get(LIST, chosen)
    assert [row.project for row in response.context["rows"]] == [wanted]
    assert f"19/05/{this_year - 1}" in response.content.decode()
    for odd in ("x", "2026-02-30", "20260519", "0000-00-00", ""):
        assert {row.project for row in client.get(LIST, {"ngay": odd}).context["rows"]} == {wanted, other}


def test_list_and_calendar_know_each_other(client, auditor, this_year):
    client.force_login(auditor)
    assert PAGE in client.get(LIST).content.decode()
    page = client.get(PAGE).content.decode()
    assert LIST in page
    assert f"{FILE}?nam={this_year}" in page


def test_others_projects_are_not_counted(client, local_officer, other_local_officer, stranger, this_year):
    make(local_officer, this_year)
    for user in (other_local_officer, stranger):
        client.force_login(user)
        year = this_year - 1
        assert entries(client.get(PAGE, {"nam": year}))[datetime.date(year, 5, 19), "kcqg-dang-ky"] == (0, False)
        assert "không đề án nào còn nợ" in "".join(unfolded(the_file(client, year)[1]))


def test_the_file_holds_the_days_of_the_page(client, local_officer, this_year):
    make(local_officer, this_year), make(local_officer, this_year)
    client.force_login(local_officer)
    year = this_year - 1
    response, text = the_file(client, year)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="thoi-han-{year}.ics"'
    lines = unfolded(text)
    assert lines.count("BEGIN:VEVENT") == len(entries(client.get(PAGE, {"nam": year})))
    assert f"DTSTART;VALUE=DATE:{year}0519" in lines
    assert f"DTEND;VALUE=DATE:{year}0520" in lines
    assert any(line.startswith("SUMMARY:Đăng ký đề án KCQG") and line.endswith("2 đề án quá hạn") for line in lines)
    assert f"URL:http://testserver{LIST}?viec=kcqg-dang-ky&ngay={year}-05-19" in lines
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)


def test_page_and_file_ask_as_often_over_many(client, cast, this_year):
    client.force_login(cast[Role.DEPARTMENT_OFFICER])
    counts = []
    for more in (20, 180):
        for number in range(more):
            status = (Status.DRAFT, Status.CONTRACTED, Status.ACCEPTED)[number % 3]
            project = make(cast[Role.DEPARTMENT_OFFICER], this_year, status)
            add_step(project, Action.ACCEPT, document_date=datetime.date(this_year, 1 + number % 12, 1 + number % 28))
        for address in (PAGE, FILE):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                content_of(client.get(address))
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 8
