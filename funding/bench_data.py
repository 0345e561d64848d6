"""Realistic volume for measurements: any number of projects with their money and results, written in bulk.

Rows go straight into the tables, without workflow, checks or audit: for a database made to be measured only.
"""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from funding.bench_entries import PAYMENTS, VALUES, entries_of, values_of, volume
from funding.bench_registers import seed_registers
from funding.models import (
    AcceptedCost,
    Approval,
    Budget,
    BudgetEntry,
    FundingLine,
    LedgerEntry,
    Source,
    SourceKind,
)
from khuyencong.accounts.models import Organisation, OrganisationKind, User
from khuyencong.accounts.permissions import Role
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from programs.models import (
    Beneficiary,
    BeneficiaryKind,
    IndicatorValue,
    MinistryBatch,
    MinistryBatchProject,
    MinistryResult,
    Project,
    ProjectBeneficiary,
    ProjectKind,
    ResultIndicator,
    SupportItem,
)
from programs.workflow import APPROVED_ON, Status, Track

BATCH = 2000
YEARS = range(2006, 2027)
ACCEPTED_ON = frozenset({Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED})
STATUSES = [Status.SETTLED] * 12 + [status for status in Status if status is not Status.RETURNED]
TRADES = ["Bánh tráng", "Mộc mỹ nghệ", "Cơ khí", "Khô cá", "Muối", "Đan đát", "Nước mắm", "Lúa gạo", "Rèn", "May mặc"]
GIVEN = ["Hồng", "Thành", "Đức", "Mỹ", "Phước", "Lợi", "Hòa", "Bình", "Thạnh", "Út", "Ánh", "Khang"]


@dataclass
class World:
    """What every generated row refers to, read once."""

    user: User
    places: list[int]
    items: list[int]
    indicators: list[int]
    sources: dict[str, Source]
    province: AdministrativeUnit
    years: Sequence[int]
    payments: int = PAYMENTS  # of a line of state money
    values: int = VALUES  # of a project
    rng: random.Random = field(default_factory=lambda: random.Random(2026))


def seed(projects: int, *, years: Sequence[int] = YEARS, rows: int = 0) -> dict[str, int]:
    """Add that many projects of those years and what belongs to them; returns the number of rows per table.

    `rows`: about how many vouchers and results together, products and craft villages beside them (0: few).
    """
    world = _world(years)
    world.payments, world.values = volume(projects, rows, STATUSES, len(world.indicators))
    counts: dict[str, int] = {}
    done = 0
    while done < projects:
        size = min(BATCH, projects - done)
        with transaction.atomic():
            _add(counts, _batch(world, done, size))
        done += size
    if rows:
        _add(counts, seed_registers(world.places, years, world.rng))
    return counts


def _add(total: dict[str, int], new: dict[str, int]) -> None:
    for name, number in new.items():
        total[name] = total.get(name, 0) + number


def _world(years: Sequence[int]) -> World:
    province = AdministrativeUnit.objects.get(code="96", level=UnitLevel.PROVINCE)
    office, _ = Organisation.objects.get_or_create(
        code="BENCH", defaults={"name": "Sở Công Thương (đo)", "kind": OrganisationKind.DEPARTMENT, "area": province}
    )
    user = User.objects.filter(username="bench").first() or User.objects.create(
        username="bench", full_name="Người đo", role=Role.DEPARTMENT_OFFICER.value, organisation=office
    )
    sources = {source.kind: source for source in Source.objects.order_by("-position")}
    _plan_budgets(province, sources, user)
    return World(
        user=user,
        places=list(AdministrativeUnit.objects.filter(level=UnitLevel.COMMUNE).values_list("pk", flat=True)),
        items=list(SupportItem.objects.values_list("pk", flat=True)),
        indicators=list(ResultIndicator.objects.values_list("pk", flat=True)),
        sources=sources,
        province=province,
        years=years,
    )


def _plan_budgets(province: AdministrativeUnit, sources: dict[str, Source], user: User) -> None:
    for year in YEARS:
        for kind in (SourceKind.CENTRAL, SourceKind.PROVINCIAL):
            budget, created = Budget.objects.get_or_create(year=year, source=sources[kind], province=province)
            if created:
                BudgetEntry.objects.create(
                    budget=budget,
                    amount_vnd=10**15,
                    decision_number=f"{year}/QĐ-UBND",
                    decision_date=datetime.date(year, 1, 2),
                    recorded_by=user,
                    recorded_at=timezone.now(),
                )


