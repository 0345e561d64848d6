"""Every money form as known on a day, against plain Python that walks through each project's history forward."""

import datetime
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from funding.models import Source
from programs.models import Programme, ProgrammeTarget, ResultIndicator
from reports.definitions import DEFINITIONS
from tests.factories import unit
from tests.reports.asking import build, figures, form_parameters
from tests.reports.known_world import DAYS, make_histories
from tests.reports.world import AREAS, area_unit

pytestmark = pytest.mark.django_db
D = datetime.date
START, END = D(2025, 12, 15), D(2026, 12, 14)
EVER = D(2199, 1, 1)
ASKED_ON = [None, D(2025, 2, 28), D(2025, 12, 14), D(2026, 1, 1), D(2026, 7, 1), D(2026, 12, 15)]
BOTH, STATE = ("central", "provincial"), ("central", "provincial", "district")


@pytest.fixture
def told(department_officer):
    ProgrammeTarget.objects.all().delete()
    Programme.objects.all().delete()
    histories = make_histories(7, department_officer)
    indicator = ResultIndicator.objects.get(code="1")
    values = {"programme": Programme.objects.get(), "indicator": indicator, "unit": "Người", "value": 100}
    ProgrammeTarget.objects.create(name="Lao động", **values)
    return histories


def ask(slug, user, area, known_on, **more):
    parameters = form_parameters(slug, user, area_unit(area), **more)
    return build(slug, replace(parameters, known_on=known_on))


def within(told, area):
    return [one for one in told if one.counts and one.place in AREAS[area]]


def decided_in_period(one, day):
    return bool(one.decided) and START <= one.decided <= END and one.is_known(day)


def decided_by_end(one, day):
    return one.is_known(day) and (one.decided <= END if one.decided else one.project.year <= 2026)


def check_funding(told, user, known_on, area, basis):
    day, wanted = known_on or EVER, Counter()
    for one in within(told, area):
        item = str(one.project.support_item.row)
        if basis == "approved" and decided_in_period(one, day):
            wanted.update({(item, kind): vnd for kind, vnd in one.amounts(day, END).items()})
        if basis == "disbursed":
            for paid in one.paid:
                if START <= paid.day <= END and paid.known <= day:
                    wanted[item, paid.source] += paid.effect
    [table] = ask("kinh-phi", user, area, known_on, basis=basis)
    found = figures(table, "number", *BOTH)
    total = found.pop("None")
    for item, pair in found.items():
        assert pair == tuple(wanted[item, kind] for kind in BOTH), item
    assert total == tuple(sum(vnd for (_, one), vnd in wanted.items() if one == kind) for kind in BOTH)
    assert any(total) or area != "province" or day < D(2026, 7, 1)


def check_several_years(told, user, known_on, area):
    day, wanted = known_on or EVER, defaultdict(lambda: [0, 0, 0, 0])
    for one in within(told, area):
        if one.is_known(day):
            amounts = one.amounts(day, EVER)
            wanted[one.project.year][0] += amounts.get("provincial", 0)
            wanted[one.project.year][1] += amounts.get("central", 0)
            wanted[one.project.year][2] += 1
        for paid in one.paid:
            if paid.source in BOTH and paid.known <= day:
                wanted[paid.year][3] += paid.effect
    [table] = ask("nhieu-nam", user, area, known_on)
    found = figures(table, "year", "provincial", "central", "projects", "disbursed")
    for year in (2024, 2025, 2026):
        assert found[str(year)] == tuple(wanted[year]), year
    assert found["Tổng cộng"] == tuple(map(sum, zip(*wanted.values(), strict=True))) if wanted else (0, 0, 0, 0)


def check_disbursement(told, user, known_on, area):
    names = {one.kind: one.name for one in Source.objects.filter(kind__in=STATE)}
    day, wanted = known_on or EVER, {}
    for one in within(told, area):
        paid = [row for row in one.paid if row.known <= day]
        carried = any(into == 2026 and on <= END and known <= day for into, on, known in one.carried)
        is_counted = decided_by_end(one, day)
        has_voucher = any(START <= row.day <= END for row in paid)
        if not (has_voucher or (is_counted and (one.project.year == 2026 or carried))):
            continue
        amounts = one.amounts(day, END) if is_counted else {}
        for kind in STATE:
            rows = [row for row in paid if row.source == kind and row.day <= END]
            if rows or amounts.get(kind):
                wanted[names[kind], str(one.project)] = disbursed(one, day, amounts.get(kind, 0), rows)
    [table] = ask("giai-ngan", user, area, known_on)
    found, source = {}, ""
    for place, row in enumerate(table.rows):
        source = row.cells["name"] if row.style == "group" else source
        if row.style == "normal":
            keys = ("approved", "paid", "net", "all_net", "released", "left", "share")
            found[source, row.cells["name"]] = tuple(table.value(place, key) for key in keys)
    assert found == wanted
    assert wanted or area != "province" or day < D(2026, 7, 1)


def disbursed(one, day, approved, rows):
    now, until = sum(row.effect for row in rows if row.day >= START), sum(row.effect for row in rows)
    is_stopped = one.stopped is not None and one.stopped[0] <= END and one.stopped[1] <= day
    released = max(0, approved - until) if is_stopped else 0
    paid = sum(row.effect for row in rows if row.kind == "payment" and row.day >= START)
    share = Fraction(until, approved) if approved else None
    return approved, paid, now, until, released, approved - released - until, share


