"""Where the approved projects of an area stand on the way to settlement."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from funding.models import CarryOver
from funding.queries.settlement import Settlement, settlements_of
from khuyencong.accounts.models import User
from programs.models import DeadlineRule, Project
from programs.queries.deadlines import owed_pairs
from programs.rules.deadlines import Standing
from programs.workflow import APPROVED_ON, Status

# The rules whose key says that they are about settlement.
RULE_KEY = "quyet-toan"
ON_THE_WAY = APPROVED_ON - {Status.STOPPED}
ACCEPTED = frozenset({Status.ACCEPTED, Status.LIQUIDATED})


@unique
class State(StrEnum):
    NOT_ACCEPTED = "chua-nghiem-thu"
    WAITING = "cho-quyet-toan"
    OVERDUE = "qua-han"
    SETTLED = "da-quyet-toan"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    State.NOT_ACCEPTED: "Chưa nghiệm thu",
    State.WAITING: "Chờ quyết toán",
    State.OVERDUE: "Quá hạn quyết toán",
    State.SETTLED: "Đã quyết toán",
}
STATE_CHOICES = [(state.value, state.label) for state in State]


@dataclass(frozen=True)
class ListRow:
    """A project of the list; `due_date` is the day until which its settlement is owed, if a rule says so."""

    project: Any
    table: Settlement
    state: State
    due_date: datetime.date | None


def settlement_projects(user: User) -> QuerySet[Any]:
    """Approved projects of the user's area, each with `settle_year`: its plan year or the last year carried into."""
    carried = CarryOver.objects.filter(project=OuterRef("pk")).order_by("-to_year").values("to_year")[:1]
    rows = Project.objects.visible_to(user).filter(status__in=[status.value for status in ON_THE_WAY])
    return rows.annotate(settle_year=Coalesce(Subquery(carried), "year")).select_related("place")


def settlement_years(user: User) -> list[int]:
    years = settlement_projects(user).order_by().values_list("settle_year", flat=True).distinct()
    return sorted(years, reverse=True)


def in_state(projects: QuerySet[Any], state: str, rules: Sequence[DeadlineRule], today: datetime.date) -> Any:
    """The projects that stand so today."""
    if state == State.NOT_ACCEPTED:
        return projects.exclude(status__in=[Status.SETTLED.value, *(status.value for status in ACCEPTED)])
    if state == State.SETTLED:
        return projects.filter(status=Status.SETTLED.value)
    accepted = projects.filter(status__in=[status.value for status in ACCEPTED])
    late = Q(pk__in=[])
    for rule in rules:
        pairs = owed_pairs(Project.objects.all(), [rule], today, only=Standing.OVERDUE)
        late |= Q(pk__in=pairs.values("id"))
    return accepted.filter(late) if state == State.OVERDUE else accepted.exclude(late)


def list_rows(projects: Iterable[Project], rules: Sequence[DeadlineRule], today: datetime.date) -> list[ListRow]:
    """The projects with their figures; the number of queries does not grow with them."""
    rows = list(projects)
    tables = settlements_of(rows)
    due: dict[int, datetime.date] = {}
    within = Project.objects.filter(pk__in=[project.pk for project in rows])
    for pair in owed_pairs(within, list(rules), today):
        due[pair["id"]] = min(pair["due_date"], due.get(pair["id"], pair["due_date"]))
    return [ListRow(one, tables[one.pk], _state(one, due.get(one.pk), today), due.get(one.pk)) for one in rows]


def settlement_rules() -> list[DeadlineRule]:
    return list(DeadlineRule.objects.filter(key__contains=RULE_KEY))


def _state(project: Project, due: datetime.date | None, today: datetime.date) -> State:
    if project.state is Status.SETTLED:
        return State.SETTLED
    if project.state not in ACCEPTED:
        return State.NOT_ACCEPTED
    return State.OVERDUE if due is not None and due < today else State.WAITING
