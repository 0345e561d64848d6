"""PDF files: made where LibreOffice is, refused in words where it is not, and nothing is left behind."""

import os
import shutil
import subprocess
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from khuyencong import pdf
from tests.excel.samples import project_report, written
from tests.excel.test_pages import long_report

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
needs_poppler = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("pdfinfo", "pdftotext", "pdffonts")), reason="poppler is not installed"
)


@pytest.fixture(autouse=True)
def office(settings, tmp_path, monkeypatch):
    """The real one, and folders of this test's own."""
    settings.LIBREOFFICE, settings.LOCAL_DIR = "", tmp_path
    (tmp_path / "work").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "work"))
    return tmp_path


def pretend(settings, folder, script):
    """A program of that name that does something else."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    settings.LIBREOFFICE = str(program)


def left_behind(folder):
    return list((folder / "work").iterdir())


def tool(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@needs_office
@needs_poppler
def test_a_workbook_prints_on_a4_on_its_side_with_repeated_headings(office):
    path = office / "report.pdf"
    path.write_bytes(pdf.to_pdf(written(long_report(60)), ".xlsx"))
    assert "841" in tool("pdfinfo", path).split("Page size:")[1].split(" x ")[0]
    pages = tool("pdftotext", "-layout", path, "-").rstrip("\f\n").split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page
        assert "Nguồn vốn" in page
    assert "Nguyễn Thị Ngọc Ẩn" in pages[-1]
    assert "TỔNG CỘNG" in pages[-1]
    fonts = tool("pdffonts", path).splitlines()[2:]
    assert all(any(name in font for name in ("Tinos", "TimesNewRoman", "LiberationSerif")) for font in fonts), fonts
    assert left_behind(office) == []


@needs_office
@needs_poppler
def test_numbers_are_written_as_here(office):
    path = office / "report.pdf"
    path.write_bytes(pdf.to_pdf(written(project_report()), ".xlsx"))
    assert "2.300,0" in tool("pdftotext", "-layout", path, "-")


@needs_office
def test_two_at_a_time(office):
    """In processes, as a web server has them."""
    with get_context("spawn").Pool(3) as pool:
        arguments = [(str(office), written(project_report()))] * 3
        assert pool.map(_made_elsewhere, arguments, chunksize=1) == [b"%PDF-"] * 3


def _made_elsewhere(given):
    os.environ.update(LOCAL_DIR=given[0], DJANGO_SETTINGS_MODULE="khuyencong.settings")
    return pdf.to_pdf(given[1], ".xlsx")[:5]


def test_without_libreoffice_there_is_none(settings):
    for absent in ("none", "/khong/co/soffice", "soffice"):
        settings.LIBREOFFICE = absent
        assert not pdf.is_available()
        with pytest.raises(pdf.PdfError, match="chưa cài LibreOffice"):
            pdf.to_pdf(b"", ".docx")


def test_a_program_that_takes_too_long_is_ended_with_its_children(settings, office, monkeypatch):
    monkeypatch.setattr(pdf, "RUN_SECONDS", 0.5)
    pretend(settings, office, f"sleep 60 & echo $! > {office}/child; wait")
    started = time.monotonic()
    with pytest.raises(pdf.PdfError, match="quá lâu"):
        pdf.to_pdf(b"x", ".docx")
    assert time.monotonic() - started < 10
    child = Path(f"/proc/{(office / 'child').read_text().strip()}/stat")
    assert not child.exists() or child.read_text().split()[2] in "ZX"
    assert left_behind(office) == []


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "echo khong-phai-pdf > source.pdf"])
def test_what_is_no_pdf_is_told(settings, office, script):
    pretend(settings, office, script)
    with pytest.raises(pdf.PdfError, match="Không tạo được tệp PDF"):
        pdf.to_pdf(b"x", ".docx")
    assert left_behind(office) == []


def test_the_child_has_limits_and_none_of_our_settings(settings, office, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "bi-mat")
    pretend(
        settings,
        office,
        f"(ulimit -v; ulimit -t; ulimit -f; env; ls profile/user) > {office}/seen; echo %PDF- > source.pdf",
    )
    assert pdf.to_pdf(b"x", ".docx") == b"%PDF-\n"
    seen = (office / "seen").read_text().splitlines()
    assert seen[:3] == [str(pdf.MEMORY_KIB), str(pdf.CPU_SECONDS), str(pdf.OUTPUT_BLOCKS)]
    assert "bi-mat" not in "".join(seen)
    assert "registrymodifications.xcu" in seen


def test_when_all_places_are_taken_the_next_is_asked_to_come_again(settings, office, monkeypatch):
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.3)
    pretend(settings, office, "echo %PDF- > source.pdf")
    with pdf._slot():
        assert pdf.to_pdf(b"x", ".docx") == b"%PDF-\n"
        with pdf._slot(), pytest.raises(pdf.PdfError, match="đang tạo các tệp PDF khác"):
            pdf.to_pdf(b"x", ".docx")
    assert pdf.to_pdf(b"x", ".docx") == b"%PDF-\n"
