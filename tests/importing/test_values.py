"""One cell at a time: what it is worth, what is asked back, what is refused."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.importing.fields import FieldKind, ImportField, Problem
from khuyencong.importing.reading.cells import as_text, column_name, is_blank
from khuyencong.importing.reading.values import Context, chosen, read_cell, understand
from khuyencong.vietnamese.money import Unit
from tests.importing.corpus import BY_NAME, nfd

MILLION, DONG, NONE = Context(unit=Unit.MILLION), Context(unit=Unit.DONG), Context()
DAY = datetime.date(2013, 2, 5)


def value(cell, name, context=NONE):
    found = understand(cell, BY_NAME[name], context)
    assert not isinstance(found, Problem), found
    return found


def problem(cell, name, context=NONE):
    found = understand(cell, BY_NAME[name], context)
    assert isinstance(found, Problem), found
    return found


class TestMoney:
    @pytest.mark.parametrize(
        ("cell", "context", "vnd"),
        [
            ("6 tỷ 788,9 triệu", NONE, 6_788_900_000),
            ("6 tỷ 788,9 triệu", MILLION, 6_788_900_000),
            ("2.768,9", MILLION, 2_768_900_000),
            ("2768,9", MILLION, 2_768_900_000),
            ("2 768,9", MILLION, 2_768_900_000),
            (2768.9, MILLION, 2_768_900_000),
            (2768.8999999999996, MILLION, 2_768_900_000),
            (4020, MILLION, 4_020_000_000),
            (0, MILLION, 0),
            (2_768_900_000, NONE, 2_768_900_000),
            ("2.768.900.000", NONE, 2_768_900_000),
            ("2.768.900.000 đ", MILLION, 2_768_900_000),
            (50_000, DONG, 50_000),
            ("4.020", DONG, 4_020),
        ],
    )
    def test_read(self, cell, context, vnd):
        assert value(cell, "total", context) == vnd

    @pytest.mark.parametrize("cell", [None, "", "  ", "-", "–", "…", "\u00a0"])
    def test_nothing(self, cell):
        assert value(cell, "total", MILLION) is None

    def test_two_readings_are_both_offered(self):
        found = problem("4.020", "total", MILLION)
        assert found.choices == {"4020000": "4.020.000 đồng", "4020000000": "4.020.000.000 đồng"}
        assert chosen("4020000000", BY_NAME["total"], found.choices) == 4_020_000_000

    @pytest.mark.parametrize("cell", [4020, "4020", 2768.9])
    def test_without_a_unit_it_is_asked(self, cell):
        found = problem(cell, "total")
        assert "chưa rõ đơn vị" in found.message
        assert len(found.choices) >= 3

    def test_parts_of_a_dong_are_confirmed(self):
        assert problem(100 / 3, "total", MILLION).choices == {"33333333": "33.333.333 đồng (làm tròn)"}

    @pytest.mark.parametrize("cell", [-5, "-5", "(5)", "chưa có", True, DAY, "5 người", "1.2.3"])
    def test_refused(self, cell):
        assert problem(cell, "total", MILLION).field == "total"


class TestNumbers:
    @pytest.mark.parametrize(
        ("cell", "number"),
        [(12, 12), (12.0, 12), ("12", 12), ("12 người", 12), ("1.200", 1200), ("1,200", 1200), (0, 0), ("12,0", 12)],
    )
    def test_counts(self, cell, number):
        assert value(cell, "jobs") == number

    @pytest.mark.parametrize(
        "cell", [-1, "-1", 12.5, "12,5", "15 nghìn", "10-12", "mười", True, DAY, 10**12, "50%", "9" * 5000]
    )
    def test_no_counts(self, cell):
        assert problem(cell, "jobs")

    @pytest.mark.parametrize(
        "cell", [2013, 2013.0, "2013", "năm 2013", "Năm 2013", "2013.0", DAY, "05/02/2013", "05/02/2013 10:30"]
    )
    def test_years(self, cell):
        assert value(cell, "year") == 2013

    def test_several_years_are_asked_back(self):
        found = problem("2011-2013", "year")
        assert list(found.choices) == ["2011", "2012", "2013"]
        assert chosen("2012", BY_NAME["year"], found.choices) == 2012

    @pytest.mark.parametrize("cell", [13, "13", "1213", 3013, "quý I", True])
    def test_no_years(self, cell):
        assert problem(cell, "year")


class TestDates:
    @pytest.mark.parametrize(
        "cell",
        [
            DAY,
            datetime.datetime(2013, 2, 5, 10, 30),
            "05/02/2013",
            "5/2/2013",
            "05-02-2013",
            "5.2.2013",
            "05/02/2013 10:30",
            "ngày 05 tháng 02 năm 2013",
            "2013-02-05",
            "05-02-13",
            41310,
            "41310",
            41310.4375,
        ],
    )
    def test_read(self, cell):
        assert value(cell, "decided") == "2013-02-05"

    def test_the_epoch_of_1904(self):
        assert value(39848, "decided", Context(is_1904=True)) == "2013-02-05"

    def test_what_was_understood_is_said(self):
        assert "05/02/2013" in read_cell(41310, BY_NAME["decided"], NONE).note
        assert "05/02/2013" in read_cell("5-2-13", BY_NAME["decided"], NONE).note
        assert read_cell("1-1-51", BY_NAME["decided"], NONE).value == "1951-01-01"

    def test_day_and_month_are_never_swapped(self):
        assert value("02/05/2013", "decided") == "2013-05-02"
        found = problem("05/13/2013", "decided")
        assert found.choices == {"2013-05-13": "13/05/2013"}
        assert problem("05/13/13", "decided").choices == found.choices

    @pytest.mark.parametrize("cell", ["2013", 2013, "năm 2013"])
    def test_a_year_alone_is_no_date(self, cell):
        assert "chỉ có năm" in problem(cell, "decided").message

    @pytest.mark.parametrize("cell", ["02/2013", "31/02/2013", "quý I", True, 5, 5022013, datetime.date(1900, 1, 5)])
    def test_refused(self, cell):
        assert problem(cell, "decided")


class TestChoices:
    @pytest.mark.parametrize(
        "cell", ["cooperative", "Hợp tác xã", "HỢP TÁC XÃ", "hop tac xa", nfd("Hợp tác xã"), " HTX ", "htx"]
    )
    def test_by_key_label_synonym_and_folded(self, cell):
        assert value(cell, "kind") == "cooperative"

    def test_near_ones_are_named(self):
        found = problem("Hợp tác xãa", "kind")
        assert found.choices == {"cooperative": "Hợp tác xã"}
        assert "Hợp tác xã" in found.message
        assert set(problem("xyz", "kind").choices) == {"household", "company", "cooperative"}

    def test_two_that_fold_alike_are_asked_back(self):
        one = ImportField("k", "K", FieldKind.CHOICE, choices={"a": "Bán", "b": "Bàn"})
        assert understand("Bàn", one, NONE) == "b"
        assert set(understand("ban", one, NONE).choices) == {"a", "b"}


class TestCodes:
    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("0312345678", "0312345678"),
            ("'0312345678", "0312345678"),
            (1900123456, "1900123456"),
            ("1900123456.0", "1900123456"),
            ("1900123456-001", "1900123456-001"),
        ],
    )
    def test_as_written(self, cell, code):
        assert value(cell, "tax_code") == code

    @pytest.mark.parametrize("cell", [312345678, 96012345678])
    def test_a_zero_that_may_be_lost_is_said_and_not_put_back(self, cell):
        reading = read_cell(cell, BY_NAME["tax_code"], NONE)
        assert reading.value == str(cell)
        assert "số 0 ở đầu" in reading.note

    @pytest.mark.parametrize("cell", ["9,6012E+10", "9.6012E+11", 1.5, 1234567890123456, True, DAY])
    def test_lost_digits_are_asked_for(self, cell):
        assert problem(cell, "tax_code")

    def test_personal_codes_are_masked_in_messages(self):
        assert "0912345" not in problem("9,12345678E+8", "phone").message


class TestText:
    def test_one_line_and_several(self):
        assert value(nfd("Hỗ trợ\n máy  móc"), "name") == "Hỗ trợ máy móc"
        assert value("dòng một\ndòng hai", "note") == "dòng một\ndòng hai"
        assert value(5, "name") == "5"
        assert value(DAY, "name") == "05/02/2013"

    def test_too_long(self):
        assert "nhiều nhất 3" in understand("abcd", ImportField("a", "A", max_length=3), NONE).message

    @pytest.mark.parametrize("name", list(BY_NAME))
    def test_errors_of_excel_are_problems_everywhere(self, name):
        assert "#DIV/0!" in problem("#DIV/0!", name).message
        assert "Công thức" in problem("#CHƯA TÍNH!", name).message


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
    | st.text(max_size=30)
    | st.text("0123456789.,-/() đtriệuỷ", max_size=15)
)


@given(cell=CELLS, name=st.sampled_from([name for name in BY_NAME if not name.startswith("place")]))
def test_any_cell_gives_a_value_or_a_problem(cell, name):
    for context in (NONE, MILLION, Context(is_1904=True)):
        found = understand(cell, BY_NAME[name], context)
        assert found is None or isinstance(found, int | str | Problem)
        assert not isinstance(found, Problem) or found.message


@given(cell=CELLS, name=st.sampled_from(["name", "year", "decided", "total", "jobs", "tax_code", "kind"]))
def test_the_stored_text_of_a_cell_reads_the_same(cell, name):
    first = understand(cell, BY_NAME[name], MILLION)
    if first is not None and not isinstance(first, Problem):
        again = understand(as_text(cell), BY_NAME[name], MILLION)
        assert again == first


def test_cells_as_text():
    cells = [None, "a", True, 5, 2768.9, 1e20, 1e-7, DAY, datetime.datetime(2013, 2, 5, 7, 5)]
    texts = ["", "a", "TRUE", "5", "2768,9", "100000000000000000000", "0,0000001", "05/02/2013", "05/02/2013 07:05"]
    assert list(map(as_text, cells)) == texts
    assert as_text(" a\u00a0\u200b b\x00 ") == "a b"
    assert is_blank("\u00a0 ")
    assert [column_name(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
