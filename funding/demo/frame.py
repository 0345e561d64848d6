"""What stands around a project of the demo: its programme, and the council that appraises one of them."""

import datetime

from khuyencong.accounts.models import User
from programs.actions.council import add_council, add_member
from programs.actions.council_close import close_session
from programs.actions.council_session import add_to_agenda, attendance_stamp, open_session, record_attendance
from programs.actions.council_sheet import CONCLUSION_FIELDS, record_conclusion, record_sheet, sheet_stamp
from programs.actions.project import Paper, move
from programs.actions.registers import fingerprint
from programs.models import (
    ILLUSTRATION_NOTE,
    Council,
    CouncilRole,
    CouncilSession,
    Programme,
    Project,
    SessionProject,
    Verdict,
)
from programs.queries.council import criteria_for
from programs.workflow import Action, Track

MEMBERS = [
    ("Trần Văn Đức", "Phó Giám đốc Sở Công Thương", CouncilRole.CHAIR),
    ("Lê Thị Thu Hà", "Trưởng phòng Quản lý công nghiệp", CouncilRole.MEMBER),
    ("Đỗ Minh Quân", "Sở Tài chính", CouncilRole.MEMBER),
    ("Nguyễn Thị Ánh Tuyết", "Chuyên viên", CouncilRole.SECRETARY),
]
QUORUM = 3


def programme_of(track: Track, year: int) -> Programme | None:
    """The programme in the register that covers the plan year; none is known for the founding years."""
    return Programme.objects.filter(track=track.value, start_year__lte=year, end_year__gte=year).first()


def appraise(project_id: int, *, paper: Paper, by: User, in_session: bool) -> None:
    """By an officer alone, or (`in_session`) by a council whose minutes are the paper."""
    if in_session:
        _hold_session(project_id, minutes=paper, by=by)
        return
    version = Project.objects.values_list("version", flat=True).get(pk=project_id)
    move(project_id=project_id, action=Action.APPRAISE, by=by, version=version, paper=paper)


def _hold_session(project_id: int, *, minutes: Paper, by: User) -> None:
    """A whole session: agenda, who was there, a sheet of each member, the conclusion, closed with its minutes."""
    assert minutes.date is not None
    council = _make_council(minutes.date, by)
    venue = f"Phòng họp Sở Công Thương ({ILLUSTRATION_NOTE.lower()})"
    session = open_session(council_id=council.pk, held_on=minutes.date, venue=venue, by=by)
    add_to_agenda(session_id=session.pk, project_ids=[project_id], by=by)
    present = dict.fromkeys(council.members.values_list("pk", flat=True), True)
    record_attendance(session_id=session.pk, present=present, by=by, version=attendance_stamp(session))
    item = SessionProject.objects.select_related("session", "project").get(session=session)
    for member in present:
        _judge(item, member, by)
    item = SessionProject.objects.get(pk=item.pk)
    version = fingerprint(item, CONCLUSION_FIELDS)
    record_conclusion(item_id=item.pk, verdict=Verdict.PASSED.value, conclusion="", by=by, version=version)
    stand = CouncilSession.objects.values_list("version", flat=True).get(pk=session.pk)
    close_session(session_id=session.pk, minutes=minutes, by=by, version=stand)


def _make_council(held_on: datetime.date, by: User) -> Council:
    """Founded on the first day of the year of its session; who sits on it is invented."""
    council = add_council(
        values={
            "organisation": by.organisation,
            "name": f"Hội đồng thẩm định cấp cơ sở ({ILLUSTRATION_NOTE.lower()})",
            "decision_number": f"01/{held_on.year}/QĐ-SCT",
            "decision_date": datetime.date(held_on.year, 1, 1),
            "quorum": QUORUM,
            "ended_on": None,
        },
        by=by,
    )
    for position, (name, title, role) in enumerate(MEMBERS):
        values = {"full_name": name, "title": title, "role": role.value, "position": position}
        add_member(council_id=council.pk, values=values, by=by)
    return council


def _judge(item: SessionProject, member_id: int, by: User) -> None:
    record_sheet(
        item_id=item.pk,
        member_id=member_id,
        verdict=Verdict.PASSED.value,
        comment="",
        marks={one.pk: (Verdict.PASSED.value, "") for one in criteria_for(item)},
        by=by,
        version=sheet_stamp(item, member_id),
    )
