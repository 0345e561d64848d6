from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from khuyencong.excel.cells import as_number
from khuyencong.excel.sheetnames import sheet_names
from khuyencong.excel.table import Column, Kind, Row, RowStyle, Table, TotalOf
from khuyencong.excel.workbook import MOTTO, NATION, write_workbook
from tests.excel.samples import project_report, read, written
from tests.excel.tables import tables

FIRST_DATA = 12  # first row of figures of the sample, as Excel counts


@pytest.fixture(scope="module")
def content() -> bytes:
    return written(project_report())


@pytest.fixture
def sheet(content: bytes) -> Worksheet:
    return read(content).worksheets[0]


@pytest.fixture
def figures(content: bytes) -> Worksheet:
    return read(content, values=True).worksheets[0]


def texts(sheet: Worksheet) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_totals_and_computed_columns_are_formulas(sheet: Worksheet) -> None:
    assert sheet["B12"].value == "Huyện Phước Long"
    assert sheet["F12"].value == "=F13+F15"
    assert sheet["H13"].value == "=F13+G13"
    assert sheet["J13"].value == "=H13+I13"
    assert sheet["K13"].value == '=IF(J13=0,"",H13/J13)'
    assert sheet["F18"].value == "=F13+F15+F17"
    assert sheet["F19"].value == "=F12+F16"


def test_rows_beside_each_other_are_one_range() -> None:
    money = Column("money", "Tiền", Kind.MONEY_VND)
    rows = [Row({"money": number}) for number in range(3)] + [Row({}, RowStyle.TOTAL, TotalOf.NORMAL_ROWS)]
    sheet = read(written(Table(title="T", columns=(money,), rows=rows))).worksheets[0]
    assert [cell.value for cell in sheet["A"]][-1] == "=SUM(A5:A7)"


def test_formulas_carry_their_result(figures: Worksheet) -> None:
    assert figures["F18"].value == 4020.0
    assert figures["G18"].value == 2768.9
    assert figures["H18"].value == 6788.9
    assert figures["K13"].value == pytest.approx(1968.9 / 5219.65)


def test_money_in_millions_is_not_rounded(sheet: Worksheet) -> None:
    assert sheet["I17"].value == 12345.678901
    assert sheet["I17"].number_format == "#,##0.0"


def test_blank_cells_are_blank_and_zero_is_zero(sheet: Worksheet) -> None:
    assert sheet["G15"].value is None
    assert sheet["E17"].value == 0


def test_dates_are_dates(sheet: Worksheet) -> None:
    assert sheet["D13"].value == datetime(2012, 11, 20)
    assert sheet["D13"].number_format.lower() == "dd/mm/yyyy"


def test_row_of_column_numbers_stands_under_the_merged_headers(sheet: Worksheet) -> None:
    assert [cell.value for cell in sheet[11]][5:] == ["(6)", "(7)", "(8=6+7)", "(9)", "(10=8+9)", "(11=8/10)"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"F8:J8", "F9:H9", "I9:I10", "A8:A10", "K8:K10"} <= merged
    assert (sheet["F8"].value, sheet["F9"].value, sheet["G10"].value) == (
        "Nguồn vốn (triệu đồng)",
        "Kinh phí khuyến công hỗ trợ",
        "Địa phương",
    )


def test_header_block_title_and_unit(sheet: Worksheet) -> None:
    assert texts(sheet)[:4] == ["UBND TỈNH CÀ MAU", NATION, "SỞ CÔNG THƯƠNG", MOTTO]
    assert not sheet["A1"].font.b
    assert sheet["A2"].font.b
    assert (sheet["A5"].value, sheet["A5"].font.b) == ("BÁO CÁO KẾT QUẢ THỰC HIỆN ĐỀ ÁN KHUYẾN CÔNG", True)
    assert (sheet["A7"].value, sheet["A7"].alignment.horizontal) == ("ĐVT: triệu đồng", "right")


def test_signatures_stand_in_one_row_that_no_page_can_split(sheet: Worksheet) -> None:
    signed = [text for text in texts(sheet) if "(Ký, ghi rõ họ tên)" in text]
    assert " ".join(signed[0].split()) == "NGƯỜI LẬP BIỂU (Ký, ghi rõ họ tên) Nguyễn Thị Ngọc Ẩn"
    assert signed[1].startswith("Cà Mau, ngày 05 tháng 02 năm 2026\nGIÁM ĐỐC\n")
    assert signed[1].endswith("Trần Văn Đệ")
    assert {cell.row for row in sheet.iter_rows() for cell in row if cell.value in signed} == {sheet.max_row}


def test_signatures_without_names_or_date() -> None:
    report = project_report()
    bare = Table(
        title="T",
        columns=report.columns,
        signatures=[type(report.signatures[0])("GIÁM ĐỐC", hint="")],
        place_and_date="",
    )
    assert texts(read(written(bare)).worksheets[0])[-1].strip() == "GIÁM ĐỐC"


