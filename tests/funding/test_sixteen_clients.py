"""Sixteen people on sixteen connections after the same money: the sum never passes the limit, nobody waits for ever."""

import pytest
from django.db.models import Sum

from funding.actions.approval import approve
from funding.actions.approval_list import approve_list
from funding.actions.ledger import record_entry
from funding.models import FundingLine, LedgerEntry, LedgerKind
from programs.models import Project
from programs.workflow import Status
from tests.at_once import at_once
from tests.funding.makers import MILLION, PAID, PAPER, appraised_project, approved_project, give_budget, source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CLIENTS = 16


def outcome(results):
    """How many were done; every other one reads why not, and nobody met a server error."""
    assert all(results), results
    refused = [result for result in results if result != "done"]
    assert all("vượt" in text.lower() or "thiếu" in text.lower() or "thay đổi" in text for text in refused), refused
    return results.count("done")


def test_sixteen_approvals_share_one_source(reference, department_officer, leader):
    give_budget(department_officer, 500 * MILLION)
    projects = [appraised_project(department_officer, 100 * MILLION) for _ in range(CLIENTS)]

    def act(project):
        line = FundingLine.objects.get(project=project)
        amounts = {(line.participant_id, line.source_id): 100 * MILLION}
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)

    assert outcome(at_once(*(lambda p=project: act(p) for project in projects))) == 5
    approved = FundingLine.objects.filter(project__in=projects).aggregate(vnd=Sum("approved_vnd"))["vnd"]
    assert approved == 500 * MILLION
    assert Project.objects.filter(status=Status.APPROVED.value).count() == 5


def test_lists_and_single_approvals_share_one_source(reference, department_officer, leader):
    """Half of the clients approve lists that overlap, in opposite orders; the other half one project each."""
    give_budget(department_officer, 450 * MILLION)
    projects = [appraised_project(department_officer, 100 * MILLION) for _ in range(8)]

    def single(project):
        line = FundingLine.objects.get(project=project)
        amounts = {(line.participant_id, line.source_id): 100 * MILLION}
        approve(project_id=project.pk, amounts=amounts, by=leader, version=project.version, paper=PAPER)

    def several(chosen):
        approve_list(versions={one.pk: one.version for one in chosen}, by=leader, paper=PAPER)

    lists = [projects[i : i + 3] if i % 2 else projects[i : i + 3][::-1] for i in range(6)] + [
        projects[:4],
        projects[4:],
    ]
    acts = [lambda c=chosen: several(c) for chosen in lists] + [lambda p=project: single(p) for project in projects]
    outcome(at_once(*acts))
    approved = FundingLine.objects.filter(project__in=projects).aggregate(vnd=Sum("approved_vnd"))["vnd"]
    assert approved <= 450 * MILLION
    assert Project.objects.filter(status=Status.APPROVED.value).count() == approved // (100 * MILLION)


def test_sixteen_vouchers_share_one_project(reference, department_officer, accountant):
    project = approved_project(department_officer, 100 * MILLION, status=Status.IN_PROGRESS.value)

    def act(number):
        record_entry(
            project_id=project.pk,
            kind=LedgerKind.PAYMENT,
            source_id=source().pk,
            participant_id=None,
            amount_vnd=10 * MILLION,
            voucher_number=f"TT-{number}",
            voucher_date=PAID,
            by=accountant,
        )

    assert outcome(at_once(*(lambda n=number: act(n) for number in range(CLIENTS)))) == 10
    entries = LedgerEntry.objects.filter(project=project).with_effect()
    assert sum(entry.effect_vnd for entry in entries) == 100 * MILLION
