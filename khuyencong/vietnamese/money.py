"""Money in whole đồng: printing, and reading what offices write. Integers only, and nothing ambiguous is guessed."""

import math
import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from khuyencong.vietnamese.text import fold, nfc
from khuyencong.vietnamese.words import in_words

__all__ = [
    "MAX_VND",
    "MoneyError",
    "Unit",
    "format_million",
    "format_percent",
    "format_vnd",
    "in_words",
    "parse_vnd",
]

# Far above any budget, and below the limit of a 64-bit column.
MAX_VND: int = 10**18
_MOST_DIGITS = 60
ACCEPTED = "Có thể nhập: 1.234.567.000; 2.768,9 triệu; 6 tỷ 788,9 triệu."


class MoneyError(ValueError):
    """Text that is not one certain amount; the message (Vietnamese) is for the person who typed it.

    `readings`: the amounts, in đồng, among which the person may choose when the text can be read in several ways.
    """

    def __init__(self, message: str, readings: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.readings = tuple(readings)


class Unit(Enum):
    """What a number counts; the value is in đồng."""

    DONG = 1
    THOUSAND = 1_000
    MILLION = 1_000_000
    BILLION = 1_000_000_000

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Unit.DONG: "đồng",
    Unit.THOUSAND: "nghìn đồng",
    Unit.MILLION: "triệu đồng",
    Unit.BILLION: "tỷ đồng",
}
# After `fold`, so that "tỷ", "tỉ" and "ty" are one; "tr" covers "tr.đ" and "trđ".
_UNIT_WORDS = {
    "ty": Unit.BILLION,
    "ti": Unit.BILLION,
    "trieu": Unit.MILLION,
    "tr": Unit.MILLION,
    "tr.": Unit.MILLION,
    "nghin": Unit.THOUSAND,
    "ngan": Unit.THOUSAND,
}
_SEGMENT = re.compile(r"\s*(?P<number>[0-9](?:[0-9., ]*[0-9])?)\s*(?P<unit>trieu|tr\.?|ty|ti|nghin|ngan)?(?![a-z])")
_CURRENCY = re.compile(r"\s*(?:dong|vnd|d)\.?$")
_NEGATIVE = re.compile(r"^(?:[-\u2212\u2013]|am\s)\s*[0-9]|^\(.*[0-9].*\)$")
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in "., "}


class _Number(NamedTuple):
    """`digits` × 10^-`scale`, exact."""

    digits: int
    scale: int

    def spelled(self) -> str:
        """In Vietnamese notation, without trailing zeros after the comma."""
        whole, fraction = divmod(self.digits, 10**self.scale)
        tail = f"{fraction:0{self.scale}d}".rstrip("0") if self.scale else ""
        return _grouped(whole) + (f",{tail}" if tail else "")


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


def _rounded(numerator: int, denominator: int) -> int:
    """Nearest integer of a fraction, halves away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def _with_decimals(scaled: int, digits: int) -> str:
    whole, fraction = divmod(abs(scaled), 10**digits)
    tail = f",{fraction:0{digits}d}" if digits else ""
    return ("-" if scaled < 0 else "") + _grouped(whole) + tail


def format_vnd(vnd: int | None) -> str:
    """Whole đồng with grouped thousands: 1234567000 → "1.234.567.000"; nothing for None."""
    return "" if vnd is None else _grouped(vnd)


def format_million(vnd: int | None, digits: int = 1) -> str:
    """Đồng shown in triệu đồng: 2768900000 → "2.768,9"; halves round away from zero; nothing for None."""
    return "" if vnd is None else _with_decimals(_rounded(vnd * 10**digits, Unit.MILLION.value), digits)


def format_percent(numerator: int | None, denominator: int | None, digits: int = 1) -> str:
    """Share in per cent without the sign: (408, 1000) → "40,8"; "–" over zero; nothing when either is unknown."""
    if numerator is None or denominator is None:
        return ""
    if denominator == 0:
        return "–"
    return _with_decimals(_rounded(numerator * 100 * 10**digits, denominator), digits)


def parse_vnd(text: str | int | float, *, unit: Unit | None = None) -> int:
    """Whole đồng from what was typed or read from a cell.

    `unit` is the unit of the field or column; a unit written in the text goes before it. None: the text must say its
    unit or be unmistakably đồng. Numbers (cells) count `unit`, đồng when None; a float is read with 15 digits, as
    Excel shows it.
    Raises MoneyError: empty, not a number, negative, less than a đồng, too large, or readable in two ways.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise MoneyError(f"Không đọc được số tiền “{text}”. {ACCEPTED}")
    if not isinstance(text, str):
        return _from_number(text, unit or Unit.DONG)
    shown = nfc(text)
    if not shown:
        raise MoneyError(f"Chưa nhập số tiền. {ACCEPTED}")
    folded = fold(shown.replace("₫", "đ"))
    if _NEGATIVE.search(folded):
        raise _negative(shown)
    body, currency = _CURRENCY.subn("", folded)
    segments = _segments(body, shown)
    if len(segments) > 1 or segments[0][1]:
        return _within_limit(_sum_of_parts(segments, bool(currency), shown), shown)
    stated = Unit.DONG if currency else unit
    return _within_limit(_bare_number(segments[0][0], stated, shown), shown)


