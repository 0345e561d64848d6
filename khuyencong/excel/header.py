"""Multi-level headers: columns with equal groups beside each other share a merged cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.excel.columns import Column


@dataclass(frozen=True)
class HeaderCell:
    text: str
    level: int  # 0 is the top row of the header
    column: int
    rowspan: int = 1
    colspan: int = 1
    is_group: bool = False


def header_depth(columns: Sequence[Column]) -> int:
    return 1 + max(len(column.groups) for column in columns)


def header_cells(columns: Sequence[Column]) -> list[list[HeaderCell]]:
    """The header rows from the top; a column with fewer groups than its neighbours reaches down to the last row."""
    return [_level_cells(columns, level, header_depth(columns)) for level in range(header_depth(columns))]


def _level_cells(columns: Sequence[Column], level: int, depth: int) -> list[HeaderCell]:
    cells: list[HeaderCell] = []
    place = 0
    while place < len(columns):
        column, width = columns[place], 1
        if level < len(column.groups):
            width = _shared(columns, place, level)
            cells.append(HeaderCell(column.groups[level], level, place, colspan=width, is_group=True))
        elif level == len(column.groups):
            cells.append(HeaderCell(column.label, level, place, rowspan=depth - level))
        place += width
    return cells


def _shared(columns: Sequence[Column], start: int, level: int) -> int:
    """How many columns from `start` on stand under the same groups, down to `level`."""
    groups = columns[start].groups[: level + 1]
    end = start
    while end < len(columns) and columns[end].groups[: level + 1] == groups:
        end += 1
    return end - start
