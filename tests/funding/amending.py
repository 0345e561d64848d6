"""Amendments of money for tests."""

import datetime

from funding.actions.amendment import Money, amend
from funding.models import AmendedLine, Approval, Contract
from programs.actions.amendment import Content, Decision
from programs.models import BudgetSide, IndicatorValue, ResultIndicator
from tests.funding.makers import DECIDED, MILLION, YEAR, add_line, approved_project, give_budget, source

LATER = datetime.date(2025, 9, 1)


def amended(project, by, amounts=None, number="20/QĐ-UBND", contracts=None, version=None, **content):
    project.refresh_from_db()
    return amend(
        project_id=project.pk,
        content=Content(values=content.pop("values", {}), figures=[], **content),
        money=Money(amounts or {}, contracts or {}),
        decision=Decision(number, LATER, LATER, "Giá máy thay đổi"),
        by=by,
        version=project.version if version is None else version,
    )


def whole(vnd, code="KCDP"):
    return {(None, source(code).pk): vnd}


def contract(project, vnd, by, participant=None, number="01/HĐ"):
    return Contract.objects.create(
        project=project,
        participant=participant,
        number=number,
        signed_date=DECIDED,
        support_vnd=vnd,
        recorded_by=by,
        recorded_at=project.created_at,
    )


def amended_rows():
    return AmendedLine.objects.select_related("source")


def project_in_full(centre_officer, leader, accountant):
    """Two amounts, an establishment, a figure, a contract, its approval, and a budget of 200 million đồng."""
    made = approved_project(
        centre_officer, 100 * MILLION, name="Máy sấy khô cá", objective="Sấy 10 tấn\nmỗi tháng", year=YEAR
    )
    first = made.participants.get()
    first.beneficiary.name = "Cơ sở Ba Khía"
    first.beneficiary.save()
    add_line(made, "DOIUNG", 50 * MILLION, 50 * MILLION, participant=first)
    indicator = ResultIndicator.objects.filter(is_money=False).first()
    IndicatorValue.objects.create(
        project=made, indicator=indicator, budget=BudgetSide.PROVINCIAL, year=YEAR, planned_value=1200
    )
    Contract.objects.create(
        project=made,
        number="01/HĐ",
        signed_date=DECIDED,
        support_vnd=90 * MILLION,
        recorded_by=centre_officer,
        recorded_at=made.created_at,
    )
    Approval.objects.create(
        project=made,
        decision_number="15/QĐ-UBND",
        decision_date=DECIDED,
        approved_by=leader,
        approved_at=made.created_at,
    )
    give_budget(accountant, 200 * MILLION)
    return made
