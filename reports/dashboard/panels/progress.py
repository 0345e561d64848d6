"""How far disbursement has come through the months of the year, against what was approved and planned."""

from khuyencong.charts.lines import Axis, Path, lines
from khuyencong.charts.series import legend, stacked
from khuyencong.charts.svg import Part
from khuyencong.excel.table import Column, Kind, Ratio, Row, Table, Value
from reports.dashboard.drawing import axis_text, figure, said
from reports.dashboard.figures import Figures
from reports.dashboard.panels.base import (
    APPROVED,
    DISBURSED,
    MONEY_NOTE,
    PLAN,
    Panel,
    form_total_links,
    form_url,
    money_columns,
    money_series,
    plan_note,
    side_key,
)
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.base import MONEY_UNIT, official_table
from reports.definitions.disbursement import DISBURSEMENT
from reports.periods import part_of_year

MONTHS = range(1, 13)
UNTIL = "until_"
MONTH_NOTE = (
    "Tháng n tính từ ngày 15 của tháng trước đến ngày 14 của tháng n; tháng chưa đến để trống. Được duyệt cộng dồn: "
    "số có hiệu lực ngày cuối năm của các quyết định từ đầu năm đến hết tháng; giải ngân cộng dồn: tổng các tháng."
)


def tables(figures: Figures) -> list[Table]:
    parameters = figures.parameters
    table = official_table(
        parameters,
        title="TIẾN ĐỘ GIẢI NGÂN KINH PHÍ KHUYẾN CÔNG TRONG NĂM",
        columns=_columns(parameters),
        rows=_rows(figures),
        notes=(MONTH_NOTE, plan_note(parameters), MONEY_NOTE),
        unit_note=MONEY_UNIT,
        sheet_name="Tiến độ",
        is_illustrated=figures.is_illustrated,
    )
    return [table]


def _columns(parameters: DashboardParameters) -> list[Column]:
    def until(what: str, label: str) -> Column:
        return Column(UNTIL + what, label, Kind.MONEY_MILLION, groups=("Cộng dồn từ đầu năm",), width=13)

    def share(key: str, label: str, of: str) -> Column:
        return Column(key, label, Kind.PERCENT, width=11, formula=Ratio(UNTIL + DISBURSED, of))

    plan = [Column(PLAN, "Dự toán cả năm", Kind.MONEY_MILLION, width=13)] if parameters.has_plan else []
    return [
        Column("month", "Tháng", width=10),
        *money_columns(DISBURSED, "Giải ngân trong tháng"),
        until(APPROVED, "Được duyệt"),
        until(DISBURSED, "Giải ngân"),
        *plan,
        *([share("of_plan", "Giải ngân so với dự toán", PLAN)] if plan else []),
        share("of_approved", "Giải ngân so với được duyệt", UNTIL + APPROVED),
    ]


def _rows(figures: Figures) -> list[Row]:
    parameters = figures.parameters
    plan: dict[str, Value] = {PLAN: figures.plan(parameters.year)} if parameters.has_plan else {}
    rows, out = [], 0
    for month in MONTHS:
        period = part_of_year(parameters.year, f"thang-{month}")
        cells: dict[str, Value] = {"month": f"Tháng {month}", **plan}
        links: dict[str, str] = {}
        if period.start <= figures.last_day:
            known = figures.disbursed(period)
            out += sum(known.values())
            cells |= {side_key(DISBURSED, side): vnd for side, vnd in known.items()}
            cells |= {UNTIL + APPROVED: figures.approved_until(period.end), UNTIL + DISBURSED: out}
            links = form_total_links(parameters, DISBURSED, period, parameters.year, known)
        rows.append(Row(cells, links=links))
    return rows


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    [table] = found
    series = money_series(figures.parameters)
    paths = [Path(one, [_point(table, month - 1, one.key) for month in MONTHS]) for one in series]
    if not any(value for path in paths for value in path.values):
        return Part("", 0)
    axis = Axis([str(month) for month in MONTHS], "Tháng báo cáo")
    return stacked(legend(series, width, lines=True), lines(paths, axis, width, axis_text), gap=4)


def _point(table: Table, place: int, what: str) -> int | None:
    return figure(table, place, what if what == PLAN else UNTIL + what)


def told(found: list[Table]) -> str:
    [table] = found
    reached = [place for place in range(len(table.rows)) if table.value(place, UNTIL + DISBURSED) is not None]
    figures = said(table, reached, "month", (UNTIL + APPROVED, UNTIL + DISBURSED))
    return f"Cộng dồn, triệu đồng (được duyệt, giải ngân). {figures or 'Chưa đến tháng nào của năm'}."


PROGRESS = Panel(
    key="tien-do",
    title="Tiến độ giải ngân trong năm",
    explanation="Cộng dồn theo tháng báo cáo, so với kinh phí được duyệt và dự toán.",
    unit="triệu đồng",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Năm này chưa có dự toán, phê duyệt hay giải ngân trong địa bàn đã chọn.",
    form_label="Mở biểu Giải ngân theo đề án",
    form_url=lambda parameters: form_url(DISBURSEMENT.slug, parameters.own_year),
)
