"""Đánh giá sau hỗ trợ: the last look at each establishment, blanks that are no zeros, and the money beside it."""

import datetime
from collections import defaultdict
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.models import LedgerKind
from khuyencong.excel.table import RowStyle
from programs.models import ILLUSTRATION_NOTE, Project, SupportEvaluation
from programs.workflow import Status
from reports.definitions.base import ILLUSTRATED
from reports.definitions.evaluation import LABELS, NOT_SETTLED, break_down
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import MILLION, add_entry, source
from tests.reports.asking import build, form_parameters
from tests.reports.more_world import add_more
from tests.reports.world import AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
D = datetime.date
SLUG = "sau-ho-tro"
FIRST, MIDDLE, LAST = D(2025, 12, 15), D(2026, 5, 5), D(2026, 12, 14)


@pytest.fixture
def officer(department_officer):
    return department_officer


@pytest.fixture
def part(officer):
    return part_in(officer)


def part_in(officer, beneficiary=None):
    project = make_project(created_by=officer, year=2025, status=Status.SETTLED.value)
    return add_participant(project, beneficiary)


def look(part, by, day=MIDDLE, **figures):
    return SupportEvaluation.objects.create(
        participant=part,
        evaluated_on=day,
        source_note="Cơ sở báo cáo",
        recorded_by=by,
        recorded_at=timezone.now(),
        **figures,
    )


def asked(officer, **more):
    return form_parameters(SLUG, officer, area_unit("province"), **more)


def table_of(officer, **more):
    [table] = build(SLUG, asked(officer, **more))
    return table


def rows_of(table):
    """Establishment → column → what the cell is worth; "Tổng cộng" for the total."""
    return {
        str(table.value(place, "name")): {column.key: table.value(place, column.key) for column in table.columns}
        for place, row in enumerate(table.rows)
        if row.style is not RowStyle.GROUP
    }


def test_the_last_look_of_the_period_counts(officer, part):
    look(part, officer, D(2025, 12, 14), workers_before=1, workers_after=90)
    look(part, officer, FIRST, workers_before=5, workers_after=8)
    look(part, officer, LAST, workers_before=5, workers_after=9)
    look(part, officer, D(2026, 12, 15), workers_before=1, workers_after=99)
    rows = rows_of(table_of(officer))
    assert rows[str(part)]["workers_after"] == 9
    assert rows["Tổng cộng"]["workers_added"] == 4
    assert rows[str(part)]["evaluated_on"] == "14/12/2026"


def test_an_establishment_of_two_projects_is_counted_once(officer):
    maker = make_beneficiary(name="Cơ sở rèn")
    look(part_in(officer, maker), officer, D(2026, 3, 1), workers_before=5, workers_after=7)
    later = look(part_in(officer, maker), officer, D(2026, 6, 1), workers_before=7, workers_after=10)
    table = table_of(officer)
    assert rows_of(table)["Tổng cộng"]["workers_after"] == 10
    assert rows_of(table)["Cơ sở rèn"]["project"] == later.participant.project.code
    assert any(note.startswith("1 lượt đánh giá ở đề án khác") for note in table.notes)


def test_blanks_are_blank_and_the_notes_count_the_answers(officer, part):
    other = part_in(officer)
    look(part, officer, value_added_vnd_before=100 * MILLION, value_added_vnd_after=150 * MILLION, workers_before=0)
    look(other, officer, value_added_vnd_before=900 * MILLION, workers_before=4, workers_after=6)
    table = table_of(officer)
    rows = rows_of(table)
    mine, total = rows[str(part)], rows["Tổng cộng"]
    assert (mine["value_added_share"], mine["workers_after"], mine["workers_added"]) == (Fraction(1, 2), None, None)
    assert rows[str(other)]["value_added_share"] is None
    # Only the one with both figures: 50 of 100, not 50 of 1.000.
    assert (total["value_added_vnd_before"], total["value_added_share"]) == (1000 * MILLION, Fraction(1, 2))
    assert total["workers_added"] == 2
    # Nobody told their revenue: it is not known, and not zero.
    assert (total["revenue_vnd_before"], total["mobilised_vnd"]) == (None, None)
    [answers] = [note for note in table.notes if "Số cơ sở có số liệu" in note]
    for text in ("trong 2 cơ sở", "giá trị gia tăng trước hỗ trợ 2", "lao động tăng thêm 1", "doanh thu sau hỗ trợ 0"):
        assert text in answers
    assert NOT_SETTLED in table.notes


def test_capacity_and_productivity_are_never_added(officer, part):
    figures = {"capacity_before": 800, "capacity_after": 1200, "productivity_vnd_before": 60 * MILLION}
    look(part, officer, capacity_unit="tấn/năm", productivity_vnd_after=90 * MILLION, **figures)
    look(part_in(officer), officer, capacity_unit="cái/ngày", capacity_before=5, capacity_after=9)
    rows = rows_of(table_of(officer))
    assert rows[str(part)]["productivity_share"] == Fraction(1, 2)
    for column in ("capacity_before", "capacity_after", "productivity_vnd_after", "productivity_share"):
        assert rows["Tổng cộng"][column] is None


