""".xlsx, .xls and .ods: sheets as rows of plain cells. Used inside the child process."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import python_calamine

from khuyencong.excel.container import UnreadableWorkbook, check_parts
from khuyencong.importing.reading.counting import Counter
from khuyencong.importing.reading.kinds import BROKEN, LOCKED, BookKind
from khuyencong.importing.reading.limits import Limits
from khuyencong.importing.reading.xlsx_marks import Marks, XlsxMarks

_REQUIRED = {BookKind.XLSX: "xl/workbook.xml", BookKind.ODS: "content.xml"}
_MANY_MERGES = 20_000
_FONTS_IN_A_LINE = 10_000
_MANY_MERGED_CELLS = 500_000


def workbook_sheets(content: bytes, kind: BookKind, limits: Limits) -> Iterator[Any]:
    """Raises UnreadableWorkbook; any other exception is a broken file as well."""
    if kind in _REQUIRED:
        _check_container(content, kind, limits)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise UnreadableWorkbook(LOCKED) from error
    marks = XlsxMarks(content) if kind is BookKind.XLSX else None
    counter = Counter(limits)
    tables = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if len(tables) > limits.sheets:
        raise UnreadableWorkbook(f"Tệp có hơn {limits.sheets} trang tính. Hãy giữ lại các trang cần nhập.")
    for metadata in tables:
        yield from _sheet(book, metadata, counter, marks)


def _check_container(content: bytes, kind: BookKind, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_parts(
                archive,
                required=_REQUIRED[kind],
                max_entries=limits.entries,
                max_unpacked_bytes=limits.unpacked_bytes,
            )
    except (zipfile.BadZipFile, EOFError, LookupError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableWorkbook(BROKEN) from error


def _sheet(
    book: python_calamine.CalamineWorkbook,
    metadata: python_calamine.SheetMetadata,
    counter: Counter,
    marks: XlsxMarks | None,
) -> Iterator[Any]:
    sheet = book.get_sheet_by_name(metadata.name)
    errors = marks.errors(metadata.name) if marks else {}
    source: Iterable[Iterable[Any]] = sheet.iter_rows() if sheet.start is not None else ()
    rows = counter.rows(with_errors(source, errors) if errors else source)
    top = next(rows, None)
    if top is None:
        return
    hidden = metadata.visible != python_calamine.SheetVisibleEnum.Visible
    merges = _merges(sheet, counter.limits.columns)
    yield {"sheet": {"name": metadata.name, "hidden": hidden, "merges": merges}}
    yield top
    yield from rows
    if marks and counter.suspicious:
        fonts = marks.fonts(metadata.name, counter.suspicious)
        found = [[row, place, font] for (row, place), font in fonts.items()]
        for first in range(0, len(found), _FONTS_IN_A_LINE):
            yield {"fonts": found[first : first + _FONTS_IN_A_LINE]}


def with_errors(rows: Iterable[Iterable[Any]], errors: Mapping[int, Marks]) -> Iterator[list[Any]]:
    """Cells that hold an error or a formula without a result are empty to the reader: they get their sign back."""
    number = -1
    for number, row in enumerate(rows):
        cells = list(row)
        for place, sign in errors.get(number, {}).items():
            cells.extend("" for _ in range(place + 1 - len(cells)))
            cells[place] = sign
        yield cells
    for later in range(number + 1, max(errors, default=-1) + 1):
        found = errors.get(later, {})
        yield [found.get(place, "") for place in range(max(found, default=-1) + 1)]


def _merges(sheet: python_calamine.CalamineSheet, columns: int) -> list[tuple[int, int, int, int]]:
    """(first row, first column, last row, last column), as many and as large as a person makes them."""
    found = []
    covered = 0
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:_MANY_MERGES]:
        right = min(right, columns - 1)
        area = (bottom - top + 1) * (right - left + 1)
        if 0 < area <= _MANY_MERGED_CELLS - covered:
            covered += area
            found.append((top, left, bottom, right))
    return found
