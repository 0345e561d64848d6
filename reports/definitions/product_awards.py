"""Kết quả bình chọn sản phẩm CNNT tiêu biểu: products registered and certified, four groups, by level."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, Value
from khuyencong.localities.reference import MERGER_DATE
from programs.models import AwardLevel, Product, ProductAwardEvent, ProductAwardKind, ProductGroup
from reports.definitions.base import Breakdown, Definition, Line, official_table, rows_links
from reports.forms import PeriodForm
from reports.parameters import PeriodParameters

SLUG = "binh-chon"
# The form has one column for the Ministry's two levels.
LEVELS = {
    "central": ("Cấp trung ương", frozenset({AwardLevel.NATIONAL, AwardLevel.REGION})),
    "province": ("Cấp tỉnh", frozenset({AwardLevel.PROVINCE})),
    "district": ("Cấp huyện", frozenset({AwardLevel.DISTRICT})),
}
REGISTERED, CERTIFIED = "1", "2"
HEADINGS = {
    REGISTERED: "Số sản phẩm đăng ký tham gia bình chọn",
    CERTIFIED: "Tổng sản phẩm được cấp giấy chứng nhận sản phẩm công nghiệp nông thôn tiêu biểu",
}
GROUP_NUMBERS = {group: str(number) for number, group in enumerate(ProductGroup, start=1)}
UNIT = "Sản phẩm"
BASIS = (
    "Mỗi sản phẩm đếm một lần ở mỗi cấp, theo ngày đăng ký và ngày cấp giấy chứng nhận trong kỳ; không đếm giấy chứng "
    "nhận bị thu hồi sau đó trong cùng kỳ. Cấp trung ương gồm cấp quốc gia và cấp khu vực."
)


@dataclass(frozen=True)
class Standing:
    """What the period saw of one product at one level."""

    product_id: int
    group: str
    level: str
    registered: datetime.date | None
    certified: datetime.date | None
    withdrawn: datetime.date | None

    def counts_in(self, heading: str) -> bool:
        if heading == REGISTERED:
            return self.registered is not None
        if self.certified is None:
            return False
        return self.withdrawn is None or self.certified > self.withdrawn


def standings(parameters: PeriodParameters) -> list[Standing]:
    """One row per product and level with an event in the period; certified or withdrawn: the latest counts."""
    events = ProductAwardEvent.objects.filter(
        parameters.within("product__beneficiary__place_id"), event_date__range=parameters.period.days
    )
    grouped = events.order_by().values_list("product_id", "product__group", "level")
    rows = grouped.annotate(
        registered=_latest(ProductAwardKind.REGISTERED),
        certified=_latest(ProductAwardKind.CERTIFIED),
        withdrawn=_latest(ProductAwardKind.WITHDRAWN),
    )
    return [Standing(*row) for row in rows]


def _latest(kind: ProductAwardKind) -> Max:
    return Max("event_date", filter=Q(kind=kind))


def counted(found: Iterable[Standing], heading: str, group: str | None, column: str) -> set[int]:
    """The distinct products of one figure; `group` None is all groups."""
    levels = LEVELS[column][1]
    return {
        one.product_id for one in found if one.counts_in(heading) and one.level in levels and group in (None, one.group)
    }


def columns_of(parameters: PeriodParameters) -> list[str]:
    """Districts chose products until they were abolished."""
    return ["central", "province", *(["district"] if parameters.period.start < MERGER_DATE else [])]


def build(parameters: PeriodParameters) -> list[Table]:
    found, levels = standings(parameters), columns_of(parameters)
    label = parameters.period.label
    columns = (
        Column("number", "TT", width=7, align=Align.CENTER),
        Column("name", "Chỉ tiêu", width=62),
        Column("unit", "Đơn vị tính", width=16, align=Align.CENTER),
        *(Column(level, LEVELS[level][0], Kind.INTEGER, groups=(label,), width=15) for level in levels),
    )
    table = official_table(
        parameters,
        title="KẾT QUẢ BÌNH CHỌN SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU",
        columns=columns,
        rows=[row for heading in HEADINGS for row in _block(parameters, found, heading, levels)],
        notes=(BASIS,),
        sheet_name="Bình chọn sản phẩm",
    )
    return [table]


def _block(parameters: PeriodParameters, found: list[Standing], heading: str, levels: list[str]) -> list[Row]:
    """The heading, which adds its four groups, and the groups."""
    place = 0 if heading == REGISTERED else 1 + len(ProductGroup)
    totals = {level: len(counted(found, heading, None, level)) for level in levels}
    total = Row(
        {"number": heading, "name": HEADINGS[heading], "unit": UNIT},
        RowStyle.GROUP,
        total_of=tuple(range(place + 1, place + 1 + len(ProductGroup))),
        links=rows_links(SLUG, parameters, heading, totals),
    )
    rows = [total]
    for group, number in GROUP_NUMBERS.items():
        figures = {level: len(counted(found, heading, group, level)) for level in levels}
        code = f"{heading}.{number}"
        cells: dict[str, Value] = {"number": code, "name": str(group.label), "unit": UNIT, **figures}
        rows.append(Row(cells, links=rows_links(SLUG, parameters, code, figures)))
    return rows


def break_down(parameters: PeriodParameters, row: str, column: str) -> Breakdown | None:
    heading, _, number = row.partition(".")
    group = next((group for group, known in GROUP_NUMBERS.items() if known == number), None)
    if heading not in HEADINGS or column not in columns_of(parameters) or (group is None and "." in row):
        return None
    ids = counted(standings(parameters), heading, group, column)
    products: QuerySet[Product] = Product.objects.filter(pk__in=ids)
    name = f"{HEADINGS[heading]} – {group.label if group else 'cả bốn nhóm'}"
    return Breakdown(
        title=f"{row}. {name} – {LEVELS[column][0]}",
        basis=BASIS,
        rows=products.select_related("beneficiary__place").order_by("sort_key"),
        line=_line,
        total=len(ids),
        amount_label="Số sản phẩm",
        text_label="Sản phẩm, cơ sở",
    )


def _line(product: Product) -> Line:
    return Line(1, f"{product} – {product.beneficiary}", str(product.beneficiary.place))


PRODUCT_AWARDS = Definition(
    slug=SLUG,
    title="Kết quả bình chọn sản phẩm CNNT tiêu biểu",
    explanation="Số sản phẩm đăng ký và được cấp giấy chứng nhận trong kỳ, theo bốn nhóm và theo cấp.",
    file_stem="binh-chon-san-pham",
    form_class=PeriodForm,
    build=build,
    break_down=break_down,
)
