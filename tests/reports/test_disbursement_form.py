"""Giải ngân theo đề án và nguồn against plain Python, and beside stops, carry-overs, reversals and later decisions."""

import datetime
from collections import defaultdict
from fractions import Fraction

import pytest
from django.utils import timezone

from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.stop import stop_project
from funding.models import Approval, FundingLine, LedgerKind, Source
from programs.actions.project import Paper
from programs.models import Project
from programs.workflow import Status
from tests.factories import unit
from tests.funding.makers import MILLION, PAID, PAPER, YEAR, add_entry, approved_project, source
from tests.reports.asking import build, figures, form_parameters
from tests.reports.more_world import add_more
from tests.reports.world import APPROVED, AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
D = datetime.date
START, END = D(2025, 12, 15), D(2026, 12, 14)
STATE = ("central", "provincial", "district")
KEYS = ("approved", "net", "all_net", "released", "left", "share")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("area", list(AREAS))
def test_the_form_is_the_sum_of_the_records(seed, area, department_officer):
    world = make_world(seed, department_officer)
    more = add_more(world, seed, department_officer)
    [table] = build("giai-ngan", form_parameters("giai-ngan", department_officer, area_unit(area)))
    found = rows_by_source(table)
    wanted = expected(world, more, area)
    assert wanted
    assert found == wanted


def rows_by_source(table):
    """(source, project) → the figures of its row."""
    found, source_name = {}, ""
    for place, row in enumerate(table.rows):
        if row.style == "group":
            source_name = row.cells["name"]
        if row.style == "normal":
            found[source_name, row.cells["name"]] = tuple(table.value(place, key) for key in KEYS)
    return found


def expected(world, more, area):
    sources = {one.kind: one.name for one in Source.objects.filter(kind__in=STATE)}
    wanted = defaultdict(lambda: [0, 0, 0])
    for project in world.projects:
        decided = world.decided.get(project.pk)
        known = decided <= END if decided else project.year <= 2026
        carried = any(one == project and year == 2026 and day <= END for one, year, day in more.carried)
        entries = [one for one in world.entries if one.project == project]
        has_voucher = any(START <= one.day <= END for one in entries)
        if project.status not in APPROVED or not world.lies_in(project, area):
            continue
        if not (has_voucher or (known and (project.year == 2026 or carried))):
            continue
        for line in world.lines:
            if line.project == project and line.kind in STATE and line.approved and known:
                wanted[line.kind, project][0] += line.approved
        for one in entries:
            if one.day <= END:
                wanted[one.source_kind, project][1] += one.effect if one.day >= START else 0
                wanted[one.source_kind, project][2] += one.effect
    return {(sources[kind], str(project)): finished(project, more, *sums) for (kind, project), sums in wanted.items()}


def finished(project, more, approved, net, until):
    is_stopped = project.status == "stopped" and more.stopped.get(project.pk, END) <= END
    released = max(0, approved - until) if is_stopped else 0
    return (
        approved,
        net,
        until,
        released,
        approved - released - until,
        Fraction(until, approved) if approved else None,
    )


def test_totals_add_the_sources_and_the_projects_below_them(department_officer):
    make_world(1, department_officer)
    [table] = build("giai-ngan", form_parameters("giai-ngan", department_officer, area_unit("province")))
    groups = [place for place, row in enumerate(table.rows) if row.style == "group"]
    total = len(table.rows) - 1
    for key in ("approved", "advanced", "paid", "recovered", "net", "all_net", "left"):
        normal = [table.value(place, key) for place, row in enumerate(table.rows) if row.style == "normal"]
        assert table.value(total, key) == sum(normal) == sum(table.value(place, key) for place in groups)


@pytest.fixture
def running(local_officer, accountant):
    project = approved_project(local_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 30 * MILLION)
    return project


def ask(user, year=YEAR, **days):
    asked = {"year": str(year), "start": f"01/01/{year}", "end": f"31/12/{year}", **days}
    [table] = build("giai-ngan", form_parameters("giai-ngan", user, unit("96"), **asked))
    return table


