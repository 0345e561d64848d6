"""What of a sheet is no data: titles, groups, totals, signatures. For a person to see that no row was lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from khuyencong.importing.reading.book import Cell, SheetData
from khuyencong.importing.reading.cells import as_text, is_blank
from khuyencong.importing.reading.header import Header
from khuyencong.importing.reading.legacy import SheetLetters
from khuyencong.importing.reading.rows import RowKind
from khuyencong.importing.reading.table import SheetRow
from khuyencong.vietnamese.text import nfc

MOST_TOLD = 200  # rows that are kept; all are counted
_CELLS, _CELL_LENGTH = 6, 60


class LeftOut(StrEnum):
    TITLE = "title"
    LABELS = "labels"
    GROUP = "group"
    TOTAL = "total"
    BELOW = "below"


OF_KIND = {RowKind.GROUP: LeftOut.GROUP, RowKind.TOTAL: LeftOut.TOTAL, RowKind.LABELS: LeftOut.LABELS}


@dataclass(frozen=True)
class Remainder:
    """`counts`: of each sort. `rows`: (number from 1, sort, its first texts) of the first MOST_TOLD."""

    counts: Mapping[str, int]
    rows: Sequence[tuple[int, str, str]]


def remainder(sheet: SheetData, header: Header, rows: Iterable[SheetRow]) -> Remainder:
    """`rows`: those of the table, of all kinds."""
    counts: Counter[str] = Counter()
    told: list[tuple[int, str, str]] = []
    for number, sort, cells in _all(sheet, header, rows):
        counts[sort.value] += 1
        if len(told) < MOST_TOLD:
            told.append((number, sort.value, _text(cells)))
    return Remainder(dict(counts), told)


def _all(sheet: SheetData, header: Header, rows: Iterable[SheetRow]) -> Iterator[tuple[int, LeftOut, Sequence[Cell]]]:
    yield from _outside(sheet, 0, header.first, LeftOut.TITLE)
    yield from _outside(sheet, header.last + 1, header.data_from, LeftOut.LABELS)
    for row in rows:
        if row.kind in OF_KIND:
            yield row.number, OF_KIND[row.kind], row.cells
    yield from _outside(sheet, header.data_to, len(sheet.rows), LeftOut.BELOW)


def _outside(sheet: SheetData, first: int, end: int, sort: LeftOut) -> Iterator[tuple[int, LeftOut, Sequence[Cell]]]:
    if first >= end:
        return
    letters = SheetLetters(sheet, first, end)
    for row in range(first, end):
        if not all(map(is_blank, sheet.rows[row])):
            yield row + 1, sort, letters.row(sheet.rows[row], row)[0]


def _text(cells: Sequence[Cell]) -> str:
    texts = [text for cell in cells if (text := nfc(as_text(cell)))]
    return " | ".join(text[:_CELL_LENGTH] for text in texts[:_CELLS]) + (" …" if len(texts) > _CELLS else "")
