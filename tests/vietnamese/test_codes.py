import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.vietnamese.codes import CodeKind, check_citizen_id, check_tax_code, mask, normalize_phone


# Public codes of large companies (Vinamilk, FPT, Viettel): known right.
@pytest.mark.parametrize("code", ["0300588569", "0101248141", "0100109106"])
def test_right_tax_codes(code):
    assert check_tax_code(code) == (code, CodeKind.ENTERPRISE, None)
    assert check_tax_code(f" {code[:4]} {code[4:]} ").normalized == code


@pytest.mark.parametrize("written", ["0100109106-001", "0100109106001", "0100109106 001"])
def test_branch_codes_get_one_form(written):
    assert check_tax_code(written) == ("0100109106-001", CodeKind.BRANCH, None)


@given(st.integers(min_value=0, max_value=9), st.integers(min_value=1, max_value=9))
def test_any_one_wrong_digit_is_noticed(position, change):
    code = list("0300588569")
    code[position] = str((int(code[position]) + change) % 10)
    wrong = "".join(code)
    check = check_tax_code(wrong)
    assert check.normalized == wrong
    assert check.warning is not None
    assert "sai chữ số kiểm tra" in check.warning


@pytest.mark.parametrize(
    ("raw", "kind", "part"),
    [
        ("300588569", CodeKind.UNKNOWN, "Excel đã bỏ số 0"),
        ("03005885690000", CodeKind.UNKNOWN, "có 14 chữ số"),
        ("03OO588569", CodeKind.UNKNOWN, "không phải chữ số"),
        ("0100109106-000", CodeKind.BRANCH, "từ 001 đến 999"),
        ("0300588568-001", CodeKind.BRANCH, "sai chữ số kiểm tra"),
        ("999123456789", CodeKind.PERSONAL, "mã tỉnh"),
    ],
)
def test_wrong_tax_codes_are_kept_as_written_with_a_warning(raw, kind, part):
    check = check_tax_code(raw)
    assert (check.normalized, check.kind) == (raw, kind)
    assert part in str(check.warning)


def test_a_personal_number_serves_as_tax_code():
    assert check_tax_code("095 085 001234") == ("095085001234", CodeKind.PERSONAL, None)


def test_nothing_written_is_no_mistake():
    assert check_tax_code("  ") == check_citizen_id("") == ("", CodeKind.EMPTY, None)


@pytest.mark.parametrize(
    ("raw", "normalized", "kind", "part"),
    [
        ("095 085 001234", "095085001234", CodeKind.PERSONAL, None),
        ("385123456", "385123456", CodeKind.OLD_IDENTITY_CARD, "chứng minh nhân dân cũ"),
        ("95085001234", "95085001234", CodeKind.UNKNOWN, "Excel đã bỏ số 0"),
        ("0950850012345", "0950850012345", CodeKind.UNKNOWN, "có 13 chữ số, phải có 12"),
        ("097085001234", "097085001234", CodeKind.PERSONAL, "mã tỉnh"),
        ("09508500123X", "09508500123X", CodeKind.UNKNOWN, "không phải chữ số"),
    ],
)
def test_citizen_id(raw, normalized, kind, part):
    check = check_citizen_id(raw)
    assert (check.normalized, check.kind) == (normalized, kind)
    assert (part is None) == (check.warning is None)
    assert (part or "") in (check.warning or "")


@pytest.mark.parametrize(
    ("value", "keep", "shown"),
    [("095085001234", 3, "*********234"), ("095085001234", 0, "*" * 12), ("123", 3, "***"), ("", 3, "")],
)
def test_mask(value, keep, shown):
    assert mask(value, keep) == shown


@given(st.text(alphabet="0123456789ABC-", max_size=20), st.integers(min_value=0, max_value=20))
def test_mask_keeps_the_length_and_never_shows_a_whole_value(value, keep):
    shown = mask(value, keep)
    assert len(shown) == len(value)
    assert shown != value or value == ""


@pytest.mark.parametrize(
    ("raw", "normalized"),
    [
        ("0912345678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084-912-345-678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("(0781) 3822 333", "07813822333"),
        ("0912345678; 0913", "0912345678; 0913"),
        ("không có", "không có"),
    ],
)
def test_normalize_phone(raw, normalized):
    assert normalize_phone(raw) == normalized
    assert normalize_phone(normalized) == normalized
