"""Việc của tôi: what waits for each role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from programs.models import MinistryResult, Project
from programs.workflow import Status, Track
from tests.factories import make_project, send_to_ministry, unit

pytestmark = pytest.mark.django_db

EXPECTED = {
    Role.LOCAL_OFFICER: {"bo-sung", "dang-soan", "xac-nhan"},
    Role.DEPARTMENT_OFFICER: {"bo-sung", "dang-soan", "xac-nhan", "tham-dinh", "gui-bo", "ket-qua-bo"},
    Role.CENTRE_OFFICER: {"bo-sung", "dang-soan", "hop-dong", "bat-dau", "nghiem-thu", "thanh-ly"},
    Role.LEADER: {"phe-duyet"},
    Role.ACCOUNTANT: {"quyet-toan", "giai-ngan"},
    Role.AUDITOR: set(),
    Role.SYSTEM_ADMIN: set(),
}


@pytest.fixture
def one_of_each(local_officer):
    for track in Track:
        for status in Status:
            make_project(created_by=local_officer, status=status.value, track=track.value)


def boards(response):
    return {board["queue"].key: board for board in response.context["work"]}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_what_waits_for_it(client, cast, one_of_each, role):
    client.force_login(cast[role])
    response = client.get("/")
    assert set(boards(response)) == EXPECTED[role]
    if not EXPECTED[role]:
        assert "Không có đề án nào đang chờ bạn" in response.content.decode()


def test_only_national_projects_wait_to_be_sent_up_and_each_track_is_approved_in_its_place(client, cast, one_of_each):
    client.force_login(cast[Role.DEPARTMENT_OFFICER])
    sent = [project for project, _ in boards(client.get("/"))["gui-bo"]["rows"]]
    assert [(project.status, project.track) for project in sent] == [("appraised", "national")]
    client.force_login(cast[Role.LEADER])
    waiting = [project for project, _ in boards(client.get("/"))["phe-duyet"]["rows"]]
    assert {(project.status, project.track) for project in waiting} == {("appraised", "local")}
    sent_up = Project.objects.get(status=Status.SENT_TO_MINISTRY.value, track=Track.NATIONAL.value)
    send_to_ministry(sent_up, cast[Role.DEPARTMENT_OFFICER], MinistryResult.AGREED)
    waiting = [project for project, _ in boards(client.get("/"))["phe-duyet"]["rows"]]
    assert {(project.status, project.track) for project in waiting} == {
        ("appraised", "local"),
        ("sent_to_ministry", "national"),
    }


def test_the_next_move_is_a_button_on_the_row(client, local_officer):
    project = make_project(created_by=local_officer, status=Status.SUBMITTED.value)
    client.force_login(local_officer)
    ((row, buttons),) = boards(client.get("/"))["xac-nhan"]["rows"]
    assert row == project
    assert [(button.label, button.url) for button in buttons] == [
        ("Xác nhận", reverse("programs:project-move", args=[project.pk, "confirm"]))
    ]


def test_the_accountant_opens_the_money_of_projects_under_way(client, accountant, local_officer):
    project = make_project(created_by=local_officer, status=Status.CONTRACTED.value)
    client.force_login(accountant)
    ((_, buttons),) = boards(client.get("/"))["giai-ngan"]["rows"]
    assert [button.url for button in buttons] == [reverse("funding:project-money", args=[project.pk])]


def test_the_longest_waiting_come_first_and_the_rest_are_a_link_away(client, local_officer):
    made = [make_project(created_by=local_officer, status=Status.SUBMITTED.value) for _ in range(9)]
    client.force_login(local_officer)
    response = client.get("/")
    board = boards(response)["xac-nhan"]
    assert (board["count"], board["more"]) == (9, 3)
    assert [project for project, _ in board["rows"]] == made[:6]
    assert "?viec=xac-nhan" in response.content.decode()


def test_projects_of_others_wait_for_others(client, other_local_officer, stranger, one_of_each):
    for user in (other_local_officer, stranger):
        client.force_login(user)
        response = client.get("/")
        assert boards(response) == {}
        assert response.context["statuses"] == []


def test_the_year_is_counted_by_status(client, local_officer):
    for status, year in [("draft", 2026), ("draft", 2026), ("settled", 2026), ("draft", 2025)]:
        make_project(created_by=local_officer, status=status, year=year)
    client.force_login(local_officer)
    assert client.get("/", {"nam": "2026"}).context["statuses"] == [(Status.DRAFT, 2), (Status.SETTLED, 1)]
    assert client.get("/", {"nam": "2025"}).context["statuses"] == [(Status.DRAFT, 1)]
    for odd in ("x", "99999", "²²²²", ""):
        assert client.get("/", {"nam": odd}).status_code == 200


def test_registering_is_offered_to_those_who_may(client, local_officer, leader):
    address = reverse("programs:project-create")
    client.force_login(local_officer)
    assert address in client.get("/").content.decode()
    client.force_login(leader)
    assert address not in client.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER, Role.ACCOUNTANT])
def test_the_number_of_queries_does_not_grow(client, cast, role):
    client.force_login(cast[role])
    counts = []
    for more in (2, 18):
        for status in Status:
            for _ in range(more):
                make_project(
                    created_by=cast[role], status=status.value, track=Track.NATIONAL.value, place=unit("31843")
                )
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 18
