"""Writing progress reports."""

import datetime

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.project import lock_project, move
from programs.models import ProgressReport
from programs.workflow import Action


@transaction.atomic
def report_progress(
    *, project_id: int, report_date: datetime.date, percent: int, content: str, by: User, version: int
) -> ProgressReport:
    """A further report, and the move that it makes; work is under way from the first one on.

    `percent`: work done so far, 0 to 100; it may be lower than last time, since a field check may correct a report.
    Errors: NotAllowed, Overtaken, Refused.
    """
    project = lock_project(project_id, version)
    policies.check_can_move(by, project, Action.REPORT_PROGRESS)
    if not 0 <= percent <= 100:
        raise Refused("Khối lượng hoàn thành từ 0 đến 100.", field="percent_done")
    if report_date > timezone.localdate():
        raise Refused("Ngày báo cáo không thể sau hôm nay.", field="report_date")
    if not content:
        raise Refused("Ghi nội dung báo cáo.", field="content")
    report = ProgressReport.objects.create(
        project=project,
        report_date=report_date,
        percent_done=percent,
        content=content,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    told = f"Ngày {format_date(report_date)}, hoàn thành {percent} %. {content}"
    move(project_id=project.pk, action=Action.REPORT_PROGRESS, by=by, version=version, reason=told)
    return report