def _batch(world: World, start: int, size: int) -> dict[str, int]:
    offset = Project.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    beneficiaries = _create(Beneficiary, [_beneficiary(world, offset + start + i) for i in range(size)])
    projects = _create(Project, [_project(world, offset + start + i) for i in range(size)])
    parts = _create(
        ProjectBeneficiary,
        [ProjectBeneficiary(project=p, beneficiary=b) for p, b in zip(projects, beneficiaries, strict=True)],
    )
    lines = [line for part in parts for line in _lines(world, part)]
    money = [line for line in lines if line.approved_vnd and line.source.is_state_money]
    batches = _ministry_batches(world)
    rows: dict[type[models.Model], list[Any]] = {
        MinistryBatchProject: [entry for one in projects if (entry := _ministry_entry(world, batches, one))],
        FundingLine: lines,
        Approval: [_approval(world, part.project, day) for part in parts if (day := part.project.approved_date)],
        LedgerEntry: [entry for line in money for entry in entries_of(line, world.user, world.payments)],
        AcceptedCost: _accepted_costs(world, parts, lines),
        IndicatorValue: [
            value for part in parts for value in values_of(part.project, world.indicators, world.rng, world.values)
        ],
    }
    counts = {"Project": size, "Beneficiary": size}
    for model, objects in rows.items():
        _create(model, objects)
        counts[model.__name__] = len(objects)
    return counts


def _create(model: Any, objects: list[Any]) -> list[Any]:
    created: list[Any] = model.objects.bulk_create(objects, batch_size=1000)
    return created


def _beneficiary(world: World, number: int) -> Beneficiary:
    name = f"Cơ sở {world.rng.choice(TRADES)} {world.rng.choice(GIVEN)} {world.rng.choice(GIVEN)} {number}"
    kind = world.rng.choice(BeneficiaryKind.values)
    return Beneficiary(name=name, kind=kind, place_id=world.rng.choice(world.places), owner_name="Nguyễn Văn Út")


def _project(world: World, number: int) -> Project:
    rng = world.rng
    year = rng.choice(world.years)
    status = rng.choice(STATUSES)
    now = timezone.now()
    approved = datetime.date(year, 1, 20) if status in APPROVED_ON else None
    return Project(
        year=year,
        code=f"B-{number:07d}",
        name=f"Ứng dụng máy móc trong sản xuất {rng.choice(TRADES).lower()} {rng.choice(GIVEN)} {number}",
        track=rng.choice(list(Track)).value,
        kind=ProjectKind.SPECIFIC,
        support_item_id=rng.choice(world.items),
        place_id=rng.choice(world.places),
        implementer=world.user.organisation,
        start_date=datetime.date(year, 1, 10),
        end_date=datetime.date(year, 11, 30),
        status=status.value,
        status_at=now,
        created_by=world.user,
        created_at=now,
        approved_date=approved,
        accepted_date=datetime.date(year, 10, 15) if status in (Status.SETTLED, Status.ACCEPTED) else None,
    )


def _ministry_batches(world: World) -> dict[int, MinistryBatch]:
    """One letter a year, found again when more projects of the year are added."""
    office = world.user.organisation
    batches = {}
    for year in world.years:
        values = {
            "document_date": datetime.date(year, 1, 12),
            "recorded_by": world.user,
            "recorded_at": timezone.now(),
        }
        number = f"{year}/TTr-SCT"
        batches[year], _ = MinistryBatch.objects.get_or_create(
            organisation=office, year=year, document_number=number, defaults=values
        )
    return batches


def _ministry_entry(world: World, batches: dict[int, MinistryBatch], project: Project) -> MinistryBatchProject | None:
    """A national project from the moment it was sent up; agreed to unless it still waits."""
    sent = project.approved_date or project.status == Status.SENT_TO_MINISTRY.value
    if not sent or project.track != Track.NATIONAL.value:
        return None
    entry = MinistryBatchProject(batch=batches[project.year], project=project)
    if project.approved_date or world.rng.random() < 0.5:
        entry.result = MinistryResult.AGREED
        entry.result_number, entry.result_date = f"{project.year}/BCT-CTĐP", datetime.date(project.year, 1, 18)
        entry.result_by, entry.result_at = world.user, timezone.now()
    return entry


def _lines(world: World, part: ProjectBeneficiary) -> list[FundingLine]:
    national = part.project.track == Track.NATIONAL
    state = world.sources[SourceKind.CENTRAL if national else SourceKind.PROVINCIAL]
    support = world.rng.randrange(20, 600) * 1_000_000
    amounts = {state: support, world.sources[SourceKind.COUNTERPART]: support * 2}
    return [
        FundingLine(
            project=part.project,
            participant=part,
            source=source,
            requested_vnd=amount,
            approved_vnd=amount if part.project.approved_date else None,
        )
        for source, amount in amounts.items()
    ]


def _accepted_costs(world: World, parts: list[ProjectBeneficiary], lines: list[FundingLine]) -> list[AcceptedCost]:
    """What was approved, for every project that has been accepted."""
    approved: dict[int, int] = {}
    for line in lines:
        if line.participant_id is not None:
            approved[line.participant_id] = approved.get(line.participant_id, 0) + (line.approved_vnd or 0)
    return [
        AcceptedCost(
            project=part.project,
            participant=part,
            accepted_vnd=approved[part.pk],
            recorded_by=world.user,
            recorded_at=timezone.now(),
        )
        for part in parts
        if part.project.state in ACCEPTED_ON
    ]


def _approval(world: World, project: Project, day: datetime.date) -> Approval:
    return Approval(
        project=project,
        decision_number=f"{project.pk}/QĐ-UBND",
        decision_date=day,
        approved_by=world.user,
        approved_at=timezone.now(),
    )
