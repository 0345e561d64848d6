"""What both tables of the comparison share: the six columns of figures, the notes under them, one query of sums."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, QuerySet, Sum, Value

from khuyencong.excel.table import Align, Column, Kind, Ratio
from programs.models import ILLUSTRATION_NOTE, Project
from reports.definitions.comparison_parameters import BEFORE, NOW, UNTIL, ComparisonParameters

SLUG = "so-sanh"
PLAN, OF_PLAN, OF_BEFORE = "plan", "of_plan", "of_before"
FIGURES = (PLAN, NOW, UNTIL, BEFORE)
LABELS = {
    PLAN: "kế hoạch năm",
    NOW: "thực hiện trong kỳ",
    UNTIL: "lũy kế từ đầu năm đến hết kỳ",
    BEFORE: "cùng kỳ năm trước",
}
NOTHING = "–"
EMPTY = f"Dấu “{NOTHING}” ở cột tỷ lệ: không có kế hoạch, hoặc cùng kỳ năm trước không có số, nên không tính tỷ lệ."
NOT_OPENED = {
    OF_PLAN: "Tính từ hai cột của cùng dòng: lũy kế chia cho kế hoạch năm.",
    OF_BEFORE: "Tính từ hai cột của cùng dòng: thực hiện trong kỳ chia cho cùng kỳ năm trước.",
}
Sums = dict[str, dict[Any, int]]
"""Column → row → count or whole đồng."""


def comparison_columns(parameters: ComparisonParameters, *, name: str, plan: str, kind: Kind) -> tuple[Column, ...]:
    """`name`: what the rows are; `plan`: what the year's plan is, in the header of its column."""
    of_plan, of_before = Ratio(UNTIL, PLAN, empty=NOTHING), Ratio(NOW, BEFORE, empty=NOTHING)
    return (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", name, width=56),
        Column("unit", "Đơn vị tính", width=13, align=Align.CENTER),
        Column(PLAN, f"{plan} {parameters.plan_year}", kind, width=14),
        Column(NOW, "Thực hiện trong kỳ", kind, width=13),
        Column(UNTIL, "Lũy kế từ đầu năm đến hết kỳ", kind, width=13),
        Column(OF_PLAN, "Lũy kế so với kế hoạch năm (%)", Kind.PERCENT, width=12, formula=of_plan),
        Column(BEFORE, "Cùng kỳ năm trước", kind, width=13),
        Column(OF_BEFORE, "Trong kỳ so với cùng kỳ năm trước (%)", Kind.PERCENT, width=12, formula=of_before),
    )


def period_notes(parameters: ComparisonParameters) -> tuple[str, ...]:
    """Which days the columns count, and where the year so far is shorter than the period."""
    until, before, year = parameters.periods[UNTIL], parameters.periods[BEFORE], parameters.plan_year
    days = f"Lũy kế: {until.spelled}. Cùng kỳ năm trước: {before.spelled}."
    if parameters.period.start >= until.start:
        return (days,)
    earlier = (
        f"Kỳ này bắt đầu trước ngày đầu năm {year}: kế hoạch và lũy kế chỉ của năm {year}, nên lũy kế có thể nhỏ hơn "
        "số thực hiện trong kỳ."
    )
    return (days, earlier)


def days_of(parameters: ComparisonParameters, column: str) -> str:
    return f"Kỳ tính: {parameters.periods[column].spelled}."


def sums_of(parts: Iterable[tuple[str, QuerySet[Any], str, str]]) -> Sums:
    """The sums of several columns; one query. `parts`: (column, its rows, path of what names a row, field added up)."""
    sums: Sums = {column: {} for column in FIGURES}
    if grouped := [_grouped(*part) for part in parts]:
        for column, row, total in grouped[0].union(*grouped[1:], all=True):
            sums[column][row] = int(total)
    return sums


def _grouped(column: str, rows: QuerySet[Any], row: str, field: str) -> QuerySet[Any]:
    named = rows.order_by().values(of_row=F(row))
    summed = named.annotate(of_column=Value(column, CharField()), total=Sum(field, default=0))
    return summed.values_list("of_column", "of_row", "total")


def has_illustrated_projects(parts: Iterable[QuerySet[Any]]) -> bool:
    """Whether a row of any part belongs to an invented project; one query."""
    invented = Project.objects.filter(note=ILLUSTRATION_NOTE).order_by()
    found = [invented.filter(pk__in=rows.order_by().values("project")).values("pk") for rows in parts]
    return found[0].union(*found[1:], all=True).exists()
