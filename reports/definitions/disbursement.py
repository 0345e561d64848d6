"""Giải ngân theo đề án và nguồn: what each project was approved, what went out and came back, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from funding.models import CarryOver, LedgerEntry, LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Table, TotalOf, Value
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, Project
from reports.definitions.base import MONEY_UNIT, Breakdown, Definition, official_table, rows_links
from reports.definitions.opened import decided_by, numbers_of, opened_entries, opened_money, plan_years
from reports.forms import MoneyForm
from reports.money import (
    AMENDED_UNTIL,
    approved_money,
    carry_overs,
    is_known,
    is_stopped,
    known_notes,
    ledger_entries,
)
from reports.parameters import PeriodParameters

SLUG = "giai-ngan"
TOTAL = "tong"
STATE_MONEY = Q(kind__in=LEDGER_KINDS)
# Column → (kind of entry, whether only the period's vouchers count).
LEDGER_COLUMNS = {
    "advanced": (LedgerKind.ADVANCE, True),
    "paid": (LedgerKind.PAYMENT, True),
    "recovered": (LedgerKind.RECOVERY, True),
    "all_advanced": (LedgerKind.ADVANCE, False),
    "all_paid": (LedgerKind.PAYMENT, False),
    "all_recovered": (LedgerKind.RECOVERY, False),
}
LABELS = {
    "approved": "được duyệt",
    "advanced": "tạm ứng trong kỳ",
    "paid": "thanh toán trong kỳ",
    "recovered": "thu hồi trong kỳ",
    "all_advanced": "tạm ứng lũy kế",
    "all_paid": "thanh toán lũy kế",
    "all_recovered": "thu hồi lũy kế",
}
NOTES = (
    "Gồm đề án đã phê duyệt của năm kế hoạch trong kỳ, đề án được chuyển nguồn sang năm đó, và mọi đề án có chứng từ "
    "trong kỳ. Đề án phê duyệt sau ngày cuối kỳ chưa tính kinh phí được duyệt; đề án chưa ghi quyết định tính theo năm "
    f"kế hoạch. {AMENDED_UNTIL}",
    "Tạm ứng, thanh toán, thu hồi: theo ngày chứng từ, bút toán hủy trừ vào đúng cột của bút toán bị hủy. Lũy kế: từ "
    "chứng từ đầu tiên của đề án đến hết kỳ.",
    "Đề án ngừng triển khai đến hết kỳ không còn được chi phần chưa giải ngân: phần đó ở cột “Không dùng do ngừng”.",
)
NOT_OPENED = {
    "net": "Cộng từ ba cột bên trái, mỗi cột mở được.",
    "all_net": "Cộng từ ba cột bên trái, mỗi cột mở được.",
    "released": "Kinh phí được duyệt trừ lũy kế giải ngân của đề án ngừng; hai số đó mở được ở cùng dòng.",
    "left": "Tính từ các cột bên trái của cùng dòng.",
    "share": "Tính từ hai cột của cùng dòng.",
}
Pair = tuple[int, int]
"""(source id, project id)"""


@dataclass(frozen=True)
class Figures:
    """All that the rows are made of: per pair and column đồng, and the projects by id."""

    sums: Mapping[Pair, Mapping[str, int]]
    projects: Mapping[int, Any]
    carried: Mapping[int, list[int]]  # project → the years it was carried into


def entries_until(parameters: PeriodParameters) -> QuerySet[LedgerEntry]:
    projects = projects_of(parameters).order_by().values("pk")
    return _entries(parameters).filter(project__in=projects, voucher_date__lte=parameters.period.end)


def decided_projects(parameters: PeriodParameters) -> QuerySet[Project]:
    """Those whose approved amounts count."""
    return projects_of(parameters).filter(decided_by(parameters.period), is_known(parameters))


def projects_of(parameters: PeriodParameters) -> QuerySet[Project]:
    """Projects of the plan years, those carried into them, and all that have a voucher in the period."""
    period, years = parameters.period, plan_years(parameters.period)
    paid = _entries(parameters).filter(voucher_date__range=period.days).order_by()
    carried = _carried(parameters).order_by()
    planned = Q(year__range=(years[0], years[-1])) | Q(pk__in=carried.values("project"))
    chosen = (planned & decided_by(period) & is_known(parameters)) | Q(pk__in=paid.values("project"))
    return Project.objects.approved_on().filter(parameters.within("place_id"), chosen)


def _entries(parameters: PeriodParameters) -> QuerySet[LedgerEntry]:
    return ledger_entries(parameters, STATE_MONEY)


def _carried(parameters: PeriodParameters) -> QuerySet[CarryOver]:
    """Money carried into the plan years by decisions until the period's end."""
    years = plan_years(parameters.period)
    found = carry_overs(parameters).filter(to_year__range=(years[0], years[-1]))
    return found.filter(decision_date__lte=parameters.period.end)


