"""Two officers over one session at the same moment: one is done, the other is told why not."""

import pytest

from khuyencong.audit.models import AuditEvent
from programs.actions.council import add_member, remove_member
from programs.actions.council_close import close_session
from programs.actions.council_session import add_to_agenda, open_session
from programs.actions.project import Paper, move
from programs.models import CouncilMember, CouncilRole, Project, SessionProject
from programs.workflow import Action, Status
from tests.at_once import at_once, won_and_refused
from tests.programs.council import (
    HELD,
    MINUTED,
    PASSED,
    SUPPLEMENT,
    attend,
    confirmed,
    judge,
    judged_session,
    make_council,
    make_session,
    member_values,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)
MINUTES = Paper("12/BB-HĐTĐ", MINUTED)


def closing(session, by):
    return lambda: close_session(session_id=session.pk, minutes=MINUTES, by=by, version=session.version)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_session_is_closed_once(_round, department_officer):
    session, projects = judged_session(department_officer, [PASSED, SUPPLEMENT])
    refusal = won_and_refused(at_once(closing(session, department_officer), closing(session, department_officer)))
    assert "đã kết thúc" in refusal
    assert AuditEvent.objects.filter(action="council_session_close").count() == 1
    assert [project.steps.count() for project in projects] == [1, 1]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_project_goes_onto_one_agenda(_round, department_officer):
    by, project = department_officer, confirmed(department_officer)
    council = make_council(by)
    second_council = make_council(by, decision_number="22/QĐ-SCT")
    sessions = [make_session(by, council=one) for one in (council, second_council)]

    def adding(session):
        return lambda: add_to_agenda(session_id=session.pk, project_ids=[project.pk], by=by)

    assert "đã có trong" in won_and_refused(at_once(*(adding(session) for session in sessions)))
    assert SessionProject.objects.filter(project=project).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_closing_and_adding_a_project_do_not_leave_one_behind(_round, department_officer):
    by = department_officer
    session, _ = judged_session(by, [PASSED])
    late = confirmed(by)
    refusal = won_and_refused(
        at_once(
            closing(session, by),
            lambda: add_to_agenda(session_id=session.pk, project_ids=[late.pk], by=by),
        )
    )
    session.refresh_from_db()
    assert "đã kết thúc" in refusal if session.closed_at else "đã được thay đổi" in refusal
    assert session.agenda.count() == (1 if session.closed_at else 2)


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_council_and_one_officer_do_not_both_decide_on_a_project(_round, department_officer):
    by = department_officer
    session, (project,) = judged_session(by, [PASSED])

    def returning():
        move(project_id=project.pk, action=Action.RETURN, by=by, reason="Thiếu hồ sơ", version=project.version)

    refusal = won_and_refused(at_once(closing(session, by), returning))
    stored = Project.objects.get(pk=project.pk)
    assert stored.steps.count() == 1
    assert stored.state in (Status.APPRAISED, Status.RETURNED)
    assert "nay là “Trả lại bổ sung”" in refusal or "Đề án đã được thay đổi" in refusal


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_sessions_with_projects_in_opposite_order_close_without_a_deadlock(_round, department_officer):
    by = department_officer
    first, _ = judged_session(by, [PASSED, PASSED], council=make_council(by))
    second, _ = judged_session(by, [PASSED, PASSED], council=make_council(by, decision_number="22/QĐ-SCT"))
    assert at_once(closing(second, by), closing(first, by)) == ["done", "done"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_member_is_not_removed_while_they_are_noted_as_present(_round, department_officer):
    by = department_officer
    session = make_session(by)
    member = session.council.members.get(role=CouncilRole.MEMBER)
    results = at_once(lambda: attend(session, by), lambda: remove_member(member_id=member.pk, by=by))
    assert "done" in results
    removed = not CouncilMember.objects.filter(pk=member.pk).exists()
    assert removed != session.attendance.filter(member_id=member.pk).exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_there_is_one_chair_and_one_sheet_of_a_member(_round, department_officer):
    by = department_officer
    council = make_council(by, decision_number="9/QĐ")
    CouncilMember.objects.filter(council=council, role=CouncilRole.CHAIR).update(role=CouncilRole.MEMBER)

    def crowning(name):
        return lambda: add_member(council_id=council.pk, values=member_values(name, CouncilRole.CHAIR), by=by)

    assert won_and_refused(at_once(crowning("Một"), crowning("Hai"))) == "Hội đồng đã có Chủ tịch."
    session = open_session(council_id=council.pk, held_on=HELD, venue="", by=by)
    add_to_agenda(session_id=session.pk, project_ids=[confirmed(by).pk], by=by)
    attend(session, by)
    item, member = session.agenda.get(), council.members.first()
    results = at_once(lambda: judge(item, member, by), lambda: judge(item, member, by))
    assert "done" in results
    assert item.sheets.count() == 1
