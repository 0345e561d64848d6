"""The demo's open round: one commune has reported, the other has not."""

import datetime

from django.utils import timezone

from funding.demo.parts import add_demo_part
from funding.demo.people import Cast, current_unit
from programs.models import ILLUSTRATION_NOTE
from reports.actions.area_report import report_area
from reports.actions.reporting_round import open_round
from reports.models import ReportingRound
from reports.rounds.figures import mark_of, office_figures
from reports.rounds.forms import DAYS_TO_ANSWER, current_quarter, proposed_title

PROVINCE = "96"


def make_round(cast: Cast) -> tuple[str, int]:
    """This quarter's round; a few days are left to answer it."""
    today = timezone.localdate()
    period = current_quarter(today)
    asked = open_round(
        values={
            "area": current_unit(PROVINCE),
            "start": period.start,
            "end": period.end,
            "title": proposed_title(period),
            "due_date": today + datetime.timedelta(days=DAYS_TO_ANSWER),
            "document_number": "",
            "note": ILLUSTRATION_NOTE,
        },
        by=cast.department,
    )
    _report(asked, cast)
    return "kỳ báo cáo của cơ sở", 1


def _report(asked: ReportingRound, cast: Cast) -> None:
    shown = mark_of(office_figures(asked, cast.commune), None)
    note = f"Hai cơ sở chờ lắp điện ba pha nên chưa chạy được máy; đề nghị hỗ trợ. ({ILLUSTRATION_NOTE})"
    report_area(round_id=asked.pk, note=note, shown=shown, by=cast.commune)


add_demo_part(make_round)
