"""Kinh phí so với kế hoạch và cùng kỳ: the 24 expenditure items, in triệu đồng.

What the plan of a year is depends on the area. Budgets are assigned to a province, item by item: there the plan is what
the year's decisions assigned and took back. A district or commune has no budget of its own; what an officer there calls
the plan is what the province's decisions gave the projects of the area, so it is the approved money of the projects of
that plan year. The header of the column and a note under the table say which of the two it is.

All decisions of the plan year count, also those after the period: the plan is the year's, not the period's. A report
that must keep the plan of its day is locked.
"""

from typing import Any

from django.db.models import Q, QuerySet, Sum

from funding.models import BudgetEntry, LedgerEntry, Source
from funding.queries import as_known
from funding.queries.as_known import ApprovedMoney, AsOf
from funding.queries.budget_items import UNALLOCATED
from khuyencong.excel.table import Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.vietnamese.dates import format_date
from programs.models import SupportItem
from reports.definitions.base import MONEY_UNIT, Breakdown, Line, official_table, rows_links
from reports.definitions.comparison_columns import (
    EMPTY,
    FIGURES,
    LABELS,
    PLAN,
    SLUG,
    Sums,
    comparison_columns,
    days_of,
    has_illustrated_projects,
    period_notes,
    sums_of,
)
from reports.definitions.comparison_parameters import ComparisonParameters
from reports.definitions.funding import BASIS_NOTES, approved, entries
from reports.definitions.opened import opened_entries, opened_money
from reports.money import approved_projects, as_of, known_notes
from reports.parameters import Basis

PREFIX = "kp."
TOTAL, NO_ITEM = "tong", "chua-phan-bo"
ITEM = "project__support_item_id"
ASSIGNED = (
    "Kế hoạch năm {year}: dự toán giao cho tỉnh theo nội dung chi, gồm mọi lần giao và điều chỉnh của năm. Phần chưa "
    "phân bổ dùng chung cho các nội dung: tiền chi từ phần đó được tính ở nội dung của đề án."
)
APPROVED_FOR_AREA = (
    "Dự toán chỉ giao cho cấp tỉnh, nên với địa bàn này kế hoạch năm {year} là kinh phí được duyệt của các đề án thuộc "
    "năm kế hoạch {year} trên địa bàn, kể cả đề án ngừng triển khai sau đó."
)
KNOWN_PLAN = " Chỉ tính lần giao, điều chỉnh nhập vào cổng đến hết ngày {day}."
OF_EARLIER_YEARS = "Tiền chi trong kỳ cho đề án của năm trước cũng được tính, nên lũy kế có thể vượt kế hoạch năm."


def build(parameters: ComparisonParameters) -> Table:
    plan_label = "Kế hoạch năm" if parameters.has_budget else "Kế hoạch (kinh phí được duyệt cho địa bàn) năm"
    is_paid = _basis(parameters) is Basis.DISBURSED
    notes = (plan_basis(parameters), BASIS_NOTES[_basis(parameters)], *period_notes(parameters), EMPTY)
    vouchers, approvals = _vouchers(parameters), _approvals(parameters)
    counted = [*vouchers.values(), *(money.lines for money in approvals.values())]
    return official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG SO VỚI KẾ HOẠCH VÀ CÙNG KỲ",
        columns=comparison_columns(parameters, name="Nội dung", plan=plan_label, kind=Kind.MONEY_MILLION),
        rows=_rows(parameters, _sums(parameters, vouchers, approvals)),
        notes=(*notes, OF_EARLIER_YEARS * is_paid, *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name="Kinh phí",
        is_illustrated=has_illustrated_projects(counted),
    )


def plan_basis(parameters: ComparisonParameters) -> str:
    words = ASSIGNED if parameters.has_budget else APPROVED_FOR_AREA
    known = KNOWN_PLAN.format(day=format_date(parameters.known_on)) if parameters.known_on else ""
    return words.format(year=parameters.plan_year) + known


def budget_entries(parameters: ComparisonParameters) -> QuerySet[BudgetEntry]:
    """All that the decisions of the plan year assigned and took back."""
    return BudgetEntry.objects.filter(
        parameters.covers("budget__province_id"),
        as_of(parameters).recorded("recorded_at"),
        budget__year=parameters.plan_year,
        budget__source__kind__in=parameters.budget.kinds,
    )


def entries_of(parameters: ComparisonParameters, column: str) -> QuerySet[LedgerEntry]:
    """The vouchers of a column's days, from the chosen budgets."""
    return entries(parameters.over(parameters.periods[column]), _sources(parameters))


def approved_of(parameters: ComparisonParameters, column: str, item: SupportItem | None = None) -> ApprovedMoney:
    """Approved by the decisions of a column's days, of one item or of all.

    Of PLAN: for the projects of the plan year, with all their amendments, since the plan is the year's.
    """
    sources = _sources(parameters)
    if column != PLAN:
        return approved(parameters.over(parameters.periods[column]), sources, item)
    projects = approved_projects(parameters).filter(year=parameters.plan_year)
    chosen = projects.filter(support_item=item) if item else projects
    return as_known.approved_money(chosen, Source.objects.filter(sources), AsOf(parameters.known_on))


def _basis(parameters: ComparisonParameters) -> Basis:
    assert parameters.basis is not None, "ComparisonForm always gives a basis"
    return parameters.basis


