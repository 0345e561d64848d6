"""Tổng hợp đề án: how the projects of a plan year stand, number and money, by track and support item."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Count, Q, QuerySet, Sum

from funding.models import FundingLine
from funding.models.budget import BUDGETED_KINDS
from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.excel.table import Sum as SumOf
from programs.models import ILLUSTRATION_NOTE, Project, SupportItem
from programs.workflow import Status, Track
from reports.definitions.base import Breakdown, Definition, official_table, rows_links
from reports.definitions.opened import numbers_of, opened_lines, opened_projects
from reports.definitions.plan_year import PlanYearForm, PlanYearParameters

SLUG = "tong-hop-de-an"
TOTAL = "tong"


@dataclass(frozen=True)
class Standing:
    """Statuses that the form counts as one, and which money stands for them."""

    label: str
    statuses: frozenset[Status]
    money: str = "approved_vnd"


# Each status is in one of them, or in NOT_COUNTED.
STANDINGS: MappingProxyType[str, Standing] = MappingProxyType(
    {
        "registered": Standing(
            "Đăng ký", frozenset({Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED}), "requested_vnd"
        ),
        "appraised": Standing("Đạt thẩm định", frozenset({Status.APPRAISED, Status.SENT_TO_MINISTRY}), "requested_vnd"),
        "approved": Standing("Phê duyệt", frozenset({Status.APPROVED})),
        "running": Standing("Đang thực hiện", frozenset({Status.CONTRACTED, Status.IN_PROGRESS})),
        "accepted": Standing("Nghiệm thu", frozenset({Status.ACCEPTED, Status.LIQUIDATED})),
        "settled": Standing("Quyết toán", frozenset({Status.SETTLED})),
        "refused": Standing("Từ chối", frozenset({Status.REFUSED}), "requested_vnd"),
        "stopped": Standing("Ngừng triển khai", frozenset({Status.STOPPED})),
    }
)
NOT_COUNTED = frozenset({Status.DRAFT, Status.WITHDRAWN})
NUMBER, MONEY = ".so", ".tien"
BASIS = (
    "Mỗi đề án của năm kế hoạch nằm ở một cột, theo trạng thái lúc xem biểu: đăng ký gồm đã trình, đã xác nhận và trả "
    "lại bổ sung; đạt thẩm định gồm đã gửi Bộ; đang thực hiện gồm đã ký hợp đồng; nghiệm thu gồm đã thanh lý. Không "
    "đếm đề án đang soạn và đã rút."
)
MONEY_BASIS = (
    "Kinh phí của hai nguồn khuyến công (KCQG, KCĐP): số đề nghị của đề án đăng ký, đạt thẩm định, từ chối; số được "
    "duyệt của đề án từ phê duyệt trở đi, kể cả ngừng triển khai. Hai loại số không cộng với nhau."
)
ITEMS_NOTE = "Chỉ ghi các nội dung hỗ trợ có đề án, theo số thứ tự trong biểu kinh phí."
Key = tuple[str, int]
"""(track, row of the support item)"""


def projects_of(parameters: PlanYearParameters) -> QuerySet[Project]:
    counted = [status.value for one in STANDINGS.values() for status in one.statuses]
    return Project.objects.filter(parameters.within("place_id"), year=parameters.year, status__in=counted)


def lines_of(parameters: PlanYearParameters) -> QuerySet[FundingLine]:
    projects = projects_of(parameters).order_by().values("pk")
    return FundingLine.objects.filter(project__in=projects, source__kind__in=BUDGETED_KINDS)


def build(parameters: PlanYearParameters) -> list[Table]:
    table = official_table(
        parameters,
        title="TỔNG HỢP ĐỀ ÁN KHUYẾN CÔNG",
        columns=_columns(),
        rows=_rows(parameters, _figures(parameters)),
        notes=(BASIS, MONEY_BASIS, ITEMS_NOTE),
        unit_note="ĐVT của kinh phí: triệu đồng",
        sheet_name="Tổng hợp đề án",
        is_illustrated=projects_of(parameters).filter(note=ILLUSTRATION_NOTE).exists(),
    )
    return [table]


def _columns() -> tuple[Column, ...]:
    pairs = [
        column
        for key, one in STANDINGS.items()
        for column in (
            Column(key + NUMBER, "Số đề án", Kind.INTEGER, groups=(one.label,), width=8),
            Column(key + MONEY, _money_label(one), Kind.MONEY_MILLION, groups=(one.label,), width=11),
        )
    ]
    every = SumOf(tuple(key + NUMBER for key in STANDINGS))
    return (
        Column("number", "TT", width=6, align=Align.CENTER),
        Column("name", "Nội dung hỗ trợ", width=44),
        *pairs,
        Column("every", "Tổng số đề án", Kind.INTEGER, width=9, formula=every),
    )


def _money_label(standing: Standing) -> str:
    return "Kinh phí đề nghị" if standing.money == "requested_vnd" else "Kinh phí được duyệt"


def _figures(parameters: PlanYearParameters) -> dict[Key, Counter[str]]:
    """Track and item → column → figure, of the items that have a project; two queries."""
    standing_of = {status.value: key for key, one in STANDINGS.items() for status in one.statuses}
    figures: dict[Key, Counter[str]] = {}
    counts = projects_of(parameters).order_by().values_list("track", "support_item__row", "status")
    for track, item, status, number in counts.annotate(number=Count("pk")):
        figures.setdefault((track, item), Counter())[standing_of[status] + NUMBER] += number
    sums = (
        lines_of(parameters).order_by().values_list("project__track", "project__support_item__row", "project__status")
    )
    wanted = sums.annotate(approved=Sum("approved_vnd", default=0), requested=Sum("requested_vnd", default=0))
    for track, item, status, approved, requested in wanted:
        key = standing_of[status]
        vnd = approved if STANDINGS[key].money == "approved_vnd" else requested
        figures[track, item][key + MONEY] += vnd
    return figures


def _rows(parameters: PlanYearParameters, figures: Mapping[Key, Counter[str]]) -> list[Row]:
    """A heading with its total for each track, its items below, and the total of both."""
    items = {item.row: item.name for item in SupportItem.objects.all()}
    rows: list[Row] = []
    for track in Track:
        own = sorted(item for of_track, item in figures if of_track == track.value)
        links = rows_links(SLUG, parameters, track.value, _added([figures[track.value, item] for item in own]))
        rows.append(Row({"name": track.label}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW, links=links))
        for item in own:
            found = _added([figures[track.value, item]])
            cells: dict[str, Value] = {"number": str(item), "name": items[item], **found}
            rows.append(Row(cells, links=rows_links(SLUG, parameters, f"{track.value}.{item}", found)))
    links = rows_links(SLUG, parameters, TOTAL, _added(list(figures.values())))
    return [*rows, Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _added(figures: list[Counter[str]]) -> dict[str, int]:
    keys = [key + part for key in STANDINGS for part in (NUMBER, MONEY)]
    return {key: sum(one[key] for one in figures) for key in keys}


def break_down(parameters: PlanYearParameters, row: str, column: str) -> Breakdown | None:
    key, _, part = column.partition(".")
    narrow = _narrow(row)
    if narrow is None or key not in STANDINGS or f".{part}" not in (NUMBER, MONEY):
        return None
    named, chosen = narrow
    standing = STANDINGS[key]
    statuses = [status.value for status in standing.statuses]
    projects = projects_of(parameters).filter(chosen, status__in=statuses)
    title = f"{named} – {standing.label.lower()}"
    if f".{part}" == NUMBER:
        return opened_projects(title, BASIS, projects)
    lines = lines_of(parameters).filter(project__in=projects.order_by().values("pk"))
    title = f"{title}, {_money_label(standing).lower()}"
    return opened_lines(title, MONEY_BASIS, lines, standing.money)


def _narrow(row: str) -> tuple[str, Q] | None:
    """What a row is called and the projects that it counts; None when the form has no such row."""
    if row == TOTAL:
        return "Tổng cộng", Q()
    track, _, item = row.partition(".")
    if track not in set(Track):
        return None
    label, of_track = Track(track).label, Q(track=track)
    if not item:
        return label, of_track
    numbers = numbers_of(item) or ()
    known = SupportItem.objects.filter(row=numbers[0]).first() if len(numbers) == 1 else None
    return (f"{label}, {known}", of_track & Q(support_item=known)) if known else None


STANDINGS_OF_YEAR = Definition(
    slug=SLUG,
    title="Tổng hợp đề án theo tình trạng",
    explanation="Số đề án và kinh phí của một năm kế hoạch theo tình trạng, cấp khuyến công và nội dung hỗ trợ.",
    file_stem="tong-hop-de-an",
    form_class=PlanYearForm,
    build=build,
    break_down=break_down,
    not_opened={"every": "Cộng từ các cột số đề án bên trái, mỗi cột mở được."},
)
