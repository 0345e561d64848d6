"""Short ways of opening a round and reporting for an office in tests. Periods hold today, whatever day it is."""

import datetime
from typing import Any

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Role
from reports.actions.area_report import report_area
from reports.models import AreaReport, ReportingRound
from reports.rounds.figures import mark_of, office_figures
from reports.rounds.forms import current_quarter
from reports.rounds.queries import last_report
from tests.factories import unit


def today() -> datetime.date:
    return timezone.localdate()


def days(number: int) -> datetime.date:
    """So many days after today."""
    return today() + datetime.timedelta(days=number)


def round_values(**changes: Any) -> dict[str, Any]:
    period = current_quarter(today())
    values = {"start": period.start, "end": period.end, "title": "Báo cáo quý", "due_date": days(5)}
    area = {} if "area" in changes else {"area": unit("96")}
    return {**values, **area, "document_number": "15/SCT-KC", "note": "", **changes}


def make_round(by: User, **changes: Any) -> ReportingRound:
    """A row as if it had been opened long ago: its due date may lie in the past."""
    return ReportingRound.objects.create(opened_by=by, opened_at=timezone.now(), **round_values(**changes))


def shown_to(asked: ReportingRound, user: User) -> str:
    """The mark of what the person sees on the page now."""
    return mark_of(office_figures(asked, user), last_report(asked, user.organisation_id))


def report(asked: ReportingRound, user: User, note: str = "") -> AreaReport:
    return report_area(round_id=asked.pk, note=note, shown=shown_to(asked, user), by=user)


def round_object(noun: str, cast: dict[Role, User]) -> ReportingRound | AreaReport:
    """For the tests that walk all addresses: a round of xã Hồng Dân alone, or a report of its office."""
    officer, local = cast[Role.DEPARTMENT_OFFICER], cast[Role.LOCAL_OFFICER]
    values = round_values(area=unit("31843"))
    key = {name: values.pop(name) for name in ("area", "start", "end")}
    opened = {"opened_by": officer, "opened_at": timezone.now()}
    asked, _ = ReportingRound.objects.get_or_create(**key, defaults={**values, **opened})
    if noun != "area-report-detail":
        return asked
    return AreaReport.objects.filter(round=asked).first() or report(asked, local)
