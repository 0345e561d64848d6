"""Kinh phí khuyến công: 24 expenditure items and a total row, KCQG and KCĐP, disbursed or approved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet, Sum

from funding.models import LedgerEntry, SourceKind
from funding.queries.as_known import ApprovedMoney
from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from programs.models import ILLUSTRATION_NOTE, BudgetSide, SupportItem
from reports.definitions.base import (
    MONEY_UNIT,
    SIDES,
    Breakdown,
    Definition,
    Line,
    has_illustration,
    official_table,
    rows_links,
    side_columns,
)
from reports.definitions.opened import opened_entries, opened_money
from reports.forms import FundingForm
from reports.money import AMENDED_UNTIL, approved_money, decided_projects, known_notes, ledger_entries
from reports.parameters import Basis, PeriodParameters

SLUG = "kinh-phi"
TOTAL = "tong"
# The two columns of the form are two kinds of source.
KIND_OF_SIDE = {BudgetSide.CENTRAL.value: SourceKind.CENTRAL, BudgetSide.PROVINCIAL.value: SourceKind.PROVINCIAL}
BOTH_SIDES = Q(kind__in=KIND_OF_SIDE.values())
BASIS_NOTES = {
    Basis.DISBURSED: "Kinh phí đã giải ngân: tạm ứng + thanh toán − thu hồi, đã trừ bút toán hủy, theo ngày chứng từ "
    "trong kỳ.",
    Basis.APPROVED: f"Kinh phí được duyệt của các đề án có ngày quyết định phê duyệt trong kỳ. {AMENDED_UNTIL}",
}


def entries(parameters: PeriodParameters, sources: Q = BOTH_SIDES) -> QuerySet[LedgerEntry]:
    """Vouchers of the period, from the two budgets of the form."""
    return ledger_entries(parameters, sources).filter(voucher_date__range=parameters.period.days)


def approved(parameters: PeriodParameters, sources: Q = BOTH_SIDES, item: SupportItem | None = None) -> ApprovedMoney:
    """Approved by decisions of the period, of one item or of all."""
    projects = decided_projects(parameters)
    return approved_money(parameters, projects.filter(support_item=item) if item else projects, sources)


def grouped(parameters: PeriodParameters, *by: str) -> Mapping[tuple[Any, ...], int]:
    """The values of the paths `by`, as of a line or a ledger entry → whole đồng."""
    if parameters.basis is Basis.APPROVED:
        return approved(parameters).sums(*by)
    found = entries(parameters).order_by().values_list(*by).annotate(vnd=Sum("effect_vnd"))
    return {tuple(key): vnd for *key, vnd in found}


def build(parameters: PeriodParameters) -> list[Table]:
    assert parameters.basis is not None, "FundingForm always gives a basis"
    sums = _sums(parameters)
    columns = (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Nội dung", width=78),
        Column("unit", "Đơn vị tính", width=16, align=Align.CENTER),
        *side_columns(parameters.period.label, Kind.MONEY_MILLION),
    )
    items = [item for item in SupportItem.objects.all() if item.is_active or any(sums.get(item.pk, {}).values())]
    rows = [_row(parameters, item, sums.get(item.pk, {})) for item in items]
    table = official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG",
        columns=columns,
        rows=[*rows, _total_row(parameters, sums)],
        notes=(BASIS_NOTES[parameters.basis], *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name="Kinh phí",
        is_illustrated=_is_illustrated(parameters),
    )
    return [table]


def _sums(parameters: PeriodParameters) -> dict[int, dict[str, int]]:
    """Support item → budget → whole đồng."""
    by = ("project__support_item_id", "source__kind")
    sums: dict[int, dict[str, int]] = {}
    for (item, kind), total in grouped(parameters, *by).items():
        sums.setdefault(item, {})[kind] = total
    return sums


def _is_illustrated(parameters: PeriodParameters) -> bool:
    """Whether an invented project is among those of the period; one query."""
    if parameters.basis is Basis.APPROVED:
        return decided_projects(parameters).filter(note=ILLUSTRATION_NOTE).exists()
    return has_illustration(entries(parameters))


def _row(parameters: PeriodParameters, item: SupportItem, sums: Mapping[str, int]) -> Row:
    figures = {side: sums.get(KIND_OF_SIDE[side], 0) for side in SIDES}
    cells: dict[str, Value] = {"number": str(item.row), "name": item.name, "unit": "Tr. đồng", **figures}
    return Row(cells, links=rows_links(SLUG, parameters, str(item.row), figures))


def _total_row(parameters: PeriodParameters, sums: Mapping[int, Mapping[str, int]]) -> Row:
    figures = {side: sum(one.get(KIND_OF_SIDE[side], 0) for one in sums.values()) for side in SIDES}
    cells = {"name": "Tổng cộng", "unit": "Tr. đồng"}
    links = rows_links(SLUG, parameters, TOTAL, figures)
    return Row(cells, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    assert parameters.basis is not None
    item = SupportItem.objects.filter(row=int(row)).first() if row.isascii() and row.isdigit() else None
    if column not in SIDES or (item is None and row != TOTAL):
        return None
    title, sources = f"{item or 'Tổng cộng'} – {BudgetSide(column).label}", Q(kind=KIND_OF_SIDE[column])
    basis = BASIS_NOTES[parameters.basis]
    if parameters.basis is Basis.APPROVED:
        money = approved(parameters, sources, item)
        opened = opened_money(title, basis, money, "project__approval__decision_date")
        return replace(opened, line=_approved_line, text_label="Quyết định")
    found = entries(parameters, sources)
    return opened_entries(title, basis, found.filter(project__support_item=item) if item else found)


def _approved_line(line: Any) -> Line:
    project, approval = line.project, line.project.approval
    return Line(line.known_vnd, approval.decision_number, str(project.place), approval.decision_date, project)


FUNDING = Definition(
    slug=SLUG,
    title="Kinh phí khuyến công",
    explanation="24 nội dung chi, đã giải ngân hoặc được duyệt trong kỳ, tách nguồn quốc gia và địa phương.",
    file_stem="kinh-phi-khuyen-cong",
    form_class=FundingForm,
    build=build,
    break_down=break_down,
)
