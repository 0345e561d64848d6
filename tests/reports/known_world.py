"""Projects with histories: every version, voucher and step is kept as a plain record, with the day on which it came."""

import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from funding.models import AmendedLine, Approval, CarryOver, FundingLine, LedgerEntry, LedgerKind
from khuyencong.accounts.models import User
from programs.models import (
    Amendment,
    BudgetSide,
    IndicatorValue,
    Programme,
    Project,
    ResultIndicator,
    Step,
    SupportItem,
)
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.reports.world import ACCEPTED, APPROVED, source_of

D = datetime.date
HANOI = datetime.timezone(datetime.timedelta(hours=7))
# Around both ends of the report year 2026.
DAYS = [D(2025, 3, 1), D(2025, 12, 14), D(2025, 12, 15), D(2026, 1, 1), D(2026, 7, 1), D(2026, 12, 14), D(2026, 12, 15)]
TIMES = [datetime.time.min, datetime.time(6, 59), datetime.time(7), datetime.time(17, 1), datetime.time.max]
PLACES = {"new": ("31843", False), "old": ("31852", True), "far": ("31972", False)}
KINDS = ("central", "provincial", "district", "counterpart")
Amounts = dict[tuple[int, str], int]
"""(number of the payee, kind of source) → đồng; payee 0 is the project as a whole."""


@dataclass
class Version:
    decided: datetime.date
    known: datetime.date
    amounts: Amounts


@dataclass
class Paid:
    kind: str
    source: str
    day: datetime.date
    year: int
    known: datetime.date
    effect: int


@dataclass
class Told:
    """A project with all that was ever recorded of it. `decided` is None where the decision did not come with it."""

    project: Project
    place: str
    decided: datetime.date | None
    versions: list[Version]
    programme: str | None = None
    paid: list[Paid] = field(default_factory=list)
    carried: list[tuple[int, datetime.date, datetime.date]] = field(default_factory=list)
    stopped: tuple[datetime.date, datetime.date] | None = None
    accepted: datetime.date | None = None  # known on
    achieved: list[tuple[str, int, datetime.date]] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        return self.project.status in APPROVED

    def is_known(self, day: datetime.date) -> bool:
        """Whether the approval, or the project that came without one, was in the portal at the end of the day."""
        return self.counts and self.versions[0].known <= day

    def amounts(self, known_on: datetime.date, until: datetime.date) -> dict[str, int]:
        """Kind of source → đồng: the last version that was decided by `until` and known by `known_on`."""
        last = self.versions[0]
        for version in self.versions[1:]:
            if version.decided <= until and version.known <= known_on:
                last = version
        sums: dict[str, int] = {}
        for (_, kind), vnd in last.amounts.items():
            sums[kind] = sums.get(kind, 0) + vnd
        return sums


def at(dice: random.Random, day: datetime.date) -> datetime.datetime:
    """Some moment of the day in Vietnam, its first and its last included."""
    return datetime.datetime.combine(day, dice.choice(TIMES), HANOI)


def make_histories(seed: int, by: User, number: int = 40) -> list[Told]:
    dice = random.Random(seed)
    programme = Programme.objects.create(
        code=f"P{seed}", name="Chương trình P", track=Track.LOCAL.value, start_year=2020, end_year=2030
    )
    return [_told(dice, by, dice.choice([None, programme])) for _ in range(number)]


def _told(dice: random.Random, by: User, programme: Programme | None) -> Told:
    place, first = dice.choice(list(PLACES)), dice.choice(DAYS)
    code, old = PLACES[place]
    project = make_project(
        created_by=by,
        place=unit(code, old=old),
        year=dice.choice([2024, 2025, 2026]),
        track=dice.choice(list(Track)).value,
        status=dice.choice([*sorted(APPROVED), *sorted(ACCEPTED), Status.STOPPED.value, Status.DRAFT.value]),
        support_item=SupportItem.objects.get(row=dice.choice([1, 9, 24])),
        created_at=at(dice, first),
        programme=programme,
    )
    decided = dice.choice(DAYS[: DAYS.index(first) + 1]) if dice.random() < 0.8 else None
    if decided:
        values = {"decision_number": "1/QĐ", "decision_date": decided, "approved_by": by}
        Approval.objects.create(project=project, approved_at=at(dice, first), **values)
    told = Told(project, place, decided, [Version(decided or first, first, {})], programme and programme.code)
    _add_versions(told, dice, by)
    _add_ledger(told, dice, by)
    _add_steps(told, dice, by)
    return told


