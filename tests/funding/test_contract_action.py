import datetime

import pytest

from funding.actions.contract import NewContract, sign_contract
from funding.models import Contract, ContractKind
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.workflow import Status
from tests.factories import add_participant, make_project
from tests.funding.makers import DECIDED, PAID, add_line, approved_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(local_officer):
    return approved_project(local_officer, 100, status=Status.APPROVED.value)


def terms(support=100, number="01/HĐ", signed=PAID, payee=None):
    return NewContract(payee, number, signed, support)


def sign(project, by, *contracts):
    return sign_contract(project_id=project.pk, contracts=contracts, by=by, version=project.version)


def test_contracts_are_recorded_and_the_project_moves_on(approved, centre_officer):
    payee = approved.participants.get()
    sign(approved, centre_officer, terms(60, payee=payee.pk), terms(40, "02/HĐ"))
    approved.refresh_from_db()
    assert approved.state is Status.CONTRACTED
    assert set(Contract.objects.values_list("participant_id", "number", "support_vnd")) == {
        (payee.pk, "01/HĐ", 60),
        (None, "02/HĐ", 40),
    }
    event = AuditEvent.objects.get(action="record_contracts")
    assert event.changes["Hợp đồng 01/HĐ"] == [None, "60 đồng, ký 01/09/2025, hợp đồng hỗ trợ"]
    assert approved.steps.get().document_number == "01/HĐ, 02/HĐ"


def test_the_kind_follows_the_payee_unless_it_is_chosen(approved, centre_officer):
    payee = approved.participants.get().pk
    chosen = NewContract(payee, "03/HĐ", PAID, 10, ContractKind.IMPLEMENTATION)
    sign(approved, centre_officer, terms(60, payee=payee), terms(20, "02/HĐ"), chosen)
    assert dict(Contract.objects.values_list("number", "kind")) == {
        "01/HĐ": ContractKind.SUPPORT,
        "02/HĐ": ContractKind.IMPLEMENTATION,
        "03/HĐ": ContractKind.IMPLEMENTATION,
    }


def test_no_more_than_was_approved_in_all(approved, centre_officer):
    with pytest.raises(Refused, match="được duyệt 100 đồng, đã ký 0 đồng, ký 101 đồng, vượt 1 đồng"):
        sign(approved, centre_officer, terms(60), terms(41, "02/HĐ"))
    assert not Contract.objects.exists()


def test_no_more_than_was_approved_for_the_establishment(local_officer, centre_officer):
    project = make_project(created_by=local_officer, status=Status.APPROVED.value, approved_date=DECIDED)
    first, second = add_participant(project), add_participant(project)
    add_line(project, "KCDP", 60, 60, first)
    add_line(project, "KCDP", 40, 40, second)
    with pytest.raises(Refused, match="được duyệt 40 đồng, đã ký 0 đồng, ký 41 đồng, vượt 1 đồng"):
        sign(project, centre_officer, terms(59, payee=first.pk), terms(41, "02/HĐ", payee=second.pk))
    sign(project, centre_officer, terms(60, payee=first.pk), terms(40, "02/HĐ", payee=second.pk))


def test_counterpart_money_makes_no_room(approved, centre_officer):
    add_line(approved, "DOIUNG", 900, 900)
    with pytest.raises(Refused, match="vượt 1 đồng"):
        sign(approved, centre_officer, terms(101))


@pytest.mark.parametrize(
    ("contracts", "message"),
    [
        ([], "ít nhất một hợp đồng"),
        ([terms(number=" ")], "Nhập số hợp đồng"),
        ([terms(10), terms(10, "01/hđ")], "số khác nhau"),
        ([terms(0)], "lớn hơn 0"),
        ([terms(-5)], "lớn hơn 0"),
        ([terms(signed=datetime.date(2199, 1, 1))], "sau hôm nay"),
        ([terms(signed=datetime.date(2025, 7, 31))], "ngày ký 31/07/2025 trước ngày phê duyệt 01/08/2025"),
        ([terms(payee=987654321)], "không thuộc đề án"),
    ],
)
def test_terms_that_cannot_be(contracts, message, approved, centre_officer):
    with pytest.raises(Refused, match=message):
        sign(approved, centre_officer, *contracts)


def test_wrong_person_wrong_status_old_page(approved, centre_officer, leader):
    with pytest.raises(NotAllowed):
        sign(approved, leader, terms())
    with pytest.raises(Overtaken):
        sign_contract(project_id=approved.pk, contracts=[terms()], by=centre_officer, version=approved.version + 1)
    sign(approved, centre_officer, terms())
    approved.refresh_from_db()
    with pytest.raises(Refused, match="Đã ký hợp đồng"):
        sign(approved, centre_officer, terms())
