"""Planned figures under an amendment. What was achieved already is never touched."""

from collections.abc import Sequence

from khuyencong.errors import Refused
from programs.actions.indicator import Figure, check_figures
from programs.models import IndicatorValue, Project, ResultIndicator
from programs.queries.amendment import Change, figure_change

Key = tuple[int, str, int]


def amend_figures(project: Project, figures: Sequence[Figure]) -> list[Change]:
    """Make the planned figures exactly these; says what changed. Errors: Refused on a negative or repeated figure."""
    check_figures(figures)
    rows = {(row.indicator_id, row.budget, row.year): row for row in project.indicators.select_related("indicator")}
    wanted: dict[Key, int | None] = dict.fromkeys((key for key, row in rows.items() if row.planned_value is not None))
    wanted |= {figure.key: figure.value for figure in figures}
    known = ResultIndicator.objects.in_bulk({key[0] for key in wanted})
    changes = []
    for key, value in wanted.items():
        if key[0] not in known:
            raise Refused("Có chỉ tiêu không còn trong danh mục. Hãy tải lại trang rồi nhập lại.")
        row = rows.get(key) or _new_row(project, key, known[key[0]])
        if row.planned_value != value:
            changes.append(figure_change(row, row.planned_value, value))
            _store(row, value)
    return changes


def _new_row(project: Project, key: Key, indicator: ResultIndicator) -> IndicatorValue:
    return IndicatorValue(project=project, indicator=indicator, budget=key[1], year=key[2])


def _store(row: IndicatorValue, value: int | None) -> None:
    row.planned_value = value
    if value is None and row.achieved_value is None:
        row.delete()
    else:
        row.save()
