"""Two runs of the reminders at the same moment, on two real connections."""

import datetime

import pytest

from programs.actions.reminder import claim_unsent, note_reminders
from programs.models import Reminder, ReminderKind
from programs.workflow import Status, Track
from tests.at_once import at_once
from tests.factories import make_project

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TODAY = datetime.date(2026, 11, 23)
ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_runs_note_and_claim_each_reminder_once(_round, local_officer):
    local_officer.email = "xa@khuyencong.example"
    local_officer.save()
    for _ in range(5):
        make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)
    noted, claimed = [], []

    def note():
        noted.append(len(note_reminders(today=TODAY)))

    def claim():
        claimed.append(len(claim_unsent(recipient_id=local_officer.pk)))

    at_once(note, note)
    assert sorted(noted) == [0, 5]
    at_once(claim, claim)
    assert sorted(claimed) == [0, 5]
    assert Reminder.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_runs_tell_a_leader_once(_round, local_officer, leader):
    for _ in range(5):
        make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)
    noted = []
    at_once(*[lambda: noted.append(len(note_reminders(today=TODAY)))] * 2)
    assert sorted(noted) == [0, 5]
    assert Reminder.objects.filter(kind=ReminderKind.ESCALATED, recipient=leader).count() == 5
