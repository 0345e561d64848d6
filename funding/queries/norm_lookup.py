"""What the norms of a support item would allow on a day, without any project."""

import datetime
from dataclasses import dataclass, replace

from funding.models import Budget, Norm, Source
from funding.models.budget import BUDGET_OF_TRACK
from funding.queries.budget import budget_position
from funding.queries.budget_items import item_position
from funding.queries.norm_series import Ruling, norms_on_record, series_of
from funding.queries.norms import NormRow, hold_against
from funding.queries.provinces import province_of
from funding.rules.norm import Basis
from khuyencong.localities.models import AdministrativeUnit
from programs.models import SupportItem
from programs.workflow import Track


@dataclass(frozen=True)
class Question:
    """Cost in đồng; units are those that the norm is counted by."""

    item: SupportItem
    track: Track
    eligible_vnd: int
    unit_count: int
    has_multiplier: bool
    day: datetime.date


@dataclass(frozen=True)
class Answer:
    """One row per norm in force on the day; `others`: the rows of the item that do not rule on it."""

    question: Question
    province: AdministrativeUnit | None
    rows: list[NormRow]
    others: list[Norm]


def ask(question: Question, *, area_id: int | None) -> Answer:
    """`area_id`: the asking office's area; its province's own norms and plan are meant."""
    day = question.day
    province = province_of(area_id, day) if area_id else None
    basis = Basis(question.eligible_vnd, question.unit_count, question.has_multiplier)
    source = Source.objects.filter(kind=BUDGET_OF_TRACK[question.track]).order_by("-is_active", "position").first()
    series = series_of(norms_on_record(question.item.pk, question.track), question.track, province)
    plan = _plan_left(question, source, province) if source else 0
    rows = [
        replace(hold_against(Ruling(day, current), basis, source, plan_vnd=plan), payee=one.label)
        for one in series
        if source and (current := one.in_force(day))
    ]
    ruling = {norm.pk for row in rows for norm in row.ruling.rows}
    return Answer(question, province, rows, [norm for one in series for norm in one.rows if norm.pk not in ruling])


def _plan_left(question: Question, source: Source, province: AdministrativeUnit | None) -> int:
    """What the plan of that year still has, for the item where it is broken down."""
    budget = Budget.objects.filter(year=question.day.year, source=source, province=province).first()
    if budget is None:
        return 0
    left = budget_position(budget).remaining_vnd
    of_item = item_position(budget, question.item)
    return left if of_item is None else min(left, of_item.remaining_vnd)
