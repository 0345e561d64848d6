"""Telling people once what is due: rows first, in one transaction; the e-mail after it has been committed."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import record
from khuyencong.localities.models import UnitCover
from khuyencong.vietnamese.dates import format_date
from programs.models import DeadlineRule, Project, Reminder, ReminderKind
from programs.queries.deadlines import Owed, due_pairs, owed_rows
from programs.queues import FORWARD
from programs.rules.deadlines import Standing
from programs.workflow import Status, Track, find_transition

KINDS = {Standing.OVERDUE: ReminderKind.OVERDUE, Standing.SOON: ReminderKind.DUE_SOON}
BATCH = 500
ReminderKey = tuple[int, int, str, datetime.date, int]


@transaction.atomic
def note_reminders(*, today: datetime.date) -> list[Reminder]:
    """The reminders that are new today, one per person, deadline and project; their e-mails have not gone out yet.

    The rules stay locked, so that two runs at once cannot note the same thing. Each project's history tells who was
    reminded of what.
    """
    rules = list(DeadlineRule.objects.select_for_update().order_by("pk"))
    pairs = sorted(due_pairs(Project.objects.all(), rules, today), key=lambda pair: (pair["due_date"], pair["id"]))
    owed = owed_rows(pairs, rules, today)
    recipients = _recipients(owed)
    known = _known(rules, owed)
    new: list[Reminder] = []
    for one in owed:
        fresh = [_reminder(one, user) for user in recipients[one.project.pk] if _key(one, user) not in known]
        if fresh:
            new += fresh
            _audit(one, fresh)
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


def owed_permissions(status: Status, track: Track) -> frozenset[Permission]:
    """Whose turn it is: the permissions of the moves that take a project on from here."""
    transitions = (find_transition(status, action, track) for action in FORWARD)
    return frozenset(transition.permission for transition in transitions if transition is not None)


def _recipients(owed: list[Owed]) -> dict[int, list[User]]:
    """Per project: active people with an e-mail address who may make the move, in whose area the project lies."""
    people = list(User.objects.filter(is_active=True).exclude(email="").select_related("organisation").order_by("pk"))
    areas = {user.area_id for user in people if user.area_id is not None}
    covers: dict[int, set[int]] = defaultdict(set)
    for area_id, unit_id in UnitCover.objects.filter(area_id__in=areas).values_list("area_id", "unit_id"):
        covers[area_id].add(unit_id)
    return {one.project.pk: _who_may(one.project, people, covers) for one in owed}


def _who_may(project: Project, people: list[User], covers: dict[int, set[int]]) -> list[User]:
    wanted = owed_permissions(project.state, project.track_kind)
    return [
        user
        for user in people
        if user.area_id is not None and project.place_id in covers[user.area_id] and wanted & user.portal_permissions
    ]


def _known(rules: list[DeadlineRule], owed: list[Owed]) -> set[ReminderKey]:
    if not owed:
        return set()
    due_dates = [one.due_date for one in owed]
    rows = Reminder.objects.filter(rule__in=rules, due_date__range=(min(due_dates), max(due_dates)))
    return set(rows.values_list("rule_id", "project_id", "kind", "due_date", "recipient_id"))


def _key(one: Owed, user: User) -> ReminderKey:
    return one.rule.pk, one.project.pk, KINDS[one.standing].value, one.due_date, user.pk


def _reminder(one: Owed, user: User) -> Reminder:
    return Reminder(
        rule=one.rule,
        project=one.project,
        kind=KINDS[one.standing].value,
        due_date=one.due_date,
        recipient=user,
        created_at=timezone.now(),
    )


def _audit(one: Owed, reminders: list[Reminder]) -> None:
    changes: dict[str, tuple[Any, Any]] = {
        "Việc": (None, one.rule.name),
        "Hạn": (None, format_date(one.due_date)),
        "Người nhận": (None, ", ".join(str(reminder.recipient) for reminder in reminders)),
    }
    label = f"Nhắc hạn: {one.standing.label.lower()}"
    record(
        by=None,
        action="remind",
        action_label=label,
        obj=one.project,
        changes=changes,
        place_id=one.project.place_id,
    )
