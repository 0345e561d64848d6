"""An office says that the figures of its area are complete for a round."""

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import record, subject_of
from khuyencong.errors import Overtaken
from khuyencong.vietnamese.dates import format_datetime
from reports import policies
from reports.actions.reporting_round import lock_round
from reports.models import AreaReport
from reports.rounds.figures import mark_of, office_figures, pairs_of
from reports.rounds.queries import last_report


@transaction.atomic
def report_area(*, round_id: int, note: str, shown: str, by: User) -> AreaReport:
    """A further report of the user's office; the last one counts, earlier ones stay.

    `shown`: the mark of the figures and of the last report that the person was looking at. Errors: NotAllowed; Refused
    when the round is closed, has not begun or does not ask this office; Overtaken when a colleague has reported
    meanwhile, or when the figures have changed since they were shown.
    """
    asked = lock_round(round_id)
    policies.check_can_report(by, asked)
    last, figures = last_report(asked, by.organisation_id), office_figures(asked, by)
    if mark_of(figures, last) != shown:
        raise Overtaken(_what_changed(last, shown, mark_of(figures, None)))
    report = AreaReport.objects.create(
        round=asked,
        organisation_id=by.organisation_id,  # type: ignore[misc]  # the policy has seen that there is one
        figures=pairs_of(figures),
        note=note,
        reported_by=by,
        reported_at=timezone.now(),
    )
    record(
        by=by,
        action="area_report",
        action_label="Báo cáo số liệu của địa bàn" if last is None else "Báo cáo lại số liệu của địa bàn",
        obj=report,
        subject=subject_of(asked),
        changes={"Đơn vị": (None, str(by.organisation)), "Tình hình, khó khăn, kiến nghị": (None, note)},
        place_id=by.area_id,
        document_number=asked.document_number,
    )
    return report


def _what_changed(last: AreaReport | None, shown: str, first_time: str) -> str:
    if last is not None and shown == first_time:
        when = format_datetime(last.reported_at)
        return f"{last.reported_by} vừa báo cáo cho đơn vị lúc {when}. Nếu cần bổ sung, xem lại rồi báo cáo lần nữa."
    return "Số liệu vừa thay đổi sau khi bạn mở trang này. Xem lại số liệu mới ở dưới rồi xác nhận."
