"""Whatever a file does to its reader, the person gets a message, and nothing is left behind."""

import io
import os
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khuyencong.excel.container import UnreadableWorkbook
from khuyencong.importing.reading import book
from khuyencong.importing.reading.book import read_book
from khuyencong.importing.reading.csv_text import csv_sheets
from khuyencong.importing.reading.kinds import BookKind, kind_of
from khuyencong.importing.reading.limits import DEFAULT_LIMITS
from tests.importing.corpus import repacked, xlsx

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CONTENT = xlsx(["STT", "Tên", "Số"], *[[number, f"Cơ sở {number}", number / 7] for number in range(50)])


class Started(subprocess.Popen):
    """Remembers the processes, so that a test can see what became of them."""

    all: list["Started"] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.all.append(self)


@pytest.fixture
def path(tmp_path: Path, monkeypatch) -> Path:
    Started.all.clear()
    monkeypatch.setattr(book.subprocess, "Popen", Started)
    (tmp_path / "uploaded").write_bytes(CONTENT)
    return tmp_path / "uploaded"


def is_gone(process: Started) -> bool:
    """Ended and waited for: a zombie would still have its number."""
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return process.returncode is not None
    return False


def refusal(path: Path, **limits: float) -> str:
    with pytest.raises(UnreadableWorkbook) as error:
        read_book(path, "a.xlsx", limits=replace(DEFAULT_LIMITS, **limits))
    assert all(is_gone(process) for process in Started.all)
    return error.value.message


def test_a_child_that_reads_well_is_gone_too(path):
    assert len(read_book(path, "a.xlsx").sheets[0].rows) == 51
    assert [is_gone(process) for process in Started.all] == [True]


def test_it_holds_no_secrets(path, monkeypatch):
    given_environment = {}

    class Watched(Started):
        def __init__(self, *args, **kwargs):
            given_environment.update(kwargs["env"])
            super().__init__(*args, **kwargs)

    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setattr(book.subprocess, "Popen", Watched)
    read_book(path, "a.xlsx")
    assert set(given_environment) == {"PATH"}


def test_too_slow(path):
    assert "quá lâu" in refusal(path, wall_seconds=0.01)


def test_too_little_memory(path):
    path.write_bytes(b"a;b\n" * 4_000_000)
    with pytest.raises(UnreadableWorkbook, match="bộ nhớ"):
        read_book(path, "a.csv", limits=replace(DEFAULT_LIMITS, memory_bytes=44 * 1024 * 1024))


def replaced_child(monkeypatch, program: str) -> None:
    """A child that does something else in place of reading."""

    class Other(Started):
        def __init__(self, command, **kwargs):
            super().__init__([sys.executable, "-c", program], **kwargs)

    monkeypatch.setattr(book.subprocess, "Popen", Other)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "bộ nhớ"),
        ("import os; os.abort()", "bộ nhớ"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "hỏng"),
        ('print(\'{"sheet": {"name": "a", "hidden": false, "merges": []}}\'); print(\'[1, 2\')', "hỏng"),
        ("print('[1]')", "hỏng"),
        ("print('rubbish')", "hỏng"),
        ("print('null')", "hỏng"),
        ("pass", "hỏng"),
        ("import time; time.sleep(60)", "quá lâu"),
    ],
)
def test_a_child_that_ends_or_writes_nonsense(path, monkeypatch, program, said):
    replaced_child(monkeypatch, program)
    assert said in refusal(path, wall_seconds=5.0)


def test_a_child_that_never_stops_writing(path, monkeypatch):
    opening = '{"sheet": {"name": "a", "hidden": false, "merges": []}}'
    replaced_child(monkeypatch, f"print('{opening}')\nwhile True: print('[1]')")
    assert "hỏng" in refusal(path, rows=1000)


def test_time_on_the_processor_is_limited(tmp_path):
    program = (
        "from khuyencong.importing.reading.child import restrict\n"
        "from khuyencong.importing.reading.limits import Limits\n"
        "restrict(Limits(cpu_seconds=1))\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=book.ROOT, timeout=120)
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


class TestFuzz:
    def read_or_refused(self, tmp_path: Path, content: bytes, name: str) -> None:
        path = tmp_path / "fuzz"
        path.write_bytes(content)
        with suppress(UnreadableWorkbook):
            found = read_book(path, name, limits=replace(DEFAULT_LIMITS, wall_seconds=60.0))
            assert all(len(row) == sheet.width for sheet in found.sheets for row in sheet.rows)

    @FEW
    @given(cut=st.integers(1, len(CONTENT) - 1), patch=st.binary(max_size=8))
    def test_truncated_and_patched_archives(self, tmp_path, cut, patch):
        self.read_or_refused(tmp_path, CONTENT[:cut] + patch, "a.xlsx")
        self.read_or_refused(tmp_path, CONTENT[:cut] + patch + CONTENT[cut + len(patch) :], "a.xlsx")

    @FEW
    @given(
        part=st.sampled_from(
            [
                "xl/workbook.xml",
                "xl/worksheets/sheet1.xml",
                "xl/sharedStrings.xml",
                "xl/styles.xml",
                "xl/_rels/workbook.xml.rels",
            ]
        ),
        place=st.floats(0, 1),
        patch=st.sampled_from([b"", b"<", b'r="XFD1048576"', b"\xff\xff", b'"-1"', b"9999999999", b"<c t='e'/>"]),
    )
    def test_parts_with_a_hole(self, tmp_path, part, place, patch):
        with zipfile.ZipFile(io.BytesIO(CONTENT)) as archive:
            body = archive.read(part)
        at = int(len(body) * place)
        self.read_or_refused(tmp_path, repacked(CONTENT, {part: body[:at] + patch + body[at + 7 :]}), "a.xlsx")

    @FEW
    @given(
        st.lists(st.lists(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)))
    )
    def test_random_cells(self, tmp_path, rows):
        workbook = openpyxl.Workbook()
        for row in rows:
            try:
                workbook.active.append(row)
            except Exception:  # what openpyxl does not write
                continue
        stream = io.BytesIO()
        workbook.save(stream)
        self.read_or_refused(tmp_path, stream.getvalue(), "a.xlsx")

    @given(content=st.binary(max_size=300), name=st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a", "a.xlsm"]))
    def test_random_bytes_have_a_kind_or_a_message(self, content, name):
        for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            with suppress(UnreadableWorkbook):
                assert kind_of(head + content, name) in BookKind

    @given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
    def test_random_text_files(self, content):
        with suppress(UnreadableWorkbook):
            for message in csv_sheets(content, BookKind.CSV, DEFAULT_LIMITS):
                assert isinstance(message, dict | list)
