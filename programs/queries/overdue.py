"""What is overdue, for the first page: what waits for this person, and what leaders have been told of."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Role
from programs.models import DeadlineRule, Project, ReminderKind
from programs.queries.deadlines import Owed, owed_pairs, owed_rows
from programs.queries.owing_people import people_around
from programs.queues import turn_condition
from programs.rules.deadlines import Standing

ROWS_SHOWN = 6


@dataclass(frozen=True)
class Overdue:
    """How many things, and those that have been overdue longest; `owed_by` names per project who is to act."""

    count: int
    rows: list[Owed]
    owed_by: dict[int, str] = field(default_factory=dict)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


NOTHING = Overdue(0, [])


def own_overdue(user: User, rules: list[DeadlineRule], today: datetime.date) -> Overdue:
    """Overdue in the user's area, the next move being the user's."""
    projects = Project.objects.visible_to(user).filter(turn_condition(user.portal_permissions))
    return _longest(owed_pairs(projects, rules, today, only=Standing.OVERDUE), rules, today)


def escalated_to(user: User, rules: list[DeadlineRule], today: datetime.date) -> Overdue:
    """What the leader has been told of and what is still owed; for others nothing."""
    if user.role != Role.LEADER.value:
        return NOTHING
    told = Q(kind=ReminderKind.ESCALATED, recipient=user)
    pairs = owed_pairs(Project.objects.visible_to(user), rules, today, only=Standing.OVERDUE, told=told)
    found = _longest(pairs, rules, today)
    people = people_around(row.project for row in found.rows)
    owed_by = {row.project.pk: people.movers_in_words(row.project) for row in found.rows}
    return Overdue(found.count, found.rows, owed_by)


def _longest(pairs: QuerySet[Any], rules: list[DeadlineRule], today: datetime.date) -> Overdue:
    first = list(pairs.order_by("due_date", "id", "owed_rule")[:ROWS_SHOWN])
    return Overdue(pairs.count(), owed_rows(first, rules, today))
