"""Workbooks and Word documents as PDF, by the LibreOffice of this machine where there is one.

The office suite is a large program fed with files that people filled in, so it runs as a child process of its own: an
empty profile and a folder that are removed afterwards, macros and links to elsewhere switched off, its memory,
processor time and output limited, its whole process group ended when it takes too long. At most two run at a time on a
machine.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings

CONTENT_TYPE = "application/pdf"
SUFFIXES = frozenset({".xlsx", ".docx"})
PROGRAMS = ("soffice", "libreoffice")
AT_ONCE = 2
WAIT_SECONDS, RUN_SECONDS, PAUSE_SECONDS = 10.0, 40.0, 0.1  # together less than the 60 s that gunicorn gives a request
MEMORY_KIB, CPU_SECONDS, OUTPUT_BLOCKS = 3 * 1024 * 1024, 40, 200 * 1024  # blocks of 512 bytes: 100 MiB
# The limits bind the child alone: they are set by a shell that then becomes the office suite.
LIMITED = 'ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec "$@"'
NOT_INSTALLED = "Máy chủ chưa cài LibreOffice nên chưa tạo được tệp PDF. Tải tệp Excel hoặc Word rồi in ra PDF."
BUSY = "Máy chủ đang tạo các tệp PDF khác. Chờ một phút rồi bấm lại."
TOO_LONG = "Tạo tệp PDF quá lâu nên đã dừng. Chọn kỳ hoặc địa bàn nhỏ hơn, hoặc tải tệp Excel, Word rồi in ra PDF."
FAILED = "Không tạo được tệp PDF. Tải tệp Excel hoặc Word rồi in ra PDF; nếu gặp lại, báo người quản trị."
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
</oor:items>
"""


class PdfError(Exception):
    """No PDF; the message (Vietnamese) says why and what else can be done."""


def is_available() -> bool:
    """Whether this machine can make a PDF; buttons that cannot work are not shown."""
    return bool(office_program())


def office_program() -> str:
    """The path of LibreOffice, "" where there is none."""
    return _found(settings.LIBREOFFICE)


@lru_cache
def _found(configured: str) -> str:
    """Looked for once in the life of a process. `configured`: a path, "" to look on PATH, "none" to do without."""
    if configured:
        return configured if os.access(configured, os.X_OK) and os.path.isabs(configured) else ""
    return next((path for path in map(shutil.which, PROGRAMS) if path), "")


def to_pdf(source: bytes, suffix: str) -> bytes:
    """The document printed to PDF. `suffix`: ".xlsx" or ".docx". Errors: PdfError; call it outside a transaction."""
    assert suffix in SUFFIXES
    program = office_program()
    if not program:
        raise PdfError(NOT_INSTALLED)
    with _slot(), tempfile.TemporaryDirectory(prefix="khuyencong-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"source{suffix}").write_bytes(source)
        _write_profile(folder / "profile")
        _run(_command(program, folder, suffix), folder)
        return _result(folder / "source.pdf")


def _command(program: str, folder: Path, suffix: str) -> list[str]:
    limits = [str(MEMORY_KIB), str(CPU_SECONDS), str(OUTPUT_BLOCKS)]
    options = [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--nologo", "--norestore"]
    conversion = ["--convert-to", "pdf", "--outdir", str(folder), str(folder / f"source{suffix}")]
    return ["/bin/sh", "-c", LIMITED, "sh", *limits, program, *options, *conversion]


def _write_profile(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")


def _run(command: list[str], folder: Path) -> None:
    """In a process group and an environment of its own: nothing of the portal's settings reaches it."""
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise PdfError(TOO_LONG) from error
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The office suite starts helpers; whatever is left of its group goes with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _result(path: Path) -> bytes:
    """LibreOffice ends well even when it could not read the file: what counts is what it wrote."""
    content = path.read_bytes() if path.exists() else b""
    if not content.startswith(b"%PDF-"):
        raise PdfError(FAILED)
    return content


@contextlib.contextmanager
def _slot() -> Iterator[None]:
    """One of the places to work in, shared by all processes of this machine. Errors: PdfError when none gets free."""
    folder = settings.LOCAL_DIR / "pdf"
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context((folder / f"slot-{number}.lock").open("w")) for number in range(AT_ONCE)]
        until = time.monotonic() + WAIT_SECONDS
        while not any(_takes(file.fileno()) for file in files):
            if time.monotonic() >= until:
                raise PdfError(BUSY)
            time.sleep(PAUSE_SECONDS)
        yield  # closing the file gives the place back, also when the process dies


def _takes(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
