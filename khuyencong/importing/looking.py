"""A first look at a file: which sheet, where its header is, what its columns seem to be."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from khuyencong.errors import Refused
from khuyencong.importing.fields import ImportField
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.reading.book import Book, SheetData, UnreadableWorkbook, read_book
from khuyencong.importing.reading.cells import as_text
from khuyencong.importing.reading.header import Header, find_header, header_at
from khuyencong.importing.reading.left_out import remainder
from khuyencong.importing.reading.matching import as_mapping, layout_key, match_columns
from khuyencong.importing.reading.rows import RowKind
from khuyencong.importing.reading.table import sheet_rows
from khuyencong.importing.settled import Settled
from khuyencong.vietnamese.text import fold

ERRORS_LABEL = "Lỗi cổng ghi"
SAMPLES, SAMPLE_LENGTH, NOTED_ROWS = 3, 60, 20
NO_HEADER = (
    "Không tìm thấy dòng tiêu đề (dòng có tên các cột) trong trang tính này. "
    "Hãy kiểm tra tệp, hoặc chép bảng sang tệp mẫu của cổng rồi tải lên."
)
NO_ROWS = "Bảng chưa có dòng dữ liệu nào dưới dòng tiêu đề."


@dataclass(frozen=True)
class Look:
    """What was found: the sheet's name, its labels, the proposed columns, the rest as the batch keeps it."""

    sheet_name: str
    labels: Sequence[str]
    columns: dict[str, str]
    layout: str
    settled: Settled


@contextmanager
def stored_copy(batch: ImportBatch) -> Iterator[Path]:
    """The uploaded file as a file of this machine, wherever it is kept."""
    with NamedTemporaryFile() as copy, batch.file.open("rb") as stored:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)


def read_stored(batch: ImportBatch, tell: Callable[[int], object] = lambda rows: None) -> Book:
    """`tell`: rows so far. Errors: Refused, in words, when the file cannot be read (any more)."""
    try:
        with stored_copy(batch) as path:
            return read_book(path, batch.original_name, tell=tell)
    except UnreadableWorkbook as error:
        raise Refused(error.message) from error
    except FileNotFoundError as error:
        raise Refused("Tệp đã tải lên không còn. Hãy tải lên lại.") from error


def table_of(book: Book, sheet_name: str, settled: Settled) -> tuple[SheetData, Header]:
    """The table that was settled."""
    sheet = book.sheet(sheet_name)
    if settled.header_last >= len(sheet.rows):
        raise Refused(NO_HEADER)
    return sheet, header_at(sheet, settled.header_first, settled.header_last)


def look_at(book: Book, fields: Sequence[ImportField], *, sheet_name: str = "", header_row: int = 0) -> Look:
    """The named sheet or the likeliest one, and its header: at the row (from 1) that is named or where it seems to be.

    Errors: Refused with field "file", "sheet" or "header_row".
    """
    field = "header_row" if header_row else "sheet" if sheet_name else "file"
    sheet, header = _chosen(book, fields, sheet_name, header_row, field)
    table = list(sheet_rows(sheet, header))
    rows = [row for row in table if row.kind is RowKind.DATA]
    if not rows:
        raise Refused(NO_ROWS, field=field)
    sampled = [
        [text for row in rows[:NOTED_ROWS] if (text := as_text(row.cells[place]))][:SAMPLES]
        for place in range(len(header.labels))
    ]
    notes = dict.fromkeys(note for row in islice(rows, NOTED_ROWS) for note in row.notes)
    rest = remainder(sheet, header, table)
    settled = Settled(
        header_first=header.first,
        header_last=header.last,
        row_count=len(rows),
        sheets=[(one.name, len(one.rows)) for one in book.sheets if not one.is_hidden],
        samples=[[text[:SAMPLE_LENGTH] for text in texts] for texts in sampled],
        notes=list(notes)[:SAMPLES],
        stated_unit=header.unit.name if header.unit else "",
        column_units={str(place): unit.name for place, unit in header.units.items()},
        left_out=rest.rows,
        left_out_counts=rest.counts,
    )
    columns = {str(place): name for place, name in as_mapping(match_columns(header.labels, fields)).items()}
    return Look(sheet.name, list(header.labels), columns, layout_of(header.labels), settled)


def layout_of(labels: Sequence[str]) -> str:
    """The layout's key without what the portal's own error column adds."""
    kept = [label for label in labels if fold(label) != fold(ERRORS_LABEL)]
    while kept and not kept[-1]:
        kept.pop()
    return layout_key(kept)


def _chosen(
    book: Book, fields: Sequence[ImportField], sheet_name: str, header_row: int, field: str
) -> tuple[SheetData, Header]:
    if header_row:
        sheet = book.sheet(sheet_name)
        if header_row > len(sheet.rows):
            raise Refused(f"Trang tính chỉ có {len(sheet.rows)} dòng.", field=field)
        return sheet, header_at(sheet, header_row - 1)
    visible = [one for one in book.sheets if not one.is_hidden] or list(book.sheets)
    sheets = [book.sheet(sheet_name)] if sheet_name else visible
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet, fields)) is not None]
    if not found:
        raise Refused(NO_HEADER, field=field)
    return max(found, key=lambda pair: len(match_columns(pair[1].labels, fields)))
