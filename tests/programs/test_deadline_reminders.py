"""Reminders: to whom, once, and after the rows are safe."""

import datetime
import smtplib
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command

from khuyencong.accounts.permissions import Permission, Role
from khuyencong.audit.models import AuditEvent
from programs.actions.reminder import claim_unsent, note_reminders
from programs.models import Reminder
from programs.queues import owed_permissions
from programs.workflow import Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def addresses(cast, other_local_officer, stranger):
    """Everybody has an e-mail address but the auditor."""
    for user in (*cast.values(), other_local_officer, stranger):
        if user.role != Role.AUDITOR.value:
            user.email = f"{user.username}@khuyencong.example"
            user.save()


@pytest.fixture
def overdue(local_officer, addresses):
    """A draft of KCQG for 2026: it should have come before 20/05/2025."""
    return make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)


def run(**changes):
    out = StringIO()
    call_command("send_reminders", stdout=out, **changes)
    return out.getvalue()


def roles_of(reminders):
    return {reminder.recipient.role for reminder in reminders}


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (Status.DRAFT, {Permission.PROJECT_REGISTER}),
        (Status.SUBMITTED, {Permission.PROJECT_CONFIRM}),
        (Status.ACCEPTED, {Permission.PROJECT_LIQUIDATE}),
        (Status.LIQUIDATED, {Permission.PROJECT_SETTLE}),
        (Status.SETTLED, set()),
    ],
)
def test_whose_turn_it_is(status, wanted):
    assert owed_permissions(status, Track.NATIONAL) == wanted


def test_those_who_may_make_the_move_in_the_area_are_told_once(overdue, cast, other_local_officer, stranger):
    late_by_one = datetime.date(2025, 5, 20)
    new = note_reminders(today=late_by_one)
    assert {reminder.recipient for reminder in new} == {
        cast[Role.LOCAL_OFFICER],
        cast[Role.DEPARTMENT_OFFICER],
        cast[Role.CENTRE_OFFICER],
    }
    assert {(reminder.kind, reminder.due_date) for reminder in new} == {("overdue", datetime.date(2025, 5, 19))}
    assert note_reminders(today=late_by_one) == []
    assert note_reminders(today=late_by_one + datetime.timedelta(days=3)) == []
    (event,) = AuditEvent.objects.about(f"project:{overdue.pk}")
    assert (event.actor_name, event.action_label) == ("Hệ thống", "Nhắc hạn: quá hạn")
    assert event.changes["Hạn"] == [None, "19/05/2025"]


def test_soon_and_overdue_are_two_things(local_officer, addresses):
    make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2027, status=Status.SUBMITTED.value)
    assert note_reminders(today=datetime.date(2026, 5, 4)) == []
    soon = note_reminders(today=datetime.date(2026, 5, 5))
    assert {reminder.kind for reminder in soon} == {"due_soon"}
    assert note_reminders(today=datetime.date(2026, 5, 19)) == []
    late = note_reminders(today=datetime.date(2026, 5, 20))
    assert {reminder.kind for reminder in late} == {"overdue"}
    assert roles_of(late) == roles_of(soon) == {Role.LOCAL_OFFICER.value, Role.DEPARTMENT_OFFICER.value}


def test_no_address_or_a_closed_account_gets_nothing(overdue, cast):
    for role in (Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.LEADER):
        cast[role].is_active = False
        cast[role].save()
    cast[Role.LOCAL_OFFICER].email = ""
    cast[Role.LOCAL_OFFICER].save()
    assert note_reminders(today=TODAY) == []
    assert not AuditEvent.objects.about(f"project:{overdue.pk}").exists()


def test_the_command_sends_one_mail_a_person_and_nothing_the_second_time(overdue, local_officer):
    make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)
    assert "8 việc nhắc mới, 4 thư đã gửi, 0 thư lỗi" in run()
    assert len(mail.outbox) == 4
    text = next(message for message in mail.outbox if message.to == [local_officer.email]).body
    for part in (overdue.code, "trước ngày 20/5", "Hạn 19/05/2025", "quá hạn", "chưa đối chiếu văn bản"):
        assert part in text
    assert not Reminder.objects.filter(sent_at=None).exists()
    assert "0 việc nhắc mới, 0 thư đã gửi, 0 thư lỗi" in run()
    assert len(mail.outbox) == 4


class BrokenBackend(BaseEmailBackend):
    """A mail server that refuses, does not answer, or meets an address that no mail can carry."""

    error: Exception

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("no mail server"),
        TimeoutError("no answer"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPRecipientsRefused({}),
        UnicodeError("label too long"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_mail_that_fails_is_sent_by_the_next_run(overdue, settings, monkeypatch, error):
    monkeypatch.setattr(BrokenBackend, "error", error, raising=False)
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    with pytest.raises(CommandError, match="lần chạy sau") as failure:
        run()
    assert failure.value.returncode == 1
    assert Reminder.objects.filter(sent_at=None).count() == 4
    settings.EMAIL_BACKEND = LOCMEM
    assert "0 việc nhắc mới, 4 thư đã gửi" in run()
    assert len(mail.outbox) == 4


def test_even_an_error_that_nobody_thought_of_loses_no_reminder(overdue, settings, monkeypatch):
    monkeypatch.setattr(BrokenBackend, "error", RuntimeError("a defect"), raising=False)
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    with pytest.raises(RuntimeError):
        run()
    assert Reminder.objects.filter(sent_at=None).count() == 4


def test_what_one_run_has_claimed_another_does_not_send(overdue, local_officer):
    note_reminders(today=TODAY)
    assert len(claim_unsent(recipient_id=local_officer.pk)) == 1
    assert claim_unsent(recipient_id=local_officer.pk) == []


def test_the_number_of_queries_does_not_grow_with_the_people(overdue, local_officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        note_reminders(today=TODAY)
