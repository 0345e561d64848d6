"""Finds the table in a sheet: its header of one to three rows under titles, where its rows begin and end, its unit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.book import Cell, SheetData
from khuyencong.importing.reading.cells import as_text, is_blank
from khuyencong.importing.reading.header_grid import Grid
from khuyencong.importing.reading.matching import best_score, is_row_number
from khuyencong.importing.reading.rows import find_end, is_number_row
from khuyencong.importing.reading.units import label_unit, stated_unit
from khuyencong.vietnamese.money import Unit
from khuyencong.vietnamese.text import fold

_SEARCHED_ROWS = 80
_DEEPEST = 3
_ABOVE = 6  # rows above the header in which a unit is looked for
_WORDS = (
    "ten ho dia chi so nam kinh phi von don vi ghi chu noi dung ngay ma dien thoai muc tong loai nganh nghe san pham "
    "de an huyen xa ket qua thoi gian tien luong co cong quyet dinh chu dau tu hop dong"
)
_COMMON = frozenset(_WORDS.split())
_KNOWN = 0.75


@dataclass(frozen=True)
class Header:
    """Rows and columns count from 0. `labels`: one for each column, "" where it has none.

    `data_from` … `data_to` (not included): rows of the table, without a row of column numbers and without signatures.
    `unit`: of the whole table; `units`: of single columns; `numbered`: the column of STT.
    """

    first: int
    last: int
    labels: Sequence[str]
    data_from: int
    data_to: int
    numbered: int | None = None
    unit: Unit | None = None
    units: Mapping[int, Unit] = field(default_factory=dict)


def find_header(sheet: SheetData, fields: Sequence[ImportField] = ()) -> Header | None:
    """The most likely header among the first rows; None when nothing looks like one. `fields` help to recognise it."""
    grid = Grid(sheet)
    width = max((grid.filled(row) for row in range(min(len(sheet.rows), 3 * _SEARCHED_ROWS))), default=0)
    best: tuple[float, int, int] | None = None
    for first in range(min(len(sheet.rows), _SEARCHED_ROWS)):
        if not grid.may_begin(first, width):
            continue
        last = _last_row(grid, first)
        score = _score(grid, first, last, width, fields)
        if score is not None and (best is None or score > best[0]):
            best = (score, first, last)
    if best is None:
        return None
    # A header that is printed again on each page may have better company further down.
    wanted = grid.labels(best[1], best[2])
    depth = best[2] - best[1]
    first = next(first for first in range(best[1] + 1) if grid.labels(first, first + depth) == wanted)
    return header_at(sheet, first, first + depth)


def header_at(sheet: SheetData, first: int, last: int | None = None) -> Header:
    """The header that a person points at: from row `first` to `last`, or as deep as it looks."""
    grid = Grid(sheet)
    last = _last_row(grid, first) if last is None else last
    labels = grid.labels(first, last)
    start = last + 1
    while start < len(sheet.rows) and is_number_row(sheet.rows[start]):
        start += 1
    numbered = next((place for place, label in enumerate(labels) if is_row_number(label)), None)
    units = {place: unit for place, label in enumerate(labels) if (unit := label_unit(label))}
    end = find_end(sheet.rows, start, sum(map(bool, labels)))
    return Header(first, last, labels, start, end, numbered, _unit_above(grid, first), units)


def _last_row(grid: Grid, first: int) -> int:
    """With a row of column numbers close below, everything above it; else as long as rows stand under merged cells."""
    height = len(grid.sheet.rows)
    for last in range(first, min(first + _DEEPEST, height - 1)):
        if is_number_row(grid.sheet.rows[last + 1]):
            return last
        if not grid.looks_like_labels(last + 1):
            break
    last = first
    while last + 1 < min(first + _DEEPEST, height) and grid.continues(last, last + 1):
        last += 1
    return last


def _score(grid: Grid, first: int, last: int, width: int, fields: Sequence[ImportField]) -> float | None:
    labels = [label for label in grid.labels(first, last) if label]
    different = len(set(labels))
    if different < min(2, width):
        return None
    known = sum(_is_known(label, fields) for label in labels) / len(labels)
    below = grid.sheet.rows[last + 1] if last + 1 < len(grid.sheet.rows) else []
    score = different / max(width, 1) + 0.6 * known - 0.01 * first
    score += 0.5 * any(is_row_number(label) for label in labels)
    score += 0.4 * is_number_row(below)
    return score if known or not fields or different >= width / 2 else score - 0.5


def _is_known(label: str, fields: Sequence[ImportField]) -> bool:
    if is_row_number(label) or any(best_score(label, one)[0] >= _KNOWN for one in fields):
        return True
    words = re.findall("[a-z]+", fold(label))
    return bool(words) and sum(word in _COMMON for word in words) * 2 >= len(words)


def _unit_above(grid: Grid, first: int) -> Unit | None:
    for row in range(first - 1, max(first - 1 - _ABOVE, -1), -1):
        for cell in _texts(grid.decoded_row(row)):
            if unit := stated_unit(cell):
                return unit
    return None


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [as_text(cell) for cell in cells if isinstance(cell, str) and not is_blank(cell)]
