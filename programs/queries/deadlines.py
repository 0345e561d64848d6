"""What is owed until when: pairs of a project and a rule, made by the database in one query over all rules."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from khuyencong.accounts.models import User
from programs.models import Certainty, DeadlineKind, DeadlineRule, Project, RegistrationRound, Reminder, Step
from programs.rules.deadlines import Standing, days_left, describe, is_escalated, last_soon_day, standing
from programs.workflow import Action, Status

PAIR = ("id", "owed_rule", "due_date")


@dataclass(frozen=True)
class Owed:
    """A project and what it owes, as it stands on a day."""

    project: Project
    rule: DeadlineRule
    due_date: datetime.date
    today: datetime.date

    @property
    def days_left(self) -> int:
        return days_left(self.due_date, self.today)

    @property
    def standing(self) -> Standing:
        return standing(self.due_date, self.today, self.rule.warn_days)

    @property
    def is_escalated(self) -> bool:
        return is_escalated(self.due_date, self.today, self.rule.escalate_days)

    @property
    def wording(self) -> str:
        return describe(self.due_date, self.today)

    @property
    def is_unverified(self) -> bool:
        return self.rule.certainty == Certainty.UNVERIFIED


def deadline_rules() -> list[DeadlineRule]:
    return list(DeadlineRule.objects.all())


def owed_pairs(
    projects: QuerySet[Project],
    rules: list[DeadlineRule],
    today: datetime.date,
    *,
    only: Standing | None = None,
    due_on: datetime.date | None = None,
    told: Q | None = None,
) -> QuerySet[Any]:
    """Rows {id, owed_rule, due_date} of what these projects owe; `only` those that stand so today.

    `due_on`: only those due on that day; `told`: only those of which such a reminder has been noted.
    The parts of a union take no filter afterwards: everything is said of each part.
    """
    return _together(projects, [_pairs_of(_owing(projects, rule), rule, today, only, due_on, told) for rule in rules])


def due_pairs(projects: QuerySet[Project], rules: list[DeadlineRule], today: datetime.date) -> QuerySet[Any]:
    """What is overdue or soon due: what a person is told about."""
    parts = [_owing(projects, rule).filter(due_date__lte=last_soon_day(today, rule.warn_days)) for rule in rules]
    return _together(projects, [part.values(*PAIR) for part in parts])


def _together(projects: QuerySet[Project], parts: list[QuerySet[Any]]) -> QuerySet[Any]:
    if not parts:
        nothing = projects.none().annotate(owed_rule=Value(0), due_date=Value(None, output_field=DateField()))
        return nothing.values(*PAIR)
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def owed_rows(pairs: list[dict[str, Any]], rules: list[DeadlineRule], today: datetime.date) -> list[Owed]:
    """The pairs with their projects and rules, in the same order; one query."""
    known = {rule.pk: rule for rule in rules}
    projects = Project.objects.select_related("place").in_bulk({pair["id"] for pair in pairs})
    return [Owed(projects[pair["id"]], known[pair["owed_rule"]], pair["due_date"], today) for pair in pairs]


def due_count(user: User, today: datetime.date) -> int:
    """How many things are overdue or soon due in the user's area."""
    return due_pairs(Project.objects.visible_to(user), deadline_rules(), today).count()


def due_days(projects: QuerySet[Project], rules: list[DeadlineRule], year: int) -> list[dict[str, Any]]:
    """Rows {owed_rule, due_date, owing} of a calendar year: how many of these projects owe each thing on each day."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    parts = [
        _owing(projects, rule)
        .filter(due_date__gte=first, due_date__lte=last)
        .values("owed_rule", "due_date")
        .annotate(owing=Count("pk"))
        .order_by()
        for rule in rules
    ]
    if not parts:
        return []
    return list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])


def _pairs_of(
    owing: QuerySet[Any],
    rule: DeadlineRule,
    today: datetime.date,
    only: Standing | None,
    due_on: datetime.date | None,
    told: Q | None,
) -> QuerySet[Any]:
    last_soon = last_soon_day(today, rule.warn_days)
    if due_on is not None:
        owing = owing.filter(due_date=due_on)
    if told is not None:
        owing = owing.filter(_told_of(rule, told))
    if only is Standing.OVERDUE:
        owing = owing.filter(due_date__lt=today)
    elif only is Standing.SOON:
        owing = owing.filter(due_date__gte=today, due_date__lte=last_soon)
    elif only is Standing.LATER:
        owing = owing.filter(due_date__gt=last_soon)
    return owing.values(*PAIR)


def _told_of(rule: DeadlineRule, told: Q) -> Exists:
    reminders = Reminder.objects.filter(told, rule=rule, project=OuterRef("pk"), due_date=OuterRef("due_date"))
    return Exists(reminders)


def _owing(projects: QuerySet[Project], rule: DeadlineRule) -> QuerySet[Any]:
    """The projects that owe this, each with `due_date`; the rule counts from its first to its last day."""
    statuses = [status.value for status in rule.owing_statuses]
    # A returned project goes back to the level that returned it, and owes what it owed there.
    owing = projects.filter(Q(status__in=statuses) | Q(status=Status.RETURNED, returned_from__in=statuses))
    if rule.track:
        owing = owing.filter(track=rule.track)
    calendar = rule.kind == DeadlineKind.CALENDAR
    dated = _with_calendar_day(owing, rule) if calendar else _with_day_after_step(owing, rule)
    if rule.valid_from:
        dated = dated.filter(ruled_on__gte=rule.valid_from)
    if rule.valid_to:
        dated = dated.filter(ruled_on__lte=rule.valid_to)
    return dated.annotate(owed_rule=Value(rule.pk)).order_by()


def _with_calendar_day(projects: QuerySet[Project], rule: DeadlineRule) -> QuerySet[Any]:
    year = Cast(F("year") + Value(rule.year_offset), CharField())
    due = Cast(Concat(year, Value(f"-{rule.month:02d}-{rule.day:02d}")), DateField())
    return projects.annotate(due_date=due, ruled_on=due)


def _with_day_after_step(projects: QuerySet[Project], rule: DeadlineRule) -> QuerySet[Any]:
    """Counted from the date of the last such step's document, or from the step where it has none."""
    started = last_step_day(rule.after_action)
    due = ExpressionWrapper(F("ruled_on") + datetime.timedelta(days=rule.days or 0), output_field=DateTimeField())
    return projects.annotate(ruled_on=started).filter(ruled_on__isnull=False).annotate(due_date=Cast(due, DateField()))


def last_step_day(action: str) -> Subquery:
    steps = Step.objects.filter(project=OuterRef("pk"), action=action).order_by("-pk")
    day = Coalesce("document_date", TruncDate("at"), output_field=DateField())
    return Subquery(steps.annotate(day_of_step=day).values("day_of_step")[:1])


def submitted_late() -> Exists:
    """Whether a project was first submitted after its registration round had closed: an annotation or a filter."""
    first = Step.objects.filter(project=OuterRef(OuterRef("pk")), action=Action.SUBMIT.value).order_by("pk")
    rounds = RegistrationRound.objects.filter(track=OuterRef("track"), year=OuterRef("year"))
    return Exists(rounds.filter(closes_on__lt=Subquery(first.values("at__date")[:1])))
