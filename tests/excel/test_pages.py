"""No signature stands alone on the last page, whatever the length of the report."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from khuyencong.excel.pages import KEPT_ROWS, break_before_signatures, last_page_start
from khuyencong.excel.table import Row, RowStyle, Table
from tests.excel.samples import project_report, written
from tests.excel.test_recalculation import converted, needs_soffice

NAMES = "Cơ sở sản xuất nước mắm số {number} xã Vĩnh Phước"


def long_report(length: int) -> Table:
    report = project_report()
    rows = [Row({"place": str(number), "name": NAMES.format(number=number)}) for number in range(1, length + 1)]
    return replace(report, rows=[*rows, Row({"name": "TỔNG CỘNG"}, RowStyle.TOTAL)])


@pytest.mark.parametrize("length", range(1, 60))
def test_the_last_page_keeps_rows_of_the_table(length: int) -> None:
    first_data, signatures, page = 3, 130.0, 400.0
    heights = [20.0] * (first_data + length) + [20.0, signatures]
    above = break_before_signatures(heights, first_data=3, table_end=first_data + length, repeated=20, page=page)
    start = last_page_start(heights, repeated=20, page=page) if above is None else above
    assert start <= max(first_data + length - KEPT_ROWS, first_data)
    assert above is None or 20 + sum(heights[above:]) <= page


def pages_of(report: Table, folder: Path) -> list[str]:
    (folder / "report.pdf").write_bytes(converted(written(report), folder, "pdf"))
    text = subprocess.run(["pdftotext", "-layout", folder / "report.pdf", "-"], check=True, capture_output=True).stdout
    return text.decode().rstrip("\f\n").split("\f")


@needs_soffice
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler (pdftotext) is not installed")
@pytest.mark.parametrize("length", [22, 24, 26, 28])
def test_printed_signatures_have_rows_above_them(length: int, tmp_path: Path) -> None:
    pages = pages_of(long_report(length), tmp_path)
    assert "Nguyễn Thị Ngọc Ẩn" in pages[-1]
    assert "TỔNG CỘNG" in pages[-1]
    assert NAMES.format(number=length) in " ".join(pages[-1].split())
