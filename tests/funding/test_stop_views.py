"""The page that stops a project, and what its money tab and the lists show afterwards."""

import pytest
from django.urls import reverse

from funding.models import RecoveryDemand
from khuyencong.accounts.permissions import Role
from programs.models import Project
from programs.workflow import Status
from tests.funding.makers import add_entry, approved_project, decision, page, source
from tests.responses import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(local_officer, accountant):
    project = approved_project(local_officer, 100_000_000, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 60_000_000, participant=project.participants.get())
    return project


def cell(project):
    return f"amount_{project.participants.get().pk}_{source().pk}"


def order(project, **values):
    return decision(project, reason="Cơ sở giải thể", due_date="01/12/2099", **values)


def test_the_page_shows_what_is_out_and_the_stop_leads_to_what_is_owed(client, leader, accountant, running):
    client.force_login(leader)
    shown = content_of(client.get(page("project-stop", running))).decode()
    assert "60.000.000" in shown
    assert "Được giữ lại" in shown
    assert (
        reverse("funding:project-stop", args=[running.pk])
        in content_of(client.get(reverse("programs:project-detail", args=[running.pk]))).decode()
    )
    response = client.post(page("project-stop", running), order(running, **{cell(running): "20 triệu"}))
    assert response.status_code == 302
    assert response.url == page("project-money", running)
    demand = RecoveryDemand.objects.get()
    assert (demand.out_vnd, demand.kept_vnd) == (60_000_000, 20_000_000)
    client.force_login(accountant)
    money = content_of(client.get(page("project-money", running))).decode()
    assert "Phải thu hồi sau khi ngừng" in money
    assert "40.000.000" in money
    assert "01/12/2099" in money
    assert "Quá hạn" not in money
    home = content_of(client.get(reverse("home"))).decode()
    assert "Đã ngừng, còn phải thu hồi" in home
    assert running.code in home
    listed = content_of(client.get(reverse("programs:project-list"), {"viec": "thu-hoi"})).decode()
    assert running.code in listed


def test_an_overdue_day_is_marked(client, accountant, running):
    Project.objects.filter(pk=running.pk).update(status=Status.STOPPED.value)
    participant = running.participants.get()
    RecoveryDemand.objects.create(
        project=running, participant=participant, source=source(), out_vnd=60_000_000, kept_vnd=0, due_date="2025-12-01"
    )
    client.force_login(accountant)
    assert "Quá hạn" in content_of(client.get(page("project-money", running))).decode()


def test_what_was_typed_is_kept_beside_what_is_wrong(client, leader, running):
    client.force_login(leader)
    data = order(running, **{cell(running): "61 triệu", "document_number": "99/QĐ-GIỮ"})
    response = client.post(page("project-stop", running), data)
    body = content_of(response).decode()
    assert response.status_code == 422
    assert "61 triệu" in body
    assert "99/QĐ-GIỮ" in body
    assert "phải từ 0 đến số đã chi 60.000.000 đồng" in body
    running.refresh_from_db()
    assert running.state is Status.IN_PROGRESS


def test_money_out_needs_a_day_to_hand_it_back(client, leader, running):
    client.force_login(leader)
    response = client.post(page("project-stop", running), order(running) | {"due_date": ""})
    assert response.status_code == 422
    assert "nhập hạn nộp lại" in content_of(response).decode()


def test_an_overtaken_page_is_a_409(client, leader, running):
    Project.objects.filter(pk=running.pk).update(version=running.version + 3)
    client.force_login(leader)
    assert client.post(page("project-stop", running), order(running)).status_code == 409
    assert not RecoveryDemand.objects.exists()


def test_the_common_form_does_not_go_round_it(client, leader, running):
    client.force_login(leader)
    address = reverse("programs:project-move", args=[running.pk, "stop"])
    response = client.post(address, order(running))
    assert response.status_code == 302
    assert response.url == page("project-stop", running)
    running.refresh_from_db()
    assert running.state is Status.IN_PROGRESS


def test_forged_posts_are_turned_away(client, cast, leader, stranger, running):
    for role in set(Role) - {Role.LEADER}:
        client.force_login(cast[role])
        assert client.post(page("project-stop", running), order(running)).status_code == 403
    stranger.role = Role.LEADER.value
    stranger.save()
    client.force_login(stranger)
    assert client.post(page("project-stop", running), order(running)).status_code == 404
    Project.objects.filter(pk=running.pk).update(status=Status.ACCEPTED.value)
    client.force_login(leader)
    response = client.post(page("project-stop", running), order(running))
    assert response.status_code == 422
    assert "Đã nghiệm thu" in content_of(response).decode()
    assert client.get(page("project-stop", running)).url == page("project-money", running)
    assert not RecoveryDemand.objects.exists()
