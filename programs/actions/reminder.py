"""Telling people once what is due: rows first, in one transaction; the e-mail after it has been committed."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.vietnamese.dates import format_date
from programs.models import DeadlineRule, Project, Reminder, ReminderKind
from programs.queries.deadlines import Owed, due_pairs, owed_rows
from programs.queries.owing_people import AreaPeople, people_around
from programs.rules.deadlines import Standing

KINDS = {Standing.OVERDUE: ReminderKind.OVERDUE, Standing.SOON: ReminderKind.DUE_SOON}
BATCH = 500
ReminderKey = tuple[int, int, str, datetime.date, int]


@transaction.atomic
def note_reminders(*, today: datetime.date) -> list[Reminder]:
    """The reminders that are new today, one per person, kind, deadline and project; no e-mail has gone out yet.

    The rules stay locked, so that two runs at once cannot note the same thing. Each project's history tells who was
    reminded of what.
    """
    rules = list(DeadlineRule.objects.select_for_update().order_by("pk"))
    pairs = sorted(due_pairs(Project.objects.all(), rules, today), key=lambda pair: (pair["due_date"], pair["id"]))
    owed = owed_rows(pairs, rules, today)
    people, known = people_around(one.project for one in owed), _known(rules, owed)
    new: list[Reminder] = []
    for one in owed:
        for kind, users in _told(one, people):
            fresh = [_reminder(one, kind, user) for user in users if _key(one, kind, user) not in known]
            if fresh:
                new += fresh
                _audit(one, kind, fresh)
    Reminder.objects.bulk_create(new, batch_size=BATCH)
    return new


@transaction.atomic
def claim_unsent(*, recipient_id: int) -> list[Reminder]:
    """The person's reminders whose e-mail is to be sent now; nobody else will send them."""
    unsent = Reminder.objects.select_for_update(of=("self",)).filter(recipient_id=recipient_id, sent_at=None)
    reminders = list(unsent.select_related("rule", "project__place", "recipient").order_by("due_date", "pk"))
    Reminder.objects.filter(pk__in=[one.pk for one in reminders]).update(sent_at=timezone.now())
    return reminders


@transaction.atomic
def release_claim(reminders: Iterable[Reminder]) -> None:
    """The e-mail did not go out: the next run tries again."""
    Reminder.objects.filter(pk__in=[one.pk for one in reminders]).update(sent_at=None)


def _told(one: Owed, people: AreaPeople) -> list[tuple[ReminderKind, list[User]]]:
    """Who is told what: by mail those who may make the move; the leaders too once it is late enough.

    A leader without an address is told on the first page of the portal.
    """
    told = [(KINDS[one.standing], [user for user in people.movers(one.project) if user.email])]
    if one.is_escalated:
        told.append((ReminderKind.ESCALATED, people.leaders(one.project)))
    return told


def _known(rules: list[DeadlineRule], owed: list[Owed]) -> set[ReminderKey]:
    if not owed:
        return set()
    due_dates = [one.due_date for one in owed]
    rows = Reminder.objects.filter(rule__in=rules, due_date__range=(min(due_dates), max(due_dates)))
    return set(rows.values_list("rule_id", "project_id", "kind", "due_date", "recipient_id"))


def _key(one: Owed, kind: ReminderKind, user: User) -> ReminderKey:
    return one.rule.pk, one.project.pk, kind.value, one.due_date, user.pk


def _reminder(one: Owed, kind: ReminderKind, user: User) -> Reminder:
    return Reminder(
        rule=one.rule,
        project=one.project,
        kind=kind.value,
        due_date=one.due_date,
        recipient=user,
        created_at=timezone.now(),
    )


def _audit(one: Owed, kind: ReminderKind, reminders: list[Reminder]) -> None:
    changes: dict[str, tuple[Any, Any]] = {
        "Việc": (None, one.rule.name),
        "Hạn": (None, format_date(one.due_date)),
        "Người nhận": (None, ", ".join(str(reminder.recipient) for reminder in reminders)),
    }
    label = f"Nhắc hạn: {kind.label.lower()}"
    record(
        by=None,
        action="remind",
        action_label=label,
        obj=one.project,
        changes=changes,
        place_id=one.project.place_id,
    )
