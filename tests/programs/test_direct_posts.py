"""Every status × move × role × area, sent straight to the address: what the table does not allow changes nothing."""

import datetime
from itertools import product

import pytest
from django.urls import reverse

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from programs import policies
from programs.forms.project_bulk import BULK_MOVES, TICK
from programs.models import Project
from programs.tabs import move_page
from programs.views.project_page import move_url
from programs.workflow import TRANSITIONS, Action, Status, Track
from tests.factories import add_participant, make_organisation, make_project, make_province, make_user, unit
from tests.responses import content_of

pytestmark = pytest.mark.django_db
# What a page would send, and a state that no page sends.
PAPER = {
    "document_number": "15/QĐ",
    "document_date": datetime.date(2026, 1, 6).strftime("%d/%m/%Y"),
    "reason": "Thử gửi thẳng",
    "status": Status.SETTLED.value,
    "to_status": Status.SETTLED.value,
    "do": "1",
}
# The tracks part ways where the Ministry comes in; elsewhere a local project stands for both.
STAGES = [(status, Track.LOCAL) for status in Status]
STAGES += [(status, Track.NATIONAL) for status in (Status.APPRAISED, Status.SENT_TO_MINISTRY)]
OWN_PAGES = tuple(action for action in Action if move_page(action))


@pytest.fixture
def project(cast):
    project = make_project(created_by=cast[Role.LOCAL_OFFICER])
    add_participant(project)
    return project


def put(project, status, track):
    """The project in that state, whatever earlier posts made of it."""
    returned_from = Status.CONFIRMED.value if status is Status.RETURNED else ""
    Project.objects.filter(pk=project.pk).update(
        status=status.value, track=track.value, returned_from=returned_from, version=1
    )
    project.refresh_from_db()


def may_move(user, project, action):
    return policies.allowed(policies.check_can_move, user, project, action)


def post(client, address, data):
    response = client.post(address, data)
    content_of(response)
    return response.status_code


def unexpected(client, user, project, send, actions=tuple(Action)):
    """(status, track, move) of every post that changed what it may not, or was answered with a server error."""
    wrong = {}
    for (status, track), action in product(STAGES, actions):
        put(project, status, track)
        allowed = may_move(user, project, action)
        code = send(client, project, action)
        project.refresh_from_db()
        targets = {status}
        if allowed:
            targets.add(TRANSITIONS[status, action].target or Status.CONFIRMED)
        if project.state not in targets or code >= 500 or (code == 200 and project.state is not status and not allowed):
            wrong[status.label, track.label, action.label] = (code, project.state.label)
    return wrong


def send_move(client, project, action):
    return post(client, move_url(action, project.pk), {**PAPER, "version": project.version})


def send_common_form(client, project, action):
    """Past the move's own page, where it has one."""
    address = reverse("programs:project-move", args=[project.pk, action.value])
    return post(client, address, {**PAPER, "version": project.version})


def send_bulk(client, project, action):
    data = {**PAPER, "move": action.value, TICK: f"{project.pk}-{project.version}"}
    return post(client, reverse("programs:project-bulk"), data)


@pytest.mark.parametrize("role", list(Role))
def test_a_post_makes_the_moves_of_the_table_and_no_others(client, cast, project, role):
    client.force_login(cast[role])
    assert unexpected(client, cast[role], project, send_move) == {}


@pytest.mark.parametrize("role", list(Role))
def test_neither_does_the_common_form_of_moves(client, cast, project, role):
    client.force_login(cast[role])
    assert unexpected(client, cast[role], project, send_common_form, OWN_PAGES) == {}


@pytest.mark.parametrize("role", list(Role))
def test_bulk_work_makes_the_moves_of_the_table_and_no_others(client, cast, project, role):
    client.force_login(cast[role])
    assert unexpected(client, cast[role], project, send_bulk, BULK_MOVES) == {}


@pytest.fixture
def outsiders(reference):
    """One user of each role from another province, and the officer of another commune."""
    abroad = make_organisation(make_province(), kind=OrganisationKind.DEPARTMENT)
    neighbour = make_organisation(unit("31972"), kind=OrganisationKind.COMMUNE_OFFICE)
    return [*(make_user(role, abroad) for role in Role), make_user(Role.LOCAL_OFFICER, neighbour)]


def test_nobody_from_outside_the_area_moves_or_even_finds_a_project(client, project, outsiders):
    wrong = {}
    for user in outsiders:
        client.force_login(user)
        for status, action in TRANSITIONS:
            put(project, status, Track.NATIONAL if action is Action.SEND_TO_MINISTRY else Track.LOCAL)
            codes = {send_move(client, project, action), send_common_form(client, project, action)}
            bulk = send_bulk(client, project, action) if action in BULK_MOVES else 404
            project.refresh_from_db()
            if not codes <= {403, 404, 405} or bulk >= 500 or project.state is not status:
                wrong[user.role, status.label, action.label] = (codes, bulk, project.state.label)
    assert wrong == {}