def row_of(table, project, *keys):
    return figures(table, "name", *keys).get(str(project))


def record(project, by, vnd, number, kind, **more):
    values = {"voucher_date": PAID, "source_id": source().pk, "participant_id": None, **more}
    return record_entry(project_id=project.pk, kind=kind, amount_vnd=vnd, voucher_number=number, by=by, **values)


def test_a_reversed_voucher_leaves_its_own_column(running, accountant):
    entry = record(running, accountant, 20 * MILLION, "TT-1", LedgerKind.PAYMENT)
    before = row_of(ask(accountant), running, "advanced", "paid", "recovered", "net")
    reverse_entry(entry_id=entry.pk, voucher_number="TT-1H", voucher_date=PAID, reason="Nhầm", by=accountant)
    after = row_of(ask(accountant), running, "advanced", "paid", "recovered", "net")
    assert before == (30 * MILLION, 20 * MILLION, 0, 50 * MILLION)
    assert after == (30 * MILLION, 0, 0, 30 * MILLION)


def test_what_a_stopped_project_did_not_draw_is_no_longer_left(running, leader, accountant):
    order, due = Paper("77/QĐ-SCT", D(2025, 10, 1)), D(2025, 12, 1)
    stop_project(
        project_id=running.pk, kept={}, due_date=due, by=leader, version=running.version, paper=order, reason="Giải thể"
    )
    record(running, accountant, 20 * MILLION, "TH-1", LedgerKind.RECOVERY)
    table = ask(accountant)
    keys = ("approved", "recovered", "all_net", "released", "left", "note")
    assert row_of(table, running, *keys) == (
        100 * MILLION,
        20 * MILLION,
        10 * MILLION,
        90 * MILLION,
        0,
        "Ngừng triển khai",
    )
    before_the_stop = ask(accountant, end="30/09/2025")
    assert row_of(before_the_stop, running, "released", "left", "note") == (0, 90 * MILLION, None)


def test_a_project_carried_over_is_there_next_year_with_all_that_went_out_before(running, leader, accountant):
    assert row_of(ask(accountant, YEAR + 1), running, "approved") is None
    amounts = {source().pk: 60 * MILLION}
    carry_over(project_id=running.pk, amounts=amounts, by=leader, version=running.version, paper=PAPER)
    found = row_of(ask(accountant, YEAR + 1), running, "approved", "net", "all_net", "left", "note")
    note = f"Chuyển nguồn sang năm {YEAR + 1}"
    assert found == (100 * MILLION, 0, 30 * MILLION, 70 * MILLION, note)


def test_a_refused_or_later_approved_project_is_not_counted(running, accountant, local_officer):
    refused = approved_project(local_officer, 50 * MILLION, status=Status.REFUSED.value)
    later = approved_project(local_officer, 40 * MILLION, status=Status.APPROVED.value)
    decision = {"decision_number": "1/QĐ", "decision_date": D(YEAR, 12, 31), "approved_by": accountant}
    Approval.objects.create(project=later, approved_at=timezone.now(), **decision)
    undated = approved_project(local_officer, 30 * MILLION, status=Status.APPROVED.value, approved_date=None)
    table = ask(accountant, end="30/11/2025")
    found = figures(table, "name", "approved")
    assert str(refused) not in found
    assert str(later) not in found
    assert found[str(undated)] == (30 * MILLION,)
    assert found["Tổng cộng"] == (130 * MILLION,)


def test_the_start_date_of_a_project_plays_no_part(running, accountant):
    Project.objects.filter(pk=running.pk).update(start_date=D(2001, 1, 1), end_date=D(2001, 2, 1))
    assert row_of(ask(accountant), running, "all_net") == (30 * MILLION,)
    assert row_of(ask(accountant, 2001), running, "all_net") is None


def test_without_projects_every_figure_is_zero(department_officer):
    assert not FundingLine.objects.exists()
    table = ask(department_officer)
    assert {value for row in figures(table, "name", *KEYS).values() for value in row} == {0, None}
