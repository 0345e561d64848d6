"""Who may lock and unlock reports, keep rounds, and report for an office. Each check raises with the reason."""

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.dates import format_date, format_datetime
from programs.policies import check_covers, check_permission
from reports.models import AreaReport, LockedReport, ReportingRound, ReportUnlock
from reports.rounds.queries import expected_offices


def check_can_lock(user: User, area_id: int) -> None:
    """Errors: NotAllowed without the right, or for an area outside the user's own."""
    check_permission(user, Permission.REPORT_LOCK)
    check_covers(user, area_id)


def check_not_locked(locked: LockedReport | None) -> None:
    """Errors: Refused when the same question is locked already, naming who did it and when."""
    if locked is not None:
        when = format_datetime(locked.locked_at)
        raise Refused(f"Báo cáo này đã được {locked.locked_by} khóa lúc {when}. Mở khóa bản đó trước khi khóa lại.")


def check_can_unlock(user: User, report: LockedReport) -> None:
    """Errors: NotAllowed as for locking; Refused when it was unlocked before."""
    check_permission(user, Permission.REPORT_UNLOCK)
    check_covers(user, report.area_id)
    unlocked = ReportUnlock.objects.filter(report=report).select_related("by").first()
    if unlocked is not None:
        raise Refused(f"Báo cáo này đã được {unlocked.by} mở khóa lúc {format_datetime(unlocked.at)}.")


def check_can_keep_rounds(user: User, area_id: int) -> None:
    """Errors: NotAllowed without the right, or for an area outside the user's own."""
    check_permission(user, Permission.REPORT_ROUND)
    check_covers(user, area_id)


def check_can_edit_round(user: User, asked: ReportingRound) -> None:
    """A round changes until the first office has answered it. Errors: NotAllowed; Refused."""
    check_can_keep_rounds(user, asked.area_id)
    check_round_open(asked)
    count = AreaReport.objects.filter(round=asked).values("organisation").distinct().count()
    if count:
        raise Refused(f"Đã có {count} đơn vị báo cáo cho kỳ này nên không sửa được nữa.")


def check_can_close_round(user: User, asked: ReportingRound) -> None:
    check_can_keep_rounds(user, asked.area_id)
    check_round_open(asked)


def check_can_reopen_round(user: User, asked: ReportingRound) -> None:
    check_can_keep_rounds(user, asked.area_id)
    if asked.closed_at is None:
        raise Refused("Kỳ báo cáo này đang mở.")


def check_can_remind(user: User, asked: ReportingRound) -> None:
    check_can_keep_rounds(user, asked.area_id)
    check_round_open(asked)
    check_round_begun(asked)


def check_round_begun(asked: ReportingRound) -> None:
    """Errors: Refused before the first day of the period: there is nothing to report yet."""
    if timezone.localdate() < asked.start:
        raise Refused(f"Kỳ này bắt đầu từ ngày {format_date(asked.start)}, chưa báo cáo được.")


def check_round_open(asked: ReportingRound) -> None:
    """Errors: Refused once the round was closed, saying when."""
    if asked.closed_at is not None:
        raise Refused(f"Kỳ báo cáo đã kết thúc lúc {format_datetime(asked.closed_at)}.")


def check_can_report(user: User, asked: ReportingRound) -> None:
    """May the user say that the figures of their office are complete?

    Errors: NotAllowed without the right, or when the round does not ask the user's area; Refused when it is closed or
    has not begun, or when the office is none of those that it asks.
    """
    check_permission(user, Permission.AREA_REPORT)
    if not covered_unit_ids(asked.area_id).filter(unit_id=user.area_id).exists():
        raise NotAllowed("Kỳ báo cáo này không hỏi địa bàn của đơn vị bạn.")
    check_round_open(asked)
    check_round_begun(asked)
    if not expected_offices(asked).filter(users=user).exists():
        raise Refused(
            "Kỳ này hỏi Phòng Kinh tế cấp xã, huyện hoạt động vào ngày cuối kỳ; đơn vị bạn không thuộc số đó."
        )
