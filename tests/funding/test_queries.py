import datetime

import pytest

from funding.models import LedgerKind
from funding.queries.budget import budget_board, budget_years, project_positions
from funding.queries.ledger import disbursements
from funding.queries.money import project_money, sources_to_approve
from funding.queries.provinces import province_of
from programs.workflow import Status, Track
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.funding.makers import (
    DECIDED,
    YEAR,
    add_entry,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = pytest.mark.django_db
LAST_DAY, FIRST_DAY = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("code", "old", "day", "province"),
    [
        ("31843", True, LAST_DAY, "95"),
        ("31843", True, FIRST_DAY, "96"),
        ("31843", False, FIRST_DAY, "96"),
        ("956", True, LAST_DAY, "95"),
        ("964", True, LAST_DAY, "96"),
        ("964", True, FIRST_DAY, "96"),
    ],
)
def test_the_province_of_a_place_depends_on_the_day(code, old, day, province, reference):
    found = province_of(unit(code, old=old).pk, day)
    assert found.code == province


def test_a_place_without_a_province_has_none(reference):
    assert province_of(987654321, FIRST_DAY) is None


def test_the_matrix_adds_up(local_officer, accountant):
    project = make_project(created_by=local_officer, year=YEAR, status=Status.IN_PROGRESS.value)
    first, second = add_participant(project), add_participant(project)
    add_line(project, "KCDP", 60, 50, first)
    add_line(project, "KCDP", 40, 40, second)
    add_line(project, "DOIUNG", 70, 75, first)
    add_line(project, "KCQG", 30, 0)
    add_entry(project, accountant, 45, participant=first)
    add_entry(project, accountant, 5, LedgerKind.RECOVERY, participant=first)
    money = project_money(project)
    assert money.requested.total == 200 == sum(row.requested_vnd for row in money.rows)
    assert money.approved.total == 165 == sum(cell.approved_vnd or 0 for _, cell in money.columns)
    assert (money.requested.provincial, money.requested.counterpart, money.requested.central) == (100, 70, 30)
    assert (money.approved.state, money.out_vnd, money.left_vnd) == (90, 40, 50)
    cells = {one.code: cell for one, cell in money.rows[1].pairs}
    assert (cells["KCDP"].approved_vnd, cells["KCDP"].out_vnd, cells["KCDP"].left_vnd) == (50, 40, 10)
    assert cells["DOIUNG"].left_vnd is None


def test_an_establishment_without_a_line_uses_up_the_whole_projects(local_officer, accountant):
    project = approved_project(local_officer, 100)
    add_entry(project, accountant, 30, participant=project.participants.get())
    money = project_money(project)
    assert [cell.left_vnd for row in money.rows for one, cell in row.pairs if one.code == "KCDP"] == [70, None]


def test_nothing_is_approved_before_the_decision(local_officer):
    money = project_money(appraised_project(local_officer, 100))
    assert not money.is_approved
    assert (money.approved.total, money.left_vnd) == (0, 0)


def test_the_matrix_takes_the_same_queries_for_many_beneficiaries(local_officer, django_assert_num_queries):
    project = make_project(created_by=local_officer)
    for size in (1, 20):
        for _ in range(size):
            add_line(project, "KCDP", 5, participant=add_participant(project))
        with django_assert_num_queries(5):
            assert len(project_money(project).rows) >= size


def test_the_board_tells_planned_committed_out_and_left(accountant, local_officer):
    give_budget(accountant, 500)
    give_budget(accountant, 300, "KCQG")
    project = approved_project(local_officer, 200)
    add_entry(approved_project(local_officer, 80, status=Status.STOPPED.value), accountant, 15)
    appraised_project(local_officer, 999)
    approved_project(local_officer, 70, year=YEAR - 1)
    entry = add_entry(project, accountant, 90)
    add_entry(project, accountant, 30)
    add_entry(project, accountant, 20, LedgerKind.RECOVERY)
    add_entry(project, accountant, 90, reverses=entry)
    rows = {row.source.code: row for row in budget_board(accountant, YEAR).rows}
    local = rows["KCDP"]
    assert (local.planned_vnd, local.committed_vnd, local.remaining_vnd) == (500, 215, 285)
    assert (local.out_vnd, local.unpaid_vnd) == (25, 190)
    assert (rows["KCQG"].planned_vnd, rows["KCQG"].committed_vnd, rows["KCQG"].out_vnd) == (300, 0, 0)
    assert budget_years(accountant) == [YEAR, YEAR - 1]