def build(parameters: PeriodParameters) -> list[Table]:
    figures = _figures(parameters)
    rows = _rows(parameters, figures)
    shown = {project for _, project in figures.sums}
    table = official_table(
        parameters,
        title="GIẢI NGÂN KINH PHÍ KHUYẾN CÔNG THEO ĐỀ ÁN VÀ NGUỒN VỐN",
        columns=_columns(),
        rows=rows,
        notes=(*NOTES, *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name="Giải ngân",
        is_illustrated=any(figures.projects[pk].note == ILLUSTRATION_NOTE for pk in shown),
    )
    return [table]


def _columns() -> tuple[Column, ...]:
    now, until, money = "Giải ngân trong kỳ", "Lũy kế đến hết kỳ", Kind.MONEY_MILLION

    def flow(group: str, prefix: str) -> list[Column]:
        named = {"advanced": "Tạm ứng", "paid": "Thanh toán", "recovered": "Thu hồi"}
        cells = [Column(prefix + key, label, money, groups=(group,), width=11) for key, label in named.items()]
        net = SumOf((f"{prefix}advanced", f"{prefix}paid"), minus=(f"{prefix}recovered",))
        return [*cells, Column(f"{prefix}net", "Giải ngân", money, groups=(group,), width=11, formula=net)]

    left = SumOf(("approved",), minus=("released", "all_net"))
    return (
        Column("number", "STT", width=6, align=Align.CENTER),
        Column("name", "Nguồn vốn, đề án", width=44),
        Column("approved", "Kinh phí được duyệt", money, width=12),
        *flow(now, ""),
        *flow(until, "all_"),
        Column("released", "Không dùng do ngừng", money, width=11),
        Column("left", "Còn lại chưa giải ngân", money, width=11, formula=left),
        Column(
            "share", "Lũy kế giải ngân so với được duyệt", Kind.PERCENT, width=11, formula=Ratio("all_net", "approved")
        ),
        Column("note", "Ghi chú", width=18),
    )


def _figures(parameters: PeriodParameters) -> Figures:
    """A fixed number of queries: approved, entries, carry-overs, projects."""
    sums: dict[Pair, dict[str, int]] = {}
    approved = approved_money(parameters, decided_projects(parameters), STATE_MONEY)
    for (source, project), vnd in approved.sums("source_id", "project_id").items():
        sums.setdefault((source, project), {})["approved"] = vnd
    start = parameters.period.start
    in_period = Sum("effect_vnd", filter=Q(voucher_date__gte=start), default=0)
    grouped = entries_until(parameters).order_by().values_list("source_id", "project_id", "kind")
    for source, project, kind, vnd, now in grouped.annotate(vnd=Sum("effect_vnd"), now=in_period):
        cells, sign = sums.setdefault((source, project), {}), _sign(kind)
        for column, (wanted, is_now) in LEDGER_COLUMNS.items():
            if wanted == kind:
                cells[column] = sign * (now if is_now else vnd)
    moved = _carried(parameters)
    carried: dict[int, list[int]] = {}
    for project, year in moved.order_by("to_year").values_list("project_id", "to_year").distinct():
        carried.setdefault(project, []).append(year)
    projects = projects_of(parameters).annotate(is_stopped=is_stopped(parameters))
    return Figures(sums, {one.pk: one for one in projects.order_by("code", "pk")}, carried)


def _sign(kind: str) -> int:
    return -1 if kind == LedgerKind.RECOVERY else 1


def _rows(parameters: PeriodParameters, figures: Figures) -> list[Row]:
    """A heading for each state source with its total, the projects below it, and the total of all."""
    sources = Source.objects.filter(kind__in=LEDGER_KINDS)
    order = {project: place for place, project in enumerate(figures.projects)}
    rows: list[Row] = []
    for source in sources:
        pairs = sorted((pair for pair in figures.sums if pair[0] == source.pk), key=lambda pair: order[pair[1]])
        if not (pairs or source.is_active):
            continue
        links = _links(parameters, str(source.pk), [figures.sums[pair] for pair in pairs])
        rows.append(Row({"name": source.name}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW, links=links))
        rows += [_row(parameters, place, pair, figures) for place, pair in enumerate(pairs, start=1)]
    links = _links(parameters, TOTAL, list(figures.sums.values()))
    return [*rows, Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _links(parameters: PeriodParameters, row: str, cells: list[Mapping[str, int]]) -> dict[str, str]:
    totals = {column: sum(one.get(column, 0) for one in cells) for column in LABELS}
    return rows_links(SLUG, parameters, row, totals)


def _row(parameters: PeriodParameters, place: int, pair: Pair, figures: Figures) -> Row:
    project, sums = figures.projects[pair[1]], figures.sums[pair]
    out = sum(_sign(kind) * sums.get(column, 0) for column, (kind, now) in LEDGER_COLUMNS.items() if not now)
    cells: dict[str, Value] = {column: sums.get(column, 0) for column in LABELS}
    notes = [f"Chuyển nguồn sang năm {year}" for year in figures.carried.get(project.pk, [])]
    cells |= {
        "number": str(place),
        "name": str(project),
        "released": max(0, sums.get("approved", 0) - out) if project.is_stopped else 0,
        "note": "; ".join([*notes, *(["Ngừng triển khai"] if project.is_stopped else [])]),
    }
    return Row(cells, links=_links(parameters, f"{pair[0]}.{project.pk}", [sums]))


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    narrow = _narrow(parameters, row)
    if narrow is None or column not in LABELS:
        return None
    named, project, source = narrow
    title = f"{named} – {LABELS[column]}"
    sources = Q(pk=source.pk) if source else STATE_MONEY
    if column == "approved":
        projects = decided_projects(parameters)
        chosen = projects.filter(pk=project.pk) if project else projects
        return opened_money(title, NOTES[0], approved_money(parameters, chosen, sources))
    kind, is_now = LEDGER_COLUMNS[column]
    entries = entries_until(parameters).filter(kind=kind, **{"source": source} if source else {})
    entries = entries.filter(project=project) if project else entries
    entries = entries.filter(voucher_date__gte=parameters.period.start) if is_now else entries
    return opened_entries(title, NOTES[1], entries, sign=_sign(kind))


def _narrow(parameters: PeriodParameters, row: str) -> tuple[str, Project | None, Source | None] | None:
    """What a row is called and whose it is, None for all; None when the form has no such row."""
    if row == TOTAL:
        return "Tổng cộng", None, None
    numbers = numbers_of(row) or ()
    source = Source.objects.filter(STATE_MONEY, pk=numbers[0]).first() if len(numbers) in (1, 2) else None
    if source is None or len(numbers) == 1:
        return (source.name, None, source) if source else None
    project = projects_of(parameters).filter(pk=numbers[1]).first()
    return (f"{project}, {source}", project, source) if project else None


DISBURSEMENT = Definition(
    slug=SLUG,
    title="Giải ngân theo đề án và nguồn",
    explanation="Từng đề án: được duyệt, tạm ứng, thanh toán, thu hồi trong kỳ và lũy kế, còn lại, tỷ lệ giải ngân.",
    file_stem="giai-ngan-theo-de-an",
    form_class=MoneyForm,
    build=build,
    break_down=break_down,
    not_opened=NOT_OPENED,
)
