"""Accepting a project (nghiệm thu): what it achieved, and the move, together or not at all."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs import policies
from programs.actions.indicator import Figure, check_figures, figure_label
from programs.actions.project import Paper, audit, check_paper, lock_project, move
from programs.models import IndicatorValue, Project
from programs.workflow import Action


@transaction.atomic
def accept_project(
    *,
    project_id: int,
    achieved: Mapping[int, int],
    others: Sequence[Figure],
    by: User,
    version: int,
    paper: Paper,
    reason: str = "",
) -> Project:
    """Write what was achieved, dated by the minutes, and accept the project.

    `achieved`: IndicatorValue id → value, for every planned figure. `others`: figures that were not planned.
    `paper`: the acceptance minutes. Errors: NotAllowed, Overtaken, Refused.
    """
    project = lock_project(project_id, version)
    transition = policies.check_can_move(by, project, Action.ACCEPT)
    check_paper(transition, paper, reason)
    rows = _achieved_rows(project, achieved)
    new_rows = _new_rows(project, others, rows)
    for row in (*rows, *new_rows):
        row.achieved_date = paper.date
    IndicatorValue.objects.bulk_update(rows, ["achieved_value", "achieved_date"])
    IndicatorValue.objects.bulk_create(new_rows)
    _audit_results(project, by=by, paper=paper)
    return move(project_id=project.pk, action=Action.ACCEPT, by=by, version=version, paper=paper, reason=reason)


def _achieved_rows(project: Project, achieved: Mapping[int, int]) -> list[IndicatorValue]:
    rows = list(project.indicators.all())
    if {row.pk for row in rows} != set(achieved):
        raise Refused("Danh sách chỉ tiêu đã thay đổi sau khi bạn mở trang. Hãy xem lại rồi thực hiện.")
    for row in rows:
        row.achieved_value = achieved[row.pk]
        if row.achieved_value < 0:
            raise Refused("Kết quả không nhận số âm.", field=f"achieved_{row.pk}")
    return rows


def _new_rows(project: Project, others: Sequence[Figure], rows: Sequence[IndicatorValue]) -> list[IndicatorValue]:
    check_figures(others)
    planned = {(row.indicator_id, row.budget, row.year) for row in rows}
    if any(figure.key in planned for figure in others):
        raise Refused("Chỉ tiêu thêm vào đã có trong kế hoạch: ghi kết quả ở bảng trên.")
    return [
        IndicatorValue(
            project=project,
            indicator_id=figure.indicator_id,
            budget=figure.budget,
            year=figure.year,
            achieved_value=figure.value,
        )
        for figure in others
    ]


def _audit_results(project: Project, *, by: User, paper: Paper) -> None:
    rows = project.indicators.select_related("indicator")
    changes = {figure_label(row): (None, row.achieved_value) for row in rows}
    if changes:
        audit(project, by=by, action="record_results", label="Ghi kết quả nghiệm thu", changes=changes, paper=paper)
