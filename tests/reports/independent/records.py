"""The rows of all tables as plain lists, what was asked of them, and the few rules that several forms share.

Nothing here asks the database to add, group or choose: every table is read whole, the rest is plain Python, written
from the meaning of the forms and the law. It shares no query and no helper with the portal.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from funding import models as funding
from khuyencong.localities.models import AdministrativeUnit, Succession
from programs import models as programs

HANOI = datetime.timezone(datetime.timedelta(hours=7))
APPROVED = {"approved", "contracted", "in_progress", "accepted", "liquidated", "settled", "stopped"}
ACCEPTED = {"accepted", "liquidated", "settled"}
STATE = ("central", "provincial", "district")
BOTH = ("central", "provincial")
Cells = list[list[list[Any]]]
"""Table → row → cell, in the order of the columns."""


@dataclass(frozen=True)
class Question:
    """What is asked for, written down by hand: nothing of it is worked out by the portal."""

    area: AdministrativeUnit
    own_area: AdministrativeUnit
    start: datetime.date = datetime.date(2025, 12, 15)
    end: datetime.date = datetime.date(2026, 12, 14)
    year: int = 2026  # the report year
    plan_years: tuple[int, ...] = (2026,)
    so_far: tuple[datetime.date, datetime.date] = (datetime.date(2025, 12, 15), datetime.date(2026, 12, 14))
    before: tuple[datetime.date, datetime.date] = (datetime.date(2024, 12, 15), datetime.date(2025, 12, 14))
    years: tuple[int, ...] = (2024, 2025, 2026)  # of the form of several years
    basis: str = "disbursed"
    kinds: tuple[str, ...] = BOTH
    grouping: str = "commune"
    known_on: datetime.date | None = None

    def inside(self, day: datetime.date | None) -> bool:
        return day is not None and self.start <= day <= self.end

    def knows(self, moment: datetime.datetime) -> bool:
        return self.known_on is None or moment.astimezone(HANOI).date() <= self.known_on


class Records:
    """Every table, read whole; `by_...` finds a row by its key."""

    def __init__(self) -> None:
        self.units = {one.pk: one for one in AdministrativeUnit.objects.all()}
        self.successions = list(Succession.objects.all())
        self.projects = sorted(programs.Project.objects.all(), key=lambda one: one.pk)
        self.project = {one.pk: one for one in self.projects}
        self.items = sorted(programs.SupportItem.objects.all(), key=lambda one: one.row)
        self.item = {one.pk: one for one in self.items}
        self.sources = sorted(funding.Source.objects.all(), key=lambda one: (one.position, one.pk))
        self.kind_of = {one.pk: one.kind for one in self.sources}
        self.approval = {one.project_id: one for one in funding.Approval.objects.all()}
        self.lines = list(funding.FundingLine.objects.all())
        self._lines_of: dict[int, list[Any]] = defaultdict(list)
        for line in self.lines:
            self._lines_of[line.project_id].append(line)
        self.ledger = list(funding.LedgerEntry.objects.all())
        self.carried = list(funding.CarryOver.objects.all())
        self.steps = list(programs.Step.objects.all())
        self.parts = sorted(programs.ProjectBeneficiary.objects.all(), key=lambda one: one.pk)
        self.beneficiary = {one.pk: one for one in programs.Beneficiary.objects.all()}
        self.indicators = sorted(programs.ResultIndicator.objects.all(), key=lambda one: numbers(one.code))
        self.values = list(programs.IndicatorValue.objects.all())
        self.amendments = sorted(programs.Amendment.objects.all(), key=lambda one: -one.number)
        self.amended_lines = list(funding.AmendedLine.objects.all())
        self._ways_up = self._parents()
        self._inside: dict[tuple[int, int], bool] = {}

    def _parents(self) -> dict[int, set[int]]:
        """Unit → what it lies in, or was taken over by whole."""
        ways: dict[int, set[int]] = defaultdict(set)
        for one in self.units.values():
            ways[one.pk] |= {one.parent_id} - {None}
        for succession in self.successions:
            if succession.part == "full":
                ways[succession.old_id].add(succession.new_id)
        return ways

    def lies_in(self, place: int, area: int) -> bool:
        """Climbs from the place until it meets the area."""
        if (place, area) not in self._inside:
            self._inside[place, area] = False  # a circle leads nowhere
            ways = self._ways_up[place]
            self._inside[place, area] = place == area or any(self.lies_in(one, area) for one in ways)
        return self._inside[place, area]

    def is_asked(self, place: int, question: Question) -> bool:
        return self.lies_in(place, question.area.pk) and self.lies_in(place, question.own_area.pk)

    def approved_projects(self, question: Question) -> list[Any]:
        """Of the area, approved at some time; not yet whether that was known or decided by a day."""
        return [one for one in self.projects if one.status in APPROVED and self.is_asked(one.place_id, question)]

    def known_projects(self, question: Question) -> list[Any]:
        return [one for one in self.approved_projects(question) if self.is_known(one, question)]

    def is_known(self, project: Any, question: Question) -> bool:
        approval = self.approval.get(project.pk)
        return question.knows(approval.approved_at if approval else project.created_at)

    def decided_in(self, question: Question, first: datetime.date, last: datetime.date) -> list[Any]:
        """Projects with a decision of those days."""
        return [
            one
            for one in self.known_projects(question)
            if one.pk in self.approval and first <= self.approval[one.pk].decision_date <= last
        ]

    def is_decided_by_end(self, project: Any, question: Question) -> bool:
        """A decision, else the day noted on the project, else its plan year."""
        if project.pk in self.approval:
            return bool(self.approval[project.pk].decision_date <= question.end)
        if project.approved_date:
            return bool(project.approved_date <= question.end)
        return bool(project.year <= question.plan_years[-1])

    def entries(self, question: Question) -> list[tuple[Any, str, int]]:
        """(entry, kind of source, đồng that went out) of approved projects of the area, as far as known."""
        return [
            (one, self.kind_of[one.source_id], out_of(one))
            for one in self.ledger
            if self.project[one.project_id].status in APPROVED
            and self.is_asked(self.project[one.project_id].place_id, question)
            and question.knows(one.recorded_at)
        ]

    def amounts(self, project: int, question: Question, until: datetime.date | None) -> dict[int, int]:
        """Source → approved đồng: what stands, with late amendments undone one by one, the newest first."""
        now = {(one.participant_id, one.source_id): one.approved_vnd or 0 for one in self.lines_of(project)}
        for amendment in self.amendments:
            if amendment.project_id != project:
                continue
            if question.knows(amendment.recorded_at) and (until is None or amendment.decision_date <= until):
                continue
            for line in self.amended_lines:
                if line.amendment_id == amendment.pk:
                    now[line.participant_id, line.source_id] = line.before_vnd
            for change in amendment.changes:
                if change["field"].startswith("approved:") and change["after"] is None and change["before"]:
                    _, gone, source = change["field"].split(":")
                    now[int(gone), int(source)] = int(change["before"].replace(".", ""))
        sums: dict[int, int] = defaultdict(int)
        for (_, source), vnd in now.items():
            sums[source] += vnd
        return sums

    def amounts_by_kind(self, project: int, question: Question, until: datetime.date | None) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for source, vnd in self.amounts(project, question, until).items():
            sums[self.kind_of[source]] += vnd
        return sums

    def lines_of(self, project: int) -> list[Any]:
        return self._lines_of[project]

    def is_stopped(self, project: Any, question: Question) -> bool:
        """By a decision until the period's end that was known."""
        stops = [one for one in self.steps if one.project_id == project.pk and one.action == "stop"]
        days = [one.document_date or one.at.astimezone(HANOI).date() for one in stops]
        return (
            project.status == "stopped"
            and all(day <= question.end for day in days)
            and all(question.knows(one.at) for one in stops)
        )

    def was_accepted(self, project: Any, question: Question) -> bool:
        accepted = [one for one in self.steps if one.project_id == project.pk and one.action == "accept"]
        is_known = question.knows(project.created_at) and all(question.knows(one.at) for one in accepted)
        return project.status in ACCEPTED and is_known

    def achieved(self, question: Question) -> list[Any]:
        """Results of accepted projects of the area."""
        return [
            one
            for one in self.values
            if one.achieved_value is not None
            and one.achieved_date is not None
            and self.was_accepted(self.project[one.project_id], question)
            and self.is_asked(self.project[one.project_id].place_id, question)
        ]


def out_of(entry: Any) -> int:
    """Advances and payments go out, recoveries come back; a reversal is the opposite of what it reverses."""
    sign = -1 if entry.kind == "recovery" else 1
    return int(entry.amount_vnd) * (-sign if entry.reverses_id else sign)


def numbers(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split("."))


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def added(rows: list[list[Any]], columns: range) -> list[int]:
    """Sums of columns; a blank adds nothing."""
    return [sum(row[column] or 0 for row in rows) for column in columns]
