"""Kết quả so với kế hoạch và cùng kỳ: the rows of result indicators.

The plan is what the approved projects planned for the plan year, whatever the area; rows of money are in triệu đồng.
"""

from typing import Any

from django.db.models import QuerySet, Sum

from khuyencong.excel.table import Kind, Row, RowStyle, Table, Value
from programs.models import BudgetSide, IndicatorValue, ResultIndicator
from reports.definitions.base import Breakdown, Line, official_table, rows_links
from reports.definitions.comparison_columns import (
    EMPTY,
    FIGURES,
    LABELS,
    PLAN,
    SLUG,
    Sums,
    comparison_columns,
    days_of,
    has_illustrated_projects,
    period_notes,
    sums_of,
)
from reports.definitions.comparison_parameters import ComparisonParameters
from reports.definitions.opened import decision_day
from reports.definitions.results import BASIS, achieved_values
from reports.money import approved_projects, known_notes, was_accepted

PREFIX = "kq."
PLANNED = (
    "Kế hoạch năm {year}: chỉ tiêu kế hoạch của năm {year} trong các đề án đã phê duyệt, kể cả đề án ngừng triển khai "
    "sau đó."
)


def build(parameters: ComparisonParameters) -> Table:
    sums = _sums(parameters)
    return official_table(
        parameters,
        title="KẾT QUẢ CÔNG TÁC KHUYẾN CÔNG SO VỚI KẾ HOẠCH VÀ CÙNG KỲ",
        columns=comparison_columns(parameters, name="Chỉ tiêu", plan="Kế hoạch năm", kind=Kind.INTEGER),
        rows=[_row(parameters, indicator, sums) for indicator in ResultIndicator.objects.all()],
        notes=(plan_basis(parameters), BASIS, *period_notes(parameters), EMPTY, *known_notes(parameters)),
        sheet_name="Kết quả",
        is_illustrated=has_illustrated_projects([values_of(parameters, column) for column in FIGURES]),
    )


def plan_basis(parameters: ComparisonParameters) -> str:
    return PLANNED.format(year=parameters.plan_year)


def values_of(parameters: ComparisonParameters, column: str) -> QuerySet[IndicatorValue]:
    """Planned values of the plan year, or what was achieved in a column's days, under the chosen budgets."""
    if column != PLAN:
        achieved = achieved_values(parameters.over(parameters.periods[column]))
        return achieved.filter(was_accepted(parameters), budget__in=parameters.budget.sides)
    return IndicatorValue.objects.filter(
        project__in=approved_projects(parameters).order_by().values("pk"),
        year=parameters.plan_year,
        budget__in=parameters.budget.sides,
        planned_value__isnull=False,
    )


def _sums(parameters: ComparisonParameters) -> Sums:
    """Column → indicator → count or whole đồng; one query."""
    return sums_of((column, values_of(parameters, column), "indicator_id", _field(column)) for column in FIGURES)


def _field(column: str) -> str:
    return "planned_value" if column == PLAN else "achieved_value"


def _row(parameters: ComparisonParameters, indicator: ResultIndicator, sums: Sums) -> Row:
    figures = {column: sums[column].get(indicator.pk, 0) for column in FIGURES}
    cells: dict[str, Value] = {"number": indicator.code, "name": indicator.name, "unit": indicator.unit, **figures}
    style = RowStyle.SUB if indicator.parent_id else RowStyle.NORMAL
    kinds = dict.fromkeys(FIGURES, Kind.MONEY_MILLION) if indicator.is_money else {}
    return Row(cells, style, links=rows_links(SLUG, parameters, PREFIX + indicator.code, figures), kinds=kinds)


def break_down(parameters: ComparisonParameters, row: str, column: str) -> Breakdown | None:
    """`row`: the number of an indicator."""
    indicator = ResultIndicator.objects.filter(code=row).first()
    if indicator is None or column not in FIGURES:
        return None
    values, is_plan, is_money = (
        values_of(parameters, column).filter(indicator=indicator),
        column == PLAN,
        indicator.is_money,
    )
    order = ("project__code",) if is_plan else ("achieved_date", "project__code")
    return Breakdown(
        title=f"{indicator} – {LABELS[column]}",
        basis=plan_basis(parameters) if is_plan else f"{BASIS} {days_of(parameters, column)}",
        rows=values.select_related("project__place", "project__approval").order_by(*order, "pk"),
        line=_planned_line if is_plan else _achieved_line,
        total=values.aggregate(total=Sum(_field(column), default=0))["total"],
        amount_label=f"{'Kế hoạch' if is_plan else 'Thực hiện'} ({'đồng' if is_money else indicator.unit.lower()})",
        text_label="Chỉ tiêu của năm, nguồn",
        day_label="Ngày quyết định" if is_plan else "Ngày nghiệm thu",
        is_money=is_money,
    )


def _planned_line(value: Any) -> Line:
    project = value.project
    return Line(value.planned_value, _named(value), str(project.place), decision_day(project), project)


def _achieved_line(value: Any) -> Line:
    project = value.project
    return Line(value.achieved_value, _named(value), str(project.place), value.achieved_date, project)


def _named(value: IndicatorValue) -> str:
    return f"{value.year}, {BudgetSide(value.budget).label}"
