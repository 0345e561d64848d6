"""Money as it stood on a past day: what was decided until a day, and what the portal had recorded by the end of one.

The two days are not the same: a voucher of 10/12 may be entered on 20/12, an amendment of 05/01 may be entered at once
and still change nothing of what was approved on 14/12.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, When
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from funding.models import AmendedLine, CarryOver, FundingLine, LedgerEntry, Source
from funding.models.ledger import LedgerEntryQuerySet
from funding.queries.amendment import APPROVED, changes_of
from programs.models import Amendment, Project, Step
from programs.workflow import APPROVED_ON, Action, Status

# Part of the text of an amendment that emptied something; only such a one may have let an establishment go.
EMPTIED = '"after": null'


@dataclass(frozen=True)
class AsOf:
    """What counts. None is no limit.

    `known_on`: what was recorded by the end of this day, in Vietnam. `until`: amendments decided by this day.
    """

    known_on: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def moment(self) -> datetime.datetime | None:
        """The first moment that is too late: midnight after `known_on`."""
        if self.known_on is None:
            return None
        day_after = datetime.datetime.combine(self.known_on + datetime.timedelta(days=1), datetime.time.min)
        return timezone.make_aware(day_after, timezone.get_default_timezone())

    def recorded(self, at: str) -> Q:
        """Rows that were there at that moment; `at` is the path of the field that says when they came."""
        return Q(**{f"{at}__lt": self.moment}) if self.known_on else Q()


def is_known(as_of: AsOf, project: str = "") -> Q:
    """Projects whose approval was recorded by then; one that came without its decision, from the day it was entered.

    `project`: the path to the project, such as "project__".
    """
    if as_of.known_on is None:
        return Q()
    came_without = Q(**{f"{project}approval__isnull": True}) & as_of.recorded(f"{project}created_at")
    return as_of.recorded(f"{project}approval__approved_at") | came_without


def approved_projects(as_of: AsOf) -> QuerySet[Project]:
    """Projects from approval on, those stopped later included, as far as that was known."""
    return Project.objects.approved_on().filter(is_known(as_of))


def ledger_entries(as_of: AsOf) -> LedgerEntryQuerySet:
    """Entries with `effect_vnd`, of approved projects. What was reversed later counts in full until then."""
    known = as_of.recorded("recorded_at")
    return LedgerEntry.objects.filter(known, project__status__in=APPROVED_ON).with_effect()


def carry_overs(as_of: AsOf) -> QuerySet[CarryOver]:
    return CarryOver.objects.filter(as_of.recorded("recorded_at"))


def is_stopped(as_of: AsOf) -> Q:
    """Projects stopped by a decision until the day and recorded by then: a later stop leaves the money as it was."""
    late = Q()
    if as_of.until is not None:
        late |= Q(on__gt=as_of.until)
    if as_of.moment is not None:
        late |= Q(at__gte=as_of.moment)
    stopped = Q(status=Status.STOPPED.value)
    stops = Step.objects.filter(project=OuterRef("pk"), action=Action.STOP.value)
    later = stops.annotate(on=Coalesce("document_date", TruncDate("at"))).filter(late)
    return stopped & Q(~Exists(later)) if late else stopped


def was_accepted(as_of: AsOf) -> Q:
    """Rows of a project whose acceptance was recorded by then; of one that came without that step, once entered."""
    if as_of.moment is None:
        return Q()
    steps = Step.objects.filter(project=OuterRef("project"), action=Action.ACCEPT.value, at__gte=as_of.moment)
    return Q(~Exists(steps)) & as_of.recorded("project__created_at")


@dataclass(frozen=True)
class ApprovedMoney:
    """Approved amounts as of a day, whole đồng.

    `lines`: those that still stand, with `known_vnd`. `left`: those of establishments that an amendment let go which
    is taken back; the amendment alone still knows of them, so they are in no table.
    """

    lines: QuerySet[Any]
    left: list[Any] = field(default_factory=list)

    def sums(self, *by: str) -> dict[tuple[Any, ...], int]:
        """The values of the paths `by` → đồng, without zeros; one query."""
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for *key, vnd in self.lines.order_by().values_list(*by).annotate(vnd=Sum("known_vnd")):
            sums[tuple(key)] += vnd
        for line in self.left:
            sums[tuple(_value(line, path) for path in by)] += line.known_vnd
        return {key: vnd for key, vnd in sums.items() if vnd}

    @property
    def total_vnd(self) -> int:
        return self.lines.aggregate(vnd=Sum("known_vnd", default=0))["vnd"] + sum(line.known_vnd for line in self.left)

    @property
    def rows(self) -> Any:
        """Every line with an amount, to be read and sliced like a queryset."""
        standing = self.lines.filter(known_vnd__gt=0)
        return Rows(standing, self.left) if self.left else standing


class Rows:
    """A queryset, and after it rows that are in no table: as much of a queryset as a page of rows needs."""

    model = FundingLine

    def __init__(self, found: QuerySet[Any], left: list[Any]) -> None:
        self.found, self.left, self.query = found, left, found.query

    def __iter__(self) -> Iterator[Any]:
        yield from self.found
        yield from self.left

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> "Rows":
        count = self.found.count()
        start, stop, _ = part.indices(count + len(self.left))
        found = self.found.all()[min(start, count) : min(stop, count)]  # of rows already read a slice is a plain list
        return Rows(found, self.left[max(0, start - count) : max(0, stop - count)])

    def count(self) -> int:
        return self.found.count() + len(self.left)

    def order_by(self, *fields: str) -> "Rows":
        return Rows(self.found.order_by(*fields), self.left)

    def select_related(self, *fields: str) -> "Rows":
        return Rows(self.found.select_related(*fields), self.left)


def approved_money(projects: QuerySet[Project], sources: QuerySet[Source], as_of: AsOf) -> ApprovedMoney:
    """What those sources were to give to those projects as of the day; one query, two where somebody has left."""
    lines = FundingLine.objects.filter(
        project__in=projects.order_by().values("pk"), source__in=sources.order_by().values("pk")
    )
    return ApprovedMoney(_with_known_vnd(lines, as_of), _left(projects, sources, as_of))


def _taken_back(as_of: AsOf, amendment: str = "") -> Q:
    """Amendments that do not count: decided after the day or recorded after the other; empty when all of them do.

    Decisions and recordings follow each other as the versions do, so what is taken back are a project's last versions.
    `amendment`: the path to the amendment, such as "amendment__".
    """
    late = Q()
    if as_of.until is not None:
        late |= Q(**{f"{amendment}decision_date__gt": as_of.until})
    if as_of.moment is not None:
        late |= Q(**{f"{amendment}recorded_at__gte": as_of.moment})
    return late


def _with_known_vnd(lines: QuerySet[FundingLine], as_of: AsOf) -> QuerySet[Any]:
    """Adds the approved amount before the first amendment of the line that is taken back, else as it stands.

    Only lines of projects that have such an amendment are looked up one by one, and those are few.
    """
    taken_back = _taken_back(as_of, "amendment__")
    if not taken_back:
        return lines.filter(approved_vnd__gt=0).annotate(known_vnd=F("approved_vnd"))
    moved = AmendedLine.objects.filter(taken_back)
    of_line = moved.annotate(payee=Coalesce("participant_id", 0)).filter(
        amendment__project=OuterRef("project"), source=OuterRef("source"), payee=Coalesce(OuterRef("participant_id"), 0)
    )
    before = Subquery(of_line.order_by("amendment__number").values("before_vnd")[:1])
    touched = Q(project__in=moved.order_by().values("amendment__project"))
    known = Case(When(touched, then=Coalesce(before, F("approved_vnd"))), default=F("approved_vnd"))
    return lines.filter(Q(approved_vnd__gt=0) | touched).annotate(known_vnd=known)


def _left(projects: QuerySet[Project], sources: QuerySet[Source], as_of: AsOf) -> list[Any]:
    """Lines of establishments that amendments taken back had let go, made anew and never saved."""
    taken_back = _taken_back(as_of)
    if not taken_back:
        return []
    emptied = (
        Amendment.objects.filter(taken_back).annotate(text=Cast("changes", TextField())).filter(text__contains=EMPTIED)
    )
    gone = [
        (one.project_id, *found)
        for one in emptied.filter(project__in=projects.order_by().values("pk")).order_by("project_id", "number")
        for found in _let_go(one)
    ]
    if not gone:
        return []
    chosen = {one.pk: one for one in sources}
    known = projects.select_related("place", "approval").in_bulk([project for project, *_ in gone])
    return [_line(known[project], chosen[source], vnd) for project, source, vnd in gone if source in chosen and vnd]


def _let_go(amendment: Amendment) -> Iterator[tuple[int, int]]:
    """(source id, đồng) of each approved amount that went with its establishment."""
    for change in changes_of(amendment):
        kind, _, key = change.field.partition(":")
        if kind == APPROVED and change.after is None and change.before is not None:
            yield int(key.split(":")[1]), int(change.before.replace(".", ""))


def _line(project: Project, source: Source, vnd: int) -> Any:
    line: Any = FundingLine(project=project, source=source, approved_vnd=vnd)
    line.known_vnd = vnd
    return line


def _value(line: Any, path: str) -> Any:
    """What a lookup path of a line leads to, on the object itself."""
    for name in path.split("__"):
        line = getattr(line, name)
    return line
