from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from khuyencong.excel.columns import column_numbers
from khuyencong.excel.header import header_cells
from khuyencong.excel.html import page_table
from khuyencong.excel.table import Column, Kind, Ratio, Row, RowStyle, Sum, Table, TableError, TotalOf
from tests.excel.samples import COLUMNS, project_report, read, written

NAME = Column("name", "Tên")
MONEY = Column("money", "Tiền", Kind.MONEY_VND)


def table(*rows: Row, columns: tuple[Column, ...] = (NAME, MONEY)) -> Table:
    return Table(title="Bảng", columns=columns, rows=rows)


def test_the_six_year_totals_of_the_province() -> None:
    report = project_report()
    assert [report.value(6, key) for key in ("central", "provincial", "support")] == [
        4_020_000_000,
        2_768_900_000,
        6_788_900_000,
    ]


def test_group_rows_add_the_rows_below_without_the_sub_rows() -> None:
    report = project_report()
    assert report.sources(0) == (1, 3)
    assert report.value(0, "jobs") == 55


def test_a_total_of_the_rows_since_the_last_group() -> None:
    rows = [Row({"money": 1}), Row({}, RowStyle.GROUP), Row({"money": 2}), Row({"money": 3}, RowStyle.SUB)]
    built = table(*rows, Row({"money": 4}), Row({}, RowStyle.TOTAL, TotalOf.SINCE_GROUP))
    assert built.value(5, "money") == 6


def test_a_total_may_add_totals_that_come_later() -> None:
    built = table(Row({}, RowStyle.TOTAL, (1,)), Row({}, RowStyle.TOTAL, (2, 3)), Row({"money": 5}), Row({"money": 7}))
    assert built.value(0, "money") == 12


def test_a_number_that_has_no_total_stays_blank() -> None:
    rank = Column("rank", "Hạng", Kind.INTEGER, summed=False)
    built = table(Row({"rank": 3}), Row({}, RowStyle.TOTAL, TotalOf.NORMAL_ROWS), columns=(NAME, rank))
    assert built.value(1, "rank") is None


def test_computed_columns_are_blank_where_there_is_nothing_to_compute() -> None:
    blank = Table(title="", columns=COLUMNS, rows=[Row({"name": "Chưa có"})])
    assert [blank.value(0, key) for key in ("support", "total", "share")] == [None, None, None]


def test_a_percent_names_its_denominator_and_survives_an_empty_source() -> None:
    columns = (
        MONEY,
        Column("plan", "KH", Kind.MONEY_VND),
        Column("p", "%", Kind.PERCENT, formula=Ratio("money", "plan")),
    )
    built = table(Row({"money": 2, "plan": 3}), Row({"money": 2, "plan": 0}), Row({"plan": 3}), columns=columns)
    assert [built.value(row, "p") for row in range(3)] == [Fraction(2, 3), None, Fraction(0)]


