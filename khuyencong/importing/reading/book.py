"""A file as sheets of plain cells, read by a child process within limits. Formulas are never run."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from khuyencong.excel.container import UnreadableWorkbook
from khuyencong.importing.reading.child import NO_MEMORY
from khuyencong.importing.reading.kinds import BROKEN, BookKind, kind_of
from khuyencong.importing.reading.limits import DEFAULT_LIMITS, MIB, Limits

__all__ = ["Book", "BookKind", "Cell", "Limits", "SheetData", "TookTooLong", "UnreadableWorkbook", "read_book"]

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]
Cell = str | int | float | bool | date | datetime | None
"""A time of the day alone is text ("09:36"); an error of Excel is its sign ("#DIV/0!")."""
_LINE_BYTES = 64 * MIB  # of one row; a child that writes more was taken over
_SHORT_TEXT = 200
_TOLD_EVERY = 1_000  # rows
_LAST_BREATH = 5.0  # seconds for a child that has closed its output to end
TOO_SLOW = "Đọc tệp quá lâu nên đã dừng. Hãy chép riêng bảng cần nhập sang một tệp mới, lưu thành .xlsx rồi tải lên."
Tell = Callable[[int], object]


class TookTooLong(UnreadableWorkbook):
    """The clock of the limits ran out: with more time the file may well be read."""


@dataclass(frozen=True)
class SheetData:
    """One sheet that holds something. `rows[0]` is row 1, `rows[n][0]` column A; all rows are of one length.

    `merges`: (first row, first column, last row, last column), from 0, both ends within. `fonts`: (row, column) →
    name of the font, of the .xlsx cells whose letters may be those of an old Vietnamese font.
    """

    name: str
    rows: list[list[Cell]]
    fonts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merges: Sequence[tuple[int, int, int, int]] = ()
    is_hidden: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True)
class Book:
    sheets: Sequence[SheetData]
    kind: BookKind

    def sheet(self, name: str) -> SheetData:
        """By name; the first visible one for a name that is not there."""
        visible = [sheet for sheet in self.sheets if not sheet.is_hidden] or list(self.sheets)
        return next((sheet for sheet in self.sheets if sheet.name == name), visible[0])


def _nobody(rows: int) -> None:
    """Nobody wants to know how far it is."""


def read_book(path: Path, name: str, *, limits: Limits = DEFAULT_LIMITS, tell: Tell = _nobody) -> Book:
    """All sheets with data of the file at `path`, which the person called `name`. Never empty. `tell`: rows so far.

    Errors: UnreadableWorkbook with a `message` (Vietnamese), and no other, whatever the file holds; TookTooLong is one.
    """
    try:
        if path.stat().st_size > limits.file_bytes:
            size = limits.file_bytes // MIB
            raise UnreadableWorkbook(f"Tệp lớn hơn {size} MB. Hãy bỏ hình ảnh, trang không cần hoặc chia nhỏ tệp.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableWorkbook("Không mở được tệp đã tải lên. Hãy tải lên lại.") from error
    kind = kind_of(content, name)
    del content
    return Book(_sheets(path, kind, limits, tell), kind)


def _sheets(path: Path, kind: BookKind, limits: Limits, tell: Tell) -> list[SheetData]:
    with _Child(path, kind, limits) as child:
        try:
            sheets = _gathered(child.lines, limits, tell)
        except UnreadableWorkbook:
            raise
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:  # half a line, or nonsense
            raise child.failure() from error
        if sheets is None:
            raise child.failure()
        return sheets


def _gathered(lines: IO[bytes], limits: Limits, tell: Tell) -> list[SheetData] | None:
    """None when the child stopped in the middle."""
    sheets: list[_Growing] = []
    for message in _checked_messages(lines, limits, tell):
        if isinstance(message, list):
            sheets[-1].add(message)
        elif "sheet" in message:
            sheets.append(_Growing(message["sheet"]))
        elif "fonts" in message:
            sheets[-1].fonts.update({(row, place): font for row, place, font in message["fonts"]})
        elif "error" in message:
            raise UnreadableWorkbook(message["error"])
        elif "end" in message:
            return [sheet.finished() for sheet in sheets]
    return None


def _checked_messages(lines: IO[bytes], limits: Limits, tell: Tell) -> Iterator[Any]:
    """The child is not trusted either: no endless line, no more rows than agreed."""
    rows = 0
    while line := lines.readline(_LINE_BYTES):
        message = json.loads(line)
        rows += isinstance(message, list)
        if rows > limits.rows:
            raise UnreadableWorkbook(BROKEN)
        if rows and rows % _TOLD_EVERY == 0:
            tell(rows)
        yield message


class _Growing:
    """A sheet while its rows arrive; equal short texts are kept once."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        self.about = about
        self.rows: list[list[Cell]] = []
        self.fonts: dict[tuple[int, int], str] = {}
        self.texts: dict[str, str] = {}

    def add(self, cells: list[Any]) -> None:
        for place, cell in enumerate(cells):
            if type(cell) is str and len(cell) <= _SHORT_TEXT:
                cells[place] = self.texts.setdefault(cell, cell)
            elif type(cell) is dict:
                cells[place] = _moment(cell["d"])
        self.rows.append(cells)

    def finished(self) -> SheetData:
        width = max(map(len, self.rows), default=0)
        for row in self.rows:
            row.extend([None] * (width - len(row)))
        merges = [(top, left, bottom, right) for top, left, bottom, right in self.about["merges"]]
        return SheetData(self.about["name"], self.rows, self.fonts, merges, self.about["hidden"])


def _moment(text: str) -> Cell:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


class _Child:
    """The process, with its output as `lines`. It is gone when the block is left, whatever happened."""

    def __init__(self, path: Path, kind: BookKind, limits: Limits) -> None:
        command = [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "khuyencong.importing.reading.child"]
        self.process = subprocess.Popen(
            [*command, str(path.resolve()), kind.value, limits.as_json()],
            cwd=ROOT,
            env={"PATH": os.defpath},  # no secrets of this process
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        self.lines: IO[bytes] = self.process.stdout
        self.is_expired = False
        self.clock = threading.Timer(limits.wall_seconds, self._expire)

    def __enter__(self) -> "_Child":
        self.clock.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.clock.cancel()
        self.process.kill()
        self.lines.close()
        self.process.wait()

    def _expire(self) -> None:
        self.is_expired = True
        self.process.kill()

    def failure(self) -> UnreadableWorkbook:
        """What ended it, in words."""
        try:
            code = self.process.wait(_LAST_BREATH)
        except subprocess.TimeoutExpired:
            return UnreadableWorkbook(BROKEN)
        logger.warning("The reader of an uploaded file ended with code %s.", code)
        if self.is_expired or code == -signal.SIGXCPU:
            return TookTooLong(TOO_SLOW)
        return UnreadableWorkbook(NO_MEMORY if code in (-signal.SIGABRT, -signal.SIGKILL) else BROKEN)