def check_places(told, user, known_on, area, grouping):
    rows = {"new": "Xã Hồng Dân", "old": "Xã Hồng Dân", "far": str(unit("31972"))}
    day, wanted = known_on or EVER, defaultdict(lambda: [0, 0, 0, 0, 0])
    for one in within(told, area):
        if decided_in_period(one, day):
            wanted[rows[one.place]][0] += 1
            for place, kind in enumerate(BOTH, 1):
                wanted[rows[one.place]][place] += one.amounts(day, END).get(kind, 0)
        for paid in one.paid:
            if paid.source in BOTH and START <= paid.day <= END and paid.known <= day:
                wanted[rows[one.place]][3 + BOTH.index(paid.source)] += paid.effect
    [table] = ask("dia-ban", user, area, known_on, grouping=grouping)
    keys = ("projects", "approved_central", "approved_provincial", "disbursed_central", "disbursed_provincial")
    found = figures(table, "name", *keys)
    if grouping == "commune":
        for name in {rows[place] for place in AREAS[area] if place in rows}:
            assert found[name] == tuple(wanted[name]), name
    assert found["Tổng cộng"] == tuple(map(sum, zip(*wanted.values(), strict=True))) if wanted else (0,) * 5


def check_programmes(told, user, known_on, area):
    programme, day = Programme.objects.get(), known_on or EVER
    wanted, achieved = defaultdict(lambda: [0] * 5), [0, 0]
    for one in within(told, area):
        row = wanted[one.programme]
        if decided_by_end(one, day):
            row[0] += 1
            for place, kind in enumerate(BOTH, 1):
                row[place] += one.amounts(day, END).get(kind, 0)
        for paid in one.paid:
            if paid.source in BOTH and paid.day <= END and paid.known <= day:
                row[3] += paid.effect if paid.day >= START else 0
                row[4] += paid.effect
        for _, value, on in one.achieved:
            if one.programme and on <= END and one.accepted <= day:
                achieved[0] += value if on >= START else 0
                achieved[1] += value
    targets, money = ask("chuong-trinh", user, area, known_on)
    found = figures(money, "name", "projects", *BOTH, "paid_now", "paid_until")
    assert found["Chương trình P"] == tuple(wanted[programme.code])
    assert found["Đề án ngoài chương trình"] == tuple(wanted[None])
    assert figures(targets, "name", "now", "until")["Lao động"] == tuple(achieved)


def check_projects(told, user, known_on, area):
    day, wanted = known_on or EVER, {}
    for one in within(told, area):
        if decided_in_period(one, day):
            amounts = one.amounts(day, END)
            wanted[one.project.name] = tuple(amounts.get(kind, 0) for kind in ("central", "provincial", "counterpart"))
    found = {}
    for table in ask("du-an", user, area, known_on)[:2]:
        found |= figures(table, "name", "central", "provincial", "counterpart")
    found.pop("Tổng cộng")
    assert found == wanted


CHECKS = {
    "kinh-phi, được duyệt": partial(check_funding, basis="approved"),
    "kinh-phi, giải ngân": partial(check_funding, basis="disbursed"),
    "nhieu-nam": check_several_years,
    "giai-ngan": check_disbursement,
    "dia-ban, xã": partial(check_places, grouping="commune"),
    "dia-ban, huyện": partial(check_places, grouping="district"),
    "chuong-trinh": check_programmes,
    "du-an": check_projects,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_form_is_what_was_known(check, told, department_officer):
    for known_on in ASKED_ON:
        for area in AREAS:
            check(told, department_officer, known_on, area)


FORMS = [("kinh-phi", {"basis": "approved"}), ("kinh-phi", {}), ("nhieu-nam", {}), ("giai-ngan", {}), ("dia-ban", {})]


@pytest.mark.parametrize(("slug", "more"), [*FORMS, ("chuong-trinh", {})])
def test_every_figure_opens_into_rows_of_the_same_day(told, slug, more, department_officer):
    for known_on in (None, D(2026, 7, 1)):
        parameters = form_parameters(slug, department_officer, area_unit("province"), **more)
        assert open_all(slug, replace(parameters, known_on=known_on))


def open_all(slug, parameters):
    definition, opened = DEFINITIONS[slug], 0
    for table in definition.build(parameters):
        for place, row in enumerate(table.rows):
            for column, link in row.links.items():
                query = parse_qs(urlsplit(link).query)
                assert query.get("known_on") == parse_qs(parameters.querystring).get("known_on")
                breakdown = definition.break_down(parameters, query["row"][0], query["column"][0])
                assert sum(breakdown.line(one).amount for one in breakdown.rows) == breakdown.total
                assert table.value(place, column) == breakdown.total, (row.cells, column)
                opened += 1
    return opened


def test_the_histories_are_worth_the_name(told):
    """Amendments of every kind are among them, known and decided on both sides of the days that are asked for."""
    versions = [one for row in told if row.counts for one in row.versions[1:]]
    assert {one.known for one in versions} > {D(2026, 7, 1), DAYS[-1]}
    assert any(one.decided > END for one in versions)
    assert any(len(after.amounts) < len(before.amounts) for row in told for before, after in pairwise(row.versions))
