"""Tổng hợp theo địa bàn: projects, establishments and money by old district or by new commune."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, Sum

from funding.models import LedgerEntry
from funding.models.budget import BUDGETED_KINDS
from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, Beneficiary, Project, ProjectBeneficiary
from reports.definitions.base import SIDES, Breakdown, Definition, Line, official_table, rows_links, side_columns
from reports.definitions.opened import opened_entries, opened_money, opened_projects
from reports.definitions.place_groups import GROUPING_NOTES, MoneyPlaceForm, PlaceParameters, groups_of
from reports.money import AMENDED_UNTIL, approved_money, decided_projects, known_notes, ledger_entries
from reports.parameters import PeriodParameters

SLUG = "dia-ban"
TOTAL = "tong"
BOTH_SIDES = Q(kind__in=BUDGETED_KINDS)
MONEY_COLUMNS = {f"{what}_{side}": (what, side) for what in ("approved", "disbursed") for side in SIDES}
LABELS = {
    "projects": "số đề án",
    "beneficiaries": "số cơ sở",
    "approved_central": "KCQG được duyệt",
    "approved_provincial": "KCĐP được duyệt",
    "disbursed_central": "KCQG đã giải ngân",
    "disbursed_provincial": "KCĐP đã giải ngân",
}
APPROVED_BASIS = (
    "Số đề án, số cơ sở và kinh phí được duyệt: của các đề án có ngày quyết định phê duyệt trong kỳ, kể cả đề án ngừng "
    f"triển khai sau đó. {AMENDED_UNTIL}"
)
DISBURSED_BASIS = (
    "Đã giải ngân: tạm ứng + thanh toán − thu hồi của hai nguồn, đã trừ bút toán hủy, theo ngày chứng từ trong kỳ."
)
ONCE = "Một cơ sở đếm một lần ở mỗi địa bàn có đề án của mình, và một lần ở dòng tổng cộng."
NOT_OPENED = {
    "approved_total": "Cộng từ hai cột bên trái, mỗi cột mở được.",
    "disbursed_total": "Cộng từ hai cột bên trái, mỗi cột mở được.",
}


def participants(parameters: PeriodParameters) -> QuerySet[ProjectBeneficiary]:
    return ProjectBeneficiary.objects.filter(project__in=decided_projects(parameters).order_by().values("pk"))


def entries(parameters: PeriodParameters, sources: Q = BOTH_SIDES) -> QuerySet[LedgerEntry]:
    return ledger_entries(parameters, sources).filter(voucher_date__range=parameters.period.days)


def build(parameters: PlaceParameters) -> list[Table]:
    table = official_table(
        parameters,
        title="TỔNG HỢP KHUYẾN CÔNG THEO ĐỊA BÀN",
        columns=_columns(),
        rows=_rows(parameters),
        notes=(APPROVED_BASIS, DISBURSED_BASIS, ONCE, GROUPING_NOTES[parameters.grouping], *known_notes(parameters)),
        unit_note="ĐVT của kinh phí: triệu đồng",
        sheet_name="Theo địa bàn",
        is_illustrated=_is_illustrated(parameters),
    )
    return [table]


def _columns() -> tuple[Column, ...]:
    def money(what: str, label: str) -> list[Column]:
        parts = [
            Column(f"{what}_{one.key}", one.label, one.kind, groups=one.groups, width=15)
            for one in side_columns(label, Kind.MONEY_MILLION)
        ]
        formula = SumOf(tuple(one.key for one in parts))
        total = Column(f"{what}_total", "Cộng", Kind.MONEY_MILLION, groups=(label,), width=15, formula=formula)
        return [*parts, total]

    return (
        Column("number", "STT", width=6, align=Align.CENTER),
        Column("name", "Địa bàn", width=34),
        Column("projects", "Số đề án", Kind.INTEGER, width=10),
        Column("beneficiaries", "Số cơ sở thụ hưởng", Kind.INTEGER, width=12, summed=False),
        *money("approved", "Kinh phí được duyệt"),
        *money("disbursed", "Kinh phí đã giải ngân"),
    )


def _rows(parameters: PlaceParameters) -> list[Row]:
    groups = groups_of(parameters)
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for place, column, amount in _sums(parameters):
        figures[groups.row_of(place)][column] += amount
    establishments: dict[str, set[int]] = defaultdict(set)
    pairs = participants(parameters).order_by().values_list("project__place_id", "beneficiary_id").distinct()
    for place, beneficiary in pairs:
        establishments[groups.row_of(place)].add(beneficiary)
    rows = []
    for place, (row, label) in enumerate(groups.rows, start=1):
        known = {column: figures[row][column] for column in LABELS} | {"beneficiaries": len(establishments[row])}
        cells: dict[str, Value] = {"number": str(place), "name": label, **known}
        rows.append(Row(cells, links=rows_links(SLUG, parameters, row, known)))
    every = len(set().union(*establishments.values()))
    totals = {column: sum(one[column] for one in figures.values()) for column in LABELS} | {"beneficiaries": every}
    links = rows_links(SLUG, parameters, TOTAL, totals)
    cells = {"name": "Tổng cộng", "beneficiaries": every}
    return [*rows, Row(cells, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _sums(parameters: PlaceParameters) -> Iterable[tuple[int, str, int]]:
    """(place, column, figure): number of projects, approved and disbursed đồng; three queries."""
    projects = decided_projects(parameters)
    for place, number in projects.order_by().values_list("place_id").annotate(number=Count("pk")):
        yield place, "projects", number
    by_place = ("project__place_id", "source__kind")
    for (place, kind), vnd in approved_money(parameters, projects, BOTH_SIDES).sums(*by_place).items():
        yield place, f"approved_{kind}", vnd
    for place, kind, vnd in entries(parameters).order_by().values_list(*by_place).annotate(v=Sum("effect_vnd")):
        yield place, f"disbursed_{kind}", vnd


def _is_illustrated(parameters: PlaceParameters) -> bool:
    decided = Q(pk__in=decided_projects(parameters).order_by().values("pk"))
    paid = Q(pk__in=entries(parameters).order_by().values("project"))
    return Project.objects.filter(decided | paid, note=ILLUSTRATION_NOTE).exists()


def break_down(parameters: PlaceParameters, row: str, column: str) -> Breakdown | None:
    groups = groups_of(parameters)
    labels = dict(groups.rows) | {TOTAL: "Tổng cộng"}
    if row not in labels or column not in LABELS:
        return None
    title = f"{labels[row]} – {LABELS[column]}"
    places = list(groups.unit_of) if row == TOTAL else groups.places(row)
    if column == "projects":
        return opened_projects(title, APPROVED_BASIS, decided_projects(parameters).filter(place__in=places))
    if column == "beneficiaries":
        found = participants(parameters).filter(project__place__in=places).order_by().values("beneficiary")
        return _opened_beneficiaries(title, Beneficiary.objects.filter(pk__in=found))
    what, side = MONEY_COLUMNS[column]
    if what == "approved":
        projects = decided_projects(parameters).filter(place__in=places)
        return opened_money(title, APPROVED_BASIS, approved_money(parameters, projects, Q(kind=side)))
    return opened_entries(title, DISBURSED_BASIS, entries(parameters, Q(kind=side)).filter(project__place__in=places))


def _opened_beneficiaries(title: str, beneficiaries: QuerySet[Beneficiary]) -> Breakdown:
    return Breakdown(
        title=title,
        basis=f"{APPROVED_BASIS} {ONCE}",
        rows=beneficiaries.select_related("place").order_by("sort_key", "pk"),
        line=lambda one: Line(1, str(one), str(one.place)),
        total=beneficiaries.count(),
        amount_label="Số cơ sở",
        text_label="Cơ sở thụ hưởng",
    )


PLACES = Definition(
    slug=SLUG,
    title="Tổng hợp theo địa bàn",
    explanation="Số đề án, số cơ sở, kinh phí được duyệt và giải ngân trong kỳ, theo xã mới hoặc theo huyện cũ.",
    file_stem="tong-hop-theo-dia-ban",
    form_class=MoneyPlaceForm,
    build=build,
    break_down=break_down,
    not_opened=NOT_OPENED,
)
