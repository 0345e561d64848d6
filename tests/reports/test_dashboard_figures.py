"""Every number of every panel against the form that it repeats, for random provinces."""

import random
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.models import Budget, BudgetEntry
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from programs.models import SupportItem
from reports.dashboard.board import board
from reports.dashboard.figures import Figures
from reports.dashboard.panels import PANELS
from reports.dashboard.parameters import DashboardParameters
from reports.definitions import DEFINITIONS
from reports.definitions.standings import MONEY, NUMBER, STANDINGS
from reports.parameters import Basis, PeriodParameters
from reports.periods import part_of_year, report_year
from tests.factories import unit
from tests.reports.asking import build, figures, form_parameters
from tests.reports.world import AREAS, area_unit, make_world, source_of

pytestmark = pytest.mark.django_db
SIDES = ("central", "provincial")
seeds = pytest.mark.parametrize("seed", [1, 2])
areas = pytest.mark.parametrize("area", list(AREAS))


@pytest.fixture
def officer(department_officer):
    return department_officer


def ask(user, area, year=2026):
    return DashboardParameters(user, area_unit(area), year)


def tables(key, parameters):
    return PANELS[key].tables(Figures(parameters))


def funding(parameters, period, year, basis):
    """Rows of the form Kinh phí khuyến công: number (total under "None") → KCQG, KCĐP."""
    asked = PeriodParameters(parameters.user, parameters.area, year, period, basis)
    [table] = build("kinh-phi", asked)
    return figures(table, "number", *SIDES)


def give_plans(by, seed):
    """A few decisions of each source through the years, some by support item."""
    dice = random.Random(seed)
    for year in range(2021, 2027):
        for kind in SIDES:
            budget = Budget.objects.create(year=year, source=source_of(kind), province=unit("96"))
            for number in range(dice.randint(0, 3)):
                BudgetEntry.objects.create(
                    budget=budget,
                    support_item=dice.choice([None, *SupportItem.objects.filter(row__in=(1, 2, 10))]),
                    amount_vnd=dice.randrange(1, 10**10),
                    decision_number=f"{number}/QĐ",
                    decision_date=report_year(year).start,
                    recorded_by=by,
                    recorded_at=timezone.now(),
                )


def planned(**chosen):
    return sum(BudgetEntry.objects.filter(**chosen).values_list("amount_vnd", flat=True))


@seeds
@areas
def test_each_year_is_the_form_of_that_year(seed, area, officer):
    make_world(seed, officer)
    parameters = ask(officer, area)
    [table] = tables("nguon-von", parameters)
    keys = [f"{what}_{side}" for what in ("approved", "disbursed") for side in SIDES]
    found = figures(table, "year", *keys)
    total = found.pop("Cộng 2021–2026")
    assert list(found) == [str(year) for year in range(2021, 2027)]
    for year, row in found.items():
        forms = [funding(parameters, report_year(int(year)), int(year), basis)["None"] for basis in reversed(Basis)]
        assert row == (*forms[0], *forms[1]), year
    assert total == tuple(sum(row[place] for row in found.values()) for place in range(4))
    assert any(total)


@seeds
def test_plans_are_the_budget_decisions(seed, officer):
    give_plans(officer, seed)
    [table] = tables("nguon-von", ask(officer, "province"))
    found = figures(table, "year", *(f"plan_{side}" for side in SIDES))
    for year in range(2021, 2027):
        wanted = tuple(planned(budget__year=year, budget__source__kind=side) for side in SIDES)
        assert found[str(year)] == wanted


@seeds
@areas
def test_items_are_the_rows_of_the_form(seed, area, officer):
    make_world(seed, officer)
    give_plans(officer, seed)
    parameters = ask(officer, area)
    [table] = tables("noi-dung", parameters)
    keys = [f"{what}_{side}" for what in ("approved", "disbursed") for side in SIDES]
    found = figures(table, "number", *keys)
    forms = {basis: funding(parameters, report_year(2026), 2026, basis) for basis in Basis}
    total = next(place for place, row in enumerate(table.rows) if row.cells.get("name") == "Tổng cộng")
    found.pop("None")
    for number in forms[Basis.APPROVED]:
        wanted = (*forms[Basis.APPROVED][number], *forms[Basis.DISBURSED][number])
        if number == "None":
            assert tuple(table.value(total, key) for key in keys) == wanted
        elif any(wanted):
            assert found.pop(number) == wanted
    assert all(not any(row) for row in found.values())  # those that only have a plan
    if area == "province":
        rows = figures(table, "name", "plan")
        for item in SupportItem.objects.filter(row__in=(1, 2, 10)):
            assert rows.get(item.name, (0,))[0] in (planned(budget__year=2026, support_item=item), None)
        assert rows["Tổng cộng"][0] == planned(budget__year=2026)


@seeds
@areas
def test_places_are_the_form_of_places_and_each_tile_its_own_form(seed, area, officer):
    make_world(seed, officer)
    parameters = ask(officer, area)
    [table] = tables("dia-ban", parameters)
    [form] = build("dia-ban", form_parameters("dia-ban", officer, parameters.area, grouping="commune"))
    keys = ("approved_total", "disbursed_total", "projects", "beneficiaries")
    assert figures(table, "name", *keys) == figures(form, "name", *keys)
    commune = AdministrativeUnit.objects.get(code="31843", level=UnitLevel.COMMUNE, valid_to=None)
    own = PeriodParameters(officer, commune, 2026, report_year(2026), Basis.APPROVED)
    [of_place] = build("kinh-phi", own)
    if area != "old_district":
        assert figures(table, "name", "approved_total")[commune.name] == (
            sum(figures(of_place, "number", *SIDES)["None"]),
        )


