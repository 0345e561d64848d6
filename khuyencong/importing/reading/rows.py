"""What a row of a table is: data, a group, a total, or something that only stands there for the eye."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text, is_blank
from khuyencong.vietnamese.text import fold

_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(?:[0-9]{1,3}|[a-z])\s*(?:=[^()]*(?:\([^()]*\)[^()]*)*)?[)\]]?", re.IGNORECASE)
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})[.)]?")
_LETTER = re.compile(r"[A-HKĐ][.)]?")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*[.)]?")
_TOTAL = re.compile(
    r"tong cong(?! ty)(?![a-z]).*|tong(?: so| kinh phi| toan tinh)?\s*[:.(].*|tong(?: so| kinh phi| toan tinh)?"
    r"|cong\s*(?:[:.(].*)?|cong (?:muc|nhom|huyen|xa|phan|nguon|chung|toan) ?.*|(?:sub)?total"
    r"|trong do(?![a-z]).*"
)
_SIGNATURE = re.compile(
    r"ghi chu\s*:.*"
    r"|nguoi lap.*|lap bieu.*|lap bang.*|thu truong.*|ke toan(?: truong)?|(?:pho )?giam doc.*|(?:pho )?chu tich.*"
    r"|t\.?/?m\.? .*|tuq\.? .*|kt\.? .*|xac nhan cua.*|noi nhan.*|\(?ky[, ].*"
    r"|.*ngay\s*[0-9. …]*\s*thang\s*[0-9. …]*\s*nam.*|so cong thuong|ubnd .*|\(?ghi ro ho ten.*"
    r"|(?:pho )?truong phong.*|can bo (?:lap|tong hop).*|dai dien .*|lanh dao.*"
)
_GROUP = re.compile(
    r"(?:huyen|thi xa|thanh pho|tinh|tx\.|tp\.?|h\.|nhom|phan|muc|nam|nguon|linh vuc|giai doan|chuong trinh|khuyen cong"
    r"|de an (?:diem|nhom|quoc gia|dia phuong))\b|[ivx]{1,4}[.)]\s|.*:$"
)
_LONG = 200  # characters: no total, number or signature is as long
_FEW = 4  # a signature row has no more cells
_TOTAL_WITHIN = 3


class RowKind(StrEnum):
    DATA = "data"
    GROUP = "group"
    TOTAL = "total"  # or a part of the row above ("Trong đó: …"): its figures are in other rows already
    BLANK = "blank"
    LABELS = "labels"  # the header or the column numbers, printed again


def is_number_row(cells: Sequence[Cell]) -> bool:
    """(1) (2) (3=1+2), 1 2 3, A B 1 2: each cell a number or letter of a column, numbers rising."""
    texts = [as_text(cell).strip() for cell in cells if not is_blank(cell)]
    if len(texts) < 2 or not all(len(text) < _LONG and _COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    numbers = [int(found[1]) for text in texts if (found := re.match(r"[(\[\s]*([0-9]+)", text))]
    letters = len(texts) - len(numbers)
    if not numbers:
        return [text.strip("()[] ").lower() for text in texts] == list("abcdefghijklmnopqrstuvwxyz"[: len(texts)])
    rising = all(later - earlier == 1 for earlier, later in pairwise(numbers))
    return rising and numbers[0] in (1, letters + 1) and (len(texts) > 2 or any("(" in text for text in texts))


def find_end(rows: Sequence[Sequence[Cell]], start: int, columns: int) -> int:
    """The row after the last of the table: before signatures, and before blank rows at the end."""
    end = len(rows)
    last_full = start - 1
    signatures = []
    for number in range(start, len(rows)):
        if is_signature(rows[number]):
            signatures.append(number)
        elif _is_full(rows[number], columns):
            last_full = number
    end = next((number for number in signatures if number > last_full), end)
    while end > start and all(map(is_blank, rows[end - 1])):
        end -= 1
    return end


def _is_full(cells: Sequence[Cell], columns: int) -> bool:
    """Half of the columns with a number among them, or three quarters: more than the names under signatures."""
    filled = [cell for cell in cells if not is_blank(cell)]
    has_number = any(not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip()) for cell in filled)
    return len(filled) >= max(2, columns // 2) and (has_number or 4 * len(filled) >= 3 * columns)


def is_signature(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    if not 0 < len(filled) <= _FEW or not all(isinstance(cell, str) for cell in filled):
        return False
    return any(_SIGNATURE.fullmatch(fold(as_text(cell))) for cell in filled if len(as_text(cell)) < _LONG)


class Classifier:
    """Of the rows of one table. `numbered`: the column of STT.

    `covered`: rows with a cell that is merged from above; `wide`: rows with a cell merged over several columns.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[Cell]],
        start: int,
        end: int,
        *,
        numbered: int | None,
        labels: Sequence[str],
        covered: frozenset[int] = frozenset(),
        wide: frozenset[int] = frozenset(),
    ) -> None:
        self.rows, self.start, self.end, self.numbered = rows, start, end, numbered
        self.covered, self.wide = covered, wide
        self.labels = {fold(label.rpartition(" – ")[2]) for label in labels if label}
        self.columns = sum(map(bool, labels))
        self.has_numbers = numbered is not None and any(
            _NUMBER.fullmatch(self._number(row)) for row in range(start, end)
        )

    def kind(self, row: int, cells: Sequence[Cell]) -> RowKind:
        """`cells`: in Unicode."""
        filled = [cell for cell in cells if not is_blank(cell)]
        if not filled:
            return RowKind.BLANK
        number = self._number(row)
        is_numbered = bool(_NUMBER.fullmatch(number))
        if not is_numbered and self._is_total(filled):
            return RowKind.TOTAL
        if is_number_row(cells) or self._repeats_labels(filled):
            return RowKind.LABELS
        return RowKind.GROUP if self._is_group(row, number, filled) else RowKind.DATA

    def depth(self, row: int) -> int:
        """Of a group, from 0: A, then I, then 1, then a line of text."""
        number = self._number(row)
        if _LETTER.fullmatch(number) and not _is_roman(number):
            return 0
        return 1 if _is_roman(number) else 2 if number else 3

    def _number(self, row: int) -> str:
        return as_text(self.rows[row][self.numbered]).strip() if self.numbered is not None else ""

    def _is_total(self, filled: Sequence[Cell]) -> bool:
        texts = [fold(cell) for cell in filled[:_TOTAL_WITHIN] if isinstance(cell, str) and len(cell) < _LONG]
        return any(_TOTAL.fullmatch(text) for text in texts)

    def _repeats_labels(self, filled: Sequence[Cell]) -> bool:
        return len(filled) > 1 and all(isinstance(cell, str) and fold(cell) in self.labels for cell in filled)

    def _is_group(self, row: int, number: str, filled: Sequence[Cell]) -> bool:
        if self.has_numbers and (_is_roman(number) or _LETTER.fullmatch(number)):
            return True
        is_number = bool(_NUMBER.fullmatch(number))
        if is_number and self._has_parts(row, number):
            return True
        lone = len(filled) == 1 and isinstance(filled[0], str) and self.columns > 2
        if not lone or row in self.covered or is_number:
            return False
        # A name with nothing beside it may as well be data: better asked about than passed over.
        return row in self.wide or bool(number) or bool(_GROUP.match(fold(as_text(filled[0]))))

    def _has_parts(self, row: int, number: str) -> bool:
        """1 before 1.1 (which Excel may hold as the number 1,1)."""
        if row + 1 >= self.end:
            return False
        whole = number.rstrip(".)").replace(",", ".")
        return self._number(row + 1).replace(",", ".").startswith(f"{whole}.")


def _is_roman(number: str) -> bool:
    return bool(number.strip(".)")) and bool(_ROMAN.fullmatch(number))