def test_print_set_up(sheet: Worksheet) -> None:
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1) == 1
    assert sheet.print_title_rows == "$8:$11"
    assert sheet.print_area.endswith(f"$A$1:$K${sheet.max_row}")
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.freeze_panes == f"A{FIRST_DATA}"


def test_a_long_report_is_as_many_pages_high_as_it_needs() -> None:
    report = project_report()
    long = Table(title="T", columns=report.columns, rows=[Row({"name": "Đề án"})] * 60)
    assert str(read(written(long)).worksheets[0].page_setup.fitToHeight) == "0"


def test_every_written_cell_is_times_new_roman(sheet: Worksheet) -> None:
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.font.name for cell in cells} == {"Times New Roman"}
    assert {cell.font.sz for cell in cells if cell.row >= FIRST_DATA} == {12}


def test_rows_are_high_enough_for_wrapped_text(sheet: Worksheet) -> None:
    assert sheet["B13"].alignment.wrap_text
    assert sheet.row_dimensions[13].height >= 3 * 15.75
    assert sheet.row_dimensions[15].height < 2 * 15.75


def test_sub_rows_are_indented(sheet: Worksheet) -> None:
    assert (sheet["B14"].alignment.indent, sheet["B13"].alignment.indent) == (1, 0)


@pytest.mark.parametrize("text", ["=1+1", "+84 91", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "{=A1}", "http://x.vn"])
def test_text_never_becomes_a_formula_or_a_link(text: str) -> None:
    report = Table(
        title=text, subtitle=text, unit_note=text, organisation=[text, text], notes=[text],
        columns=(Column("a", text, groups=(text,)),), rows=[Row({"a": text})],
    )  # fmt: skip
    sheet = read(written(report)).worksheets[0]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(found) == 9  # two lines of organisation, title, period, unit, group, label, cell, note
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.hyperlink is None for cell in found)


def test_text_longer_than_a_cell_is_cut_with_a_mark() -> None:
    report = Table(title="T", columns=(Column("a", "A"),), rows=[Row({"a": "đ" * 40_000})])
    value = read(written(report)).worksheets[0]["A5"].value
    assert (len(value), value[-1]) == (32_767, "…")


def test_a_report_without_rows_says_so() -> None:
    assert "Không có số liệu trong kỳ" in texts(
        read(written(Table(title="T", columns=project_report().columns))).worksheets[0]
    )


def test_one_column_and_many_signatures() -> None:
    report = project_report()
    narrow = Table(
        title="T", columns=(Column("a", "A"),), rows=[Row({"a": "x"})], organisation=report.organisation,
        signatures=[*report.signatures, report.signatures[0]],
    )  # fmt: skip
    assert len([text for text in texts(read(written(narrow)).worksheets[0]) if "(Ký" in text]) == 3


def test_a_total_over_more_rows_than_a_formula_holds_is_written_as_a_figure() -> None:
    money = Column("money", "Tiền", Kind.MONEY_VND)
    rows = [row for _ in range(1_500) for row in (Row({"money": 1}), Row({"money": 9}, RowStyle.SUB))]
    built = Table(title="T", columns=(money,), rows=[*rows, Row({}, RowStyle.TOTAL, TotalOf.NORMAL_ROWS)])
    assert [cell.value for cell in read(written(built)).worksheets[0]["A"]][-1] == 1_500


def test_sheet_names_are_what_excel_accepts() -> None:
    wanted = ["Kinh phí: TW/ĐP [2025]?*\\", "Kinh phí TW ĐP 2025", "", "'x'", "History", "đ" * 40, "Đ" * 40]
    names = sheet_names(wanted)
    assert names == [
        "Kinh phí TW ĐP 2025", "Kinh phí TW ĐP 2025 (2)", "Bảng", "x", "History (2)", "đ" * 31, "Đ" * 27 + " (2)",
    ]  # fmt: skip
    assert read(written(*[project_report()] * 3)).sheetnames[1].endswith("(2)")


def test_the_stream_stays_open() -> None:
    stream = BytesIO()
    write_workbook([project_report()], stream=stream)
    assert stream.getvalue()[:2] == b"PK"


def stored(column: Column, value: Any) -> Any:
    """What a reader of the workbook finds for a value of the table."""
    if as_number(column, value) is not None:
        return as_number(column, value)
    if isinstance(value, date):
        counted = value >= date(1900, 3, 1)  # Excel's calendar is right from this day on
        return datetime(value.year, value.month, value.day) if counted else value.strftime("%d/%m/%Y")
    return value or None


@settings(max_examples=40)
@given(tables())
def test_the_workbook_holds_the_values_of_the_table(table: Table) -> None:
    sheet = read(written(table), values=True).worksheets[0]
    for row in range(len(table.rows)):
        for place, column in enumerate(table.columns):
            found = sheet.cell(row + 6, place + 1).value
            expected = stored(column, table.value(row, column.key))
            assert found == (pytest.approx(expected, rel=1e-15) if isinstance(expected, float) else expected)
