"""Contracts that carry out an approved project."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.wording import dong, over_limit
from funding.models import Contract, ContractKind
from funding.queries.ledger import ledger_state
from funding.rules.ceiling import Amounts, Ceiling
from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc
from programs.actions.project import Paper, audit, lock_project, move
from programs.models import Project
from programs.workflow import Action

NUMBER_LENGTH = 100


@dataclass(frozen=True)
class NewContract:
    """A contract to record; `participant_id` None is one contract for the whole project."""

    participant_id: int | None
    number: str
    signed_date: datetime.date
    support_vnd: int
    kind: ContractKind | None = None

    @property
    def sort(self) -> ContractKind:
        """As chosen; by default support for one establishment, implementation for the whole project."""
        if self.kind:
            return self.kind
        return ContractKind.IMPLEMENTATION if self.participant_id is None else ContractKind.SUPPORT


@transaction.atomic
def sign_contract(*, project_id: int, contracts: Sequence[NewContract], by: User, version: int) -> Project:
    """Record the contracts and move the project on. Their support (whole đồng) stays within the approved state support.

    Errors: NotAllowed; Overtaken; Refused on missing or repeated numbers, wrong dates, amounts above what was approved.
    """
    project = lock_project(project_id, version)
    policies.check_can_sign(by, project)
    _check_terms(project, contracts)
    _check_support(project, contracts)
    now = timezone.now()
    Contract.objects.bulk_create(
        Contract(
            project=project,
            participant_id=contract.participant_id,
            kind=contract.sort.value,
            number=nfc(contract.number),
            signed_date=contract.signed_date,
            support_vnd=contract.support_vnd,
            recorded_by=by,
            recorded_at=now,
        )
        for contract in contracts
    )
    paper = _paper_of(contracts)
    changes = {f"Hợp đồng {contract.number}": (None, _described(contract)) for contract in contracts}
    audit(project, by=by, action="record_contracts", label="Ghi hợp đồng", changes=changes, paper=paper)
    return move(project_id=project_id, action=Action.SIGN_CONTRACT, by=by, version=version, paper=paper)


def _check_terms(project: Project, contracts: Sequence[NewContract]) -> None:
    if not contracts:
        raise Refused("Phải có ít nhất một hợp đồng.")
    participants = set(project.participants.values_list("pk", flat=True))
    numbers = [nfc(contract.number).casefold() for contract in contracts]
    if not all(numbers):
        raise Refused("Nhập số hợp đồng.")
    if len(set(numbers)) < len(numbers):
        raise Refused("Các hợp đồng của một đề án phải có số khác nhau.")
    for contract in contracts:
        if contract.participant_id is not None and contract.participant_id not in participants:
            raise Refused("Có cơ sở không thuộc đề án. Hãy tải lại trang rồi nhập lại.")
        if contract.support_vnd <= 0:
            raise Refused(f"Hợp đồng {contract.number}: kinh phí hỗ trợ phải lớn hơn 0.")
        _check_signed_date(project, contract)


def _check_signed_date(project: Project, contract: NewContract) -> None:
    if contract.signed_date > timezone.localdate():
        raise Refused(f"Hợp đồng {contract.number}: ngày ký không thể sau hôm nay.")
    if project.approved_date and contract.signed_date < project.approved_date:
        raise Refused(
            f"Hợp đồng {contract.number}: ngày ký {format_date(contract.signed_date)} trước ngày phê duyệt "
            f"{format_date(project.approved_date)}."
        )


def _check_support(project: Project, contracts: Sequence[NewContract]) -> None:
    """Σ support of the contracts with each payee ≤ the state support that was approved for it."""
    by_payee = _state_support(ledger_state(project.pk).approved)
    wanted: dict[int | None, int] = defaultdict(int)
    for contract in contracts:
        # An establishment without a line of its own draws on what was approved for the whole project.
        wanted[contract.participant_id if by_payee.get(contract.participant_id) else None] += contract.support_vnd
    total = Ceiling(sum(by_payee.values()), 0, sum(wanted.values()))
    if not total.fits:
        raise Refused(over_limit("Vượt kinh phí ngân sách được duyệt của đề án", total, "đã ký", "ký"))
    for participant_id, vnd in wanted.items():
        ceiling = Ceiling(by_payee.get(participant_id, 0), 0, vnd)
        # One contract for the whole project may also stand for establishments that have lines of their own.
        if participant_id is not None and not ceiling.fits:
            raise Refused(over_limit("Vượt kinh phí ngân sách được duyệt của cơ sở", ceiling, "đã ký", "ký"))


def _state_support(approved: Amounts) -> dict[int | None, int]:
    sums: dict[int | None, int] = defaultdict(int)
    for (participant_id, _), vnd in approved.items():
        sums[participant_id] += vnd
    return dict(sums)


def _described(contract: NewContract) -> str:
    return f"{dong(contract.support_vnd)}, ký {format_date(contract.signed_date)}, {contract.sort.label.lower()}"


def _paper_of(contracts: Sequence[NewContract]) -> Paper:
    numbers = ", ".join(contract.number for contract in contracts)
    return Paper(numbers[:NUMBER_LENGTH], max(contract.signed_date for contract in contracts))
