"""The formulas, calculated by another program, give the figures that the page shows."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from khuyencong.excel.cells import as_number
from khuyencong.excel.table import Kind, Table
from tests.excel.samples import project_report, read, written

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def without_results(content: bytes) -> bytes:
    """The workbook with the stored result of every formula removed, so that nothing can be copied from it."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            target.writestr(name, data)
    return stream.getvalue()


def converted(content: bytes, folder: Path, target: str) -> bytes:
    assert SOFFICE is not None
    (folder / "report.xlsx").write_bytes(content)
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", target]
    command += ["--outdir", str(folder / "out"), str(folder / "report.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"report.{target}").read_bytes()


@needs_soffice
def test_recalculated_figures_equal_computed_ones(tmp_path: Path) -> None:
    report: Table = project_report()
    bare = without_results(written(report))
    assert read(bare, values=True).worksheets[0]["F18"].value is None
    sheet = read(converted(bare, tmp_path, "xlsx"), values=True).worksheets[0]
    compared = 0
    for row in range(len(report.rows)):
        for place, column in enumerate(report.columns):
            expected = as_number(column, report.value(row, column.key))
            if column.kind in (Kind.TEXT, Kind.DATE) or expected is None:
                continue
            assert sheet.cell(row + 12, place + 1).value == pytest.approx(expected, rel=1e-12), (row, column.key)
            compared += 1
    assert compared >= 40


@needs_soffice
@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler (pdfinfo, pdftotext) is not installed")
def test_the_printed_report_is_one_landscape_page_with_vietnamese_letters(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(converted(written(project_report()), tmp_path, "pdf"))
    info = subprocess.run(["pdfinfo", tmp_path / "report.pdf"], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Pages:\s+1\n", info)
    assert re.search(r"Page size:\s+84[12][.\d]* x 59[56]", info)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], check=True, capture_output=True
    ).stdout
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỔNG CỘNG", "Nguyễn Thị Ngọc Ẩn", "(11=8/10)"):
        assert words in text.decode()
