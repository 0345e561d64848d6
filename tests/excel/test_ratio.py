"""Percent columns that say so when there is nothing to divide by, also in rows that have a kind of their own."""

from fractions import Fraction
from pathlib import Path

import pytest

from khuyencong.excel.cells import as_number
from khuyencong.excel.columns import column_numbers
from khuyencong.excel.html import page_table
from khuyencong.excel.table import Column, Kind, Ratio, Row, RowStyle, Sum, Table, TableError, TotalOf
from tests.excel.samples import read, written
from tests.excel.test_recalculation import converted, needs_soffice, without_results

NAME = Column("name", "Chỉ tiêu", width=30)
DONE, PLAN = Column("done", "Thực hiện", Kind.INTEGER), Column("plan", "Kế hoạch", Kind.INTEGER)
SHARE = Column("share", "So với kế hoạch (%)", Kind.PERCENT, formula=Ratio("done", "plan", empty="–"))
COLUMNS = (NAME, DONE, PLAN, SHARE)
MONEY = dict.fromkeys(("done", "plan"), Kind.MONEY_MILLION)
ROWS = (
    Row({"name": "Nhóm"}, RowStyle.GROUP),
    Row({"name": "Lớp học", "done": 2, "plan": 3}),
    Row({"name": "Không có kế hoạch", "done": 2, "plan": 0}),
    Row({"name": "Không có gì", "done": 0, "plan": 0}),
    Row({"name": "Chưa làm", "done": 0, "plan": 4}),
    Row({"name": "Không tính thực hiện", "plan": 4}),
    Row({"name": "Chưa ghi kế hoạch", "done": 4}),
    Row({"name": "Thu hồi nhiều hơn chi", "done": 5, "plan": -10}),
    Row({"name": "Giá trị", "done": 1_250_000, "plan": 5_000_001}, RowStyle.SUB, kinds=MONEY),
    Row({"name": "Giá trị không có kế hoạch", "done": 1_250_000, "plan": 0}, RowStyle.SUB, kinds=MONEY),
    Row({"name": "Cộng"}, RowStyle.TOTAL, total_of=(1, 2)),
)
WORTH = [
    None,
    Fraction(2, 3),
    "–",
    "–",
    Fraction(0),
    "–",
    "–",
    "–",
    Fraction(1_250_000, 5_000_001),
    "–",
    Fraction(4, 3),
]


def table(*rows: Row, columns: tuple[Column, ...] = COLUMNS) -> Table:
    return Table(title="T", columns=columns, rows=rows or ROWS)


def test_nothing_to_divide_by_is_said_and_never_zero_percent() -> None:
    assert [table().value(place, "share") for place in range(len(ROWS))] == WORTH


def test_the_page_shows_it() -> None:
    shown = [row.cells[3].text for row in page_table(table()).rows]
    assert shown == ["", "66,7%", "–", "–", "0,0%", "–", "–", "–", "25,0%", "–", "133,3%"]
    assert {row.cells[3].css for row in page_table(table()).rows} == {"kc-num"}


def test_the_workbook_has_a_formula_that_never_divides_by_nothing() -> None:
    content = written(table())
    formulas, values = read(content).worksheets[0], read(content, values=True).worksheets[0]
    assert formulas["D6"].value == '=IF(OR(B6="",C6<=0),"–",B6/C6)'
    assert formulas["D5"].value is None
    assert [values.cell(5 + place, 4).value for place in range(len(ROWS))] == [
        pytest.approx(float(one)) if isinstance(one, Fraction) else one for one in WORTH
    ]
    assert (formulas["B13"].value, formulas["B13"].number_format) == (1.25, "#,##0.0")


def test_quotes_in_the_text_stay_inside_the_formula() -> None:
    quoted = Column("share", "%", Kind.PERCENT, formula=Ratio("done", "plan", empty='"x"'))
    sheet = read(written(table(Row({"done": 1, "plan": 0}), columns=(DONE, PLAN, quoted)))).worksheets[0]
    assert sheet["C5"].value == '=IF(OR(A5="",B5<=0),"""x""",A5/B5)'


@needs_soffice
def test_another_program_calculates_the_same(tmp_path: Path) -> None:
    drawn = table()
    bare = without_results(written(drawn))
    assert read(bare, values=True).worksheets[0]["D7"].value is None
    sheet = read(converted(bare, tmp_path, "xlsx"), values=True).worksheets[0]
    for place, row in enumerate(ROWS):
        found, worth = sheet.cell(5 + place, 4).value, drawn.value(place, "share")
        number = as_number(SHARE, worth)
        assert found == (worth if number is None else pytest.approx(number, rel=1e-12)), row.cells["name"]


def test_a_ratio_without_such_a_text_stays_blank() -> None:
    plain = Column("share", "%", Kind.PERCENT, formula=Ratio("done", "plan"))
    built = table(Row({"done": 1, "plan": 0}), Row({"done": 1, "plan": -2}), columns=(DONE, PLAN, plain))
    assert [built.value(place, "share") for place in range(2)] == [None, Fraction(-1, 2)]
    assert read(written(built)).worksheets[0]["C5"].value == '=IF(B5=0,"",A5/B5)'


def test_the_row_of_numbers_says_what_is_divided_by_what() -> None:
    assert column_numbers(COLUMNS) == ["(1)", "(2)", "(3)", "(4=2/3)"]


@pytest.mark.parametrize(
    "kinds", [{"done": Kind.MONEY_MILLION}, {"plan": Kind.MONEY_VND}, {**MONEY, "done": Kind.TEXT}]
)
def test_a_row_that_divides_unlike_kinds_is_refused(kinds: dict[str, Kind]) -> None:
    with pytest.raises(TableError, match="kind of its own"):
        table(Row({"done": 1, "plan": 2}, kinds=kinds))


def test_a_row_of_its_own_kinds_in_a_sum_is_refused() -> None:
    both = Column("both", "Cộng", Kind.INTEGER, formula=Sum(("done", "plan")))
    with pytest.raises(TableError, match="kind of its own"):
        table(Row({"done": 1, "plan": 2}, kinds=MONEY), columns=(*COLUMNS, both))


def test_a_computed_cell_has_no_kind_of_its_own() -> None:
    with pytest.raises(TableError, match="kind of its own"):
        table(Row({"done": 1, "plan": 2}, kinds={"share": Kind.INTEGER}))


def test_a_total_over_rows_of_several_kinds_is_refused() -> None:
    rows = (Row({"done": 1, "plan": 2}), Row({"done": 1, "plan": 2}, kinds=MONEY))
    with pytest.raises(TableError, match="several kinds"):
        table(*rows, Row({"name": "Cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS))


def test_what_stands_for_an_empty_ratio_is_a_text() -> None:
    wrong: object = 5
    with pytest.raises(TableError, match="is a text"):
        table(columns=(DONE, PLAN, Column("s", "S", Kind.PERCENT, formula=Ratio("done", "plan", empty=wrong))))  # type: ignore[arg-type]
