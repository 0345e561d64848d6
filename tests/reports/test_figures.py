"""Every form against a sum of the same records in plain Python."""

import datetime
from collections import Counter
from fractions import Fraction

import pytest

from reports.parameters import Basis
from reports.periods import Period
from tests.reports.asking import build, figures, period_parameters, years_parameters
from tests.reports.world import ACCEPTED, APPROVED, AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
START, END = datetime.date(2025, 12, 15), datetime.date(2026, 12, 14)

seeds = pytest.mark.parametrize("seed", [1, 2])
areas = pytest.mark.parametrize("area", list(AREAS))


def inside(day):
    return START <= day <= END


@pytest.fixture
def ask(department_officer):
    def parameters(area, **more):
        return period_parameters(department_officer, area_unit(area), **more)

    return parameters


@seeds
@areas
def test_results(seed, area, department_officer, ask):
    world = make_world(seed, department_officer)
    expected = Counter()
    for one in world.achieved:
        if one.project.status in ACCEPTED and inside(one.day) and world.lies_in(one.project, area):
            expected[one.code, one.side] += one.value
    [table] = build("ket-qua", ask(area))
    found = figures(table, "number", "central", "provincial")
    assert len(found) == 30
    assert sum(expected.values()) > 0
    for code, pair in found.items():
        wanted = [expected[code, side] for side in ("central", "provincial")]
        assert pair == tuple(wanted), code


@seeds
@areas
@pytest.mark.parametrize("basis", list(Basis))
def test_funding(seed, area, basis, department_officer, ask):
    world = make_world(seed, department_officer)
    expected = Counter()
    if basis is Basis.DISBURSED:
        rows = [(one.project, one.source_kind, one.effect) for one in world.entries if inside(one.day)]
    else:
        rows = [
            (one.project, one.kind, one.approved or 0)
            for one in world.lines
            if one.project.pk in world.decided and inside(world.decided[one.project.pk])
        ]
    for project, kind, vnd in rows:
        if project.status in APPROVED and world.lies_in(project, area):
            expected[str(project.support_item.row), kind] += vnd
    [table] = build("kinh-phi", ask(area, basis=basis))
    found = figures(table, "number", "central", "provincial")
    assert len(found) == 25
    total = found.pop("None")
    assert any(expected.values())
    for number, pair in found.items():
        assert pair == (expected[number, "central"], expected[number, "provincial"]), number
    assert total == tuple(
        sum(vnd for (_, kind), vnd in expected.items() if kind == side) for side in ("central", "provincial")
    )


@seeds
@areas
def test_product_awards(seed, area, department_officer, ask):
    world = make_world(seed, department_officer)
    [table] = build("binh-chon", ask(area))
    found = figures(table, "number", "central", "province")
    assert list(found) == ["1", "1.1", "1.2", "1.3", "1.4", "2", "2.1", "2.2", "2.3", "2.4"]
    groups = ["handicraft", "food", "machinery", "other"]
    levels = [{"national", "region"}, {"province"}]
    events = [one for one in world.awards if one.place in AREAS[area] and inside(one.day)]
    for heading, count in (("1", registered), ("2", certified)):
        rows = [tuple(count(events, group, names) for names in levels) for group in groups]
        assert [found[f"{heading}.{number}"] for number in range(1, 5)] == rows
        assert found[heading] == tuple(map(sum, zip(*rows, strict=True)))


def registered(events, group, levels):
    return len(
        {one.product for one in events if one.group == group and one.level in levels and one.kind == "registered"}
    )


def certified(events, group, levels):
    """Walks through each product's history day by day; on one day a withdrawal has the last word."""
    holding = set()
    for one in sorted(events, key=lambda event: (event.day, event.kind)):
        if one.group == group and one.level in levels and one.kind == "certified":
            holding.add((one.product, one.level))
        if one.kind == "withdrawn":
            holding.discard((one.product, one.level))
    return len({product for product, _ in holding})


