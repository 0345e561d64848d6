"""How the projects of the plan year stand: the total row of the form Tổng hợp đề án theo tình trạng, turned upright."""

from khuyencong.charts.bars import bars
from khuyencong.charts.series import Look, Series
from khuyencong.charts.svg import Part
from khuyencong.excel.table import Column, Kind, Row, RowStyle, Table
from reports.dashboard.drawing import amount, groups, said
from reports.dashboard.figures import Figures
from reports.dashboard.panels.base import Panel, form_url
from reports.definitions.base import ILLUSTRATED, official_table
from reports.definitions.standings import BASIS, MONEY, MONEY_BASIS, NUMBER, STANDINGS, STANDINGS_OF_YEAR

COUNT = Series("projects", "Số đề án", Look.SOLID)


def tables(figures: Figures) -> list[Table]:
    """Two kinds of money stand in one column, so it has no total."""
    parameters = figures.parameters
    [form] = STANDINGS_OF_YEAR.build(parameters.plan_year)
    total = len(form.rows) - 1
    rows = [_row(form, total, key) for key in STANDINGS]
    every = Row({"name": "Tổng cộng", "projects": amount(form, total, "every")}, RowStyle.TOTAL)
    table = official_table(
        parameters.plan_year,
        title="ĐỀ ÁN KHUYẾN CÔNG THEO TÌNH TRẠNG",
        columns=(
            Column("name", "Tình trạng", width=30),
            Column("projects", "Số đề án", Kind.INTEGER, width=12),
            Column("money", "Kinh phí", Kind.MONEY_MILLION, width=16, summed=False),
            Column("kind", "Là số", width=16),
        ),
        rows=[*rows, every],
        notes=(BASIS, MONEY_BASIS),
        unit_note="ĐVT của kinh phí: triệu đồng",
        sheet_name="Tình trạng",
        is_illustrated=ILLUSTRATED in form.notes,
    )
    return [table]


def _row(form: Table, total: int, key: str) -> Row:
    standing, links = STANDINGS[key], form.rows[total].links
    kind = "Đề nghị" if standing.money == "requested_vnd" else "Được duyệt"
    found = {"projects": amount(form, total, key + NUMBER), "money": amount(form, total, key + MONEY)}
    opened = {"projects": links.get(key + NUMBER, ""), "money": links.get(key + MONEY, "")}
    return Row(
        {"name": standing.label, **found, "kind": kind}, links={name: link for name, link in opened.items() if link}
    )


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    [table] = found
    places = range(len(table.rows) - 1)
    if not any(amount(table, place, "projects") for place in places):
        return Part("", 0)
    return bars(groups(table, places, "name", [COUNT]), [COUNT], width)


def told(found: list[Table]) -> str:
    [table] = found
    return f"Số đề án. {said(table, range(len(table.rows)), 'name', ['projects'])}."


STAGES = Panel(
    key="tinh-trang",
    title="Đề án của năm kế hoạch theo tình trạng",
    explanation="Mỗi đề án nằm ở một dòng, theo trạng thái lúc này; không đếm đề án đang soạn và đã rút.",
    unit="đề án",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Năm kế hoạch này chưa có đề án nào được trình trong địa bàn đã chọn.",
    form_label="Mở biểu Tổng hợp đề án",
    form_url=lambda parameters: form_url(STANDINGS_OF_YEAR.slug, parameters.plan_year),
)
