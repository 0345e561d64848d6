"""The child process: opens one file and writes its sheets to standard output, a line of JSON for each row.

A crafted file can end its reader or fill its memory: here that ends a process which holds nothing. Neither Django nor
the settings are loaded. `python -m khuyencong.importing.reading.child PATH KIND LIMITS`
"""

import json
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from khuyencong.excel.container import UnreadableWorkbook
from khuyencong.importing.reading.csv_text import csv_sheets
from khuyencong.importing.reading.kinds import BROKEN, EMPTY, BookKind
from khuyencong.importing.reading.limits import Limits

NO_MEMORY = (
    "Tệp cần quá nhiều bộ nhớ để đọc: thường do có ô ở rất xa bảng (dòng cuối, cột cuối của trang tính). "
    "Hãy chép riêng vùng có bảng sang một tệp mới, lưu lại thành .xlsx rồi tải lên."
)


def main(arguments: list[str]) -> None:
    path, kind, limits = Path(arguments[0]), BookKind(arguments[1]), Limits.from_json(arguments[2])
    restrict(limits)
    write = sys.stdout.write
    try:
        for message in messages(path, kind, limits):
            write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
    except UnreadableWorkbook as refusal:
        write(json.dumps({"error": refusal.message}, ensure_ascii=False) + "\n")
    except MemoryError:
        write(json.dumps({"error": NO_MEMORY}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def restrict(limits: Limits) -> None:
    """For good: memory, time on the processor, no file written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def messages(path: Path, kind: BookKind, limits: Limits) -> Iterator[Any]:
    """For each sheet {"sheet": …}, its rows as lists, {"fonts": …}; in the end {"end": number of sheets}."""
    content = path.read_bytes()
    found = 0
    for sheet in _reader(kind)(content, kind, limits):
        if isinstance(sheet, dict) and "sheet" in sheet:
            found += 1
        yield sheet
    if not found:
        raise UnreadableWorkbook(EMPTY)
    yield {"end": found}


def _reader(kind: BookKind) -> Callable[[bytes, BookKind, Limits], Iterator[Any]]:
    if kind is BookKind.CSV:
        return csv_sheets
    # Not for text files: the libraries cost a tenth of a second.
    from khuyencong.importing.reading.workbooks import workbook_sheets

    return workbook_sheets


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        main(sys.argv[1:])
    except Exception:
        # The parent tells the person; what a broken file did to its reader is of no further interest.
        sys.stdout.write(json.dumps({"error": BROKEN}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
