"""Signatures fit the columns they are given: titles and names level, two by two where there is no room for all."""

import pytest

from khuyencong.excel.signing import signature_rows
from khuyencong.excel.table import Signature
from khuyencong.excel.textfit import line_count

DATED = "Cà Mau, ngày …… tháng …… năm ………"
DRAWN = Signature("NGƯỜI LẬP BIỂU", "Nguyễn Thị Ánh Tuyết")
REVIEWER = Signature("TRƯỞNG PHÒNG", "Lê Thị Thu Hà")
MONEY = Signature("KẾ TOÁN TRƯỞNG", "Phạm Thị Mỹ Duyên")
HEAD = Signature("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Trần Văn Đức", hint="(Ký, ghi rõ họ tên, đóng dấu)")
ROOMY = [6.0, 26.0, *[8.0] * 12]
TIGHT = [7.0, 65.0, 16.0, 15.0, 15.0]  # one wide column and three narrow ones


def text(cell):
    return "".join(part for part, _ in cell.parts)


def room(widths, cell):
    return sum(widths[cell.span[0] : cell.span[1] + 1])


def drawn_lines(cell, width):
    return sum(line_count(part, width, bold="bold" in look) for part, look in cell.parts)


@pytest.mark.parametrize("widths", [ROOMY, TIGHT])
@pytest.mark.parametrize("signatures", [(DRAWN, HEAD), (DRAWN, REVIEWER, HEAD), (DRAWN, REVIEWER, MONEY, HEAD)])
def test_every_line_fits_and_names_stand_level(widths, signatures):
    rows = signature_rows(widths, signatures, DATED)
    assert [one.name for one in signatures] == [text(cell).split("\n")[-1] for cells in rows for cell in cells]
    for cells in rows:
        for cell in cells:
            counts = [line_count(line, room(widths, cell), bold=True) for line in text(cell).split("\n")]
            assert sum(counts) - len(counts) <= 2, text(cell)  # title and hint may take two lines
        assert len({drawn_lines(cell, room(widths, cell)) for cell in cells}) == 1
    assert "ngày …… tháng …… năm ………" in text(rows[-1][-1])
    assert "ngày ……" not in "".join(text(cell) for cells in rows for cell in cells[:-1])


def test_all_stand_beside_each_other_where_there_is_room():
    assert [len(cells) for cells in signature_rows(ROOMY, (DRAWN, REVIEWER, MONEY, HEAD), DATED)] == [4]


def test_otherwise_two_by_two_with_the_head_last_on_the_right():
    rows = signature_rows(TIGHT, (DRAWN, REVIEWER, MONEY, HEAD), DATED)
    assert [len(cells) for cells in rows] == [2, 2]
    assert [cell.span for cell in rows[0]] == [cell.span for cell in rows[1]]


def test_a_title_may_take_two_lines_before_another_row_is_begun():
    (cells,) = signature_rows(TIGHT, (DRAWN, REVIEWER, HEAD), DATED)
    assert len(cells) == 3


def test_columns_are_used_once_each():
    for widths in (ROOMY, TIGHT):
        for cells in signature_rows(widths, (DRAWN, REVIEWER, MONEY, HEAD), DATED):
            columns = [column for cell in cells for column in range(cell.span[0], cell.span[1] + 1)]
            assert columns == list(range(len(widths)))


def test_without_place_and_date():
    (cells,) = signature_rows(ROOMY, (DRAWN, HEAD), "")
    assert text(cells[0]).startswith("NGƯỜI LẬP BIỂU\n")
