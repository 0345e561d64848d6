"""Two people at the same moment, on the plan of one support item and on one statement."""

import pytest

from funding.actions.approval import approve
from funding.models import TreasuryStatement
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import broken_links
from tests.at_once import at_once, won_and_refused
from tests.funding.makers import PAPER, appraised_project, source
from tests.funding.test_budget_items import decide
from tests.funding.treasury_files import statement

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)


def grant(project, by, vnd):
    key = (None, source().pk)
    return lambda: approve(project_id=project.pk, amounts={key: vnd}, by=by, version=project.version, paper=PAPER)


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_last_of_an_item_goes_to_one_project(_round, leader, local_officer, accountant):
    decide(accountant, [(10, 100), (2, 1000)])
    projects = [appraised_project(local_officer, 80), appraised_project(local_officer, 80)]
    refusal = won_and_refused(at_once(*(grant(project, leader, 80) for project in projects)))
    assert "dự toán 100 đồng, đã phê duyệt 80 đồng" in refusal
    assert list(broken_links(AuditEvent.objects.order_by("pk"))) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_item_is_not_lowered_while_it_is_approved(_round, leader, local_officer, accountant):
    decide(accountant, [(10, 100), (2, 1000)])
    project = appraised_project(local_officer, 80)
    refusal = won_and_refused(
        at_once(grant(project, leader, 80), lambda: decide(accountant, [(10, -50)], number="02/QĐ"))
    )
    assert "thiếu 30 đồng" in refusal


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_file_is_recorded_once(_round, accountant):
    acts = [lambda: statement(accountant, ("KB1", "", 5))] * 2
    assert "đã được tải lên" in won_and_refused(at_once(*acts))
    assert TreasuryStatement.objects.count() == 1