def test_a_given_percent_is_in_points() -> None:
    built = table(Row({"p": Decimal("66.7")}), columns=(Column("p", "%", Kind.PERCENT),))
    assert built.value(0, "p") == Fraction(667, 1000)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.MONEY_VND, "-"),
        (Kind.MONEY_MILLION, 1.5),
        (Kind.INTEGER, True),
        (Kind.TEXT, 5),
        (Kind.DATE, "05/02/2026"),
        (Kind.DATE, datetime(2026, 2, 5)),
        (Kind.PERCENT, 0.5),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(kind: Kind, value: object) -> None:
    cells: Mapping = {"x": value}
    with pytest.raises(TableError, match="'x' holds"):
        table(Row(cells), columns=(Column("x", "X", kind),))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Row({"nmae": "x"}), "unknown columns"),
        (Row({}, links={"nmae": "/"}), "unknown columns"),
        (Row({"money": 5}, RowStyle.TOTAL, TotalOf.NORMAL_ROWS), "computed cells"),
        (Row({}, RowStyle.TOTAL, (0,)), "or itself"),
        (Row({}, RowStyle.TOTAL, (9,)), "not in the table"),
        (Row({}, RowStyle.TOTAL, (1, 1)), "twice"),
    ],
)
def test_a_contradictory_row_is_refused(row: Row, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        table(row, Row({"money": 1}))


def test_totals_in_a_circle_are_refused() -> None:
    with pytest.raises(TableError, match="from itself"):
        table(Row({}, RowStyle.TOTAL, (1,)), Row({}, RowStyle.TOTAL, (0,)))


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ((), "needs columns"),
        ((NAME, NAME), "key of its own"),
        ((Column("s", "S", Kind.MONEY_VND, formula=Sum(("gone",))),), "unknown columns"),
        ((MONEY, Column("s", "S", Kind.MONEY_MILLION, formula=Sum(("money",)))), "mixes kinds"),
        ((NAME, Column("s", "S", formula=Sum(("name",)))), "mixes kinds"),
        ((MONEY, Column("s", "S", Kind.MONEY_VND, formula=Ratio("money", "money"))), "a ratio is a percent"),
        ((Column("s", "S", Kind.MONEY_VND, formula=Sum(("s",))),), "from itself"),
    ],
)
def test_contradictory_columns_are_refused(columns: tuple[Column, ...], reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        table(columns=columns)


def test_column_numbers_say_how_a_column_is_computed() -> None:
    assert column_numbers(COLUMNS)[5:] == ["(6)", "(7)", "(8=6+7)", "(9)", "(10=8+9)", "(11=8/10)"]


def test_column_numbers_may_be_letters_and_differences() -> None:
    rest = Column("rest", "Còn lại", Kind.MONEY_VND, formula=Sum(("money",), minus=("b",)))
    columns = (Column("n", "TT", number="A"), MONEY, Column("b", "B", Kind.MONEY_VND), rest)
    assert column_numbers(columns) == ["(A)", "(2)", "(3)", "(4=2-3)"]


def test_headers_merge_equal_neighbours_at_every_level() -> None:
    top, middle, bottom = header_cells(COLUMNS)
    assert [(cell.text, cell.column, cell.rowspan, cell.colspan) for cell in top[-2:]] == [
        ("Nguồn vốn (triệu đồng)", 5, 1, 5),
        ("Tỷ lệ hỗ trợ", 10, 3, 1),
    ]
    assert [(cell.text, cell.column, cell.rowspan, cell.colspan) for cell in middle] == [
        ("Kinh phí khuyến công hỗ trợ", 5, 1, 3),
        ("DN đối ứng", 8, 2, 1),
        ("Tổng kinh phí", 9, 2, 1),
    ]
    assert [cell.text for cell in bottom] == ["TW", "Địa phương", "Cộng"]


def test_dates_are_kept() -> None:
    assert project_report().value(1, "accepted") == date(2012, 11, 20)


MIXED = (NAME, Column("figure", "Thực hiện", Kind.INTEGER))


def test_a_row_may_hold_another_kind_of_number_than_its_column() -> None:
    rows = (Row({"figure": 1_234}), Row({"figure": 1_234_560_000}, kinds={"figure": Kind.MONEY_MILLION}))
    built = table(*rows, columns=MIXED)
    assert [built.column_at(place, MIXED[1]).kind for place in (0, 1)] == [Kind.INTEGER, Kind.MONEY_MILLION]
    assert [row.cells[1].text for row in page_table(built).rows] == ["1.234", "1.234,6"]
    sheet = read(written(built)).worksheets[0]
    cells = [sheet.cell(5, 2), sheet.cell(6, 2)]
    assert [(cell.value, cell.number_format) for cell in cells] == [(1234, "#,##0"), (1234.56, "#,##0.0")]


@pytest.mark.parametrize(
    "rows",
    [
        (Row({"name": "x"}, kinds={"name": Kind.INTEGER}),),
        (Row({"figure": 1}, kinds={"figure": Kind.TEXT}),),
        (Row({"figure": 1}, kinds={"missing": Kind.INTEGER}),),
        (Row({"figure": 1}, kinds={"figure": Kind.MONEY_VND}), Row({}, RowStyle.TOTAL, TotalOf.NORMAL_ROWS)),
    ],
)
def test_a_kind_of_its_own_is_a_numbers_and_is_not_added_to_other_kinds(rows: tuple[Row, ...]) -> None:
    with pytest.raises(TableError):
        table(*rows, columns=MIXED)


def test_a_cell_that_a_formula_reads_keeps_the_kind_of_its_column() -> None:
    columns = (MONEY, Column("twice", "Hai lần", Kind.MONEY_VND, formula=Sum(("money", "money"))))
    with pytest.raises(TableError, match="kind of its own"):
        table(Row({"money": 1}, kinds={"money": Kind.MONEY_MILLION}), columns=columns)
