"""Which cells of two tables differ."""

from datetime import date

from khuyencong.excel.table import Column, Kind, Ratio, Row, RowStyle, Table, TotalOf
from reports.comparison import compare

NAME = Column("name", "Tên", width=30)
MONEY = Column("money", "KCĐP", Kind.MONEY_MILLION, groups=("Nguồn",))


def table(*rows, columns=(NAME, MONEY)):
    return Table("BIỂU", columns, rows)


def differences(locked, today):
    result = compare([locked], [today])
    return [(one.row, one.column, one.locked, one.today, one.difference) for one in result.differences], result.equal


def test_one_dong_shows():
    was, now = Row({"name": "Đào tạo", "money": 5_000_000}), Row({"name": "Đào tạo", "money": 4_999_999})
    assert differences(table(was), table(now)) == (
        [("Đào tạo", "Nguồn – KCĐP", "5.000.000 đồng", "4.999.999 đồng", "-1 đồng")],
        1,
    )


def test_rows_are_paired_by_name_under_their_heading():
    a, b = Row({"name": "A", "money": 1}), Row({"name": "B", "money": 2})
    one, two = (Row({"name": name}, RowStyle.GROUP) for name in ("I", "II"))
    assert differences(table(one, a, two, b), table(two, b, one, a)) == ([], 6)
    assert differences(table(one, a), table(two, a))[0] == [
        ("I", "Tên", "I", "–", "–"),
        ("I: A", "Tên", "A", "–", "–"),
        ("I: A", "Nguồn – KCĐP", "1 đồng", "–", "-1 đồng"),
        ("II", "Tên", "–", "II", "–"),
        ("II: A", "Tên", "–", "A", "–"),
        ("II: A", "Nguồn – KCĐP", "–", "1 đồng", "+1 đồng"),
    ]


def test_a_new_row_moves_no_other():
    total = Row({"name": "Cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS)
    a, b, c = (Row({"name": name, "money": 1}) for name in "ABC")
    found, equal = differences(table(b, c, total), table(a, b, c, total))
    assert {row for row, *_ in found} == {"A", "Cộng"}
    assert equal == 5


def test_rows_of_one_name_keep_their_order():
    rows = [Row({"name": "A", "money": money}) for money in (1, 2)]
    changed = [rows[0], Row({"name": "A", "money": 9})]
    assert differences(table(*rows), table(*changed))[0][0][0] == "A (dòng thứ 2)"


def test_words_days_and_percents():
    columns = (
        NAME,
        Column("day", "Ngày", Kind.DATE),
        Column("a", "a", Kind.INTEGER),
        Column("b", "b", Kind.INTEGER),
        Column("share", "Tỷ lệ", Kind.PERCENT, formula=Ratio("a", "b")),
        Column("unit", "ĐVT"),
    )
    was = Row({"name": "A", "day": date(2026, 1, 2), "a": 1, "b": 4, "unit": "ha"})
    now = Row({"name": "A", "day": date(2026, 1, 3), "a": 3, "b": 4, "unit": "km"})
    assert [one[1:] for one in differences(table(was, columns=columns), table(now, columns=columns))[0]] == [
        ("Ngày", "02/01/2026", "03/01/2026", "–"),
        ("a", "1", "3", "+2"),
        ("Tỷ lệ", "25,0%", "75,0%", "+50,0 điểm %"),
        ("ĐVT", "ha", "km", "–"),
    ]


def test_a_table_or_column_that_is_gone():
    result = compare([table(Row({"name": "A", "money": 1}))], [])
    assert [one.today for one in result.differences] == ["–", "–"]
    fewer = table(Row({"name": "A"}), columns=(NAME,))
    assert [one[1] for one in differences(table(Row({"name": "A", "money": 1})), fewer)[0]] == ["Nguồn – KCĐP"]


def test_a_percent_that_hardly_moved():
    columns = (
        NAME,
        Column("a", "a", Kind.INTEGER),
        Column("b", "b", Kind.INTEGER),
        Column("share", "Tỷ lệ", Kind.PERCENT, formula=Ratio("a", "b")),
    )
    was, now = (Row({"name": "A", "a": a, "b": 1_000_000}) for a in (2, 1))
    (_, share), _ = differences(table(was, columns=columns), table(now, columns=columns))
    assert share == ("A", "Tỷ lệ", "0,0%", "0,0%", "dưới 0,05 điểm %")
