"""The strip on a leader's first page: the same figures as the dashboard, for those who approve, and for nobody else."""

import re

import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from reports.dashboard.board import board
from reports.dashboard.home import year_at_home
from reports.dashboard.parameters import DashboardForm
from tests.reports.world import make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_are_those_of_the_dashboard(seed, department_officer, leader):
    make_world(seed, department_officer)
    strip = year_at_home(leader)
    assert strip is not None
    page = {one.label: one.value for one in board(DashboardForm({}, user=leader).defaults()).key_figures}
    shown = {one.label: one.value for one in strip.figures}
    for label in ("Dự toán năm", "Được duyệt trong năm", "Đã giải ngân trong năm"):
        assert shown[label] == page[label]
    assert shown["Giải ngân so với được duyệt"] == page["Tỷ lệ giải ngân so với được duyệt"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_others_do_not_see_it(cast, role):
    assert year_at_home(cast[role]) is None


def test_a_year_without_money_shows_zeros_and_no_rate(client, leader):
    client.force_login(leader)
    response = client.get(reverse("home"))
    strip = year_at_home(leader)
    assert [one.value for one in strip.figures] == ["0,0", "0,0", "0,0", "–"]
    text = re.sub(r"\s+", " ", response.content.decode())
    assert all(one.label in text for one in strip.figures)
    assert reverse("reports:dashboard") in text