def test_the_board_keeps_the_provinces_of_before_the_merger_apart(accountant, local_officer):
    bac_lieu = unit("95", old=True)
    give_budget(accountant, 100, province=bac_lieu)
    give_budget(accountant, 50)
    approved_project(local_officer, 60, place=unit("31843", old=True), approved_date=LAST_DAY)
    approved_project(local_officer, 30, place=unit("31843", old=True), approved_date=FIRST_DAY)
    rows = {row.province.code: (row.planned_vnd, row.committed_vnd) for row in budget_board(accountant, YEAR).rows}
    assert rows == {"95": (100, 60), "96": (50, 30)}


def test_a_commune_sees_its_own_projects_and_a_stranger_nothing(
    accountant, local_officer, other_local_officer, stranger
):
    give_budget(accountant, 500)
    approved_project(local_officer, 200)
    own = budget_board(local_officer, YEAR)
    assert [(row.planned_vnd, row.committed_vnd) for row in own.rows] == [(None, 200)]
    assert not own.has_province
    for user in (other_local_officer, stranger):
        assert budget_board(user, YEAR).rows == []


def test_the_board_takes_the_same_queries_for_many_projects(accountant, local_officer, django_assert_num_queries):
    give_budget(accountant, 10**9)
    for size in (2, 20):
        for _ in range(size):
            add_entry(approved_project(local_officer, 100), accountant, 40)
        with django_assert_num_queries(12):
            assert budget_board(accountant, YEAR).committed_vnd >= size * 100


def test_the_position_of_a_project_names_every_budgeted_source(accountant, local_officer):
    give_budget(accountant, 500)
    approved_project(local_officer, 380)
    project = appraised_project(local_officer, 150)
    positions = {one.code: position for one, position in project_positions(project, {source().pk: 150}, DECIDED)}
    assert positions.keys() == {"KCQG", "KCDP"}
    local = positions["KCDP"]
    assert (local.limit_vnd, local.used_vnd, local.remaining_vnd, local.after_vnd) == (500, 380, 120, -30)
    assert (positions["KCQG"].limit_vnd, positions["KCQG"].wanted_vnd) == (0, 0)


def test_vouchers_are_seen_within_the_area(accountant, local_officer, other_local_officer, stranger):
    project = approved_project(local_officer, 100)
    beneficiary = make_beneficiary(name="Cơ sở bánh tráng Ba Tri")
    entry = add_entry(project, accountant, 40, participant=add_participant(project, beneficiary))
    assert list(disbursements(local_officer)) == list(disbursements(accountant)) == [entry]
    assert not disbursements(other_local_officer).exists()
    assert not disbursements(stranger).exists()


def test_the_matrix_shows_the_sources_of_the_project(local_officer):
    project = make_project(created_by=local_officer)
    assert [one.code for one in project_money(project).sources] == ["KCDP", "HUYEN", "DOIUNG", "KHAC"]
    add_line(project, "KCDP", 5)
    add_line(project, "DOIUNG", 5)
    assert [one.code for one in project_money(project).sources] == ["KCDP", "DOIUNG"]


def test_the_row_of_the_whole_project_is_hidden_while_it_says_nothing(local_officer, accountant):
    project = make_project(created_by=local_officer)
    assert [row.participant for row in project_money(project).shown_rows] == [None]
    payee = add_participant(project)
    add_line(project, "KCDP", 60, 50, payee)
    assert [row.participant for row in project_money(project).shown_rows] == [payee]
    add_entry(project, accountant, 1)
    assert [row.participant for row in project_money(project).shown_rows] == [None, payee]


def test_a_decision_shows_what_was_requested_and_the_budget_of_the_track(local_officer):
    local = appraised_project(local_officer, 100, "DOIUNG")
    assert [one.code for one in sources_to_approve(local)] == ["KCDP", "DOIUNG"]
    add_line(local, "KCQG", 5)
    assert [one.code for one in sources_to_approve(local)] == ["KCQG", "KCDP", "DOIUNG"]
    national = make_project(created_by=local_officer, track=Track.NATIONAL.value)
    assert [one.code for one in sources_to_approve(national)] == ["KCQG"]
