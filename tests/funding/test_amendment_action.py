"""Amending amounts: within the budget, above what is out and contracted, with every line before and after."""

import pytest

from funding.actions.approval import approve
from funding.models import AmendedLine, CarryOver, FundingLine, LedgerKind
from funding.queries.budget import budget_board, budget_position
from funding.queries.ledger import ledger_state
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Overtaken, Refused
from programs.models import Amendment
from programs.workflow import Status
from tests.funding.amending import amended, amended_rows, contract, whole
from tests.funding.makers import (
    DECIDED,
    PAPER,
    YEAR,
    add_entry,
    add_line,
    appraised_project,
    approved_project,
    give_budget,
    source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_officer):
    return approved_project(centre_officer, 100)


@pytest.fixture
def budget(accountant):
    return give_budget(accountant, 150)


class TestAmounts:
    def test_an_increase_within_the_budget(self, leader, project, budget):
        amendment = amended(project, leader, whole(150))
        line = FundingLine.objects.get()
        assert (line.requested_vnd, line.approved_vnd) == (100, 150)
        row = AmendedLine.objects.get()
        assert (row.amendment, row.participant, row.before_vnd, row.after_vnd) == (amendment, None, 100, 150)
        (change,) = amendment.changes
        assert (change["before"], change["after"]) == ("100", "150")
        assert change["label"] == f"Được duyệt (đồng), {source().name}, Chung cả đề án"

    def test_only_the_difference_is_asked_of_the_budget(self, leader, project, budget):
        with pytest.raises(Refused, match="còn 50 đồng, phê duyệt 51 đồng, thiếu 1 đồng"):
            amended(project, leader, whole(151))
        assert FundingLine.objects.get().approved_vnd == 100
        assert not Amendment.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_a_decrease_gives_the_budget_back(self, leader, project, budget):
        amended(project, leader, whole(60))
        assert budget_position(budget).remaining_vnd == 90
        amended(project, leader, whole(150), "21/QĐ")
        assert budget_position(budget).remaining_vnd == 0
        (row,) = [row for row in budget_board(leader, YEAR).rows if row.source == source()]
        assert (row.planned_vnd, row.committed_vnd, row.remaining_vnd) == (150, 150, 0)

    def test_what_is_freed_can_be_approved_elsewhere(self, leader, local_officer, project, budget):
        other = appraised_project(local_officer, 90)
        amended(project, leader, whole(60))
        approve(project_id=other.pk, amounts=whole(90), by=leader, version=other.version, paper=PAPER)
        with pytest.raises(Refused, match="còn 0 đồng"):
            amended(project, leader, whole(61), "21/QĐ")

    def test_money_moves_between_sources_and_payees(self, leader, project, budget):
        payee = project.participants.get()
        amended(project, leader, {**whole(0), (payee.pk, source().pk): 100, (payee.pk, source("DOIUNG").pk): 300})
        assert {(row.participant_id, row.source.code, row.before_vnd, row.after_vnd) for row in amended_rows()} == {
            (None, "KCDP", 100, 0),
            (payee.pk, "KCDP", 0, 100),
            (payee.pk, "DOIUNG", 0, 300),
        }

    def test_lines_that_are_not_named_stay(self, leader, project):
        add_line(project, "DOIUNG", 40, 40)
        amended(project, leader, values={"name": "Tên khác"})
        assert dict(FundingLine.objects.values_list("source__code", "approved_vnd")) == {"KCDP": 100, "DOIUNG": 40}
        assert not AmendedLine.objects.exists()

    def test_nothing_changed_is_refused(self, leader, project):
        with pytest.raises(Refused, match="Chưa thay đổi nội dung nào"):
            amended(project, leader, whole(100))

    def test_some_state_money_stays(self, leader, project):
        add_line(project, "DOIUNG", 40, 40)
        with pytest.raises(Refused, match="Ngừng triển khai"):
            amended(project, leader, whole(0))

    def test_foreign_payees_and_impossible_amounts_are_refused(self, leader, project, centre_officer):
        foreign = approved_project(centre_officer, 5).participants.get()
        for amounts, text in (({(foreign.pk, source().pk): 5}, "không thuộc đề án"), (whole(-1), "không hợp lệ")):
            with pytest.raises(Refused, match=text):
                amended(project, leader, amounts)
        with pytest.raises(Refused, match="chưa ghi tên cơ sở"):
            amended(project, leader, {(-1, source().pk): 5})

    def test_one_event_holds_content_and_money(self, leader, project, budget):
        amended(project, leader, whole(120), values={"name": "Tên khác"})
        event = AuditEvent.objects.get()
        assert event.action == "amend"
        assert event.changes["Tên đề án"][1] == "Tên khác"
        assert event.changes[f"Được duyệt (đồng), {source().name}, Chung cả đề án"] == ["100", "120"]

    def test_the_second_of_two_is_overtaken(self, leader, project, budget):
        seen = project.version
        amended(project, leader, whole(120))
        with pytest.raises(Overtaken):
            amended(project, leader, whole(130), "21/QĐ", version=seen)


