"""Writing the planned figures of a project."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import differences
from khuyencong.errors import Refused
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import IndicatorValue, Project


@dataclass(frozen=True)
class Figure:
    """One figure of one indicator; `value` is a count, or whole đồng where the indicator is money."""

    indicator_id: int
    budget: str
    year: int
    value: int

    @property
    def key(self) -> tuple[int, str, int]:
        return self.indicator_id, self.budget, self.year


@transaction.atomic
def plan_indicators(*, project_id: int, figures: Sequence[Figure], by: User, version: int) -> Project:
    """Make the planned figures exactly these; one that is not listed is taken out.

    Errors: NotAllowed, Overtaken, or Refused for the state, a negative or a repeated figure.
    """
    project = lock_project(project_id, version)
    policies.check_can_plan_indicators(by, project)
    check_figures(figures)
    before = planned_figures(project)
    _write(project, figures)
    changes = differences(before, planned_figures(project))
    if changes:
        project.version += 1
        project.save(update_fields=["version"])
        audit(project, by=by, action="plan_indicators", label="Ghi chỉ tiêu kế hoạch", changes=changes)
    return project


def check_figures(figures: Iterable[Figure]) -> None:
    """Errors: Refused on a negative figure or one given twice."""
    seen = set()
    for figure in figures:
        if figure.value < 0:
            raise Refused("Chỉ tiêu không nhận số âm.")
        if figure.key in seen:
            raise Refused("Một chỉ tiêu được ghi hai lần cho cùng nguồn và năm.")
        seen.add(figure.key)


def planned_figures(project: Project) -> dict[str, int | None]:
    """Planned values by a name that a person can read in the history."""
    return {figure_label(row): row.planned_value for row in project.indicators.select_related("indicator")}


def figure_label(row: IndicatorValue) -> str:
    unit = "đồng" if row.indicator.is_money else row.indicator.unit
    return f"{row.indicator} – {row.get_budget_display()} {row.year} ({unit})"


def _write(project: Project, figures: Sequence[Figure]) -> None:
    rows = {(row.indicator_id, row.budget, row.year): row for row in project.indicators.all()}
    kept = {figure.key for figure in figures}
    IndicatorValue.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in kept]).delete()
    for figure in figures:
        if figure.key in rows:
            rows[figure.key].planned_value = figure.value
    IndicatorValue.objects.bulk_update([row for key, row in rows.items() if key in kept], ["planned_value"])
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            project=project,
            indicator_id=figure.indicator_id,
            budget=figure.budget,
            year=figure.year,
            planned_value=figure.value,
        )
        for figure in figures
        if figure.key not in rows
    )
