"""Counts what a file gives, and stops at the limits. Used inside the child process."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from khuyencong.excel.container import UnreadableWorkbook
from khuyencong.importing.reading.limits import Limits

# Letters of the old fonts, read as Latin-1; a letter beyond shows that a text is Unicode.
_HIGH = re.compile("[\u00a1-\u00ff]")
_BEYOND = re.compile("[\u0100-\u036f\u1ea0-\u1ef9]")
_LARGEST = 2**53  # up to here every whole number of a cell is exact


def plain(value: Any) -> Any:
    """The JSON of a cell: a whole float as an int, a date as {"d": ISO}, nothing as None."""
    kind = type(value)
    if kind is str:
        return value or None
    if value is None or kind is bool or kind is int:
        return value
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return int(value) if value.is_integer() and abs(value) <= _LARGEST else value
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return {"d": value.date().isoformat() if midnight else value.isoformat(timespec="seconds")}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def looks_legacy(text: str) -> bool:
    return not text.isascii() and bool(_HIGH.search(text)) and not _BEYOND.search(text)


class Counter:
    """Over all sheets of one file; each sheet's rows pass through `rows`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total_rows = self.total_cells = self.characters = 0
        self.suspicious: set[tuple[int, int]] = set()
        self.is_blank = True

    def rows(self, rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
        """Down to the last row that holds anything, each cut after its last cell that does."""
        self.suspicious, self.is_blank = set(), True
        number = waiting = width = 0
        for row in rows:
            cells = self._cells(row, number)
            number += 1
            if not cells:
                waiting += 1
                continue
            width = max(width, len(cells))
            self._check(number, width)
            yield from ([] for _ in range(waiting))
            waiting, self.is_blank = 0, False
            yield cells
        self.total_rows += number - waiting
        self.total_cells += (number - waiting) * width

    def _cells(self, row: Iterable[Any], number: int) -> list[Any]:
        cells = [plain(value) for value in row]
        while cells and (cells[-1] is None or (type(cells[-1]) is str and not cells[-1].strip())):
            cells.pop()
        for place, cell in enumerate(cells):
            if type(cell) is str:
                self.characters += len(cell)
                if looks_legacy(cell):
                    self.suspicious.add((number, place))
        return cells

    def _check(self, number: int, width: int) -> None:
        limits = self.limits
        if self.total_rows + number > limits.rows:
            raise UnreadableWorkbook(
                f"Tệp có hơn {_grouped(limits.rows)} dòng. Hãy xóa dòng thừa hoặc chia thành nhiều tệp."
            )
        if width > limits.columns:
            raise UnreadableWorkbook(
                f"Bảng có hơn {limits.columns} cột. Hãy xóa các cột thừa bên phải bảng (kể cả ô ở rất xa) rồi lưu lại."
            )
        if self.total_cells + number * width > limits.cells:
            raise UnreadableWorkbook("Tệp có quá nhiều ô. Hãy xóa cột, trang tính không cần hoặc chia thành nhiều tệp.")
        if self.characters > limits.characters:
            raise UnreadableWorkbook("Tệp chứa quá nhiều chữ. Hãy chia thành nhiều tệp nhỏ hơn.")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