def test_support_is_what_was_paid_net_to_the_periods_end(officer, part):
    look(part, officer, mobilised_vnd=300 * MILLION, workers_before=1, workers_after=2)
    project = part.project
    add_entry(project, officer, 100 * MILLION, participant=part)
    add_entry(project, officer, 60 * MILLION, LedgerKind.PAYMENT)  # for the project, whose only establishment it is
    add_entry(project, officer, 10 * MILLION, LedgerKind.RECOVERY, participant=part)
    wrong = add_entry(project, officer, 7 * MILLION, participant=part)
    add_entry(project, officer, 7 * MILLION, participant=part, reverses=wrong)
    add_entry(project, officer, 50 * MILLION, participant=part, voucher_date=D(2026, 12, 15))
    add_entry(project, officer, 30 * MILLION, participant=part, source=source("HUYEN"))
    rows = rows_of(table_of(officer))
    assert rows[str(part)]["support"] == 150 * MILLION
    assert rows[str(part)]["leverage"] == 2
    opened = break_down(asked(officer), "tong", "support")
    assert opened.total == sum(opened.line(one).amount for one in opened.rows) == 150 * MILLION


def test_money_for_several_establishments_together_is_told_and_not_divided(officer, part):
    neighbour = add_participant(part.project)
    look(part, officer, mobilised_vnd=MILLION, workers_before=1, workers_after=2)
    add_entry(part.project, officer, 40 * MILLION, participant=part)
    add_entry(part.project, officer, 30 * MILLION, participant=neighbour)
    add_entry(part.project, officer, 25 * MILLION)
    table = table_of(officer)
    assert rows_of(table)["Tổng cộng"]["support"] == 40 * MILLION
    assert any("25,0 triệu đồng chi chung" in note for note in table.notes)


def test_the_ratio_of_the_total_leaves_out_whom_it_does_not_know(officer, part):
    silent = part_in(officer)
    look(part, officer, mobilised_vnd=300 * MILLION, workers_before=1, workers_after=2)
    look(silent, officer, workers_before=1, workers_after=2)
    add_entry(part.project, officer, 100 * MILLION, participant=part)
    add_entry(silent.project, officer, 500 * MILLION, participant=silent)
    rows = rows_of(table_of(officer))
    assert (rows["Tổng cộng"]["support"], rows["Tổng cộng"]["leverage"]) == (600 * MILLION, 3)
    assert rows[str(silent)]["leverage"] is None


@pytest.mark.parametrize("area", list(AREAS))
@pytest.mark.parametrize("seed", range(3))
def test_the_totals_are_those_added_up_by_hand(officer, seed, area):
    world = make_world(seed, officer, projects=60, products=0)
    more = add_more(world, seed, officer)
    last = {}
    for one in sorted(more.looks, key=lambda one: (one.evaluated_on, one.pk)):
        if FIRST <= one.evaluated_on <= LAST and world.lies_in(one.participant.project, area):
            last[one.participant.beneficiary_id] = one
    expected = defaultdict(int)
    for one in last.values():
        for column in ("value_added_vnd_before", "revenue_vnd_after", "workers_after", "mobilised_vnd"):
            expected[column] += getattr(one, column) or 0
        if None not in (one.workers_before, one.workers_after):
            expected["workers_added"] += one.workers_after - one.workers_before
    parameters = form_parameters(SLUG, officer, area_unit(area))
    [table] = build(SLUG, parameters)
    rows = rows_of(table)
    total = rows["Tổng cộng"]
    assert {column: total.get(column) or 0 for column in expected} == expected
    assert len(rows) == len(last) + 1


def test_nothing_found_gives_zeros(officer, client):
    [total] = rows_of(table_of(officer)).values()
    assert {total[column] for column in LABELS} == {0}
    assert (total["leverage"], total["value_added_share"], total["capacity_after"]) == (None, None, None)
    client.force_login(officer)
    assert client.get(reverse("reports:form-page", args=[SLUG])).status_code == 200


def test_an_invented_project_is_told_of_when_it_is_counted(officer, part):
    look(part, officer, D(2024, 5, 5), workers_before=1, workers_after=2)
    Project.objects.update(note=ILLUSTRATION_NOTE)
    assert ILLUSTRATED not in table_of(officer).notes
    look(part, officer, workers_before=1, workers_after=2)
    assert ILLUSTRATED in table_of(officer).notes


@pytest.mark.parametrize("row", ["0", "²", "99999999999999999999999", "1.2", "", "loc"])
def test_rows_that_are_not_there_are_not_found(client, officer, part, row):
    look(part, officer, workers_before=1, workers_after=2)
    client.force_login(officer)
    address = reverse("reports:form-rows", args=[SLUG])
    assert client.get(address, {"year": "2026", "row": row, "column": "workers_after"}).status_code == 404
    assert client.get(address, {"year": "2026", "row": "tong", "column": "capacity_after"}).status_code == 404


def test_one_row_opens_only_within_the_area(client, officer, other_local_officer, part):
    one = look(part, officer, workers_before=1, workers_after=2)
    address = reverse("reports:form-rows", args=[SLUG])
    question = {"year": "2026", "row": str(one.pk), "column": "workers_after"}
    client.force_login(officer)
    page = client.get(address, question)
    assert page.status_code == 200
    assert str(part) in page.content.decode()
    client.force_login(other_local_officer)
    assert client.get(address, question).status_code == 404
