"""Codes of establishments and persons. Old files hold many wrong ones: they are kept as written, with a warning."""

import re
from enum import StrEnum
from typing import NamedTuple

from khuyencong.vietnamese.text import nfc

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# Provinces are numbered 001 (Hà Nội) to 096 (Cà Mau) in citizen numbers.
_FIRST_PROVINCE, _LAST_PROVINCE = 1, 96
_SEPARATORS = re.compile(r"[\s.\-–/()]")
_PHONE = re.compile(r"0[0-9]{9,10}")
_PHONE_SEPARATORS = re.compile(r"[\s.\-–()]")


class CodeKind(StrEnum):
    EMPTY = "empty"
    ENTERPRISE = "enterprise"
    BRANCH = "branch"
    PERSONAL = "personal"
    OLD_IDENTITY_CARD = "old_identity_card"
    UNKNOWN = "unknown"


class CodeCheck(NamedTuple):
    """`normalized` is what to store: the tidy code, or the raw text of a wrong one; `warning` is Vietnamese."""

    normalized: str
    kind: CodeKind
    warning: str | None = None


def check_tax_code(raw: str) -> CodeCheck:
    """A tax code: 10 digits with a check digit, a branch (10-3), or a 12-digit personal number (since 01/07/2025).

    Source: Thông tư 86/2024/TT-BTC (cấu trúc mã số thuế); the check digit is 10 - Σ(digit × weight) mod 11.
    """
    shown = nfc(raw)
    digits = _SEPARATORS.sub("", shown)
    if not shown:
        return CodeCheck("", CodeKind.EMPTY)
    if not _is_digits(digits):
        return CodeCheck(shown, CodeKind.UNKNOWN, f"Mã số thuế “{shown}” có ký tự không phải chữ số.")
    if len(digits) == 12:
        return _personal(digits, shown, f"Mã số thuế 12 số “{shown}”")
    if len(digits) not in (10, 13):
        return CodeCheck(shown, CodeKind.UNKNOWN, _wrong_tax_length(shown, digits))
    kind = CodeKind.ENTERPRISE if len(digits) == 10 else CodeKind.BRANCH
    if not _tax_check_digit_fits(digits[:10]):
        return CodeCheck(shown, kind, f"Mã số thuế “{shown}” sai chữ số kiểm tra (chữ số thứ 10), hãy đối chiếu lại.")
    if kind is CodeKind.BRANCH and digits[10:] == "000":
        return CodeCheck(shown, kind, f"Mã số thuế “{shown}”: ba số của đơn vị phụ thuộc phải từ 001 đến 999.")
    return CodeCheck(digits if kind is CodeKind.ENTERPRISE else f"{digits[:10]}-{digits[10:]}", kind)


def check_citizen_id(raw: str) -> CodeCheck:
    """A citizen number (CCCD): 12 digits without a check digit; the old card's 9 digits are kept with a warning."""
    shown = nfc(raw)
    digits = _SEPARATORS.sub("", shown)
    if not shown:
        return CodeCheck("", CodeKind.EMPTY)
    if not _is_digits(digits):
        return CodeCheck(shown, CodeKind.UNKNOWN, f"Số căn cước “{shown}” có ký tự không phải chữ số.")
    if len(digits) == 9:
        warning = f"“{shown}” là số chứng minh nhân dân cũ (9 số); hãy bổ sung số căn cước 12 số."
        return CodeCheck(digits, CodeKind.OLD_IDENTITY_CARD, warning)
    if len(digits) != 12:
        hint = _lost_zeros(digits, 12)
        return CodeCheck(shown, CodeKind.UNKNOWN, f"Số căn cước “{shown}” có {len(digits)} chữ số, phải có 12.{hint}")
    return _personal(digits, shown, f"Số căn cước “{shown}”")


def mask(value: str, keep: int = 3) -> str:
    """The last `keep` characters, the rest as asterisks; a value no longer than `keep` is hidden entirely."""
    if keep <= 0 or len(value) <= keep:
        return "*" * len(value)
    return "*" * (len(value) - keep) + value[-keep:]


def normalize_phone(raw: str) -> str:
    """A Vietnamese number as digits from 0: "+84 912.345.678" → "0912345678"; anything else stays as written."""
    shown = nfc(raw)
    digits = _PHONE_SEPARATORS.sub("", shown)
    for prefix in ("+84", "0084", "84"):
        if digits.startswith(prefix) and len(digits) >= len(prefix) + 9:
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
            break
    return digits if _PHONE.fullmatch(digits) else shown


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _tax_check_digit_fits(ten_digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(ten_digits[:9], _TAX_WEIGHTS, strict=True))
    return 10 - total % 11 == int(ten_digits[9])


def _wrong_tax_length(shown: str, digits: str) -> str:
    expected = "phải có 10 số, 13 số (đơn vị phụ thuộc) hoặc 12 số (số định danh cá nhân)"
    return f"Mã số thuế “{shown}” có {len(digits)} chữ số; {expected}.{_lost_zeros(digits, 10)}"


def _lost_zeros(digits: str, length: int) -> str:
    """Excel stores such a code as a number and drops its leading zeros."""
    return " Có thể Excel đã bỏ số 0 ở đầu." if length - 2 <= len(digits) < length else ""


def _personal(digits: str, shown: str, subject: str) -> CodeCheck:
    if _FIRST_PROVINCE <= int(digits[:3]) <= _LAST_PROVINCE:
        return CodeCheck(digits, CodeKind.PERSONAL)
    warning = f"{subject} không bắt đầu bằng mã tỉnh (001–096), hãy đối chiếu lại."
    return CodeCheck(shown, CodeKind.PERSONAL, warning)
