import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.vietnamese.money import (
    MAX_VND,
    MoneyError,
    Unit,
    format_million,
    format_percent,
    format_vnd,
    in_words,
    parse_vnd,
)

amounts = st.integers(min_value=0, max_value=MAX_VND)
DONG, THOUSAND, MILLION, BILLION = Unit


@pytest.mark.parametrize(
    ("text", "unit", "vnd"),
    [
        ("6 tỷ 788,9 triệu", None, 6_788_900_000),
        ("4 tỷ 020 triệu", None, 4_020_000_000),
        ("4 tỷ 020 triệu đồng", DONG, 4_020_000_000),
        ("4 tỉ 20 triệu 500.000 đồng", MILLION, 4_020_500_000),
        ("1.234.567.000", None, 1_234_567_000),
        ("1.234.567.000 đ", None, 1_234_567_000),
        ("1.234.567.000 đồng", MILLION, 1_234_567_000),
        ("1.234.567.000 VNĐ", None, 1_234_567_000),
        ("1.234.567₫", None, 1_234_567),
        ("1 234 567", None, 1_234_567),
        ("1\u00a0234\u00a0567", DONG, 1_234_567),
        ("1,234,567", DONG, 1_234_567),
        ("2768,9 triệu", None, 2_768_900_000),
        ("2768,9 trđ", None, 2_768_900_000),
        ("2768,9 tr.đ", None, 2_768_900_000),
        ("2.768,9", MILLION, 2_768_900_000),
        ("2,768.9", MILLION, 2_768_900_000),
        ("2768,9", MILLION, 2_768_900_000),
        ("2768.9", MILLION, 2_768_900_000),
        ("2 768,9", MILLION, 2_768_900_000),
        ("60,840", BILLION, 60_840_000_000),
        ("0.500", MILLION, 500_000),
        ("500 nghìn", None, 500_000),
        ("4.020", DONG, 4_020),
        ("4.020 đồng", None, 4_020),
        ("1.234.567,00", DONG, 1_234_567),
        ("0", None, 0),
        (0, None, 0),
        (5, MILLION, 5_000_000),
        (2768.9, MILLION, 2_768_900_000),
        (2768.8999999999996, MILLION, 2_768_900_000),
        (1e15, DONG, 10**15),
    ],
)
def test_parse(text, unit, vnd):
    assert parse_vnd(text, unit=unit) == vnd


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("", None, "Chưa nhập số tiền"),
        (" \u00a0", DONG, "Chưa nhập số tiền"),
        ("năm triệu", None, "Không đọc được số tiền “năm triệu”"),
        ("12a", DONG, "Không đọc được"),
        ("5 tri", None, "Không đọc được"),
        ("1e9", DONG, "Không đọc được"),
        ("đồng", DONG, "Không có chữ số"),
        ("-5", DONG, "không được âm"),
        ("\u22125.000.000", DONG, "không được âm"),
        ("(5.000.000)", DONG, "không được âm"),
        (-1, DONG, "không được âm"),
        ("1.5", DONG, "lẻ hơn một đồng"),
        ("0,5 đồng", None, "lẻ hơn một đồng"),
        ("1,23456789 triệu", None, "lẻ hơn một đồng"),
        (0.5, DONG, "lẻ hơn một đồng"),
        (float("nan"), DONG, "Không đọc được"),
        (float("inf"), DONG, "Không đọc được"),
        (True, DONG, "Không đọc được"),
        ("1.23.456", DONG, "đặt sai"),
        ("12 34", DONG, "đặt sai"),
        ("2 tỷ 5", None, "Thiếu đơn vị sau “5”"),
        ("5 triệu 2 tỷ", None, "giảm dần"),
        ("2 tỷ 1500 triệu", None, "không rõ"),
        ("6,5 tỷ 20 triệu", None, "Chỉ phần cuối"),
        ("2768,9", None, "chưa rõ đơn vị"),
        ("4020", None, "chưa rõ đơn vị"),
        ("1.000.000.000.000.000.001", DONG, "quá lớn"),
        ("9" * 5000, DONG, "quá lớn"),
        (1e300, DONG, "quá lớn"),
        (2_000_000_000, BILLION, "quá lớn"),
    ],
)
def test_refused_with_a_reason(text, unit, message):
    with pytest.raises(MoneyError, match=message):
        parse_vnd(text, unit=unit)


@pytest.mark.parametrize("unit", [THOUSAND, MILLION, BILLION])
def test_a_lone_group_of_three_is_asked_back_with_both_readings(unit):
    with pytest.raises(MoneyError) as error:
        parse_vnd("4.020", unit=unit)
    assert f"4,02 {unit.label} hay 4.020 {unit.label}" in str(error.value)
    assert parse_vnd("4,02", unit=unit) == 402 * unit.value // 100
    assert parse_vnd("4020", unit=unit) == 4020 * unit.value


