"""What the form of evaluations counts: the last look at each establishment, and the support paid to it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from funding.models import LedgerEntry
from funding.models.budget import BUDGETED_KINDS
from programs.models import ProjectBeneficiary, SupportEvaluation
from reports.definitions.base import ACCEPTED_ON
from reports.parameters import PeriodParameters


def evaluations_in(parameters: PeriodParameters) -> QuerySet[SupportEvaluation]:
    """Every evaluation of the period in the area."""
    return SupportEvaluation.objects.filter(
        parameters.within("participant__project__place_id"),
        participant__project__status__in=ACCEPTED_ON,
        evaluated_on__range=parameters.period.days,
    )


def counted(parameters: PeriodParameters) -> QuerySet[SupportEvaluation]:
    """Of each establishment its last one: nobody's workers or revenue are counted twice, in however many projects."""
    found = evaluations_in(parameters)
    same = found.filter(participant__beneficiary=OuterRef("participant__beneficiary"))
    return found.filter(pk=Subquery(same.order_by("-evaluated_on", "-pk").values("pk")[:1]))


def support_entries(evaluations: QuerySet[SupportEvaluation], parameters: PeriodParameters) -> QuerySet[LedgerEntry]:
    """What central and provincial budgets paid to these parts up to the period's end, `with_effect`.

    Money that was recorded for a whole project is the establishment's where it is the only one of the project.
    """
    parts = evaluations.order_by().values("participant_id")
    alone = ProjectBeneficiary.objects.filter(~_others(), pk__in=parts).order_by().values("project_id")
    entries: QuerySet[LedgerEntry] = _paid_until(parameters)
    return entries.filter(Q(participant__in=parts) | Q(participant__isnull=True, project__in=alone))


def support_of_parts(evaluations: QuerySet[SupportEvaluation], parameters: PeriodParameters) -> dict[int, int]:
    """Part (ProjectBeneficiary) → whole đồng; parts without a voucher are left out."""
    part_of = dict(evaluations.order_by().values_list("participant__project_id", "participant_id"))
    grouped = support_entries(evaluations, parameters).order_by().values_list("project_id", "participant_id")
    support: dict[int, int] = {}
    for project, part, total in grouped.annotate(total=Sum("effect_vnd")):
        # Without a part: the project has one establishment only, so it is the one of the evaluation.
        key = part if part is not None else part_of[project]
        support[key] = support.get(key, 0) + total
    return support


def shared_vnd(evaluations: QuerySet[SupportEvaluation], parameters: PeriodParameters) -> int:
    """What was paid for projects of several establishments as a whole, which no row of the form can show."""
    parts = evaluations.order_by().values("participant_id")
    together = ProjectBeneficiary.objects.filter(_others(), pk__in=parts).order_by().values("project_id")
    entries = _paid_until(parameters).filter(participant__isnull=True, project__in=together)
    total: int = entries.aggregate(total=Sum("effect_vnd", default=0))["total"]
    return total


def _others() -> Exists:
    others = ProjectBeneficiary.objects.filter(project=OuterRef("project")).exclude(pk=OuterRef("pk"))
    return Exists(others)


def _paid_until(parameters: PeriodParameters) -> Any:
    entries = LedgerEntry.objects.with_effect()
    return entries.filter(source__kind__in=BUDGETED_KINDS, voucher_date__lte=parameters.period.end)
