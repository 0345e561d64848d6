"""What an officer does with money, timed beside a bare sum: on the volume of `bench_data`, rolled back after each run.

Each act prepares a project of its own (not timed) and returns the call to be timed.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from funding.actions.approval import approve
from funding.actions.ledger import record_entry
from funding.models import Contract, ContractKind, FundingLine, LedgerEntry, LedgerKind, Source, SourceKind
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Role
from programs.actions.project import Paper
from programs.models import Beneficiary, Project, ProjectBeneficiary, ProjectKind, SupportItem
from programs.workflow import Status, Track

MILLION = 1_000_000
ASKED = 100 * MILLION
NUMBERS = count(1)
Act = Callable[[], object]


def approving() -> Act:
    """One approval: the budget's lock and sums, the norm, the audit."""
    project, participant, source = _project(Status.APPRAISED)
    FundingLine.objects.create(project=project, participant=participant, source=source, requested_vnd=ASKED)
    paper, leader = Paper("1/QĐ-UBND", timezone.localdate()), _person(Role.LEADER)
    return lambda: approve(
        project_id=project.pk,
        amounts={(participant.pk, source.pk): ASKED},
        by=leader,
        version=project.version,
        paper=paper,
        norm_reason="Đo thời gian",
    )


def paying() -> Act:
    """One payment under a contract: the ceilings of line, source and contract, the audit."""
    project, participant, source = _project(Status.IN_PROGRESS)
    values = {"requested_vnd": ASKED, "approved_vnd": ASKED}
    FundingLine.objects.create(project=project, participant=participant, source=source, **values)
    accountant = _person(Role.ACCOUNTANT)
    contract = Contract.objects.create(
        project=project,
        participant=participant,
        kind=ContractKind.SUPPORT,
        number="1/HĐ",
        signed_date=timezone.localdate(),
        support_vnd=ASKED,
        recorded_by=accountant,
        recorded_at=timezone.now(),
    )
    return lambda: record_entry(
        project_id=project.pk,
        kind=LedgerKind.PAYMENT,
        source_id=source.pk,
        participant_id=participant.pk,
        contract_id=contract.pk,
        amount_vnd=60 * MILLION,
        voucher_number=f"BENCH-{next(NUMBERS)}",
        voucher_date=timezone.localdate(),
        by=accountant,
    )


def summing() -> Act:
    """For comparison: the database's own sums over every line and every voucher, and nothing else."""
    return lambda: (
        FundingLine.objects.aggregate(vnd=Sum("approved_vnd")),
        LedgerEntry.objects.aggregate(vnd=Sum("amount_vnd")),
    )


ACTS: list[tuple[str, Callable[[], Act]]] = [
    ("Phê duyệt một đề án", approving),
    ("Ghi một thanh toán", paying),
    ("(chỉ cộng hai bảng)", summing),
]


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _person(role: Role) -> User:
    office = User.objects.select_related("organisation").get(username="bench").organisation
    person, _ = User.objects.get_or_create(
        username=f"bench-{role.value}",
        defaults={"full_name": f"Người đo, {role.label}", "role": role.value, "organisation": office},
    )
    return person


def _project(status: Status) -> tuple[Project, ProjectBeneficiary, Source]:
    """A local project of this year in the bench's province, with one beneficiary."""
    today, officer = timezone.localdate(), User.objects.get(username="bench")
    place = Project.objects.filter(created_by=officer, place__valid_to__isnull=True).values("place_id")[0]["place_id"]
    number = next(NUMBERS)
    assert officer.organisation is not None  # `bench_data` has given one
    project = Project.objects.create(
        year=today.year,
        code=f"BENCH-{number:05d}",
        name=f"Đề án đo thời gian {number}",
        track=Track.LOCAL.value,
        kind=ProjectKind.SPECIFIC,
        support_item=SupportItem.objects.get(row=10),
        place_id=place,
        implementer=officer.organisation,
        start_date=today,
        end_date=today + datetime.timedelta(days=90),
        status=status.value,
        status_at=timezone.now(),
        created_by=officer,
        created_at=timezone.now(),
        approved_date=None if status is Status.APPRAISED else today,
    )
    owner = Beneficiary.objects.create(name=f"Cơ sở đo thời gian {number}", kind="household", place_id=place)
    source = Source.objects.get(kind=SourceKind.PROVINCIAL)
    return project, ProjectBeneficiary.objects.create(project=project, beneficiary=owner), source
