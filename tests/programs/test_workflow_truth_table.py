"""Every status × action × track × role, asked of the policy itself, and written out against the two tables."""

import pytest

from khuyencong.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from khuyencong.errors import NotAllowed, Refused
from programs import policies
from programs.models import ProjectKind
from programs.policies import check_can_change_participants, check_can_plan_indicators
from programs.workflow import APPROVED_ON, EDITABLE, ENDED, TRANSITIONS, Action, Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db

# Written out by hand: who takes which step. The table of transitions and the table of roles must say the same together.
WHO = {
    Action.SUBMIT: {Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.LOCAL_OFFICER},
    Action.WITHDRAW: {Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.LOCAL_OFFICER},
    Action.CONFIRM: {Role.DEPARTMENT_OFFICER, Role.LOCAL_OFFICER},
    Action.APPRAISE: {Role.DEPARTMENT_OFFICER},
    Action.SEND_TO_MINISTRY: {Role.DEPARTMENT_OFFICER},
    Action.REFUSE: {Role.DEPARTMENT_OFFICER},
    Action.APPROVE: {Role.LEADER},
    Action.STOP: {Role.LEADER},
    Action.SIGN_CONTRACT: {Role.CENTRE_OFFICER},
    Action.REPORT_PROGRESS: {Role.CENTRE_OFFICER},
    Action.ACCEPT: {Role.CENTRE_OFFICER},
    Action.LIQUIDATE: {Role.CENTRE_OFFICER},
    Action.SETTLE: {Role.ACCOUNTANT},
}
MOVES = {
    Action.SUBMIT: {Status.DRAFT, Status.RETURNED},
    Action.WITHDRAW: {
        Status.DRAFT,
        Status.RETURNED,
        Status.SUBMITTED,
        Status.CONFIRMED,
        Status.APPRAISED,
        Status.SENT_TO_MINISTRY,
    },
    Action.CONFIRM: {Status.SUBMITTED},
    Action.APPRAISE: {Status.CONFIRMED},
    Action.SEND_TO_MINISTRY: {Status.APPRAISED},
    Action.REFUSE: {Status.SUBMITTED, Status.CONFIRMED, Status.APPRAISED, Status.SENT_TO_MINISTRY},
    Action.RETURN: {Status.SUBMITTED, Status.CONFIRMED, Status.APPRAISED, Status.SENT_TO_MINISTRY},
    Action.APPROVE: {Status.APPRAISED, Status.SENT_TO_MINISTRY},
    Action.STOP: {Status.APPROVED, Status.CONTRACTED, Status.IN_PROGRESS},
    Action.SIGN_CONTRACT: {Status.APPROVED},
    Action.REPORT_PROGRESS: {Status.CONTRACTED, Status.IN_PROGRESS},
    Action.ACCEPT: {Status.IN_PROGRESS},
    Action.LIQUIDATE: {Status.ACCEPTED},
    Action.SETTLE: {Status.LIQUIDATED},
}
ONLY_NATIONAL = {(Status.APPRAISED, Action.SEND_TO_MINISTRY), (Status.SENT_TO_MINISTRY, Action.APPROVE)}
ONLY_LOCAL = {(Status.APPRAISED, Action.APPROVE)}


def who_may(status, action):
    if action is Action.RETURN:
        local = {Role.LOCAL_OFFICER} if status is Status.SUBMITTED else set()
        return {Role.DEPARTMENT_OFFICER} | local
    return WHO[action]


def move_exists(status, action, track):
    if status not in MOVES[action]:
        return False
    if (status, action) in ONLY_NATIONAL:
        return track is Track.NATIONAL
    return (status, action) not in ONLY_LOCAL or track is Track.LOCAL


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


def answer(user, project, action):
    try:
        policies.check_can_move(user, project, action)
    except NotAllowed:
        return "not allowed"
    except Refused:
        return "refused"
    return "allowed"


@pytest.mark.parametrize("role", list(Role))
def test_every_status_action_and_track_for_the_role(cast, project, role):
    wrong = {}
    for track in Track:
        for status in Status:
            project.status, project.track = status.value, track.value
            for action in Action:
                expected = "refused"
                if move_exists(status, action, track):
                    expected = "allowed" if role in who_may(status, action) else "not allowed"
                found = answer(cast[role], project, action)
                if found != expected:
                    wrong[status.label, action.label, track.label] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize("role", list(Role))
def test_the_buttons_are_the_moves_that_the_policy_allows(cast, project, role):
    for track in Track:
        for status in Status:
            project.status, project.track = status.value, track.value
            allowed = [action for action in Action if answer(cast[role], project, action) == "allowed"]
            assert policies.moves_open_to(cast[role], project) == allowed


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
def test_nobody_moves_a_project_outside_their_area(request, project, who):
    user = request.getfixturevalue(who)
    for status, action in TRANSITIONS:
        project.status = status.value
        project.track = Track.NATIONAL if (status, action) in ONLY_NATIONAL else Track.LOCAL
        assert answer(user, project, action) == "not allowed"
        assert policies.moves_open_to(user, project) == []


def test_a_closed_office_and_a_disabled_account_may_do_nothing(project, local_officer):
    local_officer.is_active = False
    assert answer(local_officer, project, Action.SUBMIT) == "not allowed"
    local_officer.is_active = True
    local_officer.organisation.valid_to = "2025-06-30"
    local_officer.organisation.save()
    local_officer.organisation.refresh_from_db()
    assert answer(local_officer, project, Action.SUBMIT) == "not allowed"


def test_the_system_administrator_and_the_auditor_move_nothing():
    movers = {transition.permission for transition in TRANSITIONS.values()}
    assert not movers & ROLE_PERMISSIONS[Role.SYSTEM_ADMIN]
    assert not movers & ROLE_PERMISSIONS[Role.AUDITOR]


def test_every_status_is_reached_and_only_ended_ones_lead_nowhere():
    targets = {transition.target for transition in TRANSITIONS.values()} - {None}
    assert targets | {Status.DRAFT} == set(Status)
    assert {status for status in Status if all(source is not status for source, _ in TRANSITIONS)} == ENDED


def test_what_was_approved_is_edited_no_more(project, department_officer):
    for status in Status:
        project.status = status.value
        assert policies.allowed(policies.check_can_edit, department_officer, project) is (status in EDITABLE)
        assert policies.allowed(check_can_plan_indicators, department_officer, project) is (status in EDITABLE)
    assert not APPROVED_ON & EDITABLE


@pytest.mark.parametrize("kind", list(ProjectKind))
def test_only_a_group_project_names_beneficiaries_after_approval(project, department_officer, kind):
    project.kind = kind
    later = {Status.APPROVED} if kind == ProjectKind.GROUP else set()
    for status in Status:
        project.status = status.value
        found = policies.allowed(check_can_change_participants, department_officer, project)
        assert found is (status in EDITABLE | later), status


@pytest.mark.parametrize("role", list(Role))
def test_parts_of_a_project_are_written_by_those_who_register(cast, project, role):
    registers = Permission.PROJECT_REGISTER in ROLE_PERMISSIONS[role]
    assert policies.allowed(check_can_change_participants, cast[role], project) is registers
    assert policies.allowed(check_can_plan_indicators, cast[role], project) is registers


def test_documents_are_attached_until_the_project_has_ended(project, leader):
    for status in Status:
        project.status = status.value
        assert policies.allowed(policies.check_can_attach, leader, project) is (status not in ENDED)
