"""Kết quả và kinh phí theo chương trình: targets against what was achieved, and the money; one sheet for each."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from funding.models import LedgerEntry
from funding.models.budget import BUDGETED_KINDS
from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Table, TotalOf, Value
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, IndicatorValue, Programme, ProgrammeTarget, Project
from reports.definitions.base import ACCEPTED_ON, MONEY_UNIT, Breakdown, Definition, Line, official_table, rows_links
from reports.definitions.opened import decided_by, numbers_of, opened_entries, opened_money, opened_projects, plan_years
from reports.forms import MoneyForm
from reports.money import AMENDED_UNTIL, approved_money, approved_projects, known_notes, ledger_entries, was_accepted
from reports.parameters import PeriodParameters

SLUG = "chuong-trinh"
TOTAL, NONE = "tong", "0"
TARGET = "muc-tieu."
BOTH_SIDES = Q(kind__in=BUDGETED_KINDS)
ACHIEVED_LABELS = {"now": "thực hiện trong kỳ", "until": "lũy kế đến hết kỳ"}
MONEY_LABELS = {
    "projects": "số đề án",
    "central": "KCQG được duyệt",
    "provincial": "KCĐP được duyệt",
    "paid_now": "giải ngân trong kỳ",
    "paid_until": "lũy kế giải ngân",
}
MONEY_SCALE = {"đồng": 1, "triệu đồng": 10**6, "tỷ đồng": 10**9}  # đồng in one unit of a target
LISTED = "Chương trình có năm trong kỳ, và chương trình cũ còn kết quả hoặc chứng từ trong kỳ."
ACHIEVED_BASIS = (
    "Thực hiện: giá trị của các đề án thuộc chương trình đã nghiệm thu, theo ngày nghiệm thu của từng chỉ tiêu; lũy kế "
    "từ đầu chương trình đến hết kỳ."
)
NO_INDICATOR = (
    "Mục tiêu không gắn với chỉ tiêu của biểu kết quả thì chưa tính được số thực hiện: để trống. Tỷ lệ là số lũy kế so "
    "với mục tiêu của cả chương trình; địa bàn nhỏ hơn tỉnh là phần đóng góp của địa bàn đó."
)
APPROVED_BASIS = (
    "Số đề án và kinh phí được duyệt: các đề án phê duyệt đến hết kỳ, kể cả đề án ngừng triển khai sau đó; đề án chưa "
    f"ghi ngày phê duyệt tính theo năm kế hoạch. {AMENDED_UNTIL}"
)
PAID_BASIS = "Giải ngân của hai nguồn: tạm ứng + thanh toán − thu hồi, đã trừ bút toán hủy, theo ngày chứng từ."
NOT_OPENED = {
    "target": "Là mục tiêu do quyết định chương trình giao, không cộng từ đề án nào.",
    "achieved_share": "Tính từ hai cột của cùng dòng.",
    "total": "Cộng từ hai cột bên trái, mỗi cột mở được.",
    "share": "Tính từ hai cột của cùng dòng.",
}


def values_until(parameters: PeriodParameters) -> QuerySet[IndicatorValue]:
    return IndicatorValue.objects.filter(
        parameters.within("project__place_id"),
        was_accepted(parameters),
        project__status__in=ACCEPTED_ON,
        achieved_date__lte=parameters.period.end,
    )


def projects_of(parameters: PeriodParameters) -> QuerySet[Project]:
    return approved_projects(parameters).filter(decided_by(parameters.period))


def entries_until(parameters: PeriodParameters) -> QuerySet[LedgerEntry]:
    return ledger_entries(parameters, BOTH_SIDES).filter(voucher_date__lte=parameters.period.end)


def programmes_of(parameters: PeriodParameters) -> QuerySet[Programme]:
    years, start = plan_years(parameters.period), parameters.period.start
    paid = entries_until(parameters).filter(voucher_date__gte=start).order_by().values("project__programme")
    reached = values_until(parameters).filter(achieved_date__gte=start).order_by().values("project__programme")
    current = Q(start_year__lte=years[-1], end_year__gte=years[0])
    late = Q(pk__in=paid.filter(project__programme__isnull=False)) | Q(
        pk__in=reached.filter(project__programme__isnull=False)
    )
    return Programme.objects.filter(current | late).order_by("start_year", "code")


def build(parameters: PeriodParameters) -> list[Table]:
    programmes = list(programmes_of(parameters))
    is_illustrated = _is_illustrated(parameters)
    targets = official_table(
        parameters,
        title="KẾT QUẢ THỰC HIỆN MỤC TIÊU CHƯƠNG TRÌNH KHUYẾN CÔNG",
        columns=_target_columns(),
        rows=_target_rows(parameters, programmes),
        notes=(LISTED, ACHIEVED_BASIS, NO_INDICATOR, *known_notes(parameters)),
        sheet_name="Mục tiêu",
        is_illustrated=is_illustrated,
    )
    money = official_table(
        parameters,
        title="KINH PHÍ THỰC HIỆN CHƯƠNG TRÌNH KHUYẾN CÔNG",
        columns=_money_columns(),
        rows=_money_rows(parameters, programmes),
        notes=(LISTED, APPROVED_BASIS, PAID_BASIS, *known_notes(parameters)),
        unit_note=MONEY_UNIT,
        sheet_name="Kinh phí",
        is_illustrated=is_illustrated,
    )
    return [targets, money]


def _is_illustrated(parameters: PeriodParameters) -> bool:
    parts = (projects_of(parameters).order_by().values("pk"), entries_until(parameters).order_by().values("project"))
    counted = Q(pk__in=parts[0]) | Q(pk__in=parts[1])
    counted |= Q(pk__in=values_until(parameters).order_by().values("project"))
    return Project.objects.filter(counted, _listed(parameters), note=ILLUSTRATION_NOTE).exists()


def _listed(parameters: PeriodParameters, project: str = "") -> Q:
    """Projects of the programmes that the form lists, and those of none."""
    listed = programmes_of(parameters).order_by().values("pk")
    return Q(**{f"{project}programme__in": listed}) | Q(**{f"{project}programme__isnull": True})


def _target_columns() -> tuple[Column, ...]:
    return (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Chương trình, mục tiêu", width=60),
        Column("unit", "Đơn vị tính", width=16, align=Align.CENTER),
        Column("target", "Mục tiêu của chương trình", Kind.INTEGER, width=15),
        Column("now", "Thực hiện trong kỳ", Kind.INTEGER, width=15),
        Column("until", "Lũy kế đến hết kỳ", Kind.INTEGER, width=15),
        Column("achieved_share", "Lũy kế so với mục tiêu", Kind.PERCENT, width=13),
    )


def _target_rows(parameters: PeriodParameters, programmes: list[Programme]) -> list[Row]:
    """A heading for each programme and its targets below; two queries."""
    start = parameters.period.start
    grouped = values_until(parameters).order_by().values_list("project__programme_id", "indicator_id")
    now = Sum("achieved_value", filter=Q(achieved_date__gte=start), default=0)
    sums = {row[:2]: row[2:] for row in grouped.annotate(now=now, until=Sum("achieved_value"))}
    targets = ProgrammeTarget.objects.filter(programme__in=programmes).select_related("indicator").order_by("pk")
    of_programme: dict[int, list[ProgrammeTarget]] = {}
    for target in targets:
        of_programme.setdefault(target.programme_id, []).append(target)
    rows = []
    for programme in programmes:
        years = f"{programme.start_year}–{programme.end_year}"
        rows.append(Row({"name": f"{programme.name} ({years})"}, RowStyle.GROUP))
        for place, target in enumerate(of_programme.get(programme.pk, []), start=1):
            found = sums.get((programme.pk, target.indicator_id), (0, 0))
            rows.append(_target_row(parameters, place, target, dict(zip(ACHIEVED_LABELS, found, strict=True))))
    return rows


def _target_row(parameters: PeriodParameters, place: int, target: ProgrammeTarget, found: Mapping[str, int]) -> Row:
    cells: dict[str, Value] = {"number": str(place), "name": target.name, "unit": target.unit, "target": target.value}
    if target.indicator is None:
        return Row(cells)
    links = rows_links(SLUG, parameters, f"{TARGET}{target.pk}", dict(found))
    scale = MONEY_SCALE.get(target.unit.strip().lower()) if target.indicator.is_money else 1
    if target.indicator.is_money and scale is None:  # a target that is not money against one that is: no share
        return Row({**cells, **found}, links=links, kinds=dict.fromkeys(ACHIEVED_LABELS, Kind.MONEY_MILLION))
    worth = target.value * (scale or 1)
    share = Fraction(100 * found["until"], worth) if worth else None
    cells |= {**found, "target": worth, "achieved_share": share}
    if not target.indicator.is_money:
        return Row(cells, links=links)
    kinds = dict.fromkeys(("target", *ACHIEVED_LABELS), Kind.MONEY_MILLION)
    return Row({**cells, "unit": "Triệu đồng"}, links=links, kinds=kinds)


def _money_columns() -> tuple[Column, ...]:
    approved, paid, money = "Kinh phí được duyệt đến hết kỳ", "Giải ngân", Kind.MONEY_MILLION
    return (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Chương trình", width=60),
        Column("projects", "Số đề án phê duyệt đến hết kỳ", Kind.INTEGER, width=12),
        Column("central", "KCQG", money, groups=(approved,), width=13),
        Column("provincial", "KCĐP", money, groups=(approved,), width=13),
        Column("total", "Cộng", money, groups=(approved,), width=13, formula=SumOf(("central", "provincial"))),
        Column("paid_now", "Trong kỳ", money, groups=(paid,), width=13),
        Column("paid_until", "Lũy kế đến hết kỳ", money, groups=(paid,), width=13),
        Column(
            "share", "Lũy kế giải ngân so với được duyệt", Kind.PERCENT, width=13, formula=Ratio("paid_until", "total")
        ),
    )


def _money_rows(parameters: PeriodParameters, programmes: list[Programme]) -> list[Row]:
    names = {str(one.pk): one.name for one in programmes} | {NONE: "Đề án ngoài chương trình"}
    figures = {row: dict.fromkeys(MONEY_LABELS, 0) for row in names}
    for programme, column, amount in _money(parameters):
        if (row := str(programme or NONE)) in figures:
            figures[row][column] = amount
    rows = []
    for place, (row, name) in enumerate(names.items(), start=1):
        links = rows_links(SLUG, parameters, row, figures[row])
        rows.append(Row({"number": str(place), "name": name, **figures[row]}, links=links))
    totals = {column: sum(one[column] for one in figures.values()) for column in MONEY_LABELS}
    links = rows_links(SLUG, parameters, TOTAL, totals)
    return [*rows, Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _money(parameters: PeriodParameters) -> list[tuple[int | None, str, int]]:
    """(programme, column, figure); three queries."""
    start, by = parameters.period.start, "project__programme_id"
    projects = projects_of(parameters)
    counts = projects.order_by().values_list("programme_id").annotate(number=Count("pk"))
    approved = approved_money(parameters, projects, BOTH_SIDES).sums(by, "source__kind")
    now = Sum("effect_vnd", filter=Q(voucher_date__gte=start), default=0)
    paid = entries_until(parameters).order_by().values_list(by).annotate(now=now, until=Sum("effect_vnd"))
    return [
        *((programme, "projects", number) for programme, number in counts),
        *((programme, kind, vnd) for (programme, kind), vnd in approved.items()),
        *((programme, "paid_now", vnd) for programme, vnd, _ in paid),
        *((programme, "paid_until", vnd) for programme, _, vnd in paid),
    ]


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    if row.startswith(TARGET):
        return _achieved_rows(parameters, row.removeprefix(TARGET), column)
    numbers = numbers_of(row) or ()
    programme = programmes_of(parameters).filter(pk=numbers[0]).first() if len(numbers) == 1 else None
    if column not in MONEY_LABELS or (programme is None and row not in (TOTAL, NONE)):
        return None
    title = f"{programme or ('Tổng cộng' if row == TOTAL else 'Đề án ngoài chương trình')} – {MONEY_LABELS[column]}"

    def chosen(project: str) -> Q:
        return _listed(parameters, project) if row == TOTAL else Q(**{f"{project}programme": programme})

    projects = projects_of(parameters).filter(chosen(""))
    if column == "projects":
        return opened_projects(title, APPROVED_BASIS, projects)
    if column in BUDGETED_KINDS:
        return opened_money(title, APPROVED_BASIS, approved_money(parameters, projects, Q(kind=column)))
    entries = entries_until(parameters).filter(chosen("project__"))
    entries = entries.filter(voucher_date__gte=parameters.period.start) if column == "paid_now" else entries
    return opened_entries(title, PAID_BASIS, entries)


def _achieved_rows(parameters: PeriodParameters, key: str, column: str) -> Breakdown | None:
    numbers = numbers_of(key) or ()
    targets = ProgrammeTarget.objects.filter(programme__in=programmes_of(parameters).order_by().values("pk"))
    found = (
        targets.filter(pk=numbers[0]).select_related("indicator", "programme") if len(numbers) == 1 else targets.none()
    )
    target = found.first()
    if target is None or target.indicator is None or column not in ACHIEVED_LABELS:
        return None
    values = values_until(parameters).filter(indicator=target.indicator, project__programme=target.programme)
    values = values.filter(achieved_date__gte=parameters.period.start) if column == "now" else values
    unit = "đồng" if target.indicator.is_money else target.indicator.unit.lower()
    return Breakdown(
        title=f"{target} – {ACHIEVED_LABELS[column]}",
        basis=ACHIEVED_BASIS,
        rows=values.select_related("project__place").order_by("achieved_date", "pk"),
        line=_achieved_line,
        total=values.aggregate(total=Sum("achieved_value", default=0))["total"],
        amount_label=f"Thực hiện ({unit})",
        text_label="Chỉ tiêu của năm",
        day_label="Ngày nghiệm thu",
        is_money=target.indicator.is_money,
    )


def _achieved_line(value: Any) -> Line:
    project = value.project
    return Line(value.achieved_value or 0, str(value.year), str(project.place), value.achieved_date, project)


PROGRAMMES = Definition(
    slug=SLUG,
    title="Kết quả và kinh phí theo chương trình",
    explanation="Mục tiêu của từng chương trình, kết quả đạt được, kinh phí được duyệt và giải ngân.",
    file_stem="ket-qua-theo-chuong-trinh",
    form_class=MoneyForm,
    build=build,
    break_down=break_down,
    not_opened=NOT_OPENED,
)