def test_a_lone_group_of_three_without_a_unit_is_asked_back():
    with pytest.raises(MoneyError, match=r"4\.020 đồng, 4,02 triệu đồng hay 4\.020 triệu đồng"):
        parse_vnd("4.020")
    with pytest.raises(MoneyError, match="hai cách"):
        parse_vnd("4.020 tỷ")


def test_an_english_comma_in_dong_is_asked_back():
    with pytest.raises(MoneyError, match="hai cách"):
        parse_vnd("4,020", unit=DONG)


@given(amounts)
def test_dong_round_trip(vnd):
    assert parse_vnd(format_vnd(vnd), unit=DONG) == vnd
    assert parse_vnd(f"{format_vnd(vnd)} đồng") == vnd
    assert parse_vnd(vnd) == vnd


@given(amounts)
def test_million_round_trip_with_every_digit(vnd):
    assert parse_vnd(format_million(vnd, digits=6), unit=MILLION) == vnd


@given(st.integers(min_value=0, max_value=10**10))
def test_million_round_trip_of_tenths(tenths):
    assert parse_vnd(format_million(tenths * 100_000), unit=MILLION) == tenths * 100_000
    assert parse_vnd(tenths / 10, unit=MILLION) == tenths * 100_000


@given(st.text(alphabet="0123456789., -đtỷriệuồng()", max_size=30), st.sampled_from([None, *Unit]))
def test_any_text_is_an_amount_or_a_money_error(text, unit):
    try:
        vnd = parse_vnd(text, unit=unit)
    except MoneyError:
        return
    assert 0 <= vnd <= MAX_VND


@pytest.mark.parametrize(
    ("vnd", "shown"), [(None, ""), (0, "0"), (999, "999"), (1_234_567_000, "1.234.567.000"), (-1_500, "-1.500")]
)
def test_format_vnd(vnd, shown):
    assert format_vnd(vnd) == shown


@pytest.mark.parametrize(
    ("vnd", "digits", "shown"),
    [
        (None, 1, ""),
        (2_768_900_000, 1, "2.768,9"),
        (6_788_900_000, 1, "6.788,9"),
        (4_020_000_000, 1, "4.020,0"),
        (49_999, 1, "0,0"),
        (50_000, 1, "0,1"),
        (-50_000, 1, "-0,1"),
        (-1, 1, "0,0"),
        (2_768_500_000, 0, "2.769"),
        (1_234_567, 3, "1,235"),
        (10**17 + 50_000, 1, "100.000.000.000,1"),
    ],
)
def test_format_million_rounds_halves_away_from_zero(vnd, digits, shown):
    assert format_million(vnd, digits) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "shown"),
    [
        (408, 1000, 1, "40,8"),
        (2, 3, 2, "66,67"),
        (1, 8, 1, "12,5"),
        (1, 2000, 1, "0,1"),
        (5, 4, 0, "125"),
        (-1, 3, 1, "-33,3"),
        (5, 0, 1, "–"),
        (0, 0, 1, "–"),
        (None, 5, 1, ""),
        (5, None, 1, ""),
    ],
)
def test_format_percent(numerator, denominator, digits, shown):
    assert format_percent(numerator, denominator, digits) == shown


@pytest.mark.parametrize(
    ("vnd", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1_005, "một nghìn không trăm linh năm"),
        (21_000, "hai mươi mốt nghìn"),
        (1_000_015, "một triệu không trăm mười lăm"),
        (4_020_000_000, "bốn tỷ không trăm hai mươi triệu"),
        (6_788_900_000, "sáu tỷ bảy trăm tám mươi tám triệu chín trăm nghìn"),
        (10**9 + 5, "một tỷ không trăm linh năm"),
        (1_204 * 10**9, "một nghìn hai trăm linh bốn tỷ"),
        (10**18, "một tỷ tỷ"),
        (-5, "âm năm"),
    ],
)
def test_in_words(vnd, words):
    assert in_words(vnd) == f"{words} đồng"


@given(amounts, amounts)
def test_different_amounts_have_different_words(one, other):
    assert (in_words(one) == in_words(other)) == (one == other)
    assert "  " not in in_words(one)


@pytest.mark.parametrize(
    ("text", "unit", "readings"),
    [
        ("4.020", Unit.MILLION, (4_020_000, 4_020_000_000)),
        ("4,020", Unit.DONG, (4_020,)),
        ("4.020", None, (4_020, 4_020_000, 4_020_000_000)),
        ("500", None, (500, 500_000, 500_000_000, 500_000_000_000)),
        ("-5", Unit.DONG, ()),
        ("chưa có", None, ()),
    ],
)
def test_the_readings_among_which_a_person_may_choose(text, unit, readings):
    with pytest.raises(MoneyError) as error:
        parse_vnd(text, unit=unit)
    assert error.value.readings == readings