def _negative(shown: str) -> MoneyError:
    return MoneyError(f"Số tiền không được âm: “{_short(shown)}”. Nhập số dương; khoản giảm hoặc thu hồi có mục riêng.")


def _short(shown: str) -> str:
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _within_limit(vnd: int, shown: str) -> int:
    if vnd > MAX_VND:
        raise MoneyError(f"Số tiền quá lớn (trên một tỷ tỷ đồng): “{_short(shown)}”. Kiểm tra lại đơn vị tính.")
    return vnd


def _from_number(value: int | float, unit: Unit) -> int:
    if not math.isfinite(value):
        raise MoneyError(f"Không đọc được số tiền “{value}”. {ACCEPTED}")
    if value > MAX_VND:
        return _within_limit(int(value), "số trong ô")
    # %.15g drops the noise of binary fractions (2768.8999999999996 is 2768.9); what is left is exact.
    shown = str(value) if isinstance(value, int) else _plain_decimal(value)
    if value < 0:
        raise _negative(shown)
    whole, _, fraction = shown.partition(".")
    return _within_limit(_to_dong(_Number(int(whole + fraction), len(fraction)), unit, shown), shown)


def _plain_decimal(value: float) -> str:
    mantissa, _, exponent = f"{value:.14e}".partition("e")
    digits, shift = mantissa.replace(".", ""), int(exponent) - 14
    if shift >= 0:
        return digits + "0" * shift
    padded = digits.rjust(-shift + 1, "0")
    return f"{padded[:shift]}.{padded[shift:]}".rstrip("0").rstrip(".")


def _to_dong(number: _Number, unit: Unit, shown: str) -> int:
    divisor: int = 10**number.scale
    vnd, remainder = divmod(number.digits * unit.value, divisor)
    if remainder:
        raise MoneyError(f"Số tiền lẻ hơn một đồng: “{_short(shown)}” ({number.spelled()} {unit.label}). {ACCEPTED}")
    return vnd


def _segments(body: str, shown: str) -> list[tuple[str, Unit | None]]:
    """Pairs of a number as written and its unit word: "6 ty 788,9 trieu" → [("6", BILLION), ("788,9", MILLION)]."""
    found: list[tuple[str, Unit | None]] = []
    position = 0
    while position < len(body.rstrip()):
        match = _SEGMENT.match(body, position)
        if match is None:
            raise MoneyError(f"Không đọc được số tiền “{_short(shown)}”. {ACCEPTED}")
        found.append((match["number"], _UNIT_WORDS[match["unit"]] if match["unit"] else None))
        position = match.end()
    if not found:
        raise MoneyError(f"Không có chữ số trong “{_short(shown)}”. {ACCEPTED}")
    return found


def _sum_of_parts(segments: list[tuple[str, Unit | None]], currency: bool, shown: str) -> int:
    total, above = 0, None
    for index, (written, named) in enumerate(segments):
        last = index == len(segments) - 1
        unit = named or (Unit.DONG if currency and last else None)
        if unit is None:
            raise MoneyError(f"Thiếu đơn vị sau “{written}” trong “{_short(shown)}”. {ACCEPTED}")
        if above is not None and unit.value >= above.value:
            raise MoneyError(f"Đơn vị phải giảm dần (tỷ, triệu, nghìn, đồng) trong “{_short(shown)}”.")
        number = _read(written, unit, shown)
        vnd = _to_dong(number, unit, shown)
        if above is not None and vnd >= above.value:
            raise MoneyError(
                f"“{_short(shown)}” không rõ: “{written} {unit.label}” đứng sau {above.label} mà không nhỏ hơn "
                f"một {above.label}."
            )
        if not last and number.digits % 10**number.scale:
            raise MoneyError(f"Chỉ phần cuối được có số lẻ: “{_short(shown)}”. {ACCEPTED}")
        total, above = total + vnd, unit
    return total


