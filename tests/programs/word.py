"""What the tests of Word documents share: a project with everything in it, and reading what came out."""

import datetime
from io import BytesIO

from django.urls import reverse
from django.utils import timezone
from docx import Document

from funding.models import Approval, Contract, LedgerKind
from khuyencong.accounts.permissions import Role
from programs.models import IndicatorValue, ResultIndicator, Step, WordKind
from programs.workflow import Action, Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.makers import add_entry, add_line, source

# In each kind's first status and by a person who may have it written.
STATUS_OF = {
    WordKind.APPRAISAL: Status.CONFIRMED,
    WordKind.APPROVAL_LIST: Status.APPROVED,
    WordKind.CONTRACT: Status.APPROVED,
    WordKind.ACCEPTANCE: Status.IN_PROGRESS,
    WordKind.LIQUIDATION: Status.ACCEPTED,
}
ROLE_OF = {
    WordKind.APPRAISAL: Role.DEPARTMENT_OFFICER,
    WordKind.APPROVAL_LIST: Role.LEADER,
    WordKind.CONTRACT: Role.CENTRE_OFFICER,
    WordKind.ACCEPTANCE: Role.CENTRE_OFFICER,
    WordKind.LIQUIDATION: Role.CENTRE_OFFICER,
}
DECIDED = datetime.date(2026, 2, 5)
MILLION = 1_000_000


def address(project, kind, participant=None):
    query = f"?co_so={participant.pk}" if participant else ""
    return reverse("programs:word-document", args=[project.pk, kind.value]) + query


def full_project(by, status, **values):
    """A project with a beneficiary, money, papers and figures."""
    values.setdefault("name", "Ứng dụng máy sấy tự động trong chế biến bánh tráng")
    project = make_project(created_by=by, status=status.value, objective="Nâng công suất.\nGiảm hao hụt.", **values)
    owner = make_beneficiary(
        name="Hợp tác xã Bánh tráng Hồng Dân", owner_name="Trần Thị Sáu", tax_code="1900123456", address="Ấp Nội Ô"
    )
    participant = add_participant(project, owner)
    add_line(project, "KCDP", 350 * MILLION, 350 * MILLION, participant)
    add_line(project, "DOIUNG", 400 * MILLION, 400 * MILLION, participant)
    Approval.objects.create(
        project=project, decision_number="15/QĐ-UBND", decision_date=DECIDED, approved_by=by, approved_at=timezone.now()
    )
    for action, number in ((Action.CONFIRM, "07/XN-UBND"), (Action.APPROVE, "15/QĐ-UBND")):
        Step.objects.create(
            project=project,
            action=action.value,
            by=by,
            at=timezone.now(),
            document_number=number,
            document_date=DECIDED,
            from_status="draft",
            to_status="draft",
        )
    indicator = ResultIndicator.objects.filter(is_money=False).first()
    IndicatorValue.objects.create(
        project=project, indicator=indicator, budget="provincial", year=2026, planned_value=1250
    )
    return project


def sign(project, by, vnd=350 * MILLION):
    participant = project.participants.first()
    Contract.objects.create(
        project=project,
        participant=participant,
        number="05/HĐ-TTKC",
        signed_date=datetime.date(2026, 3, 1),
        support_vnd=vnd,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    add_entry(project, by, 100 * MILLION, LedgerKind.ADVANCE, participant=participant, source=source("KCDP"))


def opened(content):
    return Document(BytesIO(content))


def text_of(content):
    """Everything that is printed, cells included, a paragraph a line."""
    document = opened(content)
    return "\n".join(
        "".join(run.text or "" for run in p.iter() if run.tag.endswith("}t")) for p in _paragraphs(document)
    )


def _paragraphs(document):
    return [element for element in document.element.body.iter() if element.tag.endswith("}p")]
