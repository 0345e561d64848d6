"""From a panel's table to what the charts draw: the same cells, written as the table writes them."""

from collections.abc import Iterable, Sequence

from khuyencong.charts.series import Group, Series
from khuyencong.charts.svg import Drawing, Part
from khuyencong.excel.html import cell_text
from khuyencong.excel.table import Table
from khuyencong.vietnamese.money import format_million

WIDE, SMALL = 620, 336  # user units, which are pixels where the panel is as wide: a desk, a phone


def amount(table: Table, place: int, key: str) -> int:
    """A figure of the table; 0 where the cell is blank."""
    return figure(table, place, key) or 0


def figure(table: Table, place: int, key: str) -> int | None:
    value = table.value(place, key)
    return value if isinstance(value, int) else None


def text(table: Table, place: int, key: str) -> str:
    column = next(column for column in table.columns if column.key == key)
    return cell_text(table.column_at(place, column), table.value(place, key))


def groups(table: Table, places: Iterable[int], label: str, series: Sequence[Series]) -> list[Group]:
    return [
        Group(
            str(table.value(place, label)),
            [figure(table, place, one.key) for one in series],
            [text(table, place, one.key) for one in series],
        )
        for place in places
    ]


def axis_text(vnd: int) -> str:
    """Round triệu đồng without a decimal, others with one."""
    return format_million(vnd, 0 if vnd % 1_000_000 == 0 else 1)


def said(table: Table, places: Iterable[int], label: str, keys: Sequence[str]) -> str:
    """The figures in one sentence, for those who hear the chart: "2025: 1,0; 2,0. 2026: …"."""
    told = (f"{table.value(place, label)}: {'; '.join(text(table, place, key) for key in keys)}" for place in places)
    return ". ".join(told)


def picture(key: str, title: str, description: str, width: float, part: Part, *, has_links: bool = False) -> Drawing:
    size = "wide" if width == WIDE else "small"
    return Drawing(f"{key}-{size}", title, description, width, part, has_links)
