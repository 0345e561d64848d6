"""Councils for tests: made by the same actions as in the portal. Days lie before any clock's today."""

import datetime

from programs.actions.council import add_council, add_member
from programs.actions.council_session import (
    add_to_agenda,
    attendance_stamp,
    open_session,
    record_attendance,
)
from programs.actions.council_sheet import CONCLUSION_FIELDS, record_conclusion, record_sheet, sheet_stamp
from programs.actions.registers import fingerprint
from programs.models import CouncilRole, CouncilSession, SessionProject, Verdict
from programs.queries.council import criteria_for
from programs.workflow import Status
from tests.factories import make_project

FOUNDED = datetime.date(2025, 8, 1)
HELD = datetime.date(2025, 9, 10)
MINUTED = datetime.date(2025, 9, 11)
PASSED, SUPPLEMENT, FAILED = Verdict.PASSED.value, Verdict.SUPPLEMENT.value, Verdict.FAILED.value
PEOPLE = (
    ("Nguyễn Văn An", CouncilRole.CHAIR),
    ("Trần Thị Bình", CouncilRole.DEPUTY),
    ("Lê Văn Cường", CouncilRole.MEMBER),
    ("Phạm Thị Dung", CouncilRole.SECRETARY),
)


def council_values(by, **changes):
    values = {"organisation": by.organisation, "name": "Hội đồng thẩm định đề án", "decision_number": "21/QĐ-SCT"}
    return {**values, "decision_date": FOUNDED, "quorum": 2, "ended_on": None, **changes}


def member_values(name, role, position=0):
    return {"full_name": name, "title": "Sở Công Thương", "role": role.value, "position": position}


def make_council(by, **changes):
    council = add_council(values=council_values(by, **changes), by=by)
    for position, (name, role) in enumerate(PEOPLE):
        add_member(council_id=council.pk, values=member_values(name, role, position), by=by)
    return council


def confirmed(by, **values):
    return make_project(created_by=by, status=Status.CONFIRMED.value, **values)


def make_session(by, *projects, council=None, held_on=HELD):
    council = council or make_council(by)
    session = open_session(council_id=council.pk, held_on=held_on, venue="Phòng họp tầng 2", by=by)
    if projects:
        add_to_agenda(session_id=session.pk, project_ids=[project.pk for project in projects], by=by)
    return CouncilSession.objects.get(pk=session.pk)


def attend(session, by, absent=()):
    present = {member.pk: member.full_name not in absent for member in session.council.members.all()}
    record_attendance(session_id=session.pk, present=present, by=by, version=attendance_stamp(session))


def judge(item, member, by, verdict=PASSED, comment=""):
    marks = {one.pk: (verdict, "") for one in criteria_for(item)}
    version = sheet_stamp(item, member.pk)
    return record_sheet(
        item_id=item.pk, member_id=member.pk, verdict=verdict, comment=comment, marks=marks, by=by, version=version
    )


def conclude(item, by, verdict=PASSED, conclusion=""):
    item = SessionProject.objects.get(pk=item.pk)
    version = fingerprint(item, CONCLUSION_FIELDS)
    return record_conclusion(item_id=item.pk, verdict=verdict, conclusion=conclusion, by=by, version=version)


def judged_session(by, verdicts, council=None):
    """A session ready to be closed: a project per verdict, every member present, every sheet agreeing."""
    projects = [confirmed(by) for _ in verdicts]
    session = make_session(by, *projects, council=council)
    attend(session, by)
    for project, verdict in zip(projects, verdicts, strict=True):
        item = session.agenda.get(project=project)
        for member in session.council.members.all():
            judge(item, member, by, verdict)
        conclude(item, by, verdict, "" if verdict == PASSED else "Bổ sung báo giá thiết bị.")
    return CouncilSession.objects.get(pk=session.pk), projects