def _add_versions(told: Told, dice: random.Random, by: User) -> None:
    """Version 0, and each amendment as the portal writes it; the lines hold what stands in the end."""
    payees: dict[int, Any] = {0: None}
    payees |= {one: add_participant(told.project, make_beneficiary()) for one in range(1, dice.randint(1, 4))}
    now: Amounts = {(payee, kind): _some(dice) for payee in payees for kind in KINDS if dice.random() < 0.6}
    told.versions[0].amounts = dict(now)
    last, amended = told.versions[0], set[int]()
    for number in range(1, dice.choice([1, 1, 2, 4])):
        decided = dice.choice([day for day in DAYS if day >= last.decided])
        known = dice.choice([day for day in DAYS if day >= max(decided, last.known)])
        amendment = Amendment(
            project=told.project,
            number=number,
            decision_number=f"{number}/QĐ",
            decision_date=decided,
            effective_from=D(2025, 1, 1),
            reason="Giá máy thay đổi",
            recorded_by=by,
            recorded_at=at(dice, known),
        )
        leaver = dice.choice(list(payees))
        changes = _let_go(payees, now, leaver) if leaver and leaver not in amended and dice.random() < 0.5 else []
        amendment.changes = [*changes, {"field": "name", "label": "Tên đề án", "before": "a", "after": "b"}]
        amendment.save()
        amended |= _amend(amendment, dice, payees, now)
        last = Version(decided, known, dict(now))
        told.versions.append(last)
    for (payee, kind), vnd in now.items():
        values = {"participant": payees[payee], "source": source_of(kind), "approved_vnd": vnd}
        FundingLine.objects.create(project=told.project, **values)


def _some(dice: random.Random) -> int:
    return dice.choice([0, dice.randrange(1, 900_000_000)])


def _let_go(payees: dict[int, Any], now: Amounts, leaver: int) -> list[dict[str, Any]]:
    gone, changes = payees.pop(leaver), []
    for key in [key for key in now if key[0] == leaver]:
        name = f"approved:{gone.pk}:{source_of(key[1]).pk}"
        text = f"{now.pop(key):,}".replace(",", ".")
        changes.append({"field": name, "label": "Được duyệt (đồng)", "before": text, "after": None})
    gone.delete()
    return changes


def _amend(amendment: Amendment, dice: random.Random, payees: dict[int, Any], now: Amounts) -> set[int]:
    """Changes some amounts, brings some new; returns whose they are, for those must stay."""
    amended = set()
    for payee, participant in payees.items():
        for kind in KINDS:
            before, after = now.get((payee, kind), 0), _some(dice)
            if dice.random() < 0.4 and after != before:
                values = {"source": source_of(kind), "before_vnd": before, "after_vnd": after}
                AmendedLine.objects.create(amendment=amendment, participant=participant, **values)
                now[payee, kind] = after
                amended.add(payee)
    return amended


def _add_ledger(told: Told, dice: random.Random, by: User) -> None:
    for number in range(dice.randint(0, 5)):
        kind, source, vnd = dice.choice(LedgerKind.values), dice.choice(KINDS[:3]), dice.randrange(1, 500_000_000)
        values: dict[str, Any] = {"kind": kind, "project": told.project, "source": source_of(source)}
        values |= {"amount_vnd": vnd, "recorded_by": by, "year": dice.choice([2024, 2025, 2026])}
        effect, reversed_entry, known = (-vnd if kind == "recovery" else vnd), None, DAYS[0]
        for name in [f"{number}", f"{number}-H"][: 1 + (dice.random() < 0.4)]:
            day, known = dice.choice(DAYS), dice.choice([one for one in DAYS if one >= known])
            more = {"voucher_number": name, "voucher_date": day, "reverses": reversed_entry}
            reversed_entry = LedgerEntry.objects.create(**values, **more, recorded_at=at(dice, known))
            told.paid.append(Paid(kind, source, day, values["year"], known, effect))
            effect = -effect


def _add_steps(told: Told, dice: random.Random, by: User) -> None:
    project = told.project
    if dice.random() < 0.3:
        day, known = dice.choice(DAYS), dice.choice(DAYS)
        CarryOver.objects.create(
            project=project,
            source=source_of("provincial"),
            from_year=project.year,
            to_year=project.year + 1,
            amount_vnd=5,
            decision_number="9/QĐ",
            decision_date=day,
            recorded_by=by,
            recorded_at=at(dice, known),
        )
        told.carried.append((project.year + 1, day, known))
    if project.status == Status.STOPPED.value:
        told.stopped = dice.choice(DAYS), dice.choice(DAYS)
        _step(project, Action.STOP, by, at(dice, told.stopped[1]), told.stopped[0])
    if project.status in ACCEPTED:
        told.accepted = dice.choice([day for day in DAYS if day >= told.versions[0].known])
        _step(project, Action.ACCEPT, by, at(dice, told.accepted), told.accepted)
        value, day = dice.randrange(1, 90), dice.choice(DAYS)
        indicator = ResultIndicator.objects.get(code="1")
        row = {"achieved_value": value, "achieved_date": day, "year": project.year, "budget": BudgetSide.CENTRAL}
        IndicatorValue.objects.create(project=project, indicator=indicator, **row)
        told.achieved.append(("1", value, day))


def _step(project: Project, action: Action, by: User, moment: datetime.datetime, day: datetime.date) -> None:
    status = project.status
    Step.objects.create(
        project=project, action=action.value, from_status=status, to_status=status, by=by, at=moment, document_date=day
    )