def _sources(parameters: ComparisonParameters) -> Q:
    return Q(kind__in=parameters.budget.kinds)


def _vouchers(parameters: ComparisonParameters) -> dict[str, QuerySet[LedgerEntry]]:
    """The columns that count vouchers."""
    is_paid = _basis(parameters) is Basis.DISBURSED
    return {column: entries_of(parameters, column) for column in parameters.periods} if is_paid else {}


def _approvals(parameters: ComparisonParameters) -> dict[str, ApprovedMoney]:
    """The columns that count approved money."""
    columns = [] if parameters.has_budget else [PLAN]
    columns += parameters.periods if _basis(parameters) is Basis.APPROVED else []
    return {column: approved_of(parameters, column) for column in columns}


def _sums(
    parameters: ComparisonParameters,
    vouchers: dict[str, QuerySet[LedgerEntry]],
    approvals: dict[str, ApprovedMoney],
) -> Sums:
    """Column → support item, or None for what is assigned to none → whole đồng; a fixed number of queries."""
    parts: list[tuple[str, QuerySet[Any], str, str]] = [
        (column, rows, ITEM, "effect_vnd") for column, rows in vouchers.items()
    ]
    if parameters.has_budget:
        parts.append((PLAN, budget_entries(parameters), "support_item_id", "amount_vnd"))
    sums = sums_of(parts)
    for column, money in approvals.items():
        sums[column] = {item: vnd for (item,), vnd in money.sums(ITEM).items()}
    return sums


def _rows(parameters: ComparisonParameters, sums: Sums) -> list[Row]:
    """The items, the part of the plan that names none where there is one, and the total."""
    counted = {item for of_column in sums.values() for item, vnd in of_column.items() if vnd}
    items = [item for item in SupportItem.objects.all() if item.is_active or item.pk in counted]
    rows = [_row(parameters, item, sums) for item in items]
    if unallocated := sums[PLAN].get(None):
        rows.append(_unallocated_row(parameters, unallocated))
    totals = {column: sum(sums[column].values()) for column in FIGURES}
    links = rows_links(SLUG, parameters, PREFIX + TOTAL, totals)
    cells = {"name": "Tổng cộng", "unit": "Tr. đồng"}
    return [*rows, Row(cells, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _row(parameters: ComparisonParameters, item: SupportItem, sums: Sums) -> Row:
    figures = {column: sums[column].get(item.pk, 0) for column in FIGURES}
    cells: dict[str, Value] = {"number": str(item.row), "name": item.name, "unit": "Tr. đồng", **figures}
    return Row(cells, links=rows_links(SLUG, parameters, f"{PREFIX}{item.row}", figures))


def _unallocated_row(parameters: ComparisonParameters, vnd: int) -> Row:
    """What is spent of it stands in the rows of the items: here it is blank, not zero."""
    cells: dict[str, Value] = {"name": UNALLOCATED, "unit": "Tr. đồng", PLAN: vnd}
    return Row(cells, links=rows_links(SLUG, parameters, PREFIX + NO_ITEM, {PLAN: vnd}))


def break_down(parameters: ComparisonParameters, row: str, column: str) -> Breakdown | None:
    """`row`: the number of an item, TOTAL, or NO_ITEM for what a province's plan gives to none."""
    item = SupportItem.objects.filter(row=int(row)).first() if row.isascii() and row.isdigit() else None
    is_plan = column == PLAN and parameters.has_budget
    is_no_item = is_plan and row == NO_ITEM
    if column not in FIGURES or not (item or row == TOTAL or is_no_item):
        return None
    title = f"{item or (UNALLOCATED if is_no_item else 'Tổng cộng')} – {LABELS[column]}"
    if is_plan:
        found = budget_entries(parameters)
        return _opened_plan(title, parameters, found if row == TOTAL else found.filter(support_item=item))
    if column == PLAN:
        return opened_money(title, plan_basis(parameters), approved_of(parameters, PLAN, item))
    basis = f"{BASIS_NOTES[_basis(parameters)]} {days_of(parameters, column)}"
    if _basis(parameters) is Basis.APPROVED:
        return opened_money(title, basis, approved_of(parameters, column, item))
    vouchers = entries_of(parameters, column)
    return opened_entries(title, basis, vouchers.filter(project__support_item=item) if item else vouchers)


def _opened_plan(title: str, parameters: ComparisonParameters, found: QuerySet[BudgetEntry]) -> Breakdown:
    return Breakdown(
        title=title,
        basis=plan_basis(parameters),
        rows=found.select_related("budget__source", "budget__province", "support_item").order_by("decision_date", "pk"),
        line=_plan_line,
        total=found.aggregate(total=Sum("amount_vnd", default=0))["total"],
        amount_label="Số tiền (đồng)",
        text_label="Quyết định giao, điều chỉnh dự toán",
        is_money=True,
    )


def _plan_line(entry: BudgetEntry) -> Line:
    """A decision with its day, source and item; a budget belongs to no project."""
    item = str(entry.support_item) if entry.support_item else UNALLOCATED
    text = f"{entry.decision_number} ngày {format_date(entry.decision_date)}, {entry.budget.source}. {item}"
    return Line(entry.amount_vnd, text, str(entry.budget.province), entry.decision_date)
