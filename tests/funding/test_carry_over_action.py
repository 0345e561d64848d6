"""Carrying unspent money into the next year, and what the vouchers of each year may spend."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from funding import policies
from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.models import CarryOver, LedgerEntry, LedgerKind
from funding.queries.budget import budget_board, budget_years, committed_vnd
from funding.queries.carry_over import budget_years_of, carried_years, carry_over_list, carry_rows, source_years
from funding.rules.carry_over import SourceYears
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper
from programs.policies import allowed
from programs.workflow import Status
from tests.factories import unit
from tests.funding.makers import PAID, YEAR, add_entry, add_line, approved_project, give_budget, source

pytestmark = pytest.mark.django_db
ORDER = Paper("9/QĐ-UBND", datetime.date(2025, 12, 20))
NEXT = YEAR + 1


@pytest.fixture
def running(local_officer, accountant):
    """100 approved, 30 advanced: 70 are not spent."""
    project = approved_project(local_officer, 100, status=Status.IN_PROGRESS.value)
    add_entry(project, accountant, 30)
    return project


def carry(project, by, vnd=70, code="KCDP", **values):
    values = {"paper": ORDER, "version": project.version} | values
    made = carry_over(project_id=project.pk, amounts={source(code).pk: vnd}, by=by, **values)
    project.refresh_from_db()
    return made


def spend(project, by, vnd, number, year=None, kind=LedgerKind.PAYMENT):
    return record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=source().pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=number,
        voucher_date=PAID,
        by=by,
        year=year,
    )


class TestRule:
    def test_a_year_has_what_it_was_given_less_what_it_passed_on(self):
        money = SourceYears(2025, 100, {2025: 30, 2026: 15}, {2025: 60, 2026: 40})
        assert (money.current_year, money.years) == (2027, [2025, 2026, 2027])
        assert (money.year_ceiling(2025).limit_vnd, money.year_ceiling(2025).remaining_vnd) == (40, 10)
        assert (money.year_ceiling(2026).limit_vnd, money.year_ceiling(2026).remaining_vnd) == (20, 5)
        assert money.year_ceiling(2027, 41).excess_vnd == 1
        assert money.unspent_vnd == 40

    def test_no_more_goes_on_than_is_approved_and_not_out(self):
        assert SourceYears(2025, 50, {2025: 30}, {}).unspent_vnd == 20
        assert SourceYears(2025, 50, {2025: 60}, {}).unspent_vnd == 0
        assert SourceYears(2025, 50, {2025: 30, 2026: 5}, {2025: 40}).unspent_vnd == 15


def test_it_is_kept_with_its_decision_and_told_once(running, leader):
    (made,) = carry(running, leader, 70, note="Máy giao chậm")
    assert (made.from_year, made.to_year, made.amount_vnd, made.recorded_by) == (YEAR, NEXT, 70, leader)
    assert (made.decision_number, made.decision_date) == (ORDER.number, ORDER.date)
    event = AuditEvent.objects.about(f"project:{running.pk}").get()
    assert (event.action, event.document_number, event.reason) == ("carry_over", ORDER.number, "Máy giao chậm")
    assert event.changes == {f"{source().name}, năm {YEAR} sang {NEXT}": [None, "70 đồng"]}


def test_advances_stand_beside_it_until_the_work_is_accepted(running, accountant):
    add_entry(running, accountant, 10, LedgerKind.PAYMENT)
    (row,) = carry_rows(running)
    assert (row.years.unspent_vnd, row.advance_vnd, row.from_year, row.to_year) == (60, 30, YEAR, NEXT)
    running.status = Status.ACCEPTED.value
    assert carry_rows(running)[0].advance_vnd == 0


@pytest.mark.parametrize(
    ("vnd", "values", "field", "message"),
    [
        (71, {}, "amount", "chuyển 71 đồng, phải từ 0 đến số chưa chi của năm 2025 70 đồng"),
        (-1, {}, "amount", "chuyển -1 đồng"),
        (0, {}, None, "Chưa nhập số tiền"),
        (70, {"paper": Paper("", ORDER.date)}, "document_number", "số quyết định"),
        (70, {"paper": Paper("9/QĐ", None)}, "document_date", "ngày quyết định"),
        (70, {"paper": Paper("9/QĐ", datetime.date(2025, 7, 1))}, "document_date", "trước ngày phê duyệt"),
        (70, {"paper": Paper("9/QĐ", datetime.date(2999, 1, 1))}, "document_date", "sau hôm nay"),
        (5, {"code": "DOIUNG"}, None, "không được duyệt cho đề án này"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(running, leader, vnd, values, field, message):
    add_line(running, "DOIUNG", 900, 900)
    with pytest.raises(Refused, match=message) as refusal:
        carry(running, leader, vnd, **values)
    assert str(refusal.value.field or "").startswith(field or "")
    assert not CarryOver.objects.exists()
    assert not AuditEvent.objects.about(f"project:{running.pk}").exists()


def test_a_year_that_has_not_begun_passes_nothing_on(local_officer, leader):
    future = timezone.localdate().year + 1
    project = approved_project(local_officer, 100, year=future)
    with pytest.raises(Refused, match=f"chưa đến năm {future}"):
        carry(project, leader, 10)


def test_an_overtaken_page_is_refused(running, leader):
    first = running.version
    carry(running, leader, 10)
    with pytest.raises(Overtaken):
        carry(running, leader, 10, version=first)


def test_only_the_leader_of_the_area_and_only_while_there_is_work(cast, running, stranger):
    may = {role for role, user in cast.items() if allowed(policies.check_can_carry_over, user, running)}
    assert may == {Role.LEADER}
    states = set()
    for status in Status:
        running.status = status.value
        if allowed(policies.check_can_carry_over, cast[Role.LEADER], running):
            states.add(status)
    assert states == {Status.APPROVED, Status.CONTRACTED, Status.IN_PROGRESS, Status.ACCEPTED}
    stranger.role = Role.LEADER.value
    with pytest.raises(NotAllowed, match="phạm vi"):
        policies.check_can_carry_over(stranger, running)


def test_rows_are_only_added(running, leader):
    (made,) = carry(running, leader)
    for change in (CarryOver.objects.filter(pk=made.pk).delete, lambda: CarryOver.objects.update(amount_vnd=1)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert CarryOver.objects.get().amount_vnd == 70


def test_a_voucher_counts_for_the_last_carried_year_unless_told_otherwise(running, leader, accountant):
    assert budget_years_of(running) == [YEAR]
    carry(running, leader, 60)
    assert budget_years_of(running) == [YEAR, NEXT]
    assert spend(running, accountant, 20, "TT-1").year == NEXT
    assert spend(running, accountant, 10, "TT-2", YEAR).year == YEAR
    with pytest.raises(Refused, match=f"không có kinh phí của năm ngân sách {NEXT + 1}") as refusal:
        spend(running, accountant, 1, "TT-3", NEXT + 1)
    assert refusal.value.field == "year"


def test_no_year_spends_more_than_it_has(running, leader, accountant):
    carry(running, leader, 60)
    with pytest.raises(Refused, match="trong năm 2026: được chi 60 đồng, đã chi 0 đồng, chi thêm 61 đồng, vượt 1"):
        spend(running, accountant, 61, "TT-1", NEXT)
    with pytest.raises(Refused, match="trong năm 2025: được chi 40 đồng, đã chi 30 đồng, chi thêm 11 đồng, vượt 1"):
        spend(running, accountant, 11, "TT-1", YEAR)
    spend(running, accountant, 60, "TT-1", NEXT)
    spend(running, accountant, 10, "TT-2", YEAR)
    with pytest.raises(Refused, match="Vượt kinh phí được duyệt"):
        spend(running, accountant, 1, "TT-3", NEXT)


def test_an_undone_recovery_keeps_to_its_year_too(running, leader, accountant):
    back = spend(running, accountant, 10, "TH-1", kind=LedgerKind.RECOVERY)
    carry(running, leader, 80)
    with pytest.raises(Refused, match="trong năm 2025: được chi 20 đồng, đã chi 20 đồng"):
        reverse_entry(entry_id=back.pk, reason="Nhầm", by=accountant, voucher_number="H-1", voucher_date=PAID)


def test_a_source_that_was_not_carried_has_nothing_in_the_later_year(running, leader, accountant):
    add_line(running, "KCQG", 40, 40)
    carry(running, leader, 40, "KCQG")
    assert spend(running, accountant, 5, "TT-1").year == YEAR
    with pytest.raises(Refused, match="trong năm 2026: được chi 0 đồng"):
        spend(running, accountant, 5, "TT-2", NEXT)


def test_money_goes_on_year_by_year(running, leader, accountant, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: datetime.date(NEXT, 12, 30))
    carry(running, leader, 70)
    spend(running, accountant, 20, "TT-1")
    carry(running, leader, 50, paper=Paper("8/QĐ-UBND", datetime.date(NEXT, 12, 20)))
    assert source_years(running)[source().pk].carried == {YEAR: 70, NEXT: 50}
    assert spend(running, accountant, 50, "TT-2").year == NEXT + 1
    with pytest.raises(Refused):
        spend(running, accountant, 1, "TT-3", NEXT)


def test_the_same_source_is_not_carried_twice_from_a_year(running, leader):
    carry(running, leader, 70)
    with pytest.raises(Refused):
        carry(running, leader, 71)


def test_the_board_keeps_carried_money_apart_from_the_plan(running, leader, accountant):
    give_budget(accountant, 500)
    give_budget(accountant, 300, year=NEXT)
    carry(running, leader, 60)
    spend(running, accountant, 25, "TT-1")
    before, after = budget_board(accountant, YEAR), budget_board(accountant, NEXT)
    (row,) = after.rows
    assert (row.planned_vnd, row.committed_vnd, row.out_vnd) == (300, 0, 0)
    (carried,) = after.carried
    assert (carried.into_vnd, carried.spent_vnd, carried.onward_vnd) == (60, 25, 0)
    assert carried.province == unit("96")
    (row,) = before.rows
    assert (row.planned_vnd, row.committed_vnd, row.out_vnd) == (500, 100, 30)
    assert [(one.into_vnd, one.onward_vnd) for one in before.carried] == [(0, 60)]
    assert committed_vnd(NEXT, source().pk, unit("96").pk) == 0
    assert budget_years(accountant) == [NEXT, YEAR]


def test_disbursed_by_ledger_year_counts_each_dong_in_its_year(running, leader, accountant):
    carry(running, leader, 60)
    spend(running, accountant, 25, "TT-1")
    spend(running, accountant, 5, "TT-2", YEAR)
    by_year = {}
    for entry in LedgerEntry.objects.with_effect():
        by_year[entry.year] = by_year.get(entry.year, 0) + entry.effect_vnd
    assert by_year == {YEAR: 35, NEXT: 25}


def test_the_list_is_the_areas_own(running, leader, accountant, other_local_officer, local_officer, stranger):
    (made,) = carry(running, leader)
    for user in (accountant, local_officer):
        assert list(carry_over_list(user)) == [made]
        assert carried_years(user) == [NEXT]
    for user in (other_local_officer, stranger):
        assert list(carry_over_list(user)) == []
        assert carried_years(user) == []
