"""How numbers, names and addresses are compared: pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.rules.likeness import (
    address_words,
    citizen_key,
    house_number,
    is_number,
    name_words,
    near_equal,
    number_key,
    phone_key,
    telling_words,
)

WORDS = st.frozensets(st.sampled_from(["an", "binh", "thuan", "phat", "hung", "loi", "12", "3a", "khanh"]), max_size=9)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("SN-001/ab", "SN001AB"),
        (" sn 001 AB ", "SN001AB"),
        ("Số: Đ-12", "SOD12"),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_number_is_compared_by_its_letters_and_digits(typed, key):
    assert number_key(typed) == key


@given(st.text(max_size=120))
def test_a_key_is_its_own_key(text):
    key = number_key(text)
    assert number_key(key) == key
    assert len(key) <= 100


@pytest.mark.parametrize("key", ["", "0", "0000", number_key("Không có"), number_key("chưa có"), number_key("N/A")])
def test_what_says_there_is_none_is_no_number(key):
    assert not is_number(key)
    assert is_number("SN1")


def test_numbers_of_persons_are_compared_by_digits():
    assert phone_key("+84 912.345.678") == phone_key("0912 345 678") == "0912345678"
    assert phone_key("123") == phone_key("") == ""
    assert citizen_key("096 184 000 001") == "096184000001"
    assert citizen_key("000000000000") == ""


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Cơ sở Thuận Phát", "Hộ kinh doanh THUAN PHÁT", True),
        ("Công ty TNHH MTV Thanh Bình", "HTX Thanh Bình", True),
        ("Bánh tráng Hòa Lợi", "Bánh tráng Hoà Lợi", True),
        ("Bánh tráng Thuận Phát", "Cơ sở bánh tráng Thuận Phát Hưng", True),
        ("Trần Thị Bích Thủy", "Trần Thị Bích Ngọc", False),
        ("Cơ sở Thuận Phát", "Cơ sở Thuận Lợi", False),
        ("Cơ sở gạo số 2 Phước Long", "Cơ sở gạo số 3 Phước Long", False),
        ("Cơ sở sản xuất", "Hộ kinh doanh", False),
    ],
)
def test_names_that_are_nearly_one(one, other, near):
    assert near_equal(name_words(one), name_words(other)) is near


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Số 12, đường Trần Phú, xã Hồng Dân", "12 Trần Phú, Hồng Dân", True),
        ("12/3 ấp 5, xã Hồng Dân", "Số 12/3, Ấp 5, Hồng Dân", True),
        ("Số 12 Trần Phú", "Số 14 Trần Phú", False),
        ("Ấp Mỹ 1, xã Phước Long", "Ấp Mỹ 1, xã Phước Long", False),  # a hamlet is shared by hundreds
        ("Số 12", "Số 12", False),
        ("", "", False),
    ],
)
def test_addresses_that_are_nearly_one(one, other, near):
    assert near_equal(address_words(one), address_words(other)) is near


def test_the_number_of_a_house_stands_in_front():
    assert house_number("Số nhà 12A, ấp 5") == "12a"
    assert house_number("Ấp 5") == ""


@given(WORDS, WORDS)
def test_likeness_is_mutual_and_found_by_the_telling_words(one, other):
    assert near_equal(one, other) is near_equal(other, one)
    if near_equal(one, other):
        assert other & set(telling_words(one))
        assert one & set(telling_words(other))


@given(WORDS)
def test_every_name_is_like_itself(one):
    assert near_equal(one, one) is bool(one)
    assert set(telling_words(one)) <= one


@given(WORDS, st.sampled_from(["an", "loi", "12"]))
def test_one_word_more_is_forgiven_from_three_words_on_unless_it_is_a_number(one, word):
    more = one | {word}
    if more != one:
        assert near_equal(one, more) is (len(one) >= 3 and word != "12")


@given(st.text(max_size=60))
def test_legal_forms_do_not_count(text):
    assert name_words(f"Công ty TNHH {text}") == name_words(f"HTX {text}")
