"""Reading a workbook that somebody uploads: one sheet as rows of values, within limits. Formulas are never run."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from khuyencong.excel.container import SAVE_AGAIN, UnreadableWorkbook, check_parts

__all__ = ["MAX_BYTES", "MAX_ROWS", "Cell", "Sheet", "UnreadableWorkbook", "read_sheet"]

Cell = object
"""str, int, float, bool, datetime, date, time or None, as the workbook stores it."""
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_ENTRIES = 500
MAX_ROWS = 10_000
MAX_BLANK_ROWS = 50_000  # formatted and empty, below the data
MAX_COLUMNS = 40
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A file may be broken in any part, and openpyxl has no error of its own for that.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # of both XML parsers
    InvalidFileException,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Sheet:
    """Rows from the first of the sheet on, so that `rows[0]` is row 1; `epoch` is the day 0 of date numbers."""

    name: str
    rows: Sequence[tuple[Cell, ...]]
    epoch: datetime


def read_sheet(stream: IO[bytes]) -> Sheet:
    """The first sheet that holds anything. Leaves the stream at its start.

    Errors: UnreadableWorkbook when it is no .xlsx, is broken, locked by a password, or larger than the limits.
    """
    _check_container(stream)
    try:
        sheet = _first_filled(stream)
    except UnreadableWorkbook:
        raise
    except _BROKEN as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng, không đọc được. {SAVE_AGAIN}") from error
    finally:
        stream.seek(0)
    if sheet is None:
        raise UnreadableWorkbook("Tệp không có dòng nào có dữ liệu.")
    return sheet


def _check_container(stream: IO[bytes]) -> None:
    """Looks at sizes before anything is unpacked."""
    content = stream.read(MAX_BYTES + 1)
    stream.seek(0)
    if len(content) > MAX_BYTES:
        raise UnreadableWorkbook(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB. Hãy chia nhỏ theo kỳ rồi tải lên.")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableWorkbook("Tệp đang đặt mật khẩu. Hãy bỏ mật khẩu trong Excel, lưu lại rồi tải lên.")
        raise UnreadableWorkbook(f"Tệp là Excel đời cũ (.xls), không phải .xlsx. {SAVE_AGAIN}")
    if not content.startswith(_ZIP):
        raise UnreadableWorkbook(f"Tệp không phải Excel .xlsx. {SAVE_AGAIN}")
    try:
        with zipfile.ZipFile(stream) as archive:
            check_parts(
                archive,
                required="xl/workbook.xml",
                max_entries=MAX_ENTRIES,
                max_unpacked_bytes=MAX_UNPACKED_BYTES,
            )
    except UnreadableWorkbook:
        raise
    except _BROKEN as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng, không mở được. {SAVE_AGAIN}") from error
    finally:
        stream.seek(0)


def _first_filled(stream: IO[bytes]) -> Sheet | None:
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            rows = _rows(sheet)
            if rows:
                return Sheet(sheet.title, rows, book.epoch)
        return None
    finally:
        book.close()


def _rows(sheet: Any) -> list[tuple[Cell, ...]]:
    """Down to the last row and column that hold anything. A stated size of the sheet is not believed."""
    sheet.reset_dimensions()
    rows: list[tuple[Cell, ...]] = []
    filled = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        is_filled = any(_holds(value) for value in row)
        if number > MAX_BLANK_ROWS or (is_filled and number > MAX_ROWS):
            raise UnreadableWorkbook(f"Tệp có hơn {MAX_ROWS} dòng. Hãy xóa dòng trống thừa hoặc chia nhỏ theo kỳ.")
        if number <= MAX_ROWS:
            rows.append(tuple(row))
            filled = number if is_filled else filled
    width = max((place for row in rows for place, value in enumerate(row, start=1) if _holds(value)), default=0)
    return [row[:width] for row in rows[:filled]]


def _holds(value: Cell) -> bool:
    return value not in (None, "")
