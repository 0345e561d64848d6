"""Writing a council's session: when it is held, what is on its agenda, who was there."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import Changes, differences, record, snapshot, subject_of
from khuyencong.errors import Overtaken, Refused
from khuyencong.vietnamese.dates import format_datetime
from programs import policies
from programs.actions.council import lock_council
from programs.actions.registers import check_unchanged, set_values
from programs.council_policies import check_can_change_session, check_held_within
from programs.models import Council, CouncilSession, CriteriaSheet, Project, SessionAttendance, SessionProject
from programs.queries.council import candidates
from programs.workflow import Status

SESSION_FIELDS = ("held_on", "venue")


@transaction.atomic
def open_session(*, council_id: int, held_on: datetime.date, venue: str, by: User) -> CouncilSession:
    """A session to be prepared; it may lie ahead. Errors: NotAllowed; Refused outside the council's life."""
    council = lock_council(council_id, by)
    session = CouncilSession(council=council, held_on=held_on, venue=venue)
    check_held_within(council, session)
    session.save()
    changes = differences({}, snapshot(session, SESSION_FIELDS))
    tell(session, by, "council_session_open", "Mở phiên họp hội đồng", changes)
    return session


@transaction.atomic
def edit_session(*, session_id: int, values: dict[str, Any], by: User, version: str) -> CouncilSession:
    """`values`: SESSION_FIELDS. Errors: as for opening; Overtaken; Refused for a new day once there are sheets."""
    session = lock_session(session_id, by)
    check_unchanged(session, SESSION_FIELDS, version)
    before, old_day = snapshot(session, SESSION_FIELDS), session.held_on
    set_values(session, values)
    check_held_within(session.council, session)
    if session.held_on != old_day and CriteriaSheet.objects.filter(agenda_item__session=session).exists():
        raise Refused("Đã có phiếu thẩm định theo tiêu chí của ngày họp này; không đổi ngày được.", field="held_on")
    session.save()
    changes = differences(before, snapshot(session, SESSION_FIELDS))
    if changes:
        changed(session, by, "council_session_edit", "Sửa phiên họp hội đồng", changes)
    return session


@transaction.atomic
def add_to_agenda(*, session_id: int, project_ids: Sequence[int], by: User) -> int:
    """Put confirmed projects on the agenda; how many. Errors: NotAllowed; Refused with every reason, none is added."""
    session = lock_session(session_id, by)
    projects = lock_projects(project_ids)
    for project in projects:
        policies.check_covers(by, project.place_id)
    free = set(candidates(by, session).filter(pk__in=project_ids).values_list("pk", flat=True))
    problems = [_why_not(project) for project in projects if project.pk not in free]
    if problems or not projects:
        raise Refused("\n".join(problems) or "Chưa chọn đề án nào trong danh sách.")
    SessionProject.objects.bulk_create(SessionProject(session=session, project=project) for project in projects)
    codes = ", ".join(project.code for project in projects)
    changed(session, by, "council_agenda_add", "Đưa đề án vào phiên họp", {"Đề án": (None, codes)})
    return len(projects)


@transaction.atomic
def remove_from_agenda(*, item_id: int, by: User) -> str:
    """Take a project off the agenda, its sheets with it; returns its code. Errors: NotAllowed, Refused."""
    item = lock_item(item_id, by)
    code, sheets = item.project.code, item.sheets.count()
    changes: dict[str, tuple[Any, Any]] = {"Đề án": (code, None)}
    if sheets:
        changes["Số phiếu đã ghi"] = (sheets, 0)
    item.delete()
    changed(item.session, by, "council_agenda_remove", "Bỏ đề án khỏi phiên họp", changes)
    return code


