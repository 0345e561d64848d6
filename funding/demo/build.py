"""The whole demo, in one transaction."""

import datetime

from django.db import transaction
from django.utils import timezone

from funding.actions.budget import add_budget_entry
from funding.demo.current import EXAMPLES, Example
from funding.demo.effects import make_evaluations
from funding.demo.history import CENTRAL, PROVINCIAL, TENTH_OF_MILLION, PastProject, past_projects
from funding.demo.parts import PARTS
from funding.demo.people import ACCOUNTS, Cast, current_unit, make_people, old_unit
from funding.demo.registers import make_products, make_villages
from funding.demo.story import Story
from funding.demo.walk import Walk
from funding.models import Source
from khuyencong.accounts.models import User
from khuyencong.localities.models import AdministrativeUnit
from programs.models import ILLUSTRATION_NOTE, Programme, ProgrammeTarget, ResultIndicator
from programs.workflow import Status, Track

COUNTERPART_PERCENT = 150
CARRIED_OVER = Status.CONTRACTED  # the example of this status goes on next year
CURRENT_BUDGET = {"KCQG": 3_000_000_000, "KCDP": 2_500_000_000}
TARGETS = [("1", 500), ("9", 10), ("10", 60), ("12", 40)]


def is_built() -> bool:
    return User.objects.filter(username__in=[account[0] for account in ACCOUNTS]).exists()


@transaction.atomic
def build() -> dict[str, int]:
    """Everything, or nothing; returns how many of each were made."""
    cast = make_people()
    year = timezone.localdate().year
    _assign_budgets(cast, year)
    past = past_projects()
    for project in past:
        Walk(_past_story(project), cast).go()
    for example in EXAMPLES:
        walk = Walk(_current_story(example, year), cast)
        if walk.go().state is CARRIED_OVER:
            walk.carry_over()
    return {
        "đề án 2008–2013": len(past),
        f"đề án {year}": len(EXAMPLES),
        "đánh giá sau hỗ trợ": make_evaluations(cast),
        "làng nghề": make_villages(cast),
        "sản phẩm": make_products(cast, year),
        "mục tiêu chương trình": _make_targets(),
        **dict(part(cast) for part in PARTS),
    }


def _assign_budgets(cast: Cast, year: int) -> None:
    bac_lieu, ca_mau = old_unit("95"), current_unit("96")
    for code, plan in (("KCDP", PROVINCIAL), ("KCQG", CENTRAL)):
        for past_year, tenths in plan.items():
            _assign(cast, code, past_year, tenths * TENTH_OF_MILLION, bac_lieu)
        _assign(cast, code, year, CURRENT_BUDGET[code], ca_mau)


def _assign(cast: Cast, code: str, year: int, vnd: int, province: AdministrativeUnit) -> None:
    add_budget_entry(
        year=year,
        source_id=Source.objects.get(code=code).pk,
        amount_vnd=vnd,
        decision_number=f"{code}/{year}/QĐ-UBND",
        decision_date=min(datetime.date(year, 1, 2), timezone.localdate()),
        by=cast.accountant,
        note=ILLUSTRATION_NOTE,
        province_id=province.pk,
    )


def _past_story(project: PastProject) -> Story:
    place, theme = old_unit(project.place_code), project.theme
    counterpart = project.support_vnd * COUNTERPART_PERCENT // 100
    return Story(
        year=project.year,
        track=Track.NATIONAL if project.is_national else Track.LOCAL,
        item=theme.item,
        name=theme.name.format(place=place.name),
        place=place,
        beneficiaries=((project.beneficiary_in(place.name), theme.kind),),
        amounts=({"KCQG" if project.is_national else "KCDP": project.support_vnd, "DOIUNG": counterpart},),
        indicators={theme.indicator: theme.achieved},
        until=Status.SETTLED,
    )


def _current_story(example: Example, year: int) -> Story:
    return Story(
        year=year,
        track=Track.NATIONAL if example.is_national else Track.LOCAL,
        item=example.item,
        name=example.name,
        place=current_unit(example.place_code),
        beneficiaries=example.beneficiaries,
        amounts=example.amounts,
        indicators=example.indicators,
        until=example.status,
        employed=example.employed,
    )


def _make_targets() -> int:
    """Invented targets of the programme 2026–2030, which only the decision's text could give."""
    programme = Programme.objects.get(code="KCQG-2026-2030")
    for code, value in TARGETS:
        indicator = ResultIndicator.objects.get(code=code)
        ProgrammeTarget.objects.get_or_create(
            programme=programme,
            name=f"{indicator.name} ({ILLUSTRATION_NOTE.lower()})",
            defaults={"indicator": indicator, "unit": indicator.unit, "value": value},
        )
    return len(TARGETS)
