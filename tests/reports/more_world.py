"""What the further forms read, put beside a random province by dice of its own: carry-overs, stops, programmes."""

import datetime
import random
from dataclasses import dataclass, field

from django.utils import timezone

from funding.models import CarryOver
from khuyencong.accounts.models import User
from programs.actions.evaluation import FIGURE_FIELDS
from programs.models import (
    CraftRecognitionKind,
    CraftVillage,
    CraftVillageEvent,
    CraftVillageEventKind,
    CraftVillageYear,
    Programme,
    ProgrammeTarget,
    Project,
    ResultIndicator,
    Step,
    SupportEvaluation,
)
from programs.workflow import Action, Status, Track
from tests.reports.world import ACCEPTED, DAYS, World, source_of

D = datetime.date


@dataclass
class Village:
    name: str
    place: str  # of the world
    events: list[tuple[datetime.date, str]] = field(default_factory=list)  # in the order in which they were entered
    years: list[tuple[int, datetime.date, dict[str, int]]] = field(default_factory=list)


@dataclass
class More:
    carried: list[tuple[Project, int, datetime.date]] = field(default_factory=list)  # into the year, decided on
    stopped: dict[int, datetime.date] = field(default_factory=dict)  # project → day of the paper
    programme: dict[int, str] = field(default_factory=dict)  # project → code
    villages: list["Village"] = field(default_factory=list)
    looks: list[SupportEvaluation] = field(default_factory=list)


PROGRAMMES = {"T-NOW": (2026, 2030), "T-OLD": (2021, 2025), "T-LATER": (2031, 2035)}
# Target → (indicator, unit, value); the last is of no indicator.
TARGETS = {
    "Lao động": ("1", "Người", 2_000),
    "Giá trị": ("9.1", "Triệu đồng", 500),
    "Số xã": (None, "Xã", 10),
}


def _programme(code: str, years: tuple[int, int]) -> Programme:
    if known_programme := Programme.objects.filter(code=code).first():
        return known_programme
    programme = Programme.objects.create(
        code=code, name=f"Chương trình {code}", track=Track.LOCAL.value, start_year=years[0], end_year=years[1]
    )
    for name, (indicator, unit, value) in TARGETS.items():
        known = ResultIndicator.objects.get(code=indicator) if indicator else None
        ProgrammeTarget.objects.create(programme=programme, indicator=known, name=name, unit=unit, value=value)
    return programme


def add_more(world: World, seed: int, by: User) -> More:
    dice, more = random.Random(seed), More()
    programmes = [_programme(code, years) for code, years in PROGRAMMES.items()]
    for project in world.projects:
        if (chosen := dice.choice([None, *programmes])) is not None:
            Project.objects.filter(pk=project.pk).update(programme=chosen)
            more.programme[project.pk] = chosen.code
        if dice.random() < 0.3:
            _carry(more, dice, project, by)
        if project.status == Status.STOPPED.value and dice.random() < 0.7:
            _stop(more, dice, project, by)
    dice_of_looks = random.Random(f"{seed}.looks")  # its own, so that what is above stays as it was
    for project in world.projects:
        if project.status in ACCEPTED:
            _look_at(more, dice_of_looks, project, by)
    more.villages = [_village(world, dice, f"{seed}.{number}") for number in range(len(world.projects) // 3)]
    return more


def _look_at(more: More, dice: random.Random, project: Project, by: User) -> None:
    """Evaluations after support: figures known or not, some parts looked at twice."""
    for part in project.participants.all():
        for day in dice.sample(DAYS, dice.randint(1, 3)):
            known = {name: dice.randrange(0, 900_000_000) for name in FIGURE_FIELDS if dice.random() < 0.7}
            told = {"capacity_unit": "tấn/năm", "source_note": "Cơ sở báo cáo", **known}
            made = SupportEvaluation.objects.create(
                participant=part, evaluated_on=day, recorded_by=by, recorded_at=timezone.now(), **told
            )
            more.looks.append(made)


def _carry(more: More, dice: random.Random, project: Project, by: User) -> None:
    day, into = dice.choice(DAYS), project.year + 1
    CarryOver.objects.create(
        project=project,
        source=source_of(dice.choice(["central", "provincial"])),
        from_year=project.year,
        to_year=into,
        amount_vnd=dice.randrange(1, 10_000_000),
        decision_number="9/QĐ",
        decision_date=day,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    more.carried.append((project, into, day))


def _stop(more: More, dice: random.Random, project: Project, by: User) -> None:
    day = dice.choice(DAYS)
    Step.objects.create(
        project=project,
        action=Action.STOP.value,
        from_status=Status.IN_PROGRESS.value,
        to_status=Status.STOPPED.value,
        by=by,
        at=timezone.now(),
        document_number="8/QĐ",
        document_date=day,
    )
    more.stopped[project.pk] = day


def _village(world: World, dice: random.Random, number: str) -> Village:
    place = dice.choice(list(world.places))
    village = Village(f"Làng nghề {number}", place)
    row = CraftVillage.objects.create(name=village.name, craft="Rèn", place=world.places[place])
    for order in range(dice.randint(0, 3)):
        kind, day = dice.choice(CraftVillageEventKind.values), dice.choice(DAYS)
        CraftVillageEvent.objects.create(
            village=row,
            kind=kind,
            recognition=dice.choice(CraftRecognitionKind.values),
            decision_number=f"{order}/QĐ",
            event_date=day,
        )
        village.events.append((day, kind))
    for year, day in {(dice.choice([2025, 2026]), dice.choice(DAYS)) for _ in range(dice.randint(0, 4))}:
        workers, households = dice.randrange(1, 90), dice.randrange(1, 90)
        figures = {
            "households": households,
            "craft_households": dice.randint(0, households),
            "workers": workers,
            "women_workers": dice.randint(0, workers),
            "khmer_workers": dice.randint(0, workers),
            "revenue_vnd": dice.randrange(0, 9_000_000_000),
            "income_per_head_vnd": dice.randrange(0, 90_000_000),
        }
        CraftVillageYear.objects.create(village=row, year=year, reported_date=day, source="Xã báo cáo", **figures)
        village.years.append((year, day, figures))
    return village
