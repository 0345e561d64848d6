"""The top of a sheet as a person sees it: merged cells show their text everywhere, old fonts their letters."""

import re
from functools import cached_property

from khuyencong.importing.reading.book import Cell, SheetData
from khuyencong.importing.reading.cells import as_text, is_blank
from khuyencong.importing.reading.legacy import decoded_labels
from khuyencong.vietnamese.text import nfc

_TOP = 100
_LONGEST_LABEL = 250
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_LETTER = re.compile(r"[^\W\d_]")
_AMOUNT = re.compile(r"[\d.,\s]+(?:đ|đồng|triệu|tỷ|%)?", re.IGNORECASE)


class Grid:
    def __init__(self, sheet: SheetData) -> None:
        self.sheet = sheet
        self.merged: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for top, left, bottom, right in sheet.merges:
            if top < _TOP:
                for row in range(top, min(bottom, top + _TOP) + 1):
                    for place in range(left, min(right, sheet.width - 1) + 1):
                        self.merged[row, place] = (top, left, bottom, right)

    @cached_property
    def letters(self) -> dict[tuple[int, int], str]:
        return decoded_labels(self.sheet, 0, min(_TOP, len(self.sheet.rows)))

    def own(self, row: int, place: int) -> Cell:
        """What stands in the cell itself, in Unicode."""
        return self.letters.get((row, place), self.sheet.rows[row][place])

    def decoded_row(self, row: int) -> list[Cell]:
        return [self.own(row, place) for place in range(self.sheet.width)]

    def seen(self, row: int, place: int) -> Cell:
        """What stands there, or in the merged cell that covers it."""
        block = self.merged.get((row, place))
        return self.own(block[0], block[1]) if block else self.own(row, place)

    def filled(self, row: int) -> int:
        return sum(not is_blank(cell) for cell in self.sheet.rows[row])

    def looks_like_labels(self, row: int) -> bool:
        cells = [cell for cell in self.sheet.rows[row] if not is_blank(cell)]
        return bool(cells) and all(map(_is_label, cells))

    def may_begin(self, row: int, width: int) -> bool:
        """Whether it has labels for more than one column (in a list of one column: a label)."""
        return self.looks_like_labels(row) and self.filled(row) >= min(2, width)

    def spans(self, row: int) -> dict[int, int]:
        """Column → number of columns under the text above it, by merging or, without it, by blanks to its right."""
        found: dict[int, int] = {}
        place, width = 0, self.sheet.width
        while place < width:
            end = self._end_of_span(row, place)
            if not is_blank(self.seen(row, place)):
                found.update(dict.fromkeys(range(place, end), end - place))
            place = end
        return found

    def _end_of_span(self, row: int, place: int) -> int:
        block = self.merged.get((row, place))
        if block:
            return min(block[3] + 1, self.sheet.width)
        end = place + 1
        if is_blank(self.own(row, place)) or row + 1 >= len(self.sheet.rows):
            return end
        below = self.sheet.rows[row + 1]
        if is_blank(below[place]):
            return end
        while (
            end < self.sheet.width
            and is_blank(self.own(row, end))
            and (row, end) not in self.merged
            and not is_blank(below[end])
        ):
            end += 1
        return end

    def continues(self, row: int, below: int) -> bool:
        """Whether `below` is the next row of the same header: labels, most under a text over several columns."""
        if not self.looks_like_labels(below):
            return False
        spans = self.spans(row)
        places = [place for place in range(self.sheet.width) if not is_blank(self.sheet.rows[below][place])]
        under = [place for place in places if spans.get(place, 0) > 1]
        beside = [place for place in places if place not in under and not is_blank(self.seen(row, place))]
        return bool(under) and len(under) >= 2 * len(beside)

    def labels(self, first: int, last: int) -> list[str]:
        """One for each column: what stands above it from the top down, joined with a dash."""
        tops = {row: self._over_span(row) for row in range(first, last)}
        labels = []
        for place in range(self.sheet.width):
            parts: list[str] = []
            for row in range(first, last + 1):
                cell = tops[row].get(place) if row in tops else self.seen(row, place)
                text = nfc(as_text(cell))[:_LONGEST_LABEL] if cell is not None else ""
                if text and (not parts or parts[-1] != text):
                    parts.append(text)
            labels.append(" – ".join(parts))
        return labels

    def _over_span(self, row: int) -> dict[int, Cell]:
        found: dict[int, Cell] = {}
        spans = self.spans(row)
        place = 0
        while place < self.sheet.width:
            cell = self.seen(row, place)
            for covered in range(place, place + spans.get(place, 1)):
                found[covered] = cell
            place += spans.get(place, 1)
        return found


def _is_label(cell: Cell) -> bool:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return _FIRST_YEAR <= cell <= _LAST_YEAR
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    if len(text) > _LONGEST_LABEL:
        return False
    if text.isdecimal():
        return len(text) == 4 and _FIRST_YEAR <= int(text) <= _LAST_YEAR
    return bool(_LETTER.search(text)) and not _AMOUNT.fullmatch(text)
