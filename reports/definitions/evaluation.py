"""Đánh giá sau hỗ trợ: what support came to, establishment by establishment, as found in the period.

Source: the targets of the programme 2026–2030 (QĐ 2646/QĐ-BCT, 23/09/2025); no form of law is known for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse

from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_million
from programs.models import ILLUSTRATION_NOTE, SupportEvaluation
from programs.queries.evaluation import change_of
from reports.definitions.base import MONEY_UNIT, Breakdown, Definition, Line, official_table, rows_links
from reports.definitions.evaluation_rows import (
    counted,
    evaluations_in,
    shared_vnd,
    support_entries,
    support_of_parts,
)
from reports.definitions.opened import opened_entries
from reports.forms import PeriodForm
from reports.parameters import PeriodParameters

SLUG = "sau-ho-tro"
TOTAL = "tong"
# Figures of an evaluation that may be added up over establishments, as the breakdown names them.
ADDED = {
    "value_added_vnd_before": "giá trị gia tăng trước hỗ trợ",
    "value_added_vnd_after": "giá trị gia tăng sau hỗ trợ",
    "revenue_vnd_before": "doanh thu trước hỗ trợ",
    "revenue_vnd_after": "doanh thu sau hỗ trợ",
    "workers_before": "lao động trước hỗ trợ",
    "workers_after": "lao động sau hỗ trợ",
    "mobilised_vnd": "vốn huy động",
}
NOT_ADDED = ("capacity_before", "capacity_after", "productivity_vnd_before", "productivity_vnd_after")
MORE_WORKERS, SUPPORT = "workers_added", "support"
LABELS = {**ADDED, MORE_WORKERS: "lao động tăng thêm", SUPPORT: "kinh phí khuyến công đã chi"}
BASIS = (
    "Ngày đánh giá trong kỳ, đề án đã nghiệm thu. Cơ sở được đánh giá nhiều lần trong kỳ, kể cả ở nhiều đề án, tính "
    "một lần theo lần sau cùng."
)
BLANK = "Ô trống là chưa có số liệu, không phải bằng 0."
SHARES = (
    "Tỷ lệ tăng = (sau − trước) / trước hỗ trợ; ở dòng tổng cộng chỉ tính các cơ sở có đủ hai số. Lao động tăng thêm "
    "cũng chỉ tính các cơ sở có đủ hai số. Công suất, năng suất lao động không cộng."
)
SUPPORT_BASIS = (
    "Kinh phí khuyến công đã chi: tạm ứng + thanh toán − thu hồi từ ngân sách trung ương và tỉnh cho cơ sở trong đề án "
    "được đánh giá, đã trừ bút toán hủy, theo ngày chứng từ đến hết kỳ."
)
LEVERAGE = (
    "Vốn huy động / kinh phí khuyến công đã chi: mẫu số là kinh phí khuyến công đã chi cho các cơ sở có số vốn huy "
    "động."
)
NOT_SETTLED = (
    "Mẫu biểu từ năm 2026 chưa có căn cứ chính thức: QĐ 2646/QĐ-BCT ngày 23/09/2025 nêu các chỉ tiêu của chương trình; "
    "cổng chưa có mẫu biểu của thông tư. Khi có mẫu chính thức thì đối chiếu trước khi gửi."
)
BOTH_COLUMNS = "Tính từ hai cột trước và sau hỗ trợ của cùng dòng."
ONE_ROW = "Là số của một cơ sở, không cộng được; tên cơ sở mở trang đánh giá của đề án."


@dataclass(frozen=True)
class Counted:
    """An evaluation and what was paid to the establishment in that project, in whole đồng."""

    evaluation: SupportEvaluation
    support_vnd: int

    def figure(self, column: str) -> int | None:
        if column == SUPPORT:
            return self.support_vnd
        if column == MORE_WORKERS:
            return change_of(self.evaluation, "workers").increase
        figure: int | None = getattr(self.evaluation, column)
        return figure


def build(parameters: PeriodParameters) -> list[Table]:
    chosen = counted(parameters)
    support = support_of_parts(chosen, parameters)
    counted_ones = [Counted(one, support.get(one.participant_id, 0)) for one in _in_order(chosen)]
    table = official_table(
        parameters,
        title="ĐÁNH GIÁ CƠ SỞ CÔNG NGHIỆP NÔNG THÔN SAU HỖ TRỢ KHUYẾN CÔNG",
        columns=_columns(counted_ones),
        rows=_rows(parameters, counted_ones),
        notes=_notes(parameters, counted_ones),
        unit_note=MONEY_UNIT,
        sheet_name="Sau hỗ trợ",
        is_illustrated=chosen.filter(participant__project__note=ILLUSTRATION_NOTE).exists(),
    )
    return [table]


def _in_order(evaluations: QuerySet[SupportEvaluation]) -> QuerySet[SupportEvaluation]:
    rows = evaluations.select_related("participant__beneficiary", "participant__project__support_item")
    return rows.order_by("participant__project__support_item__row", "participant__beneficiary__sort_key", "pk")


def _columns(rows: Sequence[Counted]) -> tuple[Column, ...]:
    """A column in which nobody gave a figure has no total: it is not known, and not zero."""
    capacity, productivity = ("Công suất",), ("Năng suất lao động (triệu đồng/người/năm)",)
    added, revenue, workers = ("Giá trị gia tăng/năm",), ("Doanh thu/năm",), ("Lao động (người)",)

    def figure(key: str, label: str, kind: Kind, groups: tuple[str, ...] = (), width: float = 9.5) -> Column:
        summed = key in LABELS and (not rows or any(one.figure(key) is not None for one in rows))
        return Column(key, label, kind, groups=groups, width=width, summed=summed)

    money, number, percent = Kind.MONEY_MILLION, Kind.INTEGER, Kind.PERCENT
    return (
        Column("number", "TT", width=6, align=Align.CENTER),
        Column("name", "Nội dung hỗ trợ, cơ sở", width=32),
        Column("project", "Mã đề án", width=14),
        Column("evaluated_on", "Ngày đánh giá", width=12, align=Align.CENTER),
        Column("capacity_unit", "Đơn vị tính", groups=capacity, width=10, align=Align.CENTER),
        figure("capacity_before", "Trước", number, capacity),
        figure("capacity_after", "Sau", number, capacity),
        figure("productivity_vnd_before", "Trước", money, productivity),
        figure("productivity_vnd_after", "Sau", money, productivity),
        figure("productivity_share", "% tăng so với trước", percent, productivity),
        figure("value_added_vnd_before", "Trước", money, added),
        figure("value_added_vnd_after", "Sau", money, added),
        figure("value_added_share", "% tăng so với trước", percent, added),
        figure("revenue_vnd_before", "Trước", money, revenue),
        figure("revenue_vnd_after", "Sau", money, revenue),
        figure("workers_before", "Trước", number, workers),
        figure("workers_after", "Sau", number, workers),
        figure(MORE_WORKERS, "Tăng thêm", number, workers),
        figure("mobilised_vnd", "Vốn cơ sở huy động thêm", money, width=13),
        figure(SUPPORT, "Kinh phí khuyến công đã chi", money, width=13),
        figure("leverage", "Vốn huy động / kinh phí khuyến công đã chi", percent, width=14),
    )


def _rows(parameters: PeriodParameters, counted_ones: Sequence[Counted]) -> list[Row]:
    rows, number = [], 0
    for item, members in groupby(counted_ones, key=lambda one: one.evaluation.participant.project.support_item):
        rows.append(Row({"name": str(item)}, RowStyle.GROUP))
        for one in members:
            number += 1
            rows.append(_row(parameters, number, one))
    return [*rows, _total_row(parameters, counted_ones)]


def _row(parameters: PeriodParameters, number: int, one: Counted) -> Row:
    evaluation = one.evaluation
    part, figures = evaluation.participant, {column: one.figure(column) for column in LABELS}
    cells: dict[str, Value] = {
        "number": str(number),
        "name": str(part.beneficiary),
        "project": part.project.code,
        "evaluated_on": format_date(evaluation.evaluated_on),
        "capacity_unit": evaluation.capacity_unit,
        **{key: getattr(evaluation, key) for key in NOT_ADDED},
        "productivity_share": _percent(change_of(evaluation, "productivity_vnd").share),
        "value_added_share": _value_added_share([one]),
        "leverage": _leverage([one]),
        **figures,
    }
    links = rows_links(SLUG, parameters, str(evaluation.pk), {key: figure or 0 for key, figure in figures.items()})
    links["name"] = reverse("programs:project-evaluations", args=[part.project_id])
    return Row(cells, links=links)


def _total_row(parameters: PeriodParameters, rows: Sequence[Counted]) -> Row:
    totals = {column: sum(one.figure(column) or 0 for one in rows) for column in LABELS}
    cells = {"name": "Tổng cộng", "value_added_share": _value_added_share(rows), "leverage": _leverage(rows)}
    links = rows_links(SLUG, parameters, TOTAL, totals)
    return Row(cells, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)


def _value_added_share(rows: Sequence[Counted]) -> Fraction | None:
    changes = [change for change in (change_of(one.evaluation, "value_added_vnd") for one in rows) if change.is_known]
    before = sum(change.before or 0 for change in changes)
    return _percent(Fraction(sum(change.increase or 0 for change in changes), before) if before else None)


def _leverage(rows: Sequence[Counted]) -> Fraction | None:
    told = [one for one in rows if one.evaluation.mobilised_vnd is not None]
    support = sum(one.support_vnd for one in told)
    return _percent(Fraction(sum(one.evaluation.mobilised_vnd or 0 for one in told), support) if support > 0 else None)


def _percent(share: Fraction | None) -> Fraction | None:
    """Points, as a cell of a percent column is given."""
    return None if share is None else share * 100


def _notes(parameters: PeriodParameters, rows: Sequence[Counted]) -> list[str]:
    notes = [BASIS, f"{BLANK} {_answers(rows)}" if rows else BLANK, SHARES, SUPPORT_BASIS, LEVERAGE]
    parts = evaluations_in(parameters).order_by().values("participant").distinct().count()
    if parts > len(rows):
        notes.append(f"{parts - len(rows)} lượt đánh giá ở đề án khác của cùng cơ sở trong kỳ không tính vào biểu.")
    if shared := shared_vnd(counted(parameters), parameters):
        notes.append(
            f"Chưa kể {format_million(shared)} triệu đồng chi chung cho các đề án có nhiều cơ sở: chứng từ không ghi "
            "cơ sở nào nên không nằm ở dòng nào."
        )
    return [*notes, NOT_SETTLED]


def _answers(rows: Sequence[Counted]) -> str:
    """How many establishments gave each figure that is added up."""
    given = {column: sum(one.figure(column) is not None for one in rows) for column in (*ADDED, MORE_WORKERS)}
    told = "; ".join(f"{LABELS[column]} {number}" for column, number in given.items())
    return f"Số cơ sở có số liệu, trong {len(rows)} cơ sở được đánh giá: {told}."


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    chosen = counted(parameters)
    if row != TOTAL:
        # Twelve digits: longer ones are no key of ours, and not every database compares them.
        chosen = chosen.filter(pk=int(row)) if row.isascii() and row.isdigit() and len(row) <= 12 else chosen.none()
    name = chosen.values_list("participant__beneficiary__name", flat=True).first() if row != TOTAL else "Tổng cộng"
    if name is None or column not in LABELS:
        return None
    title = f"{name} – {LABELS[column]}"
    if column == SUPPORT:
        return opened_entries(title, SUPPORT_BASIS, support_entries(chosen, parameters))
    return _opened_evaluations(title, column, chosen)


def _opened_evaluations(title: str, column: str, evaluations: QuerySet[SupportEvaluation]) -> Breakdown:
    names = ("workers_before", "workers_after") if column == MORE_WORKERS else (column,)
    told = evaluations.filter(**{f"{name}__isnull": False for name in names})
    amount = F("workers_after") - F("workers_before") if column == MORE_WORKERS else F(column)
    is_money = not column.startswith("workers")
    rows = told.annotate(amount=amount).select_related("participant__beneficiary", "participant__project__place")
    return Breakdown(
        title=title,
        basis=BASIS,
        rows=rows.order_by("evaluated_on", "pk"),
        line=_evaluation_line,
        total=rows.aggregate(total=Sum("amount", default=0))["total"],
        amount_label="Số tiền (đồng)" if is_money else "Số người",
        text_label="Cơ sở",
        day_label="Ngày đánh giá",
        is_money=is_money,
    )


def _evaluation_line(one: Any) -> Line:
    project = one.participant.project
    return Line(one.amount, str(one.participant.beneficiary), str(project.place), one.evaluated_on, project)


EVALUATION = Definition(
    slug=SLUG,
    title="Đánh giá sau hỗ trợ",
    explanation="Từng cơ sở trước và sau hỗ trợ: công suất, năng suất, giá trị gia tăng, doanh thu, lao động, vốn.",
    file_stem="danh-gia-sau-ho-tro",
    form_class=PeriodForm,
    build=build,
    break_down=break_down,
    not_opened={
        **dict.fromkeys(NOT_ADDED, ONE_ROW),
        "productivity_share": BOTH_COLUMNS,
        "value_added_share": BOTH_COLUMNS,
        "leverage": "Tính từ hai cột vốn huy động và kinh phí khuyến công đã chi.",
    },
)
