"""Progress as declared and as verified: reports and field checks in one line of time."""

import datetime
from dataclasses import dataclass

from programs.models import Document, DocumentKind, FieldCheck, ProgressReport, Project


@dataclass(frozen=True)
class TimelineRow:
    """A report or a check, with both percentages as they stood when it had been written."""

    report: ProgressReport | None
    check: FieldCheck | None
    declared: int | None
    verified: int | None
    scan: Document | None = None

    @property
    def date(self) -> datetime.date:
        return self.check.checked_on if self.check else self._report.report_date

    @property
    def event(self) -> ProgressReport | FieldCheck:
        return self.check or self._report

    @property
    def difference(self) -> int | None:
        """Percentage points declared above (+) or below (−) what was verified; None while either is not known."""
        return None if self.declared is None or self.verified is None else self.declared - self.verified

    @property
    def _report(self) -> ProgressReport:
        assert self.report is not None
        return self.report


@dataclass(frozen=True)
class Timeline:
    """`rows`: newest first."""

    rows: list[TimelineRow]
    last_report: ProgressReport | None
    last_check: FieldCheck | None

    @property
    def difference(self) -> int | None:
        """Points between the newest report and the newest check."""
        if self.last_report is None or self.last_check is None:
            return None
        return self.last_report.percent_done - self.last_check.verified_percent


def progress_timeline(project: Project) -> Timeline:
    """Three queries, however many reports and checks; those of one day in the order report, check."""
    reports = list(project.progress.select_related("recorded_by__organisation"))
    checks = list(project.field_checks.select_related("report", "recorded_by__organisation"))
    scans = {one.number: one for one in project.documents.filter(kind=DocumentKind.FIELD_CHECK) if one.number}
    rows: list[TimelineRow] = []
    declared = verified = None
    events: list[ProgressReport | FieldCheck] = [*reports, *checks]
    for event in sorted(events, key=_place_in_time):
        if isinstance(event, FieldCheck):
            verified = event.verified_percent
            shown = event.report.percent_done if event.report else declared
            rows.append(TimelineRow(None, event, shown, verified, scans.get(event.minutes_number)))
        else:
            declared = event.percent_done
            rows.append(TimelineRow(event, None, declared, verified))
    return Timeline(rows[::-1], reports[0] if reports else None, checks[0] if checks else None)


def last_field_check(project: Project) -> FieldCheck | None:
    return project.field_checks.first()


def _place_in_time(event: ProgressReport | FieldCheck) -> tuple[datetime.date, bool, int]:
    is_check = isinstance(event, FieldCheck)
    return (event.checked_on if isinstance(event, FieldCheck) else event.report_date), is_check, event.pk
