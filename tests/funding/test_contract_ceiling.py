"""Vouchers under a contract: which one, and how much goes out of it."""

import pytest

from funding.actions.amendment import Money
from funding.actions.contract_ceiling import check_contracts_keep_what_is_out
from funding.actions.ledger import record_entry, reverse_entry
from funding.models import LedgerEntry, LedgerKind
from funding.queries.contract import contract_rows
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.workflow import Status
from tests.factories import add_participant, make_project
from tests.funding.amending import amended, whole
from tests.funding.limits import make_contract
from tests.funding.makers import (
    DECIDED,
    MILLION,
    PAID,
    VOUCHERS,
    YEAR,
    add_entry,
    add_line,
    approved_project,
    page,
    source,
)

pytestmark = pytest.mark.django_db
PAYMENT, RECOVERY = LedgerKind.PAYMENT, LedgerKind.RECOVERY


@pytest.fixture
def running(centre_officer):
    return approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)


@pytest.fixture
def contract(running, centre_officer):
    """With the whole project, over 90 of the 100 đồng approved."""
    return make_contract(running, centre_officer, 90)


@pytest.fixture
def enter(running, accountant):
    def run(vnd, kind=PAYMENT, **values):
        defaults = {
            "project_id": running.pk,
            "source_id": source().pk,
            "participant_id": None,
            "voucher_number": f"UNC-{next(VOUCHERS)}",
            "voucher_date": PAID,
            "by": accountant,
        }
        return record_entry(kind=kind, amount_vnd=vnd, **{**defaults, **values})

    return run


def undo(entry, by):
    number = f"H-{next(VOUCHERS)}"
    return reverse_entry(entry_id=entry.pk, reason="Nhầm", by=by, voucher_number=number, voucher_date=PAID)


def out_of(project):
    return [row.ceiling.used_vnd for row in contract_rows(project)]


class TestChoice:
    def test_the_only_contract_is_chosen_by_itself_and_told_in_the_history(self, enter, contract, running):
        assert enter(10).contract == contract
        event = AuditEvent.objects.get(subject=f"project:{running.pk}")
        assert event.changes["Hợp đồng"] == [None, "01/HĐ"]

    def test_without_contracts_nothing_is_asked(self, enter):
        assert enter(10).contract is None

    def test_one_of_several_must_be_named(self, enter, contract, running, centre_officer):
        other = make_contract(running, centre_officer, 10, number="02/HĐ")
        with pytest.raises(Refused, match=r"2 hợp đồng \(01/HĐ, 02/HĐ\)") as refusal:
            enter(10)
        assert refusal.value.field == "contract"
        assert enter(10, contract_id=other.pk).contract == other

    def test_an_establishment_has_its_own_or_is_paid_under_that_of_the_whole(
        self, enter, contract, running, centre_officer
    ):
        first, second = running.participants.get(), add_participant(running)
        own = make_contract(running, centre_officer, 10, first, number="02/HĐ")
        assert enter(10, participant_id=first.pk).contract == own
        assert enter(10, participant_id=second.pk).contract == contract

    def test_a_contract_of_somebody_else_is_refused(self, enter, contract, running, centre_officer):
        own = make_contract(running, centre_officer, 10, running.participants.get(), number="02/HĐ")
        foreign = make_contract(approved_project(centre_officer, 100), centre_officer, 50)
        for wrong in (own, foreign):
            with pytest.raises(Refused, match="không phải của bên nhận") as refusal:
                enter(10, contract_id=wrong.pk)
            assert refusal.value.field == "contract"


class TestCeiling:
    def test_the_last_dong_of_the_contract_but_not_one_more(self, enter, contract, running):
        enter(50)
        message = "01/HĐ: hợp đồng 90 đồng, đã chi 50 đồng, chi thêm 41 đồng, vượt 1 đồng"
        with pytest.raises(Refused, match=message) as refusal:
            enter(41)
        assert refusal.value.field == "amount_vnd"
        enter(40)
        assert out_of(running) == [90]

    def test_the_ceilings_of_the_approval_stay(self, enter, running, centre_officer):
        make_contract(running, centre_officer, 500)
        with pytest.raises(Refused, match="Vượt kinh phí được duyệt của nguồn vốn"):
            enter(101)

    def test_it_counts_all_sources_and_payees(self, enter, contract, running):
        add_line(running, "HUYEN", 50, 50)
        enter(50, source_id=source("HUYEN").pk)
        enter(30, participant_id=running.participants.get().pk)
        with pytest.raises(Refused, match="đã chi 80 đồng"):
            enter(11)

    def test_each_establishment_within_its_own(self, enter, centre_officer):
        project = make_project(
            created_by=centre_officer, status=Status.IN_PROGRESS.value, approved_date=DECIDED, year=YEAR
        )
        payee = add_participant(project)
        add_line(project, "KCDP", 60, 60, payee)
        make_contract(project, centre_officer, 40, payee)
        with pytest.raises(Refused, match="vượt 1 đồng"):
            enter(41, project_id=project.pk, participant_id=payee.pk)