@seeds
@areas
def test_months_are_the_forms_of_the_months(seed, area, officer):
    make_world(seed, officer)
    give_plans(officer, seed)
    parameters = ask(officer, area)
    [table] = tables("tien-do", parameters)
    known = Figures(parameters)
    out = 0
    for month in range(1, 13):
        period = part_of_year(2026, f"thang-{month}")
        place = month - 1
        if period.start > known.last_day:
            assert table.value(place, "until_disbursed") is None
            continue
        wanted = funding(parameters, period, 2026, Basis.DISBURSED)["None"]
        assert tuple(table.value(place, f"disbursed_{side}") for side in SIDES) == wanted
        out += sum(wanted)
        assert table.value(place, "until_disbursed") == out
        if area == "province":
            assert table.value(place, "plan") == planned(budget__year=2026)
    whole = {basis: sum(funding(parameters, report_year(2026), 2026, basis)["None"]) for basis in Basis}
    assert out == whole[Basis.DISBURSED]
    assert table.value(11, "until_approved") == whole[Basis.APPROVED]  # the world has a decision of the last month


@seeds
@areas
def test_stages_are_the_total_of_the_form(seed, area, officer):
    make_world(seed, officer)
    parameters = ask(officer, area)
    [table] = tables("tinh-trang", parameters)
    [form] = build("tong-hop-de-an", form_parameters("tong-hop-de-an", officer, parameters.area))
    total = len(form.rows) - 1
    found = figures(table, "name", "projects", "money")
    for key, standing in STANDINGS.items():
        wanted = (form.value(total, key + NUMBER) or 0, form.value(total, key + MONEY) or 0)
        assert found[standing.label] == wanted
    assert found["Tổng cộng"][0] == form.value(total, "every")


@seeds
def test_key_figures_repeat_the_panels(seed, officer):
    make_world(seed, officer)
    give_plans(officer, seed)
    parameters = ask(officer, "province")
    shown = {one.label: one for one in board(parameters).key_figures}
    [years] = tables("nguon-von", parameters)
    plan, approved, disbursed, of_plan = figures(years, "year", "plan", "approved", "disbursed", "of_plan")["2026"]
    assert of_plan == (Fraction(disbursed, plan) if plan else None)
    words = (shown["Dự toán năm"], shown["Được duyệt trong năm"], shown["Đã giải ngân trong năm"])
    for one, vnd in zip(words, (plan, approved, disbursed), strict=True):
        assert one.value == f"{vnd / 10**6:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".") or vnd % 10**5
    assert "dự toán năm" in shown["Tỷ lệ giải ngân so với dự toán"].note


def links_of(table):
    for place, row in enumerate(table.rows):
        for key, link in row.links.items():
            yield place, key, link


@seeds
def test_each_figure_opens_into_rows_whose_sum_it_is(seed, client, officer):
    make_world(seed, officer)
    client.force_login(officer)
    parameters, opened = ask(officer, "province"), 0
    for panel in PANELS.values():
        for table in panel.tables(Figures(parameters)):
            for place, key, link in list(links_of(table))[::5]:
                response = client.get(link)
                assert response.status_code == 200, link
                if "breakdown" in response.context:
                    assert response.context["breakdown"].total == table.value(place, key), (panel.key, link)
                    opened += 1
    assert opened > 10


def test_an_empty_province_gives_zeros_and_no_drawing(officer):
    found = board(ask(officer, "province"))
    panels = [shown for column in found.columns for shown in column]
    assert {shown.panel.key for shown in panels} == set(PANELS)
    assert all(not shown.drawings and shown.tables for shown in panels)
    values = {one.label: one.value for one in found.key_figures}
    assert values["Dự toán năm"] == "0,0"
    assert values["Tỷ lệ giải ngân so với dự toán"] == "–"


def test_a_commune_has_no_plan_of_its_own(local_officer, officer):
    make_world(1, officer)
    give_plans(officer, 1)
    parameters = DashboardParameters(local_officer, unit("31843"), 2026)
    for key in ("nguon-von", "noi-dung", "tien-do"):
        [table] = tables(key, parameters)
        assert not [column.key for column in table.columns if column.key.startswith("plan")]
        assert any("không chia theo địa bàn" in note for note in table.notes)
    assert "Dự toán năm" not in {one.label for one in board(parameters).key_figures}


@pytest.mark.parametrize("key", list(PANELS))
def test_a_wider_area_adds_nothing_for_a_commune(key, officer, local_officer):
    make_world(1, officer)
    own = DashboardParameters(local_officer, unit("31843"), 2026)
    wide = DashboardParameters(local_officer, unit("96"), 2026)

    def cells(parameters):
        return [
            [table.value(place, column.key) for column in table.columns if not column.key.startswith("plan")]
            for table in tables(key, parameters)
            for place in range(len(table.rows))
        ]

    if key in ("nguon-von", "tien-do", "noi-dung"):  # the wide one has columns of the plan, all zero: it is not theirs
        assert Figures(wide).plan(2026) == 0
        return
    assert cells(wide) == cells(own)


def test_before_the_merger_places_are_old_districts(officer):
    [table] = tables("dia-ban", ask(officer, "province", 2024))
    assert len(table.rows) >= 16
    assert "Huyện Hồng Dân (cũ)" in figures(table, "name")
    [table] = tables("dia-ban", ask(officer, "province", 2025))
    assert "Xã Hồng Dân" in figures(table, "name")


def test_every_form_that_is_named_exists(officer):
    for panel in PANELS.values():
        path = panel.form_url(ask(officer, "province")).partition("?")[0]
        slugs = {reverse("reports:form-page", args=[slug]) for slug in DEFINITIONS}
        assert path in slugs | {reverse("programs:deadline-list")}