class TestLedger:
    def test_not_below_what_is_out(self, leader, accountant, project):
        add_entry(project, accountant, 70)
        add_entry(project, accountant, 10, LedgerKind.RECOVERY)
        with pytest.raises(Refused, match="đã chi 60 đồng, không điều chỉnh xuống 59 đồng"):
            amended(project, leader, whole(59))
        amended(project, leader, whole(60))
        assert ledger_state(project.pk).overspent_lines() == []

    def test_who_was_paid_keeps_a_line_that_covers_it(self, leader, accountant, project):
        payee = project.participants.get()
        add_line(project, approved=50, participant=payee)
        add_entry(project, accountant, 40, participant=payee)
        with pytest.raises(Refused, match="đã chi 40 đồng") as refusal:
            amended(project, leader, {(payee.pk, source().pk): 0})
        assert refusal.value.field == f"amount_{payee.pk}_{source().pk}"

    def test_not_below_what_went_on_into_the_next_year(self, leader, accountant, project):
        add_entry(project, accountant, 30)
        CarryOver.objects.create(
            project=project,
            source=source(),
            from_year=YEAR,
            to_year=YEAR + 1,
            amount_vnd=50,
            decision_number="05/QĐ",
            decision_date=DECIDED,
            recorded_by=accountant,
            recorded_at=project.created_at,
        )
        with pytest.raises(Refused, match=f"sang năm sau 50 đồng, đã chi trong năm {YEAR} 30 đồng"):
            amended(project, leader, whole(79))
        amended(project, leader, whole(80))

    def test_a_group_is_given_lines_of_its_own(self, leader, accountant, project):
        """Paid from the common line, then named: the new line covers what is out to the establishment."""
        payee = project.participants.get()
        add_entry(project, accountant, 40, participant=payee)
        with pytest.raises(Refused, match="đã chi 40 đồng, không điều chỉnh xuống 30 đồng"):
            amended(project, leader, {**whole(70), (payee.pk, source().pk): 30})
        amended(project, leader, {**whole(0), (payee.pk, source().pk): 100})
        assert ledger_state(project.pk).line_ceiling((payee.pk, source().pk), 60).fits


class TestContracts:
    def test_a_decrease_names_the_contract_to_amend_first(self, leader, centre_officer, project):
        signed = contract(project, 90, centre_officer)
        with pytest.raises(Refused, match=r"vượt .* 10 đồng.*hợp đồng 01/HĐ \(đang là 90 đồng\)") as refusal:
            amended(project, leader, whole(80))
        assert refusal.value.field == f"contract_{signed.pk}"

    def test_a_contract_is_amended_with_it(self, leader, centre_officer, project):
        signed = contract(project, 90, centre_officer)
        amendment = amended(project, leader, whole(80), contracts={signed.pk: 80})
        signed.refresh_from_db()
        assert signed.support_vnd == 80
        change = amendment.changes[-1]
        assert change["label"] == "Kinh phí hợp đồng 01/HĐ ngày 01/08/2025 (đồng)"
        assert (change["before"], change["after"]) == ("90", "80")

    def test_a_payees_contract_stays_within_the_payees_amount(self, leader, centre_officer, project):
        payee = project.participants.get()
        add_line(project, approved=50, participant=payee)
        contract(project, 50, centre_officer, participant=payee)
        with pytest.raises(Refused, match="01/HĐ"):
            amended(project, leader, {(payee.pk, source().pk): 40})

    def test_a_contract_is_not_lowered_below_what_was_paid(self, leader, centre_officer, accountant, project):
        signed = contract(project, 90, centre_officer)
        add_entry(project, accountant, 70)
        with pytest.raises(Refused, match="đã chi 70 đồng"):
            amended(project, leader, contracts={signed.pk: 60})
        with pytest.raises(Refused, match="lớn hơn 0"):
            amended(project, leader, contracts={signed.pk: 0})

    def test_a_contract_of_another_project_is_not_touched(self, leader, centre_officer, project):
        foreign = contract(approved_project(centre_officer, 50), 50, centre_officer)
        with pytest.raises(Refused, match="không thuộc đề án"):
            amended(project, leader, contracts={foreign.pk: 10})


@pytest.mark.parametrize("status", [Status.APPRAISED, Status.ACCEPTED, Status.STOPPED])
def test_not_before_approval_nor_after_acceptance(leader, centre_officer, status):
    project = approved_project(centre_officer, 100, status=status.value)
    with pytest.raises(Refused, match="Chỉ điều chỉnh"):
        amended(project, leader, whole(60))
