"""Làng nghề: recognition by decision as of the period's last day, and the figures of the year."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from khuyencong.excel.table import Align, Column, Kind, Row, RowStyle, Table, TotalOf, Value
from khuyencong.vietnamese.dates import format_date
from programs.models import (
    CraftRecognitionKind,
    CraftVillage,
    CraftVillageEvent,
    CraftVillageEventKind,
    CraftVillageYear,
)
from reports.definitions.base import Breakdown, Definition, Line, official_table, rows_links
from reports.definitions.opened import numbers_of
from reports.definitions.place_groups import GROUPING_NOTES, Groups, PlaceForm, PlaceParameters, groups_of
from reports.parameters import PeriodParameters

SLUG = "lang-nghe"
TOTAL, GROUP = "tong", "nhom."
RECOGNISED = "recognised"
NOT_RECOGNISED = "Chưa công nhận"
INCOME = "income_per_head_vnd"
# Column → (heading, kind).
YEAR_COLUMNS = {
    "households": ("Tổng số hộ", Kind.INTEGER),
    "craft_households": ("Hộ làm nghề", Kind.INTEGER),
    "workers": ("Lao động", Kind.INTEGER),
    "women_workers": ("Lao động nữ", Kind.INTEGER),
    "khmer_workers": ("Lao động Khmer", Kind.INTEGER),
    "revenue_vnd": ("Doanh thu (triệu đồng)", Kind.MONEY_MILLION),
    INCOME: ("Thu nhập bình quân người/năm (triệu đồng)", Kind.MONEY_MILLION),
}
STATUS_BASIS = (
    "Tình trạng theo quyết định có ngày gần nhất tính đến hết kỳ; làng nghề chưa có quyết định nào là chưa công nhận. "
    "Cột “Đang được công nhận” không đếm làng nghề tạm dừng, mai một hoặc bị thu hồi."
)
YEAR_BASIS = (
    "Số liệu của năm báo cáo, theo lần báo cáo sau cùng của năm đó; ô trống là chưa có số liệu. Thu nhập bình quân "
    "không cộng được nên không có dòng tổng."
)


def villages_of(parameters: PeriodParameters) -> QuerySet[Any]:
    """The villages of the area with the latest decision until the period's end, and the id of the year's figures."""
    events = CraftVillageEvent.objects.filter(village=OuterRef("pk"), event_date__lte=parameters.period.end)
    latest = events.order_by("-event_date", "-pk")
    years = CraftVillageYear.objects.filter(village=OuterRef("pk"), year=parameters.year)
    return CraftVillage.objects.filter(parameters.within("place_id")).annotate(
        kind=Subquery(latest.values("kind")[:1]),
        recognition=Subquery(latest.values("recognition")[:1]),
        decision=Subquery(latest.values("decision_number")[:1]),
        decided=Subquery(latest.values("event_date")[:1]),
        year_id=Subquery(years.order_by("-reported_date", "-pk").values("pk")[:1]),
    )


def build(parameters: PlaceParameters) -> list[Table]:
    groups = groups_of(parameters)
    villages = list(villages_of(parameters).select_related("place").order_by("sort_key", "pk"))
    chosen = villages_of(parameters).order_by().values("year_id")
    years = {one.village_id: one for one in CraftVillageYear.objects.filter(pk__in=chosen)}
    table = official_table(
        parameters,
        title="TỔNG HỢP LÀNG NGHỀ",
        columns=_columns(parameters.year),
        rows=_rows(parameters, groups, villages, years),
        notes=(STATUS_BASIS, YEAR_BASIS, GROUPING_NOTES[parameters.grouping]),
        sheet_name="Làng nghề",
        is_public_money=False,
    )
    return [table]


def _columns(year: int) -> tuple[Column, ...]:
    heading = f"Số liệu năm {year}"
    return (
        Column("number", "STT", width=6, align=Align.CENTER),
        Column("name", "Địa bàn, làng nghề", width=32),
        Column("craft", "Nghề", width=16, align=Align.CENTER),
        Column("status", "Tình trạng", width=13, align=Align.CENTER),
        Column("title", "Danh hiệu", width=14, align=Align.CENTER),
        Column("decision", "Quyết định gần nhất", width=18, align=Align.CENTER),
        Column(RECOGNISED, "Đang được công nhận", Kind.INTEGER, width=10),
        *(
            Column(key, label, kind, groups=(heading,), width=11, summed=key != INCOME)
            for key, (label, kind) in YEAR_COLUMNS.items()
        ),
    )


def _rows(
    parameters: PlaceParameters, groups: Groups, villages: Sequence[Any], years: Mapping[int, CraftVillageYear]
) -> list[Row]:
    """A heading with the sums of each unit that has a village, its villages below, and the total."""
    rows: list[Row] = []
    figures = {one.pk: _figures(one, years.get(one.pk)) for one in villages}
    for row, label in groups.rows:
        found = [one for one in villages if groups.row_of(one.place_id) == row]
        if not found:
            continue
        links = rows_links(SLUG, parameters, f"{GROUP}{row}", _added([figures[one.pk] for one in found]))
        rows.append(Row({"name": label}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW, links=links))
        rows += [_row(parameters, place, one, figures[one.pk]) for place, one in enumerate(found, start=1)]
    links = rows_links(SLUG, parameters, TOTAL, _added(list(figures.values())))
    return [*rows, Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS, links=links)]


def _figures(village: Any, year: CraftVillageYear | None) -> dict[str, int]:
    """What is known of the village: nothing stands for figures that were not reported."""
    known = {key: int(getattr(year, key)) for key in YEAR_COLUMNS} if year else {}
    return {RECOGNISED: int(village.kind == CraftVillageEventKind.RECOGNISED), **known}


def _added(figures: Sequence[Mapping[str, int]]) -> dict[str, int]:
    keys = (RECOGNISED, *(key for key in YEAR_COLUMNS if key != INCOME))
    return {key: sum(one.get(key, 0) for one in figures) for key in keys}


def _row(parameters: PlaceParameters, place: int, village: Any, figures: Mapping[str, int]) -> Row:
    cells: dict[str, Value] = {
        "number": str(place),
        "name": f"{village}, {village.place}",
        "craft": village.craft,
        "status": CraftVillageEventKind(village.kind).label if village.kind else NOT_RECOGNISED,
        "title": CraftRecognitionKind(village.recognition).label if village.recognition else "",
        "decision": f"{village.decision} ngày {format_date(village.decided)}" if village.decision else "",
    }
    return Row({**cells, **figures}, links=rows_links(SLUG, parameters, str(village.pk), dict(figures)))


def break_down(parameters: PlaceParameters, row: str, column: str) -> Breakdown | None:
    if column != RECOGNISED and column not in YEAR_COLUMNS:
        return None
    found = _villages_of_row(parameters, row)
    if found is None or (column == INCOME and not row.isdigit()):
        return None
    named, villages = found
    if column == RECOGNISED:
        return _opened_villages(
            f"{named} – đang được công nhận", villages.filter(kind=CraftVillageEventKind.RECOGNISED)
        )
    title = f"{named} – {YEAR_COLUMNS[column][0].lower()} năm {parameters.year}"
    years = CraftVillageYear.objects.filter(pk__in=villages.order_by().values("year_id"))
    return _opened_years(title, years, column)


def _villages_of_row(parameters: PlaceParameters, row: str) -> tuple[str, QuerySet[Any]] | None:
    villages = villages_of(parameters)
    if row == TOTAL:
        return "Tổng cộng", villages
    if row.startswith(GROUP):
        groups = groups_of(parameters)
        label = dict(groups.rows).get(row.removeprefix(GROUP))
        return (label, villages.filter(place__in=groups.places(row.removeprefix(GROUP)))) if label else None
    numbers = numbers_of(row) or ()
    village = villages.filter(pk=numbers[0]).first() if len(numbers) == 1 else None
    return (str(village), villages.filter(pk=village.pk)) if village else None


def _opened_villages(title: str, villages: QuerySet[Any]) -> Breakdown:
    return Breakdown(
        title=title,
        basis=STATUS_BASIS,
        rows=villages.select_related("place").order_by("sort_key", "pk"),
        line=lambda one: Line(1, f"{one} – {one.decision} ngày {format_date(one.decided)}", str(one.place)),
        total=villages.count(),
        amount_label="Số làng nghề",
        text_label="Làng nghề, quyết định",
    )


def _opened_years(title: str, years: QuerySet[CraftVillageYear], column: str) -> Breakdown:
    heading, kind = YEAR_COLUMNS[column]
    is_money = kind is Kind.MONEY_MILLION
    return Breakdown(
        title=title,
        basis=YEAR_BASIS,
        rows=years.select_related("village__place").order_by("village__sort_key", "pk"),
        line=lambda one: Line(getattr(one, column), _report_of(one), str(one.village.place)),
        total=years.aggregate(total=Sum(column, default=0))["total"],
        amount_label=heading.replace("triệu đồng", "đồng"),
        text_label="Làng nghề, lần báo cáo",
        is_money=is_money,
    )


def _report_of(year: CraftVillageYear) -> str:
    return f"{year.village} – báo cáo ngày {format_date(year.reported_date)}, {year.source}"


CRAFT_VILLAGES = Definition(
    slug=SLUG,
    title="Tổng hợp làng nghề",
    explanation="Tình trạng công nhận theo quyết định đến hết kỳ và số liệu của năm, theo xã mới hoặc huyện cũ.",
    file_stem="tong-hop-lang-nghe",
    form_class=PlaceForm,
    build=build,
    break_down=break_down,
)
