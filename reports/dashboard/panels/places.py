"""Approved money by place: one tile for each commune of today, or for each old district in the years before."""

import datetime
from urllib.parse import urlencode

from django.urls import reverse

from khuyencong.charts.lettering import width_of
from khuyencong.charts.series import SIZE, stacked
from khuyencong.charts.svg import Part
from khuyencong.charts.tiles import Shades, Tile, legend_width, shades_of, tile_legend, tiles
from khuyencong.excel.table import Table
from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_million
from reports.dashboard.drawing import amount, said, text
from reports.dashboard.figures import Figures
from reports.dashboard.panels.base import Panel, form_url
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.funding import FUNDING
from reports.definitions.place_groups import UNKNOWN_LABELS, Grouping, PlaceParameters
from reports.definitions.places import PLACES
from reports.parameters import Basis

MERGER = datetime.date(2025, 7, 1)  # NQ 1655/NQ-UBTVQH15: communes merged, districts abolished
FIGURE = "approved_total"


def asked(parameters: DashboardParameters) -> PlaceParameters:
    """The form of places: by old district while there were districts, by commune of today since."""
    period = parameters.period
    grouping = Grouping.DISTRICT if period.end < MERGER else Grouping.COMMUNE
    return PlaceParameters(parameters.user, parameters.area, parameters.year, period, grouping=grouping)


def tables(figures: Figures) -> list[Table]:
    """The form itself."""
    return PLACES.build(asked(figures.parameters))


def chart(figures: Figures, found: list[Table], width: float) -> Part:
    [table] = found
    drawn = _tiles(figures, table)
    values = [tile.value for tile in drawn]
    if not any(values):
        return Part("", 0)
    shades = shades_of(values)
    labels = _labels(values, shades)
    longest = max(width_of(label, SIZE) for _, label in labels)
    key = tile_legend(labels, width, min(legend_width(longest), width))
    return stacked(key, tiles(drawn, shades, width), gap=8)


def _tiles(figures: Figures, table: Table) -> list[Tile]:
    """In the order of the official codes, which run from neighbour to neighbour; what cannot be told comes last."""
    units = _units(figures)
    found = []
    for place in range(len(table.rows) - 1):
        name, value = str(table.value(place, "name")), amount(table, place, FIGURE)
        unit = units[name].pop(0) if units.get(name) else None
        if unit is None and name in UNKNOWN_LABELS.values() and not value:
            continue
        link = _form_of(figures.parameters, unit.pk) if unit else ""
        figure = text(table, place, FIGURE) if value else "0"
        found.append((unit is None, unit.code if unit else "", Tile(name.removesuffix(" (cũ)"), value, figure, link)))
    return [tile for *_, tile in sorted(found, key=lambda one: one[:2])]


def _units(figures: Figures) -> dict[str, list[AdministrativeUnit]]:
    """Name of a row → the unit, of those that this person may ask a form for; namesakes in the order of the rows."""
    is_old = asked(figures.parameters).grouping is Grouping.DISTRICT
    level = UnitLevel.DISTRICT if is_old else UnitLevel.COMMUNE
    units: dict[str, list[AdministrativeUnit]] = {}
    for unit in figures.own_units:
        if unit.level == level and (is_old or unit.valid_to is None):
            units.setdefault(str(unit), []).append(unit)
    return units


def _form_of(parameters: DashboardParameters, area: int) -> str:
    """The form Kinh phí khuyến công of that place, whose total is the figure of the tile."""
    period = parameters.period
    days = {"year": parameters.year, "start": format_date(period.start), "end": format_date(period.end)}
    query = urlencode({**days, "area": area, "basis": Basis.APPROVED.value})
    return f"{reverse('reports:form-page', args=[FUNDING.slug])}?{query}"


def _labels(values: list[int], shades: Shades) -> list[tuple[int, str]]:
    """For each class that has places, what their figures are, from the lowest to the highest, and how many they are."""
    labels = []
    for shade in range(len(shades.tops) + 1):
        found = [value for value in values if shades.of(value) == shade]
        if found:
            ends = dict.fromkeys(format_million(one) for one in (min(found), max(found)))
            labels.append((shade, f"{'–'.join(ends) if shade else 'Không có'} ({len(found)} nơi)"))
    return labels


def told(found: list[Table]) -> str:
    [table] = found
    places = [place for place in range(len(table.rows) - 1) if amount(table, place, FIGURE)]
    most = sorted(places, key=lambda place: -amount(table, place, FIGURE))[:5]
    return f"{len(places)} nơi có kinh phí được duyệt. Nhiều nhất, triệu đồng: {said(table, most, 'name', [FIGURE])}."


PLACES_PANEL = Panel(
    key="dia-ban",
    title="Kinh phí được duyệt theo địa bàn",
    explanation="Mỗi ô là một nơi, xếp theo mã đơn vị hành chính, không phải bản đồ; càng nhiều vạch đậm càng nhiều "
    "tiền. Bấm vào ô để mở biểu của nơi đó.",
    unit="triệu đồng",
    tables=tables,
    chart=chart,
    told=told,
    nothing="Năm này chưa có kinh phí được duyệt trong địa bàn đã chọn.",
    form_label="Mở biểu Tổng hợp theo địa bàn",
    form_url=lambda parameters: form_url(PLACES.slug, asked(parameters)),
    has_links=True,
)
