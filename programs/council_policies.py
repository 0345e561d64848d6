"""Who may keep councils and their sessions. Raises with the reason, as `programs.policies` does."""

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date, format_datetime
from programs import policies
from programs.models import Council, CouncilMember, CouncilSession, SessionProject


def check_can_keep_councils(user: User, area_id: int) -> None:
    """Errors: NotAllowed when the person lacks the right, or the council's office lies outside their area."""
    policies.check_permission(user, Permission.PROJECT_APPRAISE)
    policies.check_covers(user, area_id)


def check_can_keep(user: User, council: Council) -> None:
    check_can_keep_councils(user, council.organisation.area_id)


def check_can_change_session(user: User, session: CouncilSession) -> None:
    """Errors: NotAllowed for the person, Refused once the session has been closed."""
    check_can_keep(user, session.council)
    if session.closed_at is not None:
        raise Refused(f"Phiên họp đã kết thúc lúc {format_datetime(session.closed_at)}, chỉ còn xem.")


def check_held_within(council: Council, session: CouncilSession) -> None:
    """Errors: Refused, at the field, when the day lies outside the council's life."""
    if session.held_on < council.decision_date:
        day = format_date(council.decision_date)
        raise Refused(f"Hội đồng được thành lập ngày {day}; ngày họp không thể trước ngày đó.", field="held_on")
    if council.ended_on is not None and session.held_on > council.ended_on:
        raise Refused(f"Hội đồng đã hết nhiệm vụ sau ngày {format_date(council.ended_on)}.", field="held_on")


def check_can_judge(item: SessionProject, member: CouncilMember) -> None:
    """A member who was not there, or who has an interest in the project, has no sheet on it. Errors: Refused."""
    attendance = item.session.attendance.filter(member=member).first()
    if attendance is None:
        raise Refused(f"Chưa ghi {member} có mặt hay vắng mặt.")
    if not attendance.is_present:
        raise Refused(f"{member} vắng mặt nên không có phiếu thẩm định.")
    if item.conflicts.filter(member=member).exists():
        raise Refused(f"{member} có xung đột lợi ích ở đề án này nên không có phiếu thẩm định.")
