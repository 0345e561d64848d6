"""Kinh phí khuyến công: 24 expenditure items and a total row, KCQG and KCĐP, disbursed or approved."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, Sum

from funding.models import FundingLine, LedgerEntry, SourceKind
from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from programs.models import BudgetSide, SupportItem
from programs.workflow import APPROVED_ON
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
from reports.forms import FundingForm
from reports.parameters import Basis, PeriodParameters

SLUG = "kinh-phi"
TOTAL = "tong"
# The two columns of the form are two kinds of source.
KIND_OF_SIDE = {BudgetSide.CENTRAL.value: SourceKind.CENTRAL, BudgetSide.PROVINCIAL.value: SourceKind.PROVINCIAL}
AMOUNT_FIELD = {Basis.DISBURSED: "effect_vnd", Basis.APPROVED: "approved_vnd"}
BASIS_NOTES = {
    Basis.DISBURSED: "Kinh phí đã giải ngân: tạm ứng + thanh toán − thu hồi, đã trừ bút toán hủy, theo ngày chứng từ "
    "trong kỳ.",
    Basis.APPROVED: "Kinh phí được duyệt của các đề án có ngày quyết định phê duyệt trong kỳ.",
}


def money_rows(parameters: PeriodParameters) -> QuerySet[Any]:
    """Ledger entries or approved lines of the period, from the two budgets of the form."""
    common = {"source__kind__in": KIND_OF_SIDE.values(), "project__status__in": APPROVED_ON}
    within = parameters.within("project__place_id")
    if parameters.basis is Basis.APPROVED:
        days = parameters.period.days
        return FundingLine.objects.filter(
            within, **common, approved_vnd__isnull=False, project__approval__decision_date__range=days
        )
    entries = LedgerEntry.objects.with_effect()
    return entries.filter(within, **common, voucher_date__range=parameters.period.days)


def build(parameters: PeriodParameters) -> list[Table]:
    assert parameters.basis is not None, "FundingForm always gives a basis"
    sums = _sums(parameters)
    columns = (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Nội dung", width=78),
        Column("unit", "Đơn vị tính", width=16, align=Align.CENTER),
        *side_columns(parameters.period.label, Kind.MONEY_MILLION),
    )
    items = [item for item in SupportItem.objects.all() if item.is_active or item.pk in sums]
    rows = [_row(parameters, item, sums.get(item.pk, {})) for item in items]
    table = official_table(
        parameters,
        title="KINH PHÍ KHUYẾN CÔNG",
        columns=columns,
        rows=[*rows, _total_row(parameters, sums)],
        notes=(BASIS_NOTES[parameters.basis],),
        unit_note=MONEY_UNIT,
        sheet_name="Kinh phí",
        is_illustrated=has_illustration(money_rows(parameters)),
    )
    return [table]


def _sums(parameters: PeriodParameters) -> dict[int, dict[str, int]]:
    """Support item → budget → whole đồng."""
    assert parameters.basis is not None
    grouped = money_rows(parameters).order_by().values_list("project__support_item_id", "source__kind")
    sums: dict[int, dict[str, int]] = {}
    for item, kind, total in grouped.annotate(total_vnd=Sum(AMOUNT_FIELD[parameters.basis])):
        sums.setdefault(item, {})[kind] = total
    return sums


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
    rows = money_rows(parameters).filter(source__kind=KIND_OF_SIDE[column])
    rows = rows.filter(project__support_item=item) if item else rows
    is_ledger = parameters.basis is Basis.DISBURSED
    date_field = "voucher_date" if is_ledger else "project__approval__decision_date"
    return Breakdown(
        title=f"{item or 'Tổng cộng'} – {BudgetSide(column).label}",
        basis=BASIS_NOTES[parameters.basis],
        rows=rows.select_related("project__place", "project__approval", "source").order_by(date_field, "pk"),
        line=_ledger_line if is_ledger else _approved_line,
        total=rows.aggregate(total=Sum(AMOUNT_FIELD[parameters.basis], default=0))["total"],
        amount_label="Số tiền (đồng)",
        text_label="Chứng từ" if is_ledger else "Quyết định",
        day_label="Ngày chứng từ" if is_ledger else "Ngày quyết định",
        is_money=True,
    )


def _ledger_line(entry: Any) -> Line:
    project = entry.project
    reversal = " (hủy bút toán)" if entry.reverses_id else ""
    return Line(entry.effect_vnd, f"{entry}{reversal}", str(project.place), entry.voucher_date, project)


def _approved_line(line: Any) -> Line:
    project, approval = line.project, line.project.approval
    return Line(line.approved_vnd, approval.decision_number, str(project.place), approval.decision_date, project)


FUNDING = Definition(
    slug=SLUG,
    title="Kinh phí khuyến công",
    explanation="24 nội dung chi, đã giải ngân hoặc được duyệt trong kỳ, tách nguồn quốc gia và địa phương.",
    file_stem="kinh-phi-khuyen-cong",
    form_class=FundingForm,
    build=build,
    break_down=break_down,
)