@transaction.atomic
def record_attendance(*, session_id: int, present: Mapping[int, bool], by: User, version: str) -> None:
    """Who was there: member id → yes or no, for every member of the council.

    Errors: NotAllowed; Overtaken; Refused when a member is left out, or one who has written a sheet would be absent.
    """
    session = lock_session(session_id, by)
    if attendance_stamp(session) != version:
        raise _overtaken(session)
    members = {member.pk: member for member in session.council.members.all()}
    if set(present) != set(members):
        raise Refused("Danh sách thành viên đã thay đổi. Hãy tải lại trang rồi ghi lại.")
    judged = CriteriaSheet.objects.filter(agenda_item__session=session).values_list("member_id", flat=True)
    names = [str(members[pk]) for pk in set(judged) if not present[pk]]
    if names:
        raise Refused(f"Đã có phiếu của: {', '.join(sorted(names))}. Bỏ phiếu trước khi ghi vắng mặt.")
    before = _attendance_lines(session)
    session.attendance.exclude(member_id__in=members).delete()
    for pk, is_present in present.items():
        SessionAttendance.objects.update_or_create(session=session, member_id=pk, defaults={"is_present": is_present})
    changes = differences(before, _attendance_lines(session))
    if changes:
        changed(session, by, "council_attendance", "Ghi thành viên có mặt", changes)


def lock_session(session_id: int, by: User) -> CouncilSession:
    """The open session, its council and itself locked in this order. Errors: NotAllowed; Refused when it is closed."""
    council_id = CouncilSession.objects.values_list("council_id", flat=True).get(pk=session_id)
    Council.objects.select_for_update().get(pk=council_id)
    sessions = CouncilSession.objects.select_for_update(of=("self",)).select_related("council__organisation")
    session = sessions.get(pk=session_id)
    check_can_change_session(by, session)
    return session


def lock_item(item_id: int, by: User) -> SessionProject:
    """A line of an open session's agenda, behind the session's lock. Errors: Refused when it is no longer there."""
    session_id = SessionProject.objects.filter(pk=item_id).values_list("session_id", flat=True).first()
    session = lock_session(session_id, by) if session_id is not None else None
    item = SessionProject.objects.select_related("project").filter(pk=item_id).first()
    if session is None or item is None:
        raise Refused("Đề án này không còn trong chương trình phiên họp.")
    item.session = session
    return item


def lock_projects(project_ids: Sequence[int]) -> list[Project]:
    """The projects, locked in the order of their keys."""
    return list(Project.objects.select_for_update(of=("self",)).filter(pk__in=project_ids).order_by("pk"))


def check_session_version(session: CouncilSession, version: int) -> None:
    """Errors: Overtaken, naming who changed the session last."""
    if session.version != version:
        raise _overtaken(session)


def changed(session: CouncilSession, by: User, action: str, label: str, changes: Changes) -> None:
    """One more version of the session, and the event that tells of it."""
    session.version += 1
    session.save(update_fields=["version"])
    tell(session, by, action, label, changes)


def tell(session: CouncilSession, by: User, action: str, label: str, changes: Changes) -> None:
    record(
        by=by,
        action=action,
        action_label=label,
        obj=session,
        changes=changes,
        place_id=session.council.organisation.area_id,
        document_number=session.minutes_number,
        document_date=session.minutes_date,
    )


def stamp(value: Any) -> str:
    """A short mark of plain values; forms carry it as their `version`."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]


def attendance_stamp(session: CouncilSession) -> str:
    return stamp(list(session.attendance.order_by("member_id").values_list("member_id", "is_present")))


def _overtaken(session: CouncilSession) -> Overtaken:
    last = AuditEvent.objects.about(subject_of(session)).first()
    did = f" {last.actor_name}: {last.action_label}, {format_datetime(last.at)}." if last else ""
    return Overtaken(f"Phiên họp đã được thay đổi sau khi bạn mở trang.{did} Hãy xem lại rồi thực hiện.")


def _why_not(project: Project) -> str:
    if project.state is not Status.CONFIRMED:
        return f"{project.code}: đang ở trạng thái “{project.state.label}”, không còn chờ thẩm định."
    other = project.sessions.filter(session__closed_at__isnull=True).select_related("session__council").first()
    if other is not None:
        return f"{project.code}: đã có trong {other.session}, chưa kết thúc."
    return f"{project.code}: nằm ngoài địa bàn của hội đồng."


def _attendance_lines(session: CouncilSession) -> dict[str, str]:
    rows = session.attendance.select_related("member").order_by("member__position", "member_id")
    return {str(row.member): "có mặt" if row.is_present else "vắng mặt" for row in rows}
