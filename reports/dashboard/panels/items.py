"""Plan, approved and disbursed money of the year by support item: the form Kinh phí khuyến công, both ways."""

from collections.abc import Mapping

from django.urls import reverse

from khuyencong.charts.bars import bars
from khuyencong.charts.series import legend, stacked
from khuyencong.charts.svg import Part
from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Table, TotalOf, Value
from reports.dashboard.drawing import amount, groups, said
from reports.dashboard.figures import Figures
from reports.dashboard.panels.base import (
    APPROVED,
    BASES,
    DISBURSED,
    MONEY_NOTE,
    PLAN,
    Panel,
    form_url,
    money_columns,
    money_series,
    plan_note,
    side_key,
)
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.base import MONEY_UNIT, SIDES, official_table
from reports.definitions.funding import FUNDING
from reports.parameters import Basis

UNALLOCATED = "Dự toán chưa phân bổ theo nội dung"
NAMED_NOTE = "Chỉ ghi các nội dung hỗ trợ có số khác 0, theo số thứ tự trong biểu Kinh phí khuyến công."


def tables(figures: Figures) -> list[Table]:
    parameters = figures.parameters
    table = official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG THEO NỘI DUNG HỖ TRỢ",
        columns=_columns(parameters),
        rows=_rows(figures),
        notes=(plan_note(parameters), MONEY_NOTE, NAMED_NOTE),
        unit_note=MONEY_UNIT,
        sheet_name="Nội dung hỗ trợ",
        is_illustrated=figures.is_illustrated,
    )
    return [table]


def _columns(parameters: DashboardParameters) -> list[Column]:
    share = Ratio(DISBURSED, APPROVED)
    plan = [Column(PLAN, "Dự toán", Kind.MONEY_MILLION, width=13)] if parameters.has_plan else []
    return [
        Column("number", "TT", width=6, align=Align.CENTER),
        Column("name", "Nội dung hỗ trợ", width=52),
        *plan,
        *money_columns(APPROVED, "Được duyệt"),
        *money_columns(DISBURSED, "Đã giải ngân"),
        Column("of_approved", "Giải ngân so với được duyệt", Kind.PERCENT, width=12, formula=share),
    ]


def _rows(figures: Figures) -> list[Row]:
    """The rows of the form that are not all zero, the plan that names no item, the total."""
    forms = {what: figures.form(basis) for what, basis in BASES.items()}
    places = {what: _places(form) for what, form in forms.items()}
    plans = figures.item_plans()
    is_broken_down = any(item is not None for item in plans)  # else no item has a plan of its own, not even of 0
    rows = []
    for number in sorted({number for of_form in places.values() for number in of_form}):
        cells: dict[str, Value] = {PLAN: plans[number]} if is_broken_down else {}
        links = {PLAN: _plan_url(figures.parameters)} if plans[number] else {}
        for what, form in forms.items():
            known, link_of = _sides(form, what, places[what].get(number))
            cells, links = cells | known, links | link_of
        if any(cells.values()):
            rows.append(Row({"number": str(number), "name": _name(forms, places, number), **cells}, links=links))
    if plans[None]:
        rows.append(Row({"name": UNALLOCATED, PLAN: plans[None]}, links={PLAN: _plan_url(figures.parameters)}))
    links = {}
    for what, form in forms.items():
        links |= _sides(form, what, len(form.rows) - 1)[1]
    return [*rows, Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _places(form: Table) -> dict[int, int]:
    """Row of the support item → where it stands in the form, without the total at its end."""
    return {int(str(form.value(place, "number"))): place for place in range(len(form.rows) - 1)}


def _name(forms: Mapping[str, Table], places: Mapping[str, Mapping[int, int]], number: int) -> str:
    what = next(what for what, of_form in places.items() if number in of_form)
    return str(forms[what].value(places[what][number], "name"))


def _sides(form: Table, what: str, place: int | None) -> tuple[dict[str, Value], dict[str, str]]:
    """The two figures of a row of the form, and the rows behind them; zeros where the form has no such row."""
    figures: dict[str, Value] = {
        side_key(what, side): 0 if place is None else amount(form, place, side) for side in SIDES
    }
    known = {} if place is None else form.rows[place].links
    return figures, {side_key(what, side): link for side, link in known.items()}


def _plan_url(parameters: DashboardParameters) -> str:
    return f"{reverse('funding:budget-items')}?year={parameters.year}"


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    [table] = found
    series = money_series(figures.parameters)
    places = range(len(table.rows) - 1)
    if not any(amount(table, place, one.key) for place in places for one in series):
        return Part("", 0)
    return stacked(legend(series, width), bars(groups(table, places, "name", series), series, width), gap=10)


def told(found: list[Table]) -> str:
    [table] = found
    keys = [key for key in (PLAN, APPROVED, DISBURSED) if key in {column.key for column in table.columns}]
    return f"Triệu đồng. {said(table, range(len(table.rows)), 'name', keys)}."


ITEMS = Panel(
    key="noi-dung",
    title="Kinh phí theo nội dung hỗ trợ",
    explanation="Các nội dung có số trong năm: dự toán, được duyệt và đã giải ngân, cộng hai nguồn.",
    unit="triệu đồng",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Năm này chưa có nội dung hỗ trợ nào có dự toán, phê duyệt hay giải ngân trong địa bàn đã chọn.",
    form_label="Mở biểu Kinh phí khuyến công",
    form_url=lambda parameters: form_url(
        FUNDING.slug, parameters.during(parameters.period, parameters.year, Basis.APPROVED)
    ),
)
