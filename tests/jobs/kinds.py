"""Pieces of long work that tests have done; `add_kinds` makes them known for as long as somebody wants them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.jobs import registry
from khuyencong.jobs.progress import Progress
from khuyencong.jobs.registry import FileResult, PageResult, job

RAN: list[int] = []


def count_up(progress: Progress, *, rows: int) -> FileResult:
    """A file of the numbers below `rows`, counted."""
    RAN.append(progress.pk)
    lines = [str(number) for number in progress.counted(range(rows), rows)]
    stream = BytesIO("\n".join(lines).encode())
    stream.seek(0, os.SEEK_END)
    return FileResult(stream, "cac-so.txt")


def point(progress: Progress, *, url: str) -> PageResult:
    return PageResult(url)


def refuse(progress: Progress) -> PageResult:
    raise Refused("Đợt này đã đóng.")


def break_down(progress: Progress) -> PageResult:
    raise ZeroDivisionError("a secret of the machine")


def want_memory(progress: Progress) -> PageResult:
    return PageResult(str(len(bytearray(8 * 1024**3))))


def be_killed(progress: Progress) -> PageResult:
    os.kill(os.getpid(), signal.SIGKILL)
    return PageResult("/")


def dawdle(progress: Progress, *, seconds: float) -> PageResult:
    progress.tell(done=3, total=10, message="Đang chờ")
    time.sleep(seconds)
    return PageResult("/")


WORKS = {
    "count-up": count_up,
    "point": point,
    "refuse": refuse,
    "break-down": break_down,
    "want-memory": want_memory,
    "be-killed": be_killed,
    "dawdle": dawdle,
}


@contextmanager
def add_kinds() -> Iterator[None]:
    for name, work in WORKS.items():
        job(name, Permission.REPORT_EXPORT)(work)
    RAN.clear()
    try:
        yield
    finally:
        for name in WORKS:
            registry._KINDS.pop(name, None)
