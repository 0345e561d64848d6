import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from funding.actions.advance import Grounds
from funding.actions.ledger import record_entry, reverse_entry
from funding.models import LedgerEntry, LedgerKind
from funding.queries.ledger import ledger_state, running_ledger
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.workflow import Status
from tests.factories import add_participant, make_project
from tests.funding.makers import DECIDED, PAID, VOUCHERS, YEAR, add_line, approved_project, source

pytestmark = pytest.mark.django_db
PASSED = Grounds(override_reason="Theo tiến độ hợp đồng")  # of the advance limit, which only warns here
ADVANCE, PAYMENT, RECOVERY = LedgerKind.ADVANCE, LedgerKind.PAYMENT, LedgerKind.RECOVERY


@pytest.fixture
def running(centre_officer):
    """In progress, 100 đồng approved for the whole project."""
    return approved_project(centre_officer, 100, status=Status.IN_PROGRESS.value)


@pytest.fixture
def enter(running, accountant):
    def run(kind, vnd, **values):
        defaults = {
            "project_id": running.pk,
            "source_id": source().pk,
            "participant_id": None,
            "voucher_number": f"UNC-{next(VOUCHERS)}",
            "voucher_date": PAID,
            "by": accountant,
            "grounds": PASSED,
        }
        return record_entry(kind=kind, amount_vnd=vnd, **{**defaults, **values})

    return run


@pytest.fixture
def undo(accountant):
    def run(entry, **values):
        defaults = {"voucher_number": f"HUY-{next(VOUCHERS)}", "voucher_date": PAID, "reason": "Ghi nhầm"}
        return reverse_entry(entry_id=entry.pk, by=accountant, **{**defaults, **values})

    return run


def out(project):
    return ledger_state(project.pk).total_out_vnd


def test_advance_payment_and_recovery_add_up(enter, running):
    enter(ADVANCE, 70)
    enter(PAYMENT, 30)
    enter(RECOVERY, 20)
    assert out(running) == 80
    assert [row.balance_vnd for row in running_ledger(running)] == [70, 100, 80]
    assert set(LedgerEntry.objects.values_list("year", flat=True)) == {YEAR}


def test_the_last_dong_can_be_paid_but_not_one_more(enter, running):
    enter(ADVANCE, 70)
    message = "được duyệt 100 đồng, đã chi 70 đồng, chi thêm 31 đồng, vượt 1 đồng"
    with pytest.raises(Refused, match=message) as refusal:
        enter(PAYMENT, 31)
    assert refusal.value.field == "amount_vnd"
    enter(PAYMENT, 30)
    assert out(running) == 100


def test_each_establishment_has_its_own_ceiling(enter, accountant, centre_officer):
    project = make_project(created_by=centre_officer, status=Status.IN_PROGRESS.value, approved_date=DECIDED)
    first, second = add_participant(project), add_participant(project)
    add_line(project, "KCDP", 60, 60, first)
    add_line(project, "KCDP", 40, 40, second)
    with pytest.raises(Refused, match="của cơ sở: được duyệt 40 đồng, đã chi 0 đồng, chi thêm 41 đồng, vượt 1 đồng"):
        enter(ADVANCE, 41, project_id=project.pk, participant_id=second.pk)
    with pytest.raises(Refused, match="được duyệt 0 đồng"):
        enter(ADVANCE, 10, project_id=project.pk)
    enter(ADVANCE, 40, project_id=project.pk, participant_id=second.pk)


def test_an_establishment_named_later_draws_on_the_whole_project(enter, running):
    payee = running.participants.get()
    enter(ADVANCE, 60, participant_id=payee.pk)
    with pytest.raises(Refused, match="vượt 1 đồng"):
        enter(ADVANCE, 41)
    enter(ADVANCE, 40)


def test_a_source_that_gave_nothing_pays_nothing(enter):
    with pytest.raises(Refused, match="được duyệt 0 đồng, đã chi 0 đồng, chi thêm 5 đồng"):
        enter(ADVANCE, 5, source_id=source("KCQG").pk)


def test_only_what_is_out_comes_back(enter, running):
    with pytest.raises(Refused, match="đang chi 0 đồng, thu về 1 đồng, vượt 1 đồng"):
        enter(RECOVERY, 1)
    enter(ADVANCE, 50)
    with pytest.raises(Refused, match="đang chi 50 đồng, thu về 51 đồng"):
        enter(RECOVERY, 51)
    with pytest.raises(Refused, match="đang chi 0 đồng"):  # that establishment has received nothing
        enter(RECOVERY, 10, participant_id=running.participants.get().pk)
    enter(RECOVERY, 50)
    assert out(running) == 0


@pytest.mark.parametrize("vnd", [0, -1])
@pytest.mark.parametrize("kind", LedgerKind)
def test_amounts_are_above_zero(kind, vnd, enter, running):
    running.status = Status.CONTRACTED.value if kind is ADVANCE else Status.IN_PROGRESS.value
    running.save()
    with pytest.raises(Refused, match="lớn hơn 0"):
        enter(kind, vnd)


