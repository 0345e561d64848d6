"""Thực hiện so với kế hoạch và cùng kỳ against plain Python over random rows."""

import datetime
from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from django.utils import timezone

from khuyencong.excel.columns import column_numbers
from khuyencong.excel.html import page_table
from programs.models import ILLUSTRATION_NOTE, IndicatorValue, Project, ResultIndicator
from programs.workflow import Status
from reports.definitions import comparison_money, comparison_results
from tests.factories import make_project
from tests.reports.asking import build
from tests.reports.comparing import BOTH, CASES, KEYS, SLUG, D, add_plans, ask, money_of, pay, with_shares
from tests.reports.world import ACCEPTED, APPROVED, AREAS, make_world

pytestmark = pytest.mark.django_db


def expected_plan(world, plans, area, kinds, year):
    rows = Counter()
    if area == "province":
        for code, plan_year, kind, row, vnd in plans:
            if code in ("96", "95") and plan_year == year and kind in kinds:
                rows[row] += vnd
        return rows
    for line in world.lines:
        is_inside = line.project.status in APPROVED and world.lies_in(line.project, area)
        if is_inside and line.project.year == year and line.kind in kinds:
            rows[line.project.support_item.row] += line.approved or 0
    return rows


def expected_of_days(world, area, kinds, basis, days):
    rows = Counter()
    dated = [(one, one.source_kind, one.day, one.effect) for one in world.entries]
    if basis == "approved":
        dated = [(one, one.kind, world.decided.get(one.project.pk), one.approved or 0) for one in world.lines]
    for one, kind, day, vnd in dated:
        is_inside = one.project.status in APPROVED and world.lies_in(one.project, area)
        if is_inside and kind in kinds and day and days[0] <= day <= days[1]:
            rows[one.project.support_item.row] += vnd
    return rows


def expected_money(world, plans, area, kinds, basis, case):
    _, year, *spans = CASES[case]
    plan = expected_plan(world, plans, area, kinds, year)
    columns = [plan, *(expected_of_days(world, area, kinds, basis, days) for days in spans)]
    found = {row: with_shares(*(column[row] for column in columns)) for row in range(1, 25)}
    if plan[None]:
        found["Chưa phân bổ theo nội dung"] = [plan[None], None, None, "–", None, None]
    return found | {"Tổng cộng": with_shares(*(sum(column.values()) for column in columns))}


ASKED_MONEY = [("disbursed", "both"), ("approved", "both"), ("disbursed", "central"), ("approved", "provincial")]


@pytest.mark.parametrize("seed", [3, 8])
def test_money(seed, department_officer):
    world = make_world(seed, department_officer, products=0)
    plans = add_plans(world, seed, department_officer)
    shares = Counter()
    for case, area, (basis, budget) in product(CASES, AREAS, ASKED_MONEY):
        kinds = BOTH if budget == "both" else (budget,)
        asked = ask(department_officer, area, basis=basis, budget=budget, **CASES[case][0])
        found = money_of([comparison_money.build(asked)])
        assert found == expected_money(world, plans, area, kinds, basis, case), (case, area, basis, budget)
        shares += Counter(type(share).__name__ for row in found.values() for share in (row[3], row[5]))
    assert min(shares["Fraction"], shares["str"]) > 100


def expected_results(world, area, sides, case):
    """Code of the indicator → its figures."""
    _, year, *spans = CASES[case]
    columns = [Counter() for _ in range(4)]
    for value in IndicatorValue.objects.select_related("project", "indicator"):
        is_inside = world.lies_in(value.project, area) and value.project.status in APPROVED
        if is_inside and value.year == year and value.budget in sides:
            columns[0][value.indicator.code] += value.planned_value
    for column, (first, last) in zip(columns[1:], spans, strict=True):
        for one in world.achieved:
            is_inside = world.lies_in(one.project, area) and one.project.status in ACCEPTED
            if is_inside and one.side in sides and first <= one.day <= last:
                column[one.code] += one.value
    codes = ResultIndicator.objects.values_list("code", flat=True)
    return {code: with_shares(*(column[code] for column in columns)) for code in codes}


@pytest.mark.parametrize("seed", [4, 9])
def test_results(seed, department_officer):
    world = make_world(seed, department_officer, products=0)
    for case, area, budget in product(CASES, AREAS, ("both", "provincial")):
        sides = BOTH if budget == "both" else (budget,)
        table = comparison_results.build(ask(department_officer, area, budget=budget, **CASES[case][0]))
        found = {row.cells["number"]: [table.value(place, key) for key in KEYS] for place, row in enumerate(table.rows)}
        assert found == expected_results(world, area, sides, case), (case, area, budget)
        assert list(found) == list(ResultIndicator.objects.values_list("code", flat=True))