@seeds
@areas
def test_projects(seed, area, department_officer, ask):
    world = make_world(seed, department_officer)
    chosen = [
        one
        for one in world.projects
        if one.status in APPROVED
        and one.pk in world.decided
        and inside(world.decided[one.pk])
        and world.lies_in(one, area)
    ]
    assert chosen
    national, local, beneficiaries = build("du-an", ask(area))
    keys = ("years", "central", "provincial", "support", "counterpart", "total")
    for table, track in ((national, "national"), (local, "local")):
        found = figures(table, "name", *keys)
        total = found.pop("Tổng cộng")
        assert found == {one.name: expected_project(world, one) for one in chosen if one.track == track}
        assert total[1:] == tuple(sum(row[place] for row in found.values()) for place in range(1, len(keys)))
    listed = Counter(row.cells.get("beneficiary") for row in beneficiaries.rows if "beneficiary" in row.cells)
    expected = Counter(name for one in chosen for name in world.beneficiaries[one.pk])
    expected["(chưa ghi cơ sở thụ hưởng)"] = sum(not world.beneficiaries[one.pk] for one in chosen)
    assert listed == +expected


def expected_project(world, project):
    money = Counter()
    for line in world.lines:
        if line.project == project:
            declared = line.kind in ("counterpart", "other") and line.approved is None
            money[line.kind] += line.requested if declared else line.approved or 0
    first, last = project.start_date.year, project.end_date.year
    years = str(first) if first == last else f"{first}–{last}"
    support = money["central"] + money["provincial"]
    return (years, money["central"], money["provincial"], support, money["counterpart"], money.total())


@seeds
@areas
def test_several_years(seed, area, department_officer):
    world = make_world(seed, department_officer)
    counted = [one for one in world.projects if one.status in APPROVED and world.lies_in(one, area)]
    [table] = build("nhieu-nam", years_parameters(department_officer, area_unit(area), 2023, 2026))
    found = figures(table, "year", "provincial", "central", "total", "projects", "disbursed")
    total = found.pop("Tổng cộng")
    for year in (2023, 2024, 2025, 2026):
        approved = Counter()
        for line in world.lines:
            if line.project in counted and line.project.year == year:
                approved[line.kind] += line.approved or 0
        disbursed = sum(
            one.effect
            for one in world.entries
            if one.year == year and one.project in counted and one.source_kind in ("central", "provincial")
        )
        sides = approved["provincial"], approved["central"]
        number = sum(one.year == year for one in counted)
        assert found[str(year)] == (*sides, sum(sides), number, disbursed)
    assert total == tuple(sum(row[place] for row in found.values()) for place in range(5))


def test_years_show_the_share_of_what_was_approved(department_officer):
    make_world(4, department_officer)
    [table] = build("nhieu-nam", years_parameters(department_officer, area_unit("province"), 2024, 2026))
    found = figures(table, "year", "disbursed", "total", "share")
    for disbursed, total, share in found.values():
        assert share == (Fraction(disbursed, total) if total else None)


def test_districts_have_a_column_while_they_existed(ask):
    [now] = build("binh-chon", ask("province"))
    assert [column.key for column in now.columns][3:] == ["central", "province"]
    period = Period(datetime.date(2025, 6, 30), datetime.date(2026, 12, 14), "x")
    [then] = build("binh-chon", ask("province", period=period))
    assert [column.label for column in then.columns][3:] == ["Cấp trung ương", "Cấp tỉnh", "Cấp huyện"]


def test_an_empty_province_gives_zeros(department_officer, ask):
    for basis in Basis:
        [funding] = build("kinh-phi", ask("province", basis=basis))
        assert set(figures(funding, "number", "central", "provincial").values()) == {(0, 0)}
    [results] = build("ket-qua", ask("province"))
    assert set(figures(results, "number", "central", "provincial").values()) == {(0, 0)}
    [awards] = build("binh-chon", ask("province"))
    assert set(figures(awards, "number", "central", "province").values()) == {(0, 0)}
    national, local, beneficiaries = build("du-an", ask("province"))
    for table in (national, local):
        assert figures(table, "name", "support", "total") == {"Tổng cộng": (0, 0)}
    assert list(beneficiaries.rows) == []
    [years] = build("nhieu-nam", years_parameters(department_officer, area_unit("province"), 2024, 2025))
    found = figures(years, "year", "total", "projects", "share")
    assert found == dict.fromkeys(["2024", "2025", "Tổng cộng"], (0, 0, None))


def test_figures_stay_in_the_persons_area_even_when_a_wider_one_is_named(department_officer, local_officer):
    make_world(1, department_officer)
    province, own = area_unit("province"), area_unit("commune")
    for slug in ("ket-qua", "binh-chon"):
        [wide] = build(slug, period_parameters(local_officer, province))
        [narrow] = build(slug, period_parameters(local_officer, own))
        [all_of_it] = build(slug, period_parameters(department_officer, province))
        keys = ("number", "central")
        assert figures(wide, *keys) == figures(narrow, *keys) != figures(all_of_it, *keys)
