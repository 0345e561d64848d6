"""Text files with separators: which encoding, which separator, then the rows. Used inside the child process."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from khuyencong.excel.container import SAVE_AGAIN, UnreadableWorkbook
from khuyencong.importing.reading.counting import Counter
from khuyencong.importing.reading.kinds import BookKind
from khuyencong.importing.reading.limits import Limits
from khuyencong.vietnamese.encodings import from_tcvn3, from_vni, guess_encoding, syllable_share

SEPARATORS = ",;\t|"
_SAMPLE = 20_000
_SAMPLE_ROWS = 30
_FIELD_LIMIT = 1_000_000
_BAD_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")


def csv_sheets(content: bytes, kind: BookKind, limits: Limits) -> Iterator[Any]:
    text = decoded(content)
    counter = Counter(limits)
    csv.field_size_limit(_FIELD_LIMIT)
    first, separator = _stated_separator(text)
    lines = csv.reader(io.StringIO(first, newline=""), delimiter=separator, strict=False)
    rows = counter.rows(lines)
    try:
        top = next(rows, None)
        if top is None:
            return
        yield {"sheet": {"name": "", "hidden": False, "merges": []}}
        yield top
        yield from rows
    except csv.Error as error:
        raise UnreadableWorkbook(f"Tệp .csv có dòng không đọc được (dấu nháy kép thiếu?). {SAVE_AGAIN}") from error


def decoded(content: bytes) -> str:
    """By the mark at the start, else UTF-8, else Windows' Vietnamese code page or an old font's letters.

    Raises UnreadableWorkbook when it is none of these.
    """
    text = _by_mark(content)
    if text is None:
        text = _without_mark(content)
    if _BAD_CONTROLS.search(text):
        raise UnreadableWorkbook("Tệp không phải văn bản .csv. Hãy tải lên tệp .xlsx, .xls, .ods hoặc .csv.")
    return text


def _by_mark(content: bytes) -> str | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableWorkbook(f"Tệp .csv bị hỏng: có chữ không đọc được. {SAVE_AGAIN}") from error
    return None


def _without_mark(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    old = content.decode("latin-1")
    try:
        vietnamese = unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        vietnamese = ""
    sample = vietnamese[:_SAMPLE]
    if guess_encoding(old[:_SAMPLE]) == "unicode" or syllable_share(sample) >= syllable_share(_decoded(old)):
        if vietnamese:
            return vietnamese
        raise UnreadableWorkbook(
            "Không nhận ra bảng mã chữ của tệp .csv. Hãy mở bằng Excel, lưu lại dạng “CSV UTF-8” hoặc .xlsx."
        )
    return old


def _decoded(old: str) -> str:
    """As the old fonts show it: only to be compared; decoding itself is done by column."""
    sample = old[:_SAMPLE]
    return from_tcvn3(sample) if guess_encoding(sample) == "tcvn3" else from_vni(sample)


def _stated_separator(text: str) -> tuple[str, str]:
    """The text without Excel's "sep=;" line, and the separator."""
    head, newline, rest = text.partition("\n")
    stated = head.strip().strip('"')
    if stated.lower().startswith("sep=") and len(stated) == 5:
        return (rest if newline else ""), stated[4]
    return text, best_separator(text)


def best_separator(text: str) -> str:
    """The one that cuts most rows of the beginning into the same number of columns, more than one."""
    return max(SEPARATORS, key=lambda separator: (_agreement(text[:_SAMPLE], separator), -SEPARATORS.index(separator)))


def _agreement(sample: str, separator: str) -> float:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0
    split = [width for width in widths if width > 1]
    if not split:
        return 0.0
    common = max(set(split), key=split.count)
    return split.count(common) / len(widths) + 0.01 * min(common, 20)
