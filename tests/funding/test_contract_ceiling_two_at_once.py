"""Two accountants on one contract, on two real connections."""

import pytest

from funding.actions.ledger import record_entry
from funding.models import LedgerKind
from funding.queries.contract import contract_rows
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.funding.limits import make_contract
from tests.funding.makers import PAID, approved_project, source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("_round", range(3))
def test_one_of_two_payments_takes_the_rest_of_a_contract(_round, accountant, centre_officer):
    project = approved_project(centre_officer, 200, status=Status.IN_PROGRESS.value)
    contract = make_contract(project, centre_officer, 100)

    def pay(number):
        return lambda: record_entry(
            project_id=project.pk,
            kind=LedgerKind.PAYMENT,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=60,
            voucher_number=number,
            voucher_date=PAID,
            by=accountant,
            contract_id=contract.pk,
        )

    refusal = won_and_refused(at_once(pay("UNC-1"), pay("UNC-2")))
    assert "hợp đồng 100 đồng, đã chi 60 đồng, chi thêm 60 đồng, vượt 20 đồng" in refusal
    assert [row.ceiling.used_vnd for row in contract_rows(project)] == [60]
