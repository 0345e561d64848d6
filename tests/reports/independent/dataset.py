"""One random province with everything in it that any form counts."""

import random
from typing import Any

from django.utils import timezone

from funding.models import LedgerEntry
from khuyencong.accounts.models import User
from programs.models import ProjectBeneficiary, SupportItem
from tests.factories import add_participant, make_project, unit
from tests.reports.comparing import add_plans
from tests.reports.known_world import make_histories
from tests.reports.more_world import add_more
from tests.reports.world import DAYS, make_world, source_of

# (code, old) of places that the law treats each in its own way.
ODD_PLACES = [("31891", False), ("31921", True), ("32017", True), ("956", True), ("96", False)]


def make_everything(seed: int, by: User) -> None:
    """Histories with amendments, a world of projects and products, budgets, villages, and payments by name."""
    dice = random.Random(f"{seed}.everything")
    world = make_world(seed, by, projects=35, products=25)
    add_more(world, seed, by)
    add_plans(world, seed, by)
    make_histories(seed, by, 15)
    for code, old in ODD_PLACES:
        project = make_project(created_by=by, status="accepted", place=unit(code, old=old))
        _pay(dice, project, None, by)
    _let_establishments_return(dice, by)
    for number, part in enumerate(ProjectBeneficiary.objects.order_by("pk")):
        if dice.random() < 0.4:
            _pay(dice, part.project, part, by, f"TEN-{number}")
    SupportItem.objects.filter(row__in=(12, 24)).update(is_active=False)  # one without money, one with


def _let_establishments_return(dice: random.Random, by: User) -> None:
    """Some take part in a second project, alone."""
    for part in dice.sample(list(ProjectBeneficiary.objects.order_by("pk")), 6):
        project = make_project(created_by=by, status="settled", place=part.project.place)
        add_participant(project, part.beneficiary)
        _pay(dice, project, None, by)


def _pay(dice: random.Random, project: Any, part: Any, by: User, number: str = "RIENG") -> None:
    LedgerEntry.objects.create(
        kind=dice.choice(["advance", "payment"]),
        project=project,
        participant=part,
        source=source_of(dice.choice(["central", "provincial", "district"])),
        amount_vnd=dice.randrange(1, 90_000_000),
        year=dice.choice([2025, 2026]),
        voucher_number=number,
        voucher_date=dice.choice(DAYS),
        recorded_by=by,
        recorded_at=timezone.now(),
    )
