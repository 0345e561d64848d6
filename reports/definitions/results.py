"""Kết quả công tác khuyến công: 30 rows of result indicators, KCQG and KCĐP."""

from django.db.models import QuerySet, Sum

from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, Value
from programs.models import BudgetSide, IndicatorValue, ResultIndicator
from reports.definitions.base import (
    ACCEPTED_ON,
    SIDES,
    Breakdown,
    Definition,
    Line,
    has_illustration,
    official_table,
    rows_links,
    side_columns,
)
from reports.forms import PeriodForm
from reports.parameters import PeriodParameters

SLUG = "ket-qua"
BASIS = "Giá trị thực hiện của các đề án đã nghiệm thu, tính theo ngày nghiệm thu của từng chỉ tiêu trong kỳ."


def achieved_values(parameters: PeriodParameters) -> QuerySet[IndicatorValue]:
    return IndicatorValue.objects.filter(
        parameters.within("project__place_id"),
        project__status__in=ACCEPTED_ON,
        achieved_date__range=parameters.period.days,
    )


def build(parameters: PeriodParameters) -> list[Table]:
    sums = _sums(parameters)
    columns = (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Chỉ tiêu", width=82),
        Column("unit", "Đơn vị tính", width=16, align=Align.CENTER),
        *side_columns(parameters.period.label, Kind.INTEGER),
    )
    rows = [_row(parameters, indicator, sums) for indicator in ResultIndicator.objects.all()]
    table = official_table(
        parameters,
        title="KẾT QUẢ CÔNG TÁC KHUYẾN CÔNG",
        columns=columns,
        rows=rows,
        notes=(BASIS,),
        sheet_name="Kết quả",
        is_illustrated=has_illustration(achieved_values(parameters)),
    )
    return [table]


def _sums(parameters: PeriodParameters) -> dict[tuple[int, str], int]:
    grouped = achieved_values(parameters).order_by().values_list("indicator_id", "budget")
    return {(indicator, side): total for indicator, side, total in grouped.annotate(total=Sum("achieved_value"))}


def _row(parameters: PeriodParameters, indicator: ResultIndicator, sums: dict[tuple[int, str], int]) -> Row:
    figures = {side: sums.get((indicator.pk, side), 0) for side in SIDES}
    cells: dict[str, Value] = {"number": indicator.code, "name": indicator.name, "unit": indicator.unit, **figures}
    style = RowStyle.SUB if indicator.parent_id else RowStyle.NORMAL
    kinds = dict.fromkeys(SIDES, Kind.MONEY_MILLION) if indicator.is_money else {}
    return Row(cells, style, links=rows_links(SLUG, parameters, indicator.code, figures), kinds=kinds)


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    indicator = ResultIndicator.objects.filter(code=row).first()
    if indicator is None or column not in SIDES:
        return None
    values = achieved_values(parameters).filter(indicator=indicator, budget=column)
    return Breakdown(
        title=f"{indicator.code}. {indicator.name} – {BudgetSide(column).label}",
        basis=BASIS,
        rows=values.select_related("project__place").order_by("achieved_date", "project__code"),
        line=_line,
        total=values.aggregate(total=Sum("achieved_value", default=0))["total"],
        amount_label="Thực hiện (đồng)" if indicator.is_money else f"Thực hiện ({indicator.unit.lower()})",
        text_label="Chỉ tiêu của năm",
        day_label="Ngày nghiệm thu",
        is_money=indicator.is_money,
    )


def _line(value: IndicatorValue) -> Line:
    project = value.project
    return Line(value.achieved_value or 0, str(value.year), str(project.place), value.achieved_date, project)


RESULTS = Definition(
    slug=SLUG,
    title="Kết quả công tác khuyến công",
    explanation="23 chỉ tiêu kết quả của các đề án đã nghiệm thu trong kỳ, tách nguồn quốc gia và địa phương.",
    file_stem="ket-qua-khuyen-cong",
    form_class=PeriodForm,
    build=build,
    break_down=break_down,
)
