"""Kết quả và kinh phí theo chương trình against plain Python."""

from collections import defaultdict
from fractions import Fraction

import pytest

from programs.models import Programme, ProgrammeTarget, ResultIndicator
from tests.reports.asking import build, figures, form_parameters
from tests.reports.more_world import PROGRAMMES, TARGETS, add_more
from tests.reports.test_disbursement_form import END, START
from tests.reports.world import ACCEPTED, APPROVED, AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
MONEY = ("projects", "central", "provincial", "total", "paid_now", "paid_until", "share")


def ask(user, area="province", **more):
    return build("chuong-trinh", form_parameters("chuong-trinh", user, area_unit(area), **more))


@pytest.fixture(autouse=True)
def no_other_programmes(reference):
    """Those of the reference data would be rows without a project."""
    ProgrammeTarget.objects.all().delete()
    Programme.objects.all().delete()


def achieved_of(table):
    """(programme, target) → figures of its row."""
    found, programme = {}, ""
    for place, row in enumerate(table.rows):
        if row.style == "group":
            programme = row.cells["name"].split()[2]
        else:
            keys = ("target", "now", "until", "achieved_share")
            found[programme, row.cells["name"]] = tuple(table.value(place, key) for key in keys)
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("area", list(AREAS))
def test_results_against_targets(seed, area, department_officer):
    world = make_world(seed, department_officer)
    more = add_more(world, seed, department_officer)
    sums = defaultdict(lambda: [0, 0])
    for one in world.achieved:
        if one.project.status in ACCEPTED and world.lies_in(one.project, area) and one.day <= END:
            key = more.programme.get(one.project.pk), one.code
            sums[key][0] += one.value if one.day >= START else 0
            sums[key][1] += one.value
    found = achieved_of(ask(department_officer, area)[0])
    assert {programme for programme, _ in found} >= {"T-NOW"}
    for (programme, name), (target, now, until, share) in found.items():
        code, unit, promised = TARGETS[name]
        if code is None:
            assert (target, now, until, share) == (promised, None, None, None)
            continue
        worth = promised * (10**6 if unit == "Triệu đồng" else 1)
        assert (target, [now, until], share) == (worth, sums[programme, code], Fraction(until, worth))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("area", list(AREAS))
def test_money_of_programmes(seed, area, department_officer):
    world = make_world(seed, department_officer)
    more = add_more(world, seed, department_officer)
    found = figures(ask(department_officer, area)[1], "name", *MONEY)
    total = found.pop("Tổng cộng")
    for name, row in found.items():
        code = None if name == "Đề án ngoài chương trình" else name.split()[-1]
        assert row == expected(world, area, {pk for pk in world.place_of if more.programme.get(pk) == code})
    assert total[:6] == tuple(sum(row[place] for row in found.values()) for place in range(6))
    assert {name.split()[-1] for name in found} >= {"T-NOW", "trình"}


def expected(world, area, members):
    inside = [
        one for one in world.projects if one.pk in members and one.status in APPROVED and world.lies_in(one, area)
    ]
    counted = {
        one.pk for one in inside if (world.decided[one.pk] <= END if one.pk in world.decided else one.year <= 2026)
    }
    sides = [
        sum(one.approved or 0 for one in world.lines if one.project.pk in counted and one.kind == side)
        for side in ("central", "provincial")
    ]
    paid = [
        (one.effect, one.day >= START)
        for one in world.entries
        if one.project in inside and one.source_kind in ("central", "provincial") and one.day <= END
    ]
    until = sum(effect for effect, _ in paid)
    share = Fraction(until, sum(sides)) if sum(sides) else None
    return (len(counted), *sides, sum(sides), sum(effect for effect, is_now in paid if is_now), until, share)


def test_a_programme_of_other_years_is_listed_only_while_something_happens_in_it(department_officer):
    add_more(make_world(1, department_officer, projects=0, products=0), 1, department_officer)
    targets, money = ask(department_officer)
    assert {programme for programme, _ in achieved_of(targets)} == {"T-NOW"}
    assert list(figures(money, "name", "projects")) == ["Chương trình T-NOW", "Đề án ngoài chương trình", "Tổng cộng"]
    assert set(figures(money, "name", "projects", "total", "paid_until", "share").values()) == {(0, 0, 0, None)}
    assert len(PROGRAMMES) == 3


def test_a_target_is_matched_by_its_indicator_and_not_by_its_name(department_officer):
    world = make_world(1, department_officer)
    add_more(world, 1, department_officer)
    programme = Programme.objects.get(code="T-NOW")
    namesake = ResultIndicator.objects.get(code="1").name
    ProgrammeTarget.objects.create(programme=programme, name=namesake, unit="Lớp", value=5)
    found = achieved_of(ask(department_officer)[0])
    assert found["T-NOW", namesake] == (5, None, None, None)


def test_a_money_indicator_without_a_money_unit_has_no_share(department_officer):
    add_more(make_world(1, department_officer), 1, department_officer)
    ProgrammeTarget.objects.filter(name="Giá trị").update(unit="%")
    found = achieved_of(ask(department_officer)[0])
    assert found["T-NOW", "Giá trị"][3] is None
