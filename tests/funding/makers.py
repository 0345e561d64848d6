"""Rows of money for tests. Amounts are whole đồng; dates lie after the merger and before any clock's today."""

import datetime
from itertools import count
from typing import Any

from django.urls import reverse
from django.utils import timezone

from funding.models import Budget, BudgetEntry, FundingLine, LedgerEntry, LedgerKind, Source
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from programs.actions.project import Paper
from programs.models import Project, ProjectBeneficiary
from programs.workflow import Status
from tests.factories import add_participant, make_project, unit

YEAR = 2025
DECIDED = datetime.date(2025, 8, 1)
PAID = datetime.date(2025, 9, 1)
PAPER = Paper("15/QĐ-UBND", DECIDED)
MILLION = 1_000_000
VOUCHERS = count(1)


def page(name: str, project: Project, *args: Any) -> str:
    """The address of a money page of the project."""
    return reverse(f"funding:{name}", args=[project.pk, *args])


def decision(project: Project, **values: Any) -> dict[str, Any]:
    """What a form sends about the document behind a move."""
    data = {"version": project.version, "document_number": "15/QĐ", "document_date": "01/08/2025", "reason": ""}
    return {**data, **values}


def source(code: str = "KCDP") -> Source:
    return Source.objects.get(code=code)


def add_line(
    project: Project,
    code: str = "KCDP",
    requested: int = 0,
    approved: int | None = None,
    participant: ProjectBeneficiary | None = None,
) -> FundingLine:
    return FundingLine.objects.create(
        project=project,
        participant=participant,
        source=source(code),
        requested_vnd=requested,
        approved_vnd=approved,
    )


def give_budget(
    by: User, vnd: int, code: str = "KCDP", year: int = YEAR, province: AdministrativeUnit | None = None
) -> Budget:
    budget, _ = Budget.objects.get_or_create(year=year, source=source(code), province=province or unit("96"))
    BudgetEntry.objects.create(
        budget=budget,
        amount_vnd=vnd,
        decision_number="01/QĐ-UBND",
        decision_date=DECIDED,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    return budget


def appraised_project(by: User, requested: int, code: str = "KCDP", **values: Any) -> Project:
    """Waiting for approval, with one beneficiary and one requested amount for the whole project."""
    project = make_project(created_by=by, **{"year": YEAR, "status": Status.APPRAISED.value, **values})
    add_participant(project)
    add_line(project, code, requested)
    return project


def approved_project(by: User, approved: int, code: str = "KCDP", **values: Any) -> Project:
    """Contracted unless told otherwise, with one approved amount for the whole project."""
    defaults = {"year": YEAR, "status": Status.CONTRACTED.value, "approved_date": DECIDED}
    project = make_project(created_by=by, **{**defaults, **values})
    add_participant(project)
    add_line(project, code, approved, approved)
    return project


def add_entry(
    project: Project, by: User, vnd: int, kind: LedgerKind = LedgerKind.ADVANCE, **values: Any
) -> LedgerEntry:
    """A row straight into the ledger, past every check."""
    defaults = {
        "source": source(),
        "year": project.year,
        "voucher_number": f"CT-{next(VOUCHERS)}",
        "voucher_date": PAID,
        "recorded_by": by,
        "recorded_at": timezone.now(),
    }
    return LedgerEntry.objects.create(project=project, kind=kind.value, amount_vnd=vnd, **{**defaults, **values})
