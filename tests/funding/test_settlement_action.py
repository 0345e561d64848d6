"""Settlement: what is due, what went out, and the reason where it is less; payments after acceptance."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from funding.actions.carry_over import carry_over
from funding.actions.ledger import record_entry, reverse_entry
from funding.actions.settlement import reason_field, settle_project
from funding.models import CarryOver, LedgerKind, NormCheck, SettlementLine
from funding.queries.settlement import settlement_of
from funding.rules.settlement import SettlementTerms, shared_due
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper, move
from programs.workflow import Action, Status
from tests.factories import add_participant, make_project
from tests.funding.limits import accept_cost
from tests.funding.makers import DECIDED, PAID, VOUCHERS, YEAR, add_entry, add_line, approved_project, source

pytestmark = pytest.mark.django_db
PAPER = Paper("09/BC-QT", PAID)
PAYMENT, RECOVERY = LedgerKind.PAYMENT, LedgerKind.RECOVERY
WHY = "Cơ sở không nhận phần còn lại"


@pytest.fixture
def liquidated(centre_officer):
    """100 approved for the whole project, 250 accepted."""
    project = approved_project(centre_officer, 100, status=Status.LIQUIDATED.value)
    accept_cost(project, centre_officer, 250)
    return project


def close(project, by, **values):
    defaults = {"project_id": project.pk, "by": by, "version": project.version, "paper": PAPER}
    return settle_project(**{**defaults, **values})


def whole(project):
    return {(None, source().pk): WHY}


def accepted_at(project, vnd):
    project.accepted_costs.update(accepted_vnd=vnd)


def norm_check(project, *, rate=None, cap=None, binding=True, participant=None):
    return NormCheck.objects.create(
        project=project,
        participant=participant,
        source=source(),
        rule="Định mức thử",
        is_binding=binding,
        decided_on=DECIDED,
        eligible_vnd=0,
        rate_percent=rate,
        cap_limit_vnd=cap,
        approved_vnd=100,
        recorded_at=timezone.now(),
    )


def enter(project, by, vnd, kind=PAYMENT, **values):
    return record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=source(values.pop("code", "KCDP")).pk,
        participant_id=None,
        amount_vnd=vnd,
        voucher_number=f"UNC-{next(VOUCHERS)}",
        voucher_date=PAID,
        by=by,
        **values,
    )


class TestDue:
    def test_the_least_of_accepted_and_approved(self, liquidated):
        assert settlement_of(liquidated).due_vnd == 100
        accepted_at(liquidated, 80)
        assert settlement_of(liquidated).due_vnd == 80

    def test_rate_and_cap_of_the_norm_that_bound_the_approval(self, liquidated):
        norm_check(liquidated, rate=Decimal("30"))
        assert settlement_of(liquidated).due_vnd == 75
        norm_check(liquidated, rate=Decimal("30"), cap=60)  # the check of an amendment: the last one counts
        (row,) = settlement_of(liquidated).rows
        assert (row.money.due_vnd, row.rate_percent, row.cap_vnd) == (60, 30, 60)

    def test_a_norm_that_only_warned_takes_nothing_away(self, liquidated):
        norm_check(liquidated, rate=Decimal("30"), binding=False)
        (row,) = settlement_of(liquidated).rows
        assert (row.money.due_vnd, row.rate_percent) == (100, None)

    def test_the_sources_of_a_payee_share_its_accepted_cost(self, liquidated):
        add_line(liquidated, "HUYEN", 50, 50)
        accepted_at(liquidated, 120)
        assert [row.money.due_vnd for row in settlement_of(liquidated).rows] == [100, 20]
        accepted_at(liquidated, 70)
        assert [row.money.due_vnd for row in settlement_of(liquidated).rows] == [70, 0]

    def test_the_budget_of_the_track_gives_first(self, liquidated):
        add_line(liquidated, "KCQG", 50, 50)  # a local project
        accepted_at(liquidated, 120)
        rows = settlement_of(liquidated).rows
        assert [(row.source.code, row.money.due_vnd) for row in rows] == [("KCDP", 100), ("KCQG", 20)]

    def test_shared_due_of_nothing(self):
        assert shared_due([]) == []
        assert shared_due([SettlementTerms(0, 10)]) == [0]

    def test_those_without_a_line_of_their_own_count_for_the_whole(self, liquidated, accountant):
        add_entry(liquidated, accountant, 60, participant=liquidated.participants.get())
        add_entry(liquidated, accountant, 20, PAYMENT)
        add_entry(liquidated, accountant, 5, RECOVERY)
        (row,) = settlement_of(liquidated).rows
        assert (row.money.advanced_vnd, row.money.paid_vnd, row.money.recovered_vnd) == (60, 20, 5)
        assert (row.money.to_pay_vnd, row.money.to_recover_vnd) == (25, 0)

    def test_one_payees_debt_is_not_anothers_credit(self, centre_officer, accountant):
        project = make_project(
            created_by=centre_officer, status=Status.LIQUIDATED.value, approved_date=DECIDED, year=YEAR
        )
        for accepted in (50, 100):
            payee = add_participant(project)
            add_line(project, "KCDP", 100, 100, payee)
            accept_cost(project, centre_officer, accepted, payee)
            add_entry(project, accountant, 75, PAYMENT, participant=payee)
        table = settlement_of(project)
        assert (table.to_recover_vnd, table.to_pay_vnd) == (25, 25)


class TestSettling:
    def test_what_is_due_was_paid(self, liquidated, accountant):
        add_entry(liquidated, accountant, 70)
        add_entry(liquidated, accountant, 30, PAYMENT)
        close(liquidated, accountant)
        liquidated.refresh_from_db()
        assert liquidated.state is Status.SETTLED
        assert liquidated.steps.get().document_number == "09/BC-QT"
        line = SettlementLine.objects.get()
        assert (line.due_vnd, line.advanced_vnd, line.paid_vnd, line.recovered_vnd) == (100, 70, 30, 0)
        assert (line.accepted_vnd, line.approved_vnd, line.year, line.unpaid_reason) == (250, 100, YEAR, "")
        events = AuditEvent.objects.about(f"project:{liquidated.pk}").order_by("pk")
        assert [event.action for event in events] == ["settle_money", "settle"]
        told = events[0].changes["Chung cả đề án, Khuyến công địa phương"]
        assert told == [None, "được hỗ trợ 100 đồng, đã chi 100 đồng"]

    def test_less_than_is_due_needs_a_reason_for_the_row(self, liquidated, accountant):
        add_entry(liquidated, accountant, 90)
        with pytest.raises(Refused, match="được hỗ trợ 100 đồng, đã chi 90 đồng, còn 10 đồng chưa chi") as refusal:
            close(liquidated, accountant, unpaid_reasons={(None, source().pk): " "})
        assert refusal.value.field == reason_field((None, source().pk))
        close(liquidated, accountant, unpaid_reasons=whole(liquidated))
        assert SettlementLine.objects.get().unpaid_reason == WHY
        assert settlement_of(liquidated).rows[0].unpaid_reason == WHY

    def test_money_that_has_to_come_back_comes_back_first(self, liquidated, accountant):
        accepted_at(liquidated, 80)
        add_entry(liquidated, accountant, 100)
        message = "Chung cả đề án, Khuyến công địa phương: đã chi 100 đồng, được hỗ trợ 80 đồng, phải thu hồi 20 đồng"
        with pytest.raises(Refused, match=message):
            close(liquidated, accountant)
        enter(liquidated, accountant, 20, RECOVERY)
        close(liquidated, accountant)
        assert SettlementLine.objects.get().recovered_vnd == 20

    def test_nothing_due_and_nothing_out_may_be_settled(self, liquidated, accountant):
        accepted_at(liquidated, 0)
        close(liquidated, accountant)
        assert SettlementLine.objects.get().due_vnd == 0

    def test_without_a_payment_there_is_nothing_to_settle(self, liquidated, accountant):
        reasons = whole(liquidated)
        with pytest.raises(Refused, match="Chưa chi khoản ngân sách nào"):
            close(liquidated, accountant, unpaid_reasons=reasons)
        add_entry(liquidated, accountant, 50)
        add_entry(liquidated, accountant, 50, RECOVERY)
        with pytest.raises(Refused, match="Chưa chi khoản ngân sách nào"):
            close(liquidated, accountant, unpaid_reasons=reasons)
        assert not SettlementLine.objects.exists()

    def test_without_an_accepted_cost_nothing_can_be_reckoned(self, centre_officer, accountant):
        project = approved_project(centre_officer, 100, status=Status.LIQUIDATED.value)
        add_entry(project, accountant, 100)
        with pytest.raises(Refused, match="Chưa có giá trị nghiệm thu"):
            close(project, accountant)

    def test_the_year_is_the_last_that_money_was_carried_into(self, liquidated, accountant, leader):
        CarryOver.objects.create(
            project=liquidated,
            source=source(),
            from_year=YEAR,
            to_year=YEAR + 1,
            amount_vnd=40,
            decision_number="9/QĐ",
            decision_date=PAID,
            recorded_by=leader,
            recorded_at=timezone.now(),
        )
        add_entry(liquidated, accountant, 60)
        add_entry(liquidated, accountant, 40, PAYMENT, year=YEAR + 1)
        close(liquidated, accountant)
        assert SettlementLine.objects.get().year == YEAR + 1

    def test_the_move_alone_is_refused(self, liquidated, accountant):
        add_entry(liquidated, accountant, 100)
        with pytest.raises(Refused, match="trang “Quyết toán”"):
            move(project_id=liquidated.pk, action=Action.SETTLE, by=accountant, paper=PAPER)

    @pytest.mark.parametrize(
        ("status", "action"), [(Status.LIQUIDATED, Action.SETTLE), (Status.ACCEPTED, Action.LIQUIDATE)]
    )
    def test_more_out_than_approved_stops_liquidation_and_settlement(self, status, action, centre_officer, accountant):
        project = approved_project(centre_officer, 100, status=status.value)
        add_entry(project, accountant, 101)
        by = accountant if action is Action.SETTLE else centre_officer
        with pytest.raises(Refused, match=r"Số đã chi \(101 đồng\) vượt kinh phí được duyệt \(100 đồng\)"):
            move(project_id=project.pk, action=action, by=by, paper=PAPER)

    def test_more_back_than_out_stops_settlement(self, liquidated, accountant):
        payee = liquidated.participants.get()
        add_entry(liquidated, accountant, 80)
        add_entry(liquidated, accountant, 10, RECOVERY, participant=payee)
        with pytest.raises(Refused, match="Số thu hồi lớn hơn số đã chi"):
            close(liquidated, accountant, unpaid_reasons=whole(liquidated))

    def test_wrong_person_wrong_status_old_page_no_document(self, liquidated, accountant, leader):
        add_entry(liquidated, accountant, 100)
        with pytest.raises(NotAllowed):
            close(liquidated, leader)
        with pytest.raises(Overtaken):
            close(liquidated, accountant, version=liquidated.version + 1)
        with pytest.raises(Refused, match="Nhập số văn bản"):
            close(liquidated, accountant, paper=Paper())
        liquidated.status = Status.ACCEPTED.value
        liquidated.save()
        with pytest.raises(Refused, match="Đã nghiệm thu"):
            close(liquidated, accountant)

    def test_the_database_keeps_the_lines(self, liquidated, accountant):
        add_entry(liquidated, accountant, 100)
        close(liquidated, accountant)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE funding_settlementline SET due_vnd = 1")


class TestPaymentsAfterAcceptance:
    @pytest.mark.parametrize("status", [Status.ACCEPTED, Status.LIQUIDATED])
    def test_up_to_what_is_due(self, status, liquidated, accountant):
        liquidated.status = status.value
        liquidated.save()
        accepted_at(liquidated, 80)
        add_entry(liquidated, accountant, 50)
        message = "giá trị nghiệm thu 80 đồng, được hỗ trợ 80 đồng, đã chi 50 đồng, chi thêm 31 đồng, vượt 1 đồng"
        with pytest.raises(Refused, match=message) as refusal:
            enter(liquidated, accountant, 31)
        assert refusal.value.field == "amount_vnd"
        enter(liquidated, accountant, 30)

    def test_before_it_the_approval_is_the_ceiling(self, liquidated, accountant):
        liquidated.status = Status.IN_PROGRESS.value
        liquidated.save()
        accepted_at(liquidated, 80)
        enter(liquidated, accountant, 100)

    def test_a_recovery_may_be_undone_and_settlement_asks_for_it_again(self, liquidated, accountant):
        accepted_at(liquidated, 80)
        add_entry(liquidated, accountant, 100)
        recovery = enter(liquidated, accountant, 20, RECOVERY)
        undo(recovery, accountant)
        with pytest.raises(Refused, match="phải thu hồi 20 đồng"):
            close(liquidated, accountant)


def undo(entry, by):
    number = f"H-{next(VOUCHERS)}"
    return reverse_entry(entry_id=entry.pk, reason="Nhầm", by=by, voucher_number=number, voucher_date=PAID)


def test_what_was_settled_stays_and_more_may_still_come_back(liquidated, accountant):
    payment = enter(liquidated, accountant, 100)
    close(liquidated, accountant)
    with pytest.raises(Refused, match="Đề án đã quyết toán"):
        undo(payment, accountant)
    enter(liquidated, accountant, 20, RECOVERY)
    table = settlement_of(liquidated)
    assert (table.due_vnd, table.out_vnd, table.to_pay_vnd, table.left_vnd) == (100, 80, 0, 20)


def test_a_carried_project_is_settled_with_what_both_years_paid(centre_officer, accountant, leader):
    project = approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)
    enter(project, accountant, 60)
    carry_over(
        project_id=project.pk,
        amounts={source().pk: 40},
        by=leader,
        version=project.version,
        paper=Paper("9/QĐ-UBND", PAID),
    )
    enter(project, accountant, 40)
    project.refresh_from_db()
    project.status = Status.LIQUIDATED.value
    project.save()
    accept_cost(project, centre_officer, 100)
    close(project, accountant)
    assert SettlementLine.objects.get().paid_vnd == 100
