"""Kinh phí khuyến công nhiều năm theo nguồn: one row per plan year, approved and disbursed."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from funding.models import LedgerEntry, SourceKind
from funding.models.budget import BUDGETED_KINDS
from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Table, TotalOf
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, Project
from reports.definitions.base import MONEY_UNIT, Breakdown, Definition, Line, official_table, rows_links
from reports.definitions.opened import opened_entries, opened_money
from reports.forms import YearsForm
from reports.money import AMENDED_NOW, approved_money, approved_projects, known_notes, ledger_entries
from reports.parameters import YearsParameters

SLUG = "nhieu-nam"
TOTAL = "tong"
BOTH_SIDES = Q(kind__in=BUDGETED_KINDS)
APPROVED_COLUMNS = {"provincial": SourceKind.PROVINCIAL, "central": SourceKind.CENTRAL}
COLUMN_LABELS = {
    "provincial": "KCĐP được duyệt",
    "central": "KCQG được duyệt",
    "projects": "số đề án",
    "disbursed": "đã giải ngân",
}
APPROVED_BASIS = (
    "Kinh phí được duyệt và số đề án: theo năm kế hoạch của đề án, kể cả đề án ngừng triển khai sau khi duyệt. "
    f"{AMENDED_NOW}"
)
DISBURSED_BASIS = (
    "Đã giải ngân: tạm ứng + thanh toán − thu hồi, đã trừ bút toán hủy, của hai nguồn, theo năm ngân sách của bút toán."
)


def projects_of(parameters: YearsParameters) -> QuerySet[Project]:
    return approved_projects(parameters).filter(year__range=(parameters.first_year, parameters.last_year))


def entries(parameters: YearsParameters) -> QuerySet[LedgerEntry]:
    found = ledger_entries(parameters, BOTH_SIDES)
    return found.filter(year__range=(parameters.first_year, parameters.last_year))


def build(parameters: YearsParameters) -> list[Table]:
    table = official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG QUA CÁC NĂM THEO NGUỒN VỐN",
        columns=_columns(),
        rows=_rows(parameters),
        notes=(APPROVED_BASIS, DISBURSED_BASIS, *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name="Nhiều năm",
        is_illustrated=_is_illustrated(parameters),
    )
    return [table]


def _is_illustrated(parameters: YearsParameters) -> bool:
    """Whether an invented project is counted or has money that is; approved lines are of counted projects."""
    paid = entries(parameters).order_by().values("project")
    counted = Q(pk__in=projects_of(parameters).order_by().values("pk")) | Q(pk__in=paid)
    return Project.objects.filter(counted, note=ILLUSTRATION_NOTE).exists()


def _columns() -> tuple[Column, ...]:
    approved, money = "Kinh phí được duyệt", Kind.MONEY_MILLION
    return (
        Column("number", "TT", width=6, align=Align.CENTER),
        Column("year", "Năm", width=16),
        Column("provincial", "KCĐP", money, groups=(approved,), width=16),
        Column("central", "KCQG", money, groups=(approved,), width=16),
        Column("total", "Cộng", money, groups=(approved,), width=16, formula=SumOf(("provincial", "central"))),
        Column("projects", "Số đề án", Kind.INTEGER, width=12),
        Column("disbursed", "Đã giải ngân", money, width=16),
        Column("share", "Giải ngân so với được duyệt", Kind.PERCENT, width=14, formula=Ratio("disbursed", "total")),
    )


def _rows(parameters: YearsParameters) -> list[Row]:
    figures = _figures(parameters)
    rows = []
    for place, year in enumerate(parameters.years, start=1):
        links = rows_links(SLUG, parameters, str(year), figures[year])
        rows.append(Row({"number": str(place), "year": str(year), **figures[year]}, links=links))
    totals = {column: sum(one[column] for one in figures.values()) for column in COLUMN_LABELS}
    links = rows_links(SLUG, parameters, TOTAL, totals)
    return [*rows, Row({"year": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _figures(parameters: YearsParameters) -> dict[int, dict[str, int]]:
    """Year → column → figure, with zeros; three queries however many years."""
    figures = {year: dict.fromkeys(COLUMN_LABELS, 0) for year in parameters.years}
    projects = projects_of(parameters)
    approved = approved_money(parameters, projects, BOTH_SIDES)
    for (year, kind), vnd in approved.sums("project__year", "source__kind").items():
        figures[year][kind] = vnd
    for year, number in projects.order_by().values_list("year").annotate(number=Count("pk")):
        figures[year]["projects"] = number
    for year, total in entries(parameters).order_by().values_list("year").annotate(total=Sum("effect_vnd")):
        figures[year]["disbursed"] = total
    return figures


def break_down(parameters: YearsParameters, row: str, column: str) -> Breakdown | None:
    years = _years_of(parameters, row)
    if years is None or column not in COLUMN_LABELS:
        return None
    title = f"{parameters.years_label if row == TOTAL else f'Năm {row}'} – {COLUMN_LABELS[column]}"
    projects = projects_of(parameters).filter(year__in=years)
    if column == "projects":
        return _project_breakdown(title, projects)
    if column == "disbursed":
        return opened_entries(title, DISBURSED_BASIS, entries(parameters).filter(year__in=years))
    money = approved_money(parameters, projects, Q(kind=APPROVED_COLUMNS[column]))
    opened = opened_money(title, APPROVED_BASIS, money, "project__year", "project__code")
    return replace(opened, line=_approved_line, day_label="Ngày phê duyệt")


def _years_of(parameters: YearsParameters, row: str) -> range | None:
    if row == TOTAL:
        return parameters.years
    year = int(row) if row.isascii() and row.isdigit() else 0
    return range(year, year + 1) if year in parameters.years else None


def _project_breakdown(title: str, projects: QuerySet[Project]) -> Breakdown:
    return Breakdown(
        title=title,
        basis=APPROVED_BASIS,
        rows=projects.select_related("place").order_by("year", "code"),
        line=lambda project: Line(1, project.get_status_display(), str(project.place), project.approved_date, project),
        total=projects.count(),
        amount_label="Số đề án",
        text_label="Trạng thái hiện nay",
        day_label="Ngày phê duyệt",
    )


def _approved_line(line: Any) -> Line:
    project = line.project
    return Line(line.known_vnd, str(line.source), str(project.place), project.approved_date, project)


SEVERAL_YEARS = Definition(
    slug=SLUG,
    title="Kinh phí khuyến công nhiều năm theo nguồn",
    explanation="Mỗi năm kế hoạch một dòng: kinh phí được duyệt theo nguồn, số đề án, số đã giải ngân.",
    file_stem="khuyen-cong-nhieu-nam",
    form_class=YearsForm,
    build=build,
    break_down=break_down,
    not_opened={
        "total": "Cộng từ hai cột bên trái, mỗi cột mở được.",
        "share": "Tính từ hai cột của cùng dòng.",
    },
)
