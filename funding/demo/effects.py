"""What the demo tells of the time after support: some establishments evaluated, others still waiting for it."""

import datetime
from typing import Any

from django.utils import timezone

from funding.demo.people import Cast
from programs.actions.evaluation import RECORDED_FIELDS, record_evaluation
from programs.models import ILLUSTRATION_NOTE, Project, ProjectBeneficiary
from programs.workflow import Status

MACHINE_ITEMS = (9, 10)  # what changes capacity and revenue; courses are surveyed by employment
MILLION = 1_000_000
LATER = datetime.timedelta(days=400)  # after the acceptance


def make_evaluations(cast: Cast) -> int:
    """Two of three past projects with machines, and what was settled this year; figures invented, some not known."""
    today = timezone.localdate()
    settled = Project.objects.filter(status=Status.SETTLED.value, support_item__row__in=MACHINE_ITEMS)
    parts = ProjectBeneficiary.objects.filter(project__in=settled).select_related("project").order_by("pk")
    chosen = [one for number, one in enumerate(parts) if number % 3 != 0 or one.project.year == today.year]
    for number, part in enumerate(chosen):
        assert part.project.accepted_date is not None, part.project
        day = min(part.project.accepted_date + LATER, today)
        _evaluate(part, day, _figures(number), cast)
    return len(chosen)


def _evaluate(part: ProjectBeneficiary, day: datetime.date, figures: dict[str, Any], cast: Cast) -> None:
    blank: dict[str, Any] = dict.fromkeys(RECORDED_FIELDS) | {"product": "", "capacity_unit": ""}
    record_evaluation(
        project_id=part.project_id,
        participant_id=part.pk,
        values=blank | figures | {"evaluated_on": day, "source_note": ILLUSTRATION_NOTE},
        by=cast.centre,
        version=Project.objects.values_list("version", flat=True).get(pk=part.project_id),
    )


def _figures(number: int) -> dict[str, Any]:
    """Plausible and growing with the number; every fourth establishment told neither value added nor capital."""
    workers, revenue = 6 + number, (900 + 60 * number) * MILLION
    told = {
        "capacity_unit": "tấn/năm",
        "capacity_before": 120 + 10 * number,
        "capacity_after": 180 + 14 * number,
        "productivity_vnd_before": revenue // workers // MILLION * MILLION,
        "productivity_vnd_after": revenue * 13 // 10 // (workers + 2) // MILLION * MILLION,
        "revenue_vnd_before": revenue,
        "revenue_vnd_after": revenue * 13 // 10,
        "workers_before": workers,
        "workers_after": workers + 2,
    }
    if number % 4 == 3:
        return told
    added = {"value_added_vnd_before": revenue // 4, "value_added_vnd_after": revenue * 35 // 100}
    return told | added | {"mobilised_vnd": (280 + 25 * number) * MILLION}
