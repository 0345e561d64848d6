"""The page put together: key figures, panels with their charts, and the workbooks of the same tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from khuyencong.charts.svg import Drawing
from khuyencong.excel.html import PageTable, page_table
from khuyencong.excel.table import Table
from khuyencong.vietnamese.money import format_vnd
from reports.dashboard.drawing import SMALL, WIDE, amount, picture, text
from reports.dashboard.figures import Figures
from reports.dashboard.panels import LEFT, PANELS, RIGHT, Panel
from reports.dashboard.panels.base import APPROVED, DISBURSED, PLAN
from reports.dashboard.panels.late import LATE
from reports.dashboard.panels.stages import STAGES
from reports.dashboard.panels.years import YEARS
from reports.dashboard.parameters import DashboardForm, DashboardParameters
from reports.definitions.base import Definition

TITLE = "Tổng quan khuyến công"


@dataclass(frozen=True)
class ShownPanel:
    """A panel as the page draws it; no drawings: there is nothing to draw."""

    panel: Panel
    drawings: Sequence[tuple[str, Drawing]]  # for which width, the drawing
    tables: Sequence[PageTable]
    form_url: str


@dataclass(frozen=True)
class KeyFigure:
    label: str
    value: str
    unit: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Board:
    key_figures: Sequence[KeyFigure]
    columns: Sequence[Sequence[ShownPanel]]


def board(parameters: DashboardParameters) -> Board:
    """A fixed number of queries, whatever the year holds."""
    figures = Figures(parameters)
    tables = {key: panel.tables(figures) for key, panel in PANELS.items()}
    columns = [[_shown(panel, figures, tables[panel.key]) for panel in column] for column in (LEFT, RIGHT)]
    return Board(_key_figures(parameters, tables), columns)


def _shown(panel: Panel, figures: Figures, tables: list[Table]) -> ShownPanel:
    drawings = []
    for size, width in (("wide", WIDE), ("small", SMALL)):
        part = panel.chart(figures, tables, width)
        if part.body:
            title = f"{panel.title}. {figures.parameters.subtitle}"
            drawn = picture(panel.key, title, panel.told(tables), width, part, has_links=panel.has_links)
            drawings.append((size, drawn))
    return ShownPanel(panel, drawings, [page_table(table) for table in tables], panel.form_url(figures.parameters))


def _key_figures(parameters: DashboardParameters, tables: dict[str, list[Table]]) -> list[KeyFigure]:
    """The year's row of the panels below, so that no figure stands here twice with two values."""
    [years], [stages], late = tables[YEARS.key], tables[STAGES.key], tables[LATE.key][0]
    year, every = len(years.rows) - 2, text(stages, len(stages.rows) - 1, "projects")
    overdue = amount(late, len(late.rows) - 2, "every")
    late_url = LATE.form_url(parameters) if overdue else ""
    of_plan, of_approved = "Tỷ lệ giải ngân so với dự toán", "Tỷ lệ giải ngân so với được duyệt"
    plan: list[KeyFigure] = []
    shares = [KeyFigure(of_approved, _share(years, year, "of_approved"), note="đã giải ngân ÷ được duyệt trong năm")]
    if parameters.has_plan:
        url = f"{reverse('funding:budget-board')}?year={parameters.year}"
        plan = [KeyFigure("Dự toán năm", text(years, year, PLAN), "triệu đồng", "KCQG và KCĐP", url)]
        shares.insert(0, KeyFigure(of_plan, _share(years, year, "of_plan"), note="đã giải ngân ÷ dự toán năm"))
    return [
        KeyFigure("Đề án của năm kế hoạch", every, "đề án", "không đếm đang soạn, đã rút"),
        *plan,
        KeyFigure("Được duyệt trong năm", text(years, year, APPROVED), "triệu đồng", "theo ngày quyết định"),
        KeyFigure("Đã giải ngân trong năm", text(years, year, DISBURSED), "triệu đồng", "theo ngày chứng từ"),
        *shares,
        KeyFigure("Việc quá hạn hôm nay", format_vnd(overdue), "việc", "mọi năm kế hoạch", late_url),
    ]


def _share(table: Table, place: int, key: str) -> str:
    return text(table, place, key) or "–"


def definition_of(panel: Panel | None) -> Definition:
    """The workbook of a panel, or of all of them (None), as a form that can be taken away."""
    chosen = PANELS.values() if panel is None else (panel,)

    def build(parameters: Any) -> list[Table]:
        figures = Figures(parameters)
        return [table for one in chosen for table in one.tables(figures)]

    made: Callable[[Any], list[Table]] = build
    part = f"-{panel.key}" if panel else ""
    return Definition(
        slug=f"tong-quan{part}",
        title=f"{TITLE}: {panel.title}" if panel else TITLE,
        explanation=panel.explanation if panel else "",
        file_stem=f"tong-quan{part}",
        form_class=DashboardForm,
        build=made,
    )
