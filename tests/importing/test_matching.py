"""Which field a column is proposed for, and when nothing is proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.matching import THRESHOLD, as_mapping, layout_key, match_columns
from tests.importing.corpus import FIELDS, nfd


def proposed(*labels):
    return as_mapping(match_columns(labels, FIELDS))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Tên đề án", "name"),
        ("TÊN ĐỀ ÁN", "name"),
        (nfd("Tên đề án"), "name"),
        ("ten de an", "name"),
        ("Tên đề án, nội dung", "name"),
        ("MST", "tax_code"),
        ("Mã số thuế (nếu có)", "tax_code"),
        ("ĐT", "phone"),
        ("Số ĐT", "phone"),
        ("Số điện thoại", "phone"),
        ("SĐT", "phone"),
        ("Nguồn vốn – TW", "central"),
        ("Nguồn vốn – Trung ương", "central"),
        ("Nguồn vốn – ĐP", "local"),
        ("Kinh phí – KCQG", "central"),
        ("KP KCĐP", "local"),
        ("Tổng KP (triệu đồng)", "total"),
        ("Số LĐ", "jobs"),
        ("Năm", "year"),
        ("Thời gian thực hiện (năm)", "year"),
        ("Ngày QĐ", "decided"),
        ("Cơ sở thụ hưởng", "beneficiary"),
        ("Địa bàn", "place"),
        ("Xã", "place"),
        ("Huyện", "place_parent"),
        ("Ghi chú:", "note"),
    ],
)
def test_a_label_finds_its_field(label, name):
    assert proposed(label) == {0: name}


@pytest.mark.parametrize("label", ["STT", "TT", "Số TT", "", "Người ký", "Diện tích", "Kinh phí", "Số", "Ngày", "Mã"])
def test_nothing_is_guessed(label):
    assert proposed(label) == {}


def test_one_column_for_a_field_and_one_field_for_a_column():
    found = proposed("STT", "Tên đề án", "Tên cơ sở", "Địa bàn", "Nguồn vốn – TW", "Nguồn vốn – Địa phương")
    assert found == {1: "name", 2: "beneficiary", 3: "place", 4: "central", 5: "local"}


def test_equal_columns_are_left_to_a_person():
    assert proposed("Ghi chú", "Ghi chú", "Năm") == {2: "year"}


def test_the_better_column_wins():
    assert proposed("Tên đề án (theo quyết định)", "Tên đề án") == {1: "name"}


def test_equal_fields_are_left_to_a_person():
    fields = [ImportField("a", "Nguồn trung ương"), ImportField("b", "Nguồn địa phương")]
    assert match_columns(["Nguồn"], fields) == {}


def test_why_is_said():
    match = match_columns(["MST"], FIELDS)[0]
    assert (match.score, match.why) == (0.99, "“MST” ≈ “Mã số thuế”") or match.score == 1.0


@given(st.lists(st.sampled_from([*(one.label for one in FIELDS), "TW", "KP", "Số", "Tên", "x"]), max_size=12))
def test_never_two_columns_for_one_field(labels):
    found = match_columns(labels, FIELDS)
    names = [match.field for match in found.values()]
    assert len(names) == len(set(names))
    assert all(THRESHOLD <= match.score <= 1 for match in found.values())


def test_the_layout_is_the_folded_header():
    key = layout_key(["STT", "Tên đề án"])
    assert key == layout_key(["stt", nfd("TÊN ĐỀ ÁN")])
    assert key != layout_key(["STT Tên đề án"])
    assert len(key) == 64
