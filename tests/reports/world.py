"""A small random province: what was put in is kept as plain records, so that a test can add it up by itself."""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from funding.models import Approval, FundingLine, LedgerEntry, LedgerKind, Source, SourceKind
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from programs.models import (
    AwardLevel,
    BudgetSide,
    IndicatorValue,
    Product,
    ProductAwardEvent,
    ProductAwardKind,
    ProductGroup,
    Project,
    ResultIndicator,
    SupportItem,
)
from programs.workflow import Status, Track
from tests.factories import add_participant, make_beneficiary, make_project, make_province, unit

D = datetime.date
# Around both ends of the report year 2026, and well outside it.
DAYS = [D(2025, 3, 1), D(2025, 12, 14), D(2025, 12, 15), D(2026, 1, 1), D(2026, 7, 1), D(2026, 12, 14), D(2026, 12, 15)]
APPROVED = {"approved", "contracted", "in_progress", "accepted", "liquidated", "settled", "stopped"}
ACCEPTED = {"accepted", "liquidated", "settled"}
# Area → the places below that lie in it, written down by hand from the law of 01/07/2025.
AREAS = {
    "province": {"new", "old", "far"},
    "commune": {"new", "old"},
    "old_district": {"old"},
}


@dataclass(frozen=True)
class Line:
    project: Project
    kind: str
    requested: int
    approved: int | None


@dataclass(frozen=True)
class Entry:
    project: Project
    source_kind: str
    day: datetime.date
    year: int
    effect: int


@dataclass(frozen=True)
class Achieved:
    project: Project
    code: str
    side: str
    value: int
    day: datetime.date


@dataclass(frozen=True)
class Award:
    product: int
    group: str
    place: str
    level: str
    kind: str
    day: datetime.date


@dataclass
class World:
    places: dict[str, AdministrativeUnit]
    place_of: dict[int, str] = field(default_factory=dict)
    decided: dict[int, datetime.date] = field(default_factory=dict)
    beneficiaries: dict[int, list[str]] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    achieved: list[Achieved] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)

    def lies_in(self, project: Project, area: str) -> bool:
        return self.place_of[project.pk] in AREAS[area]


def area_unit(area: str) -> AdministrativeUnit:
    units = {"province": ("96", False), "commune": ("31843", False), "old_district": ("956", True)}
    code, old = units[area]
    return unit(code, old=old)


def make_world(seed: int, by: User, *, projects: int = 70, products: int = 40) -> World:
    dice = random.Random(seed)
    foreign = AdministrativeUnit.objects.filter(code="92001").first() or make_province("92").children.get()
    world = World({"new": unit("31843"), "old": unit("31852", old=True), "far": unit("31972"), "foreign": foreign})
    for _ in range(projects):
        _add_project(world, dice, by)
    for _ in range(products):
        _add_product(world, dice)
    return world


def _add_project(world: World, dice: random.Random, by: User) -> None:
    place = dice.choice(list(world.places))
    year = dice.choice([2024, 2025, 2026])
    project = make_project(
        created_by=by,
        place=world.places[place],
        year=year,
        track=dice.choice(list(Track)).value,
        status=dice.choice([status.value for status in Status]),
        support_item=SupportItem.objects.get(row=dice.choice([1, 9, 10, 24])),
        start_date=D(year, 2, 1),
        end_date=D(year + dice.choice([0, 1]), 11, 30),
    )
    world.projects.append(project)
    world.place_of[project.pk] = place
    names = [add_participant(project, make_beneficiary(place=world.places[place])) for _ in range(dice.randint(0, 3))]
    world.beneficiaries[project.pk] = [str(one) for one in names]
    if dice.random() < 0.8:
        _approve(world, dice, project, by)
    _add_lines(world, dice, project)
    _add_entries(world, dice, project, by)
    _add_values(world, dice, project)


def _approve(world: World, dice: random.Random, project: Project, by: User) -> None:
    day = dice.choice(DAYS)
    now = timezone.now()
    Approval.objects.create(
        project=project, decision_number=f"{project.pk}/QĐ", decision_date=day, approved_by=by, approved_at=now
    )
    world.decided[project.pk] = day


def _add_lines(world: World, dice: random.Random, project: Project) -> None:
    for kind in SourceKind.values:
        requested = dice.randrange(0, 900_000_000, 50_000)
        approved = None if dice.random() < 0.2 else dice.randrange(0, 800_000_000, 50_000)
        if dice.random() < 0.7:
            FundingLine.objects.create(
                project=project, source=source_of(kind), requested_vnd=requested, approved_vnd=approved
            )
            world.lines.append(Line(project, kind, requested, approved))


def _add_entries(world: World, dice: random.Random, project: Project, by: User) -> None:
    for number in range(dice.randint(0, 4)):
        kind, source = dice.choice(LedgerKind.values), dice.choice(["central", "provincial", "district"])
        amount, day, year = dice.randrange(1, 500_000_000), dice.choice(DAYS), dice.choice([2024, 2025, 2026])
        effect = -amount if kind == "recovery" else amount
        values: dict[str, Any] = {"kind": kind, "project": project, "source": source_of(source), "amount_vnd": amount}
        values |= {"recorded_by": by, "recorded_at": timezone.now(), "year": year}
        entry = LedgerEntry.objects.create(**values, voucher_number=f"{number}", voucher_date=day)
        world.entries.append(Entry(project, source, day, year, effect))
        if dice.random() < 0.3:
            later = dice.choice(DAYS)
            LedgerEntry.objects.create(**values, voucher_number=f"{number}-H", voucher_date=later, reverses=entry)
            world.entries.append(Entry(project, source, later, year, -effect))


def _add_values(world: World, dice: random.Random, project: Project) -> None:
    for code in dice.sample(["1", "1.1", "9", "9.1", "13.1", "23"], 3):
        side, value, day = dice.choice(BudgetSide.values), dice.randrange(0, 30_000_000), dice.choice(DAYS)
        known = dice.random() < 0.8
        IndicatorValue.objects.create(
            project=project,
            indicator=ResultIndicator.objects.get(code=code),
            budget=side,
            year=project.year,
            planned_value=value + 7,
            achieved_value=value if known else None,
            achieved_date=day if known else None,
        )
        if known:
            world.achieved.append(Achieved(project, code, side, value, day))


def _add_product(world: World, dice: random.Random) -> None:
    place, group = dice.choice(list(world.places)), dice.choice(ProductGroup.values)
    maker = make_beneficiary(place=world.places[place])
    product = Product.objects.create(beneficiary=maker, name="Khô cá", group=group)
    wanted = {
        (dice.choice(AwardLevel.values), dice.choice(ProductAwardKind.values), dice.choice(DAYS))
        for _ in range(dice.randint(1, 7))
    }
    for level, kind, day in sorted(wanted):
        ProductAwardEvent.objects.create(
            product=product, level=level, kind=kind, event_date=day, decision_number="12/QĐ-UBND"
        )
        world.awards.append(Award(product.pk, group, place, level, kind, day))


def source_of(kind: str) -> Source:
    return Source.objects.get(kind=kind)