class TestBack:
    def test_money_comes_back_under_the_contract_it_went_out_by(self, enter, contract, running):
        enter(50)
        recovery = enter(20, RECOVERY)
        assert recovery.contract == contract
        assert out_of(running) == [30]
        enter(60)

    def test_a_reversal_keeps_the_contract(self, enter, contract, running, accountant):
        entry = enter(90)
        assert undo(entry, accountant).contract == contract
        enter(90)
        assert out_of(running) == [90]

    def test_an_undone_recovery_does_not_pass_the_contract(self, enter, contract, accountant):
        enter(90)
        recovery = enter(50, RECOVERY)
        enter(50)
        with pytest.raises(Refused, match="Vượt kinh phí"):
            undo(recovery, accountant)

    def test_no_more_comes_back_than_went_out_under_it(self, enter, contract, running, centre_officer, accountant):
        other = make_contract(running, centre_officer, 45, number="02/HĐ")
        first = enter(50, contract_id=contract.pk)
        enter(45, contract_id=other.pk)
        with pytest.raises(Refused, match="theo hợp đồng 02/HĐ: đang chi 45 đồng, thu về 46 đồng, vượt 1 đồng"):
            enter(46, RECOVERY, contract_id=other.pk)
        with pytest.raises(Refused, match="Chọn hợp đồng"):
            enter(5, RECOVERY)
        recovery = enter(46, RECOVERY)
        assert recovery.contract == contract  # only one of them has 46 out
        undo(recovery, accountant)
        enter(10, RECOVERY, contract_id=contract.pk)
        with pytest.raises(Refused, match="theo hợp đồng 01/HĐ"):
            undo(first, accountant)

    def test_what_was_paid_under_no_contract_comes_back_under_none(self, enter, running, contract, accountant):
        add_entry(running, accountant, 30)
        assert enter(30, RECOVERY).contract is None
        assert out_of(running) == [0]


def test_an_amendment_does_not_lower_a_contract_below_what_is_out_of_it(
    enter, contract, running, centre_officer, leader
):
    other = make_contract(running, centre_officer, 10, number="02/HĐ")
    enter(40, contract_id=contract.pk)
    with pytest.raises(Refused, match="01/HĐ: đã chi 40 đồng") as refusal:
        check_contracts_keep_what_is_out(running, [contract, other], Money(contracts={contract.pk: 39}).contracts)
    assert refusal.value.field == f"contract_{contract.pk}"
    with pytest.raises(Refused, match="01/HĐ: đã chi 40 đồng"):
        amended(running, leader, whole(100), contracts={contract.pk: 39, other.pk: 60})
    amended(running, leader, whole(100), contracts={contract.pk: 40})


class TestPages:
    def test_the_contracts_are_offered_and_a_refusal_keeps_the_choice(self, client, accountant, centre_officer):
        project = approved_project(centre_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)
        contract = make_contract(project, centre_officer, 60 * MILLION)
        client.force_login(accountant)
        address = page("ledger-add", project, "payment")
        html = client.get(address).content.decode()
        assert "01/HĐ (Chung cả đề án)" in html
        data = {
            "source": source().pk,
            "participant": "",
            "contract": contract.pk,
            "amount_vnd": "61 triệu",
            "voucher_number": "UNC-1",
            "voucher_date": "01/09/2025",
        }
        response = client.post(address, data)
        assert response.status_code == 422
        assert "vượt 1.000.000 đồng" in response.context["form"].errors["amount_vnd"][0]
        assert f'value="{contract.pk}" selected' in response.content.decode()
        assert client.post(address, {**data, "contract": 987654321}).status_code == 422
        assert client.post(address, {**data, "amount_vnd": "60 triệu"}).status_code == 302
        assert LedgerEntry.objects.get().contract == contract
        assert "60.000.000" in client.get(page("project-money", project)).content.decode()
