import pytest

from funding.actions.settlement import settle
from funding.models import LedgerKind
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import Paper, move
from programs.workflow import Action, Status
from tests.funding.makers import PAID, add_entry, approved_project

pytestmark = pytest.mark.django_db
PAPER = Paper("09/BC-QT", PAID)


@pytest.fixture
def liquidated(centre_officer):
    return approved_project(centre_officer, 100, status=Status.LIQUIDATED.value)


def close(project, by, **values):
    defaults = {"project_id": project.pk, "by": by, "version": project.version, "paper": PAPER}
    return settle(**{**defaults, **values})


def test_what_was_paid_is_settled(liquidated, accountant):
    add_entry(liquidated, accountant, 90)
    close(liquidated, accountant)
    liquidated.refresh_from_db()
    assert liquidated.state is Status.SETTLED
    assert liquidated.steps.get().document_number == "09/BC-QT"


def test_without_a_payment_there_is_nothing_to_settle(liquidated, accountant):
    with pytest.raises(Refused, match="Chưa chi khoản ngân sách nào"):
        close(liquidated, accountant)
    add_entry(liquidated, accountant, 50)
    add_entry(liquidated, accountant, 50, LedgerKind.RECOVERY)
    with pytest.raises(Refused, match="Chưa chi khoản ngân sách nào"):
        close(liquidated, accountant)


@pytest.mark.parametrize(
    ("status", "action"), [(Status.LIQUIDATED, Action.SETTLE), (Status.ACCEPTED, Action.LIQUIDATE)]
)
def test_more_out_than_approved_stops_liquidation_and_settlement(status, action, centre_officer, accountant):
    project = approved_project(centre_officer, 100, status=status.value)
    add_entry(project, accountant, 101)
    by = accountant if action is Action.SETTLE else centre_officer
    with pytest.raises(Refused, match=r"Số đã chi \(101 đồng\) vượt kinh phí được duyệt \(100 đồng\)"):
        move(project_id=project.pk, action=action, by=by, paper=PAPER)


def test_more_back_than_out_stops_settlement(liquidated, accountant):
    payee = liquidated.participants.get()
    add_entry(liquidated, accountant, 80)
    add_entry(liquidated, accountant, 10, LedgerKind.RECOVERY, participant=payee)
    with pytest.raises(Refused, match="Số thu hồi lớn hơn số đã chi"):
        close(liquidated, accountant)


def test_wrong_person_wrong_status_old_page_no_document(liquidated, accountant, leader):
    add_entry(liquidated, accountant, 90)
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
