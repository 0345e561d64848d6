"""Who may lock a report and who may unlock it. Each check raises with the reason."""

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_datetime
from programs.policies import check_covers, check_permission
from reports.models import LockedReport, ReportUnlock


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