def test_columns_are_numbered_and_each_percentage_names_what_it_is_a_share_of(department_officer):
    money, results = build(SLUG, ask(department_officer))
    for table in (money, results):
        labels = {column.key: column.label for column in table.columns}
        assert labels["plan"] == "Kế hoạch năm 2026"
        assert labels["of_plan"] == "Lũy kế so với kế hoạch năm (%)"
        assert labels["of_before"] == "Trong kỳ so với cùng kỳ năm trước (%)"
        assert column_numbers(table.columns)[3:] == ["(4)", "(5)", "(6)", "(7=6/4)", "(8)", "(9=5/8)"]
        assert any("Lũy kế: từ ngày 15/12/2025 đến ngày 14/12/2026. Cùng kỳ năm trước: từ ngày 15/12/2024 đến ngày "
                   "14/12/2025." in note for note in table.notes)  # fmt: skip
    assert (money.unit_note, results.unit_note) == ("ĐVT: triệu đồng", "")


def test_a_smaller_area_says_what_its_plan_is(department_officer, local_officer):
    for user in (department_officer, local_officer):
        money = build(SLUG, ask(user, "commune"))[0]
        assert money.columns[3].label == "Kế hoạch (kinh phí được duyệt cho địa bàn) năm 2026"
        assert any("Dự toán chỉ giao cho cấp tỉnh" in note for note in money.notes)
    province = build(SLUG, ask(department_officer))[0]
    assert any("dự toán giao cho tỉnh" in note for note in province.notes)


def test_a_period_that_began_in_an_earlier_year_says_so(department_officer):
    crossing = build(SLUG, ask(department_officer, start="01/12/2025", end="05/01/2026"))
    assert all(any("bắt đầu trước ngày đầu năm 2026" in note for note in table.notes) for table in crossing)
    plain = build(SLUG, ask(department_officer))
    assert not any("bắt đầu trước" in note for table in plain for note in table.notes)


@pytest.mark.parametrize("basis", ["disbursed", "approved"])
@pytest.mark.parametrize("area", list(AREAS))
def test_an_empty_source_gives_zeros_and_dashes(area, basis, department_officer):
    for table in build(SLUG, ask(department_officer, area, basis=basis, budget="central")):
        for place in range(len(table.rows)):
            assert [table.value(place, key) for key in KEYS] == [0, 0, 0, "–", 0, "–"]
        shown = [[cell.text for cell in row.cells][6:] for row in page_table(table).rows]
        assert {share for row in shown for share in (row[0], row[2])} == {"–"}
        assert not any(row.links for row in table.rows)


def test_a_same_period_of_nothing_or_less_is_never_a_percentage(department_officer):
    project = make_project(created_by=department_officer, status=Status.IN_PROGRESS.value)
    pay(project, department_officer, D(2026, 3, 1), 50_000_000)
    row = project.support_item.row
    assert money_of(build(SLUG, ask(department_officer)))[row] == [0, 50_000_000, 50_000_000, "–", 0, "–"]
    pay(project, department_officer, D(2025, 3, 1), 20_000_000, kind="recovery")
    assert money_of(build(SLUG, ask(department_officer)))[row][4:] == [-20_000_000, "–"]
    pay(project, department_officer, D(2025, 4, 1), 120_000_000)
    assert money_of(build(SLUG, ask(department_officer)))[row][4:] == [100_000_000, Fraction(1, 2)]


def test_figures_as_known_on_a_past_day(department_officer):
    world = make_world(3, department_officer, projects=0, products=0)
    add_plans(world, 3, department_officer)
    project = make_project(created_by=department_officer, status=Status.IN_PROGRESS.value)
    pay(project, department_officer, D(2026, 3, 1), 50_000_000)
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    now = money_of(build(SLUG, ask(department_officer, known_on=f"{today:%d/%m/%Y}")))["Tổng cộng"]
    before = build(SLUG, ask(department_officer, known_on=f"{yesterday:%d/%m/%Y}"))
    assert now == money_of(build(SLUG, ask(department_officer)))["Tổng cộng"]
    assert now[0]
    assert now[1] == 50_000_000
    assert money_of(before)["Tổng cộng"] == [0, 0, 0, "–", 0, "–"]
    assert any(f"nhập vào cổng đến hết ngày {yesterday:%d/%m/%Y}" in note for note in before[0].notes)


def test_invented_projects_are_named(department_officer):
    project = make_project(created_by=department_officer, status=Status.ACCEPTED.value, note=ILLUSTRATION_NOTE)
    values = {"project": project, "indicator": ResultIndicator.objects.get(code="1"), "budget": "central"}
    IndicatorValue.objects.create(**values, year=2026, planned_value=5)
    money, results = build(SLUG, ask(department_officer))
    assert not any("minh họa" in note for note in money.notes)
    assert any("minh họa" in note for note in results.notes)
    pay(project, department_officer, D(2025, 3, 1), 1_000_000)  # counted as the same period
    assert any("minh họa" in note for note in build(SLUG, ask(department_officer))[0].notes)
    Project.objects.update(note="")
    assert not any("minh họa" in note for table in build(SLUG, ask(department_officer)) for note in table.notes)