def _bare_number(written: str, unit: Unit | None, shown: str) -> int:
    if unit is not None:
        return _to_dong(_read(written, unit, shown), unit, shown)
    number, lone_mark = _scan(written, shown)
    # A number this large, and whole, is đồng; a smaller one may as well be nghìn or triệu đồng.
    if lone_mark or number.scale or 0 < number.digits < Unit.MILLION.value:
        raise _no_unit(number, lone_mark, shown)
    return number.digits


def _read(written: str, unit: Unit, shown: str) -> _Number:
    """The number as written, its separators understood for its unit.

    "4.020" is grouped thousands in đồng, and is asked back in larger units. "4,020" is a Vietnamese decimal in larger
    units; đồng have no decimals, so there it is likely to come from an English-language workbook and is asked back.
    """
    number, lone_mark = _scan(written, shown)
    if lone_mark == "." and unit is Unit.DONG:
        return _Number(number.digits, 0)
    if lone_mark == "." or (lone_mark == "," and unit is Unit.DONG):
        raise _two_readings(number, unit, shown)
    return number


def _scan(written: str, shown: str) -> tuple[_Number, str]:
    """The number, its last mark read as decimal, and that mark when it may as well group thousands ("4.020")."""
    whole, mark, fraction = _split_decimal(written)
    lone = bool(mark) and whole != "0" and bool(_GROUPED[mark].fullmatch(written))
    for separator, pattern in _GROUPED.items():
        if separator in whole:
            if not pattern.fullmatch(whole):
                raise MoneyError(f"Dấu phân cách hàng nghìn đặt sai trong “{_short(shown)}”. {ACCEPTED}")
            whole = whole.replace(separator, "")
    if not (whole.isdigit() and (fraction.isdigit() or not mark)):
        raise MoneyError(f"Dấu phân cách đặt sai trong “{_short(shown)}”. {ACCEPTED}")
    if len(whole + fraction) > _MOST_DIGITS:
        return _Number(_within_limit(MAX_VND + 1, shown), 0), ""
    return _Number(int(whole + fraction), len(fraction)), mark if lone else ""


def _split_decimal(written: str) -> tuple[str, str, str]:
    """Whole part, decimal mark ("" if none) and decimals; a mark that is repeated groups thousands."""
    last = max(written.rfind("."), written.rfind(","))
    if last < 0 or written.count(written[last]) > 1:
        return written, "", ""
    return written[:last], written[last], written[last + 1 :]


def _two_readings(number: _Number, unit: Unit, shown: str) -> MoneyError:
    whole = _Number(number.digits, 0).spelled()
    again = f"Nhập lại “{whole}”" if unit is Unit.DONG else f"Nhập lại “{number.spelled()}” hoặc “{number.digits}”"
    return MoneyError(
        f"“{_short(shown)}” có thể hiểu hai cách: {number.spelled()} {unit.label} hay {whole} {unit.label}. {again}.",
        _whole_readings((number, unit), (_Number(number.digits, 0), unit)),
    )


def _no_unit(number: _Number, lone_mark: str, shown: str) -> MoneyError:
    if lone_mark:
        whole, decimal = _Number(number.digits, 0).spelled(), number.spelled()
        question = f"{whole} đồng, {decimal} triệu đồng hay {whole} triệu đồng"
        again = f"“{number.digits} đồng”, “{decimal} triệu” hoặc “{number.digits} triệu”"
        readings = _whole_readings(*((_Number(number.digits, 0), unit) for unit in (Unit.DONG, Unit.MILLION)))
        readings = tuple(sorted({*readings, *_whole_readings((number, Unit.MILLION))}))
    else:
        question = f"{number.spelled()} là đồng, nghìn đồng, triệu đồng hay tỷ đồng"
        again = f"“{number.spelled().replace('.', '')} triệu”"
        readings = _whole_readings(*((number, unit) for unit in Unit))
    return MoneyError(f"“{_short(shown)}” chưa rõ đơn vị: {question}? Ghi thêm đơn vị, ví dụ {again}.", readings)


def _whole_readings(*readings: tuple[_Number, Unit]) -> tuple[int, ...]:
    """In đồng, those that come out whole and within the limit."""
    amounts = ((number.digits * unit.value, 10**number.scale) for number, unit in readings)
    return tuple(top // bottom for top, bottom in amounts if top % bottom == 0 and top // bottom <= MAX_VND)
