"""Plan, approved and disbursed money of each source through the years."""

from django.urls import reverse

from khuyencong.charts.bars import bar_count, bars
from khuyencong.charts.scale import limits
from khuyencong.charts.series import legend, stacked
from khuyencong.charts.svg import Part, moved
from khuyencong.excel.table import Column, Kind, Ratio, Row, RowStyle, Table, TotalOf, Value
from reports.dashboard.drawing import WIDE, amount, groups, said
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
from reports.definitions.base import MONEY_UNIT, SIDES, official_table
from reports.definitions.funding import FUNDING
from reports.parameters import Basis
from reports.periods import report_year

HEADINGS = {PLAN: "Dự toán", APPROVED: "Được duyệt", DISBURSED: "Đã giải ngân"}
SOURCE_HEADINGS = {"central": "Khuyến công quốc gia (KCQG)", "provincial": "Khuyến công địa phương (KCĐP)"}
FACET_GAP = 20
YEARS_NOTE = "Mỗi năm tính từ 15/12 năm trước đến 14/12, và như biểu Kinh phí khuyến công của chính năm đó."


def tables(figures: Figures) -> list[Table]:
    parameters = figures.parameters
    years = parameters.years
    total = Row({"year": f"Cộng {years[0]}–{years[-1]}"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS)
    table = official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG THEO NGUỒN VỐN QUA CÁC NĂM",
        columns=columns(parameters),
        rows=[*(_row(figures, year) for year in years), total],
        notes=(plan_note(parameters), MONEY_NOTE, YEARS_NOTE),
        unit_note=MONEY_UNIT,
        sheet_name="Nguồn vốn",
        is_illustrated=figures.is_illustrated,
    )
    return [table]


def columns(parameters: DashboardParameters) -> list[Column]:
    found = [Column("year", "Năm", width=16)]
    for what, heading in HEADINGS.items():
        if what != PLAN or parameters.has_plan:
            found += money_columns(what, heading)
    share = "Giải ngân so với {}"
    if parameters.has_plan:
        found.append(Column("of_plan", share.format("dự toán"), Kind.PERCENT, width=11, formula=Ratio(DISBURSED, PLAN)))
    label = share.format("được duyệt")
    return [*found, Column("of_approved", label, Kind.PERCENT, width=11, formula=Ratio(DISBURSED, APPROVED))]


def _row(figures: Figures, year: int) -> Row:
    parameters, period = figures.parameters, report_year(year)
    cells: dict[str, Value] = {"year": str(year)}
    links: dict[str, str] = {}
    for what, known in ((APPROVED, figures.approved(year)), (DISBURSED, figures.disbursed(period))):
        cells |= {side_key(what, side): vnd for side, vnd in known.items()}
        links |= form_total_links(parameters, what, period, year, known)
    if parameters.has_plan:
        plans = {side_key(PLAN, side): figures.plan(year, side) for side in SIDES}
        cells |= plans
        board = f"{reverse('funding:budget-board')}?year={year}"
        links |= {key: board for key, vnd in plans.items() if vnd}
    return Row(cells, links=links)


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    """One chart per source, side by side where there is room, all to one measure."""
    [table] = found
    places = range(len(table.rows) - 1)
    parameters = figures.parameters
    of_side = {side: money_series(parameters, f"_{side}") for side in ("provincial", "central")}
    values = [amount(table, place, one.key) for place in places for series in of_side.values() for one in series]
    if not any(values):
        return Part("", 0)
    across = (width - FACET_GAP) / 2 if width == WIDE else width
    drawn = {side: groups(table, places, "year", series) for side, series in of_side.items()}
    room_for = [max(1, *map(bar_count, of_year)) for of_year in zip(*drawn.values(), strict=True)]
    facets = [
        bars(
            drawn[side],
            series,
            across,
            span=limits(values),
            heading=SOURCE_HEADINGS[side],
            room_for=room_for if width == WIDE else (),
        )
        for side, series in of_side.items()
    ]
    key = legend(money_series(parameters), width)
    if width != WIDE:
        return stacked(key, *facets, gap=14)
    beside = Part(facets[0].body + moved(facets[1].body, across + FACET_GAP, 0), facets[0].height)
    return stacked(key, beside, gap=12)


def told(found: list[Table]) -> str:
    [table] = found
    keys = [key for key in (PLAN, APPROVED, DISBURSED) if key in {column.key for column in table.columns}]
    order = ", ".join(HEADINGS[key].lower() for key in keys)
    return f"Cộng hai nguồn, triệu đồng ({order}). {said(table, range(len(table.rows)), 'year', keys)}."


YEARS = Panel(
    key="nguon-von",
    title="Kinh phí theo nguồn vốn qua các năm",
    explanation="Dự toán, được duyệt và đã giải ngân của từng nguồn, các năm báo cáo gần nhất.",
    unit="triệu đồng",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Các năm này chưa có dự toán, phê duyệt hay giải ngân trong địa bàn đã chọn.",
    form_label="Mở biểu Kinh phí khuyến công",
    form_url=lambda parameters: form_url(
        FUNDING.slug, parameters.during(parameters.period, parameters.year, Basis.DISBURSED)
    ),
)
