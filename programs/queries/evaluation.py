"""Evaluations after support as pages show them, and the establishments that have none yet."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from khuyencong.accounts.models import User
from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.money import format_million, format_percent, format_vnd
from programs.evaluation_policies import EVALUATED_IN
from programs.models import Project, ProjectBeneficiary, SupportEvaluation
from programs.rules.evaluation import Change, months_before

DUE_MONTHS = 12  # after the acceptance; the list can be asked for another number
MONEY_A_YEAR = "triệu đồng/năm"
# pair → name, unit ("" : the row's own), how its figures are printed
MEASURES: dict[str, tuple[str, str, Callable[[int | None], str]]] = {
    "capacity": ("Công suất", "", format_vnd),
    "productivity_vnd": ("Năng suất lao động", "triệu đồng/người/năm", format_million),
    "value_added_vnd": ("Giá trị gia tăng", MONEY_A_YEAR, format_million),
    "revenue_vnd": ("Doanh thu", MONEY_A_YEAR, format_million),
    "workers": ("Lao động", "người", format_vnd),
}


@dataclass(frozen=True)
class Measure:
    """One line of an evaluation, in words; what is not known is ""."""

    name: str
    unit: str
    before: str
    after: str
    increase: str
    percent: str  # of the figure before support


def measures(evaluation: SupportEvaluation) -> list[Measure]:
    """The pairs of which at least one figure is known."""
    return [_measure(evaluation, pair) for pair in MEASURES if not change_of(evaluation, pair).is_blank]


def change_of(evaluation: SupportEvaluation, pair: str) -> Change:
    """`pair`: one of `programs.models.evaluation.PAIRS`."""
    return Change(getattr(evaluation, f"{pair}_before"), getattr(evaluation, f"{pair}_after"))


def _measure(evaluation: SupportEvaluation, pair: str) -> Measure:
    (name, unit, shown), change = MEASURES[pair], change_of(evaluation, pair)
    increase = shown(change.increase)
    return Measure(
        name,
        unit or evaluation.capacity_unit,
        shown(change.before),
        shown(change.after),
        f"+{increase}" if (change.increase or 0) > 0 else increase,
        format_percent(change.increase, change.before),
    )


def evaluated_participants(project: Project) -> QuerySet[ProjectBeneficiary]:
    """The project's establishments, each with its evaluations, the newest first."""
    evaluations = SupportEvaluation.objects.select_related("recorded_by__organisation")
    return project.participants.select_related("beneficiary__place").prefetch_related(
        Prefetch("evaluations", evaluations)
    )


def last_evaluation(participant: ProjectBeneficiary) -> SupportEvaluation | None:
    return SupportEvaluation.objects.filter(participant=participant).first()


def without_evaluation(user: User) -> QuerySet[ProjectBeneficiary]:
    """Establishments of accepted projects of the user's area that nobody has looked at since."""
    looked_at = SupportEvaluation.objects.filter(participant=OuterRef("pk")).order_by()
    return ProjectBeneficiary.objects.filter(
        ~Exists(looked_at),
        project__place_id__in=covered_unit_ids(user.area_id),
        project__status__in=[status.value for status in EVALUATED_IN],
    )


def accepted_months_ago(today: datetime.date, months: int) -> Q:
    """Parts in projects accepted at least so many months before today."""
    return Q(project__accepted_date__lte=months_before(today, months))


def unevaluated_count(user: User, today: datetime.date) -> int:
    """How many establishments of the user's area should have been evaluated by now."""
    return without_evaluation(user).filter(accepted_months_ago(today, DUE_MONTHS)).count()


def due_rows(rows: QuerySet[ProjectBeneficiary]) -> QuerySet[ProjectBeneficiary]:
    """The rows with all that the list and its workbook show."""
    return rows.select_related("beneficiary", "project__place", "project__support_item")


def years_of(rows: QuerySet[ProjectBeneficiary]) -> Sequence[tuple[int, str]]:
    """The plan years of the rows, the newest first."""
    years = rows.order_by("-project__year").values_list("project__year", flat=True).distinct()
    return [(year, str(year)) for year in years]
