"""Reminders: to whom, once, and after the rows are safe."""

import datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from khuyencong.accounts.permissions import Permission, Role
from khuyencong.audit.models import AuditEvent
from programs.actions.reminder import claim_unsent, note_reminders, owed_permissions
from programs.models import Reminder
from programs.workflow import Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


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
    new = note_reminders(today=TODAY)
    assert {reminder.recipient for reminder in new} == {
        cast[Role.LOCAL_OFFICER],
        cast[Role.DEPARTMENT_OFFICER],
        cast[Role.CENTRE_OFFICER],
    }
    assert {(reminder.kind, reminder.due_date) for reminder in new} == {("overdue", datetime.date(2025, 5, 19))}
    assert note_reminders(today=TODAY) == []
    assert note_reminders(today=TODAY + datetime.timedelta(days=30)) == []
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
    for role in (Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER):
        cast[role].is_active = False
        cast[role].save()
    cast[Role.LOCAL_OFFICER].email = ""
    cast[Role.LOCAL_OFFICER].save()
    assert note_reminders(today=TODAY) == []
    assert not AuditEvent.objects.about(f"project:{overdue.pk}").exists()


def test_the_command_sends_one_mail_a_person_and_nothing_the_second_time(overdue, local_officer):
    make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)
    assert "6 việc nhắc mới, 3 thư đã gửi, 0 thư lỗi" in run()
    assert len(mail.outbox) == 3
    text = next(message for message in mail.outbox if message.to == [local_officer.email]).body
    for part in (overdue.code, "trước ngày 20/5", "Hạn 19/05/2025", "quá hạn", "chưa đối chiếu văn bản"):
        assert part in text
    assert not Reminder.objects.filter(sent_at=None).exists()
    assert "0 việc nhắc mới, 0 thư đã gửi, 0 thư lỗi" in run()
    assert len(mail.outbox) == 3


def test_a_mail_that_fails_is_sent_by_the_next_run(overdue, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr("programs.management.commands.send_reminders.send_mail", broken)
        with pytest.raises(CommandError, match="lần chạy sau"):
            run()
    assert Reminder.objects.filter(sent_at=None).count() == 3
    assert "0 việc nhắc mới, 3 thư đã gửi" in run()
    assert len(mail.outbox) == 3


def test_what_one_run_has_claimed_another_does_not_send(overdue, local_officer):
    note_reminders(today=TODAY)
    assert len(claim_unsent(recipient_id=local_officer.pk)) == 1
    assert claim_unsent(recipient_id=local_officer.pk) == []


def test_the_number_of_queries_does_not_grow_with_the_people(overdue, local_officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        note_reminders(today=TODAY)