def test_money_that_is_not_the_states_is_not_in_the_ledger(enter, running):
    add_line(running, "DOIUNG", 50, 50)
    with pytest.raises(Refused, match="nguồn này không chi qua sổ"):
        enter(PAYMENT, 10, source_id=source("DOIUNG").pk)
    with pytest.raises(Refused, match="không chi qua sổ"):
        enter(PAYMENT, 10, source_id=987654321)


def test_the_payee_belongs_to_the_project(enter, centre_officer):
    foreign = add_participant(make_project(created_by=centre_officer))
    with pytest.raises(Refused, match="không thuộc đề án") as refusal:
        enter(PAYMENT, 10, participant_id=foreign.pk)
    assert refusal.value.field == "participant"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"voucher_number": "  "}, "voucher_number", "Nhập số chứng từ"),
        ({"voucher_number": "unc/01"}, "voucher_number", "đã có trong sổ"),
        ({"voucher_date": datetime.date(2199, 1, 1)}, "voucher_date", "sau hôm nay"),
        ({"voucher_date": datetime.date(2025, 7, 31)}, "voucher_date", "trước ngày phê duyệt 01/08/2025"),
    ],
)
def test_a_voucher_that_cannot_be(values, field, message, enter):
    enter(ADVANCE, 10, voucher_number="UNC/01")
    with pytest.raises(Refused, match=message) as refusal:
        enter(PAYMENT, 10, **values)
    assert refusal.value.field == field


def test_another_project_may_have_the_same_voucher_number(enter, accountant, centre_officer):
    enter(ADVANCE, 10, voucher_number="UNC/01")
    other = approved_project(centre_officer, 100)
    enter(ADVANCE, 10, voucher_number="UNC/01", project_id=other.pk)


def test_wrong_person_and_wrong_status(enter, running, leader):
    with pytest.raises(NotAllowed):
        enter(PAYMENT, 10, by=leader)
    running.status = Status.APPROVED.value
    running.save()
    with pytest.raises(Refused, match="không ghi tạm ứng ở bước này"):
        enter(ADVANCE, 10)
    assert not LedgerEntry.objects.exists()


def test_a_reversal_takes_the_entry_back_and_frees_the_ceiling(enter, undo, running):
    entry = enter(ADVANCE, 100)
    reversal = undo(entry)
    assert (reversal.kind, reversal.amount_vnd, reversal.reverses_id) == (ADVANCE.value, 100, entry.pk)
    assert out(running) == 0
    enter(ADVANCE, 100)
    with pytest.raises(Refused, match="đã bị hủy"):
        undo(entry)
    with pytest.raises(Refused, match="bút toán hủy"):
        undo(reversal)


def test_a_reversal_keeps_the_sums_valid(enter, undo, running):
    advance = enter(ADVANCE, 60)
    recovery = enter(RECOVERY, 40)
    with pytest.raises(Refused, match="đang chi 20 đồng, thu về 60 đồng, vượt 40 đồng"):
        undo(advance)
    enter(PAYMENT, 80)
    with pytest.raises(Refused, match="được duyệt 100 đồng, đã chi 100 đồng, chi thêm 40 đồng, vượt 40 đồng"):
        undo(recovery)
    assert out(running) == 100


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"voucher_number": ""}, "voucher_number"),
        ({"voucher_number": "UNC/01"}, "voucher_number"),
        ({"voucher_date": datetime.date(2025, 8, 31)}, "voucher_date"),
    ],
)
def test_a_reversal_says_why_and_by_which_voucher(values, field, enter, undo):
    entry = enter(ADVANCE, 10, voucher_number="UNC/01")
    with pytest.raises(Refused) as refusal:
        undo(entry, **values)
    assert refusal.value.field == field


def test_the_history_tells_the_amount_and_the_sum_before_and_after(enter, undo, running):
    enter(ADVANCE, 70)
    entry = enter(PAYMENT, 30, note="Đợt 2")
    undo(entry)
    events = list(AuditEvent.objects.filter(subject=f"project:{running.pk}"))
    assert [event.action for event in events] == ["reverse_entry", "record_payment", "record_advance"]
    assert events[1].changes["Đã chi cho đề án"] == ["70 đồng", "100 đồng"]
    assert events[0].changes["Đã chi cho đề án"] == ["100 đồng", "70 đồng"]
    assert (events[1].reason, events[0].reason) == ("Đợt 2", "Ghi nhầm")


@pytest.mark.parametrize("verb", ["UPDATE funding_ledgerentry SET amount_vnd = 1", "DELETE FROM funding_ledgerentry"])
def test_the_database_keeps_entries_as_they_are(verb, enter):
    enter(ADVANCE, 10)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)
