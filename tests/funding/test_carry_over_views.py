"""The pages of carrying over: the form, the money tab, the voucher's year, the list and its workbook."""

import pytest
from django.urls import reverse

from funding.actions.carry_over import carry_over
from funding.models import CarryOver, LedgerEntry
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.models import Project
from programs.workflow import Status
from tests.funding.makers import MILLION, PAPER, YEAR, add_entry, approved_project, decision, give_budget, page, source
from tests.responses import content_of

pytestmark = pytest.mark.django_db
NEXT = YEAR + 1


@pytest.fixture
def running(local_officer, accountant):
    project = approved_project(local_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 30 * MILLION)
    return project


@pytest.fixture
def carried(running, leader):
    amounts = {source().pk: 60 * MILLION}
    carry_over(project_id=running.pk, amounts=amounts, by=leader, version=running.version, paper=PAPER)
    running.refresh_from_db()
    return running


def cell():
    return f"amount_all_{source().pk}"


def shown(client, address, data=None):
    response = client.get(address, data)
    assert response.status_code == 200
    return content_of(response).decode()


def test_the_leader_carries_over_from_the_money_tab(client, leader, running):
    client.force_login(leader)
    assert page("project-carry-over", running) in shown(client, page("project-money", running))
    form = shown(client, page("project-carry-over", running))
    assert f"{YEAR} sang {NEXT}" in form
    assert "70.000.000" in form
    assert "30.000.000" in form
    response = client.post(page("project-carry-over", running), decision(running, note="x", **{cell(): "50 triệu"}))
    assert response.status_code == 302
    assert CarryOver.objects.get().amount_vnd == 50 * MILLION
    assert "50.000.000" in shown(client, page("project-money", running))


def test_what_was_typed_is_kept_beside_what_is_wrong(client, leader, running):
    client.force_login(leader)
    data = decision(running, note="Ghi chú riêng", **{cell(): "71 triệu"})
    response = client.post(page("project-carry-over", running), data)
    body = content_of(response).decode()
    assert response.status_code == 422
    assert "số chưa chi của năm 2025 70.000.000 đồng" in body
    assert "71 triệu" in body
    assert "Ghi chú riêng" in body
    assert not CarryOver.objects.exists()


def test_forged_posts_are_turned_away(client, cast, leader, stranger, running):
    data = decision(running, note="", **{cell(): "50 triệu"})
    for role in set(Role) - {Role.LEADER}:
        client.force_login(cast[role])
        assert client.post(page("project-carry-over", running), data).status_code == 403
    stranger.role = Role.LEADER.value
    stranger.save()
    client.force_login(stranger)
    assert client.post(page("project-carry-over", running), data).status_code == 404
    client.force_login(leader)
    assert client.post(page("project-carry-over", running), data | {"version": 99}).status_code == 409
    Project.objects.filter(pk=running.pk).update(status=Status.SETTLED.value)
    response = client.post(page("project-carry-over", running), data)
    assert response.status_code == 422
    assert "Đã quyết toán" in content_of(response).decode()
    assert client.get(page("project-carry-over", running)).url == page("project-money", running)
    assert not CarryOver.objects.exists()


def test_the_voucher_asks_for_the_year_only_when_there_is_a_choice(client, accountant, leader, running):
    client.force_login(accountant)
    assert 'name="year"' not in shown(client, page("ledger-add", running, "payment"))
    amounts = {source().pk: 60 * MILLION}
    carry_over(project_id=running.pk, amounts=amounts, by=leader, version=running.version, paper=PAPER)
    form = shown(client, page("ledger-add", running, "payment"))
    assert f'<option value="{NEXT}" selected>' in form
    entry = {"source": source().pk, "participant": "", "voucher_number": "UNC-9", "voucher_date": "01/09/2025"}
    for year, status in ((NEXT + 1, 422), ("", 422), (YEAR, 422), (NEXT, 302)):
        data = entry | {"amount_vnd": "20 triệu", "year": year}
        assert client.post(page("ledger-add", running, "payment"), data).status_code == status, year
    assert LedgerEntry.objects.get(voucher_number="UNC-9").year == NEXT


def test_the_board_shows_carried_money_apart(client, accountant, carried):
    give_budget(accountant, 300 * MILLION, year=NEXT)
    client.force_login(accountant)
    body = shown(client, reverse("funding:budget-board"), {"year": NEXT})
    assert "Kinh phí năm trước chuyển sang" in body
    assert "60.000.000" in body


def test_the_list_filters_by_year_and_its_workbook_is_logged(client, accountant, stranger, carried):
    client.force_login(accountant)
    address = reverse("funding:carry-over-list")
    assert carried.code in shown(client, address, {"nam": NEXT})
    assert carried.code in shown(client, address, {"q": carried.code})
    response = client.get(reverse("funding:carry-over-export"), {"nam": NEXT})
    assert content_of(response).startswith(b"PK")
    event = AuditEvent.objects.get(action="carry_over_export")
    assert event.changes["Số dòng"] == [None, 1]
    client.force_login(stranger)
    assert carried.code not in shown(client, address)
