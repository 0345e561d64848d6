"""Reminding offices: to whom, once a day, and after the rows are safe."""

import datetime
import smtplib
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.urls import reverse

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from reports.actions.reporting_reminder import (
    WARN_DAYS,
    claim_unsent,
    remind_automatically,
    remind_offices,
    rounds_to_remind,
)
from reports.actions.reporting_round import close_round
from reports.models import ReportingReminder
from reports.rounds.mail import send_to
from tests.factories import make_organisation, make_user, unit
from tests.reports.rounds import days, make_round, report, today

pytestmark = pytest.mark.django_db


class Broken(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


BROKEN = f"{__name__}.Broken"


@pytest.fixture
def asked(department_officer, local_officer, other_local_officer):
    local_officer.email = "xa@khuyencong.example"
    local_officer.save()
    return make_round(department_officer)


def remind(asked, by, *offices, **more):
    ids = None if not offices else [one.organisation_id for one in offices]
    return remind_offices(round_id=asked.pk, office_ids=ids, by=by, **more)


def run():
    out = StringIO()
    call_command("send_report_reminders", stdout=out)
    return out.getvalue()


def test_those_who_have_not_reported_are_reminded_once_a_day(
    asked, department_officer, leader, local_officer, other_local_officer
):
    told = remind(asked, department_officer)
    assert {one.recipient for one in told.new} == {local_officer, other_local_officer}
    assert told.without_email == [other_local_officer]
    event = AuditEvent.objects.get()
    assert (event.action, event.subject) == ("reporting_remind", f"reportinground:{asked.pk}")
    assert str(local_officer.organisation) in event.changes["Đơn vị được nhắc"][1]
    again = remind(asked, leader)
    assert (again.new, set(again.already)) == ([], {local_officer, other_local_officer})
    assert AuditEvent.objects.count() == 1
    tomorrow = remind(asked, leader, today=days(1))
    assert len(tomorrow.new) == 2


def test_only_ticked_offices_that_are_missing(asked, department_officer, local_officer, other_local_officer):
    report(asked, local_officer)
    with pytest.raises(Refused, match="đều đã báo cáo"):
        remind(asked, department_officer, local_officer)
    told = remind(asked, department_officer, local_officer, other_local_officer)
    assert [one.recipient for one in told.new] == [other_local_officer]
    with pytest.raises(Refused, match="Chưa đánh dấu"):
        remind_offices(round_id=asked.pk, office_ids=[], by=department_officer)


def test_only_people_who_report_are_told_and_an_office_without_any_is_named(asked, department_officer, local_officer):
    make_user(Role.AUDITOR, local_officer.organisation)
    make_user(Role.LOCAL_OFFICER, local_officer.organisation, is_active=False)
    empty = make_organisation(unit("31900"), kind=OrganisationKind.COMMUNE_OFFICE)
    told = remind(asked, department_officer)
    assert len(told.new) == 2
    assert told.without_account == [empty.name]


def test_who_may_remind(asked, cast, stranger, department_officer):
    for user in (cast[Role.LOCAL_OFFICER], cast[Role.AUDITOR], cast[Role.CENTRE_OFFICER], stranger):
        with pytest.raises(NotAllowed):
            remind(asked, user)
    close_round(round_id=asked.pk, by=department_officer, version=0)
    with pytest.raises(Refused, match="đã kết thúc"):
        remind(asked, department_officer)
    assert not ReportingReminder.objects.exists()


def test_nobody_is_reminded_of_a_period_to_come(department_officer, local_officer):
    asked = make_round(department_officer, start=days(1), end=days(30), due_date=days(2))
    with pytest.raises(Refused, match="chưa báo cáo được"):
        remind(asked, department_officer)
    assert rounds_to_remind(today()) == []


def test_the_page_reminds_writes_and_says_whom_it_did_not_reach(
    client, asked, department_officer, local_officer, other_local_officer
):
    client.force_login(department_officer)
    address = reverse("reports:round-remind", args=[asked.pk])
    response = client.post(address, {"all": "1"}, follow=True)
    page = response.content.decode()
    assert "Đã nhắc 2 đơn vị (2 người), gửi 1 thư." in page
    assert f"{other_local_officer.full_name} ({other_local_officer.organisation})" in page
    (letter,) = mail.outbox
    assert letter.to == ["xa@khuyencong.example"]
    assert asked.title in letter.body
    assert asked.document_number in letter.body
    ticked = {"don-vi": [str(local_officer.organisation_id), "x", "²"]}
    assert "Hôm nay đã nhắc rồi" in client.post(address, ticked, follow=True).content.decode()
    assert len(mail.outbox) == 1
    response = client.post(address, {})
    assert response.status_code == 422
    assert "Chưa đánh dấu đơn vị nào" in response.content.decode()


def test_without_an_address_it_is_still_on_the_first_page(client, asked, department_officer, other_local_officer):
    remind(asked, department_officer)
    client.force_login(other_local_officer)
    page = client.get("/").content.decode()
    assert f"Sở Công Thương đã nhắc ngày {today():%d/%m/%Y}" in page


def test_a_mail_server_that_fails_costs_no_reminder(client, settings, asked, department_officer, local_officer):
    settings.EMAIL_BACKEND = BROKEN
    client.force_login(department_officer)
    page = client.post(reverse("reports:round-remind", args=[asked.pk]), {"all": "1"}, follow=True).content.decode()
    assert "1 thư chưa gửi được" in page
    assert ReportingReminder.objects.get(recipient=local_officer).sent_at is None
    with pytest.raises(CommandError, match="lần chạy sau"):
        run()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "1 thư đã gửi, 0 thư lỗi" in run()
    assert "0 thư đã gửi" in run()
    assert len(mail.outbox) == 1


def test_what_is_no_longer_of_use_is_not_sent(asked, department_officer, local_officer):
    remind(asked, department_officer)
    report(asked, local_officer)
    assert claim_unsent(recipient_id=local_officer.pk) == []
    assert send_to([local_officer.pk]) == (0, 0)
    assert mail.outbox == []


def test_nobody_writes_twice_about_the_same(asked, department_officer, local_officer):
    remind(asked, department_officer)
    assert len(claim_unsent(recipient_id=local_officer.pk)) == 1
    assert claim_unsent(recipient_id=local_officer.pk) == []


def test_the_daily_run_reminds_once_before_and_once_after_the_due_date(department_officer, local_officer):
    due = days(WARN_DAYS + 1)
    asked = make_round(department_officer, due_date=due)

    def told_on(day):
        assert rounds_to_remind(day) in ([], [asked.pk])
        return len(remind_automatically(round_id=asked.pk, today=day).new)

    start = due - datetime.timedelta(days=WARN_DAYS + 1)
    told = [told_on(start + datetime.timedelta(days=number)) for number in range(2 * WARN_DAYS + 4)]
    first, after = 1, WARN_DAYS + 2
    assert [place for place, count in enumerate(told) if count] == [first, after]
    assert ReportingReminder.objects.first().by == department_officer
    assert AuditEvent.objects.first().actor_name == "Hệ thống"


def test_a_reminder_by_hand_counts_for_the_daily_run(department_officer, leader, local_officer):
    asked = make_round(department_officer, due_date=days(2))
    remind(asked, leader)
    assert remind_automatically(round_id=asked.pk, today=days(1)).new == []


def test_the_command_leaves_out_who_reported_and_what_is_closed(department_officer, local_officer, other_local_officer):
    for user in (local_officer, other_local_officer):
        user.email = f"{user.username}@khuyencong.example"
        user.save()
    asked = make_round(department_officer, due_date=days(1))
    far = make_round(department_officer, due_date=days(60), start=days(-3), end=days(1))
    closed = make_round(department_officer, due_date=days(-5), start=days(-40), end=days(-10))
    close_round(round_id=closed.pk, by=department_officer, version=0)
    report(asked, local_officer)
    assert "1 lượt nhắc mới, 1 thư đã gửi, 0 thư lỗi." in run()
    assert [letter.to for letter in mail.outbox] == [[other_local_officer.email]]
    assert far.title not in mail.outbox[0].subject
    assert "0 lượt nhắc mới, 0 thư đã gửi" in run()
