"""Reading the rows of a Treasury statement: which columns hold what, and each row's transaction. Whole đồng."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khuyencong.vietnamese.dates import DateError, format_date, parse_date
from khuyencong.vietnamese.money import MoneyError, Unit, parse_vnd
from khuyencong.vietnamese.text import fold, nfc

Row = Sequence[object]
REFERENCE, VOUCHER, DATE, AMOUNT, DESCRIPTION = "reference", "voucher", "date", "amount", "description"
LABELS = {
    REFERENCE: "Mã giao dịch",
    VOUCHER: "Số chứng từ",
    DATE: "Ngày",
    AMOUNT: "Số tiền",
    DESCRIPTION: "Nội dung",
}
REQUIRED = (DATE, AMOUNT)
# Folded names of columns, the most telling first: a heading is taken when it equals, or else begins with, one of them.
_NAMES: Mapping[str, tuple[str, ...]] = {
    REFERENCE: ("ma giao dich", "so giao dich", "ma gd", "so gd", "ma tham chieu", "so tham chieu"),
    VOUCHER: ("so chung tu", "so ct", "chung tu so", "so hieu chung tu"),
    DATE: ("ngay giao dich", "ngay hach toan", "ngay thanh toan", "ngay chung tu", "ngay ct", "ngay"),
    AMOUNT: ("so tien", "so tien vnd", "thanh tien", "so tien thanh toan"),
    DESCRIPTION: ("noi dung", "dien giai", "noi dung thanh toan", "ly do"),
}
HEADER_SEARCH_ROWS = 40
TEXT_LIMIT, DESCRIPTION_LIMIT = 100, 500
MAX_LINE_VND = 10**14
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
_SERIALS = range(36_526, 73_051)  # 01/01/2000 … 31/12/2099 in a workbook that counts from 1900
_COLUMN_NUMBER = re.compile(r"\(?[0-9]{1,2}\)?")


class CellError(ValueError):
    """What is wrong with one cell, in Vietnamese."""


@dataclass(frozen=True)
class Layout:
    """Where things stand: the place of the header row (from 0) and of each column that is known (from 0)."""

    header: int
    columns: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        return [key for key in LABELS if key not in self.columns]


@dataclass(frozen=True)
class StatementLine:
    """A transaction; `row_number` is the row of the file, `amount_vnd` is negative for money that came back."""

    row_number: int
    reference: str
    voucher_number: str
    paid_date: datetime.date
    amount_vnd: int
    description: str


@dataclass(frozen=True)
class RowError:
    row_number: int
    message: str


@dataclass(frozen=True)
class Reading:
    lines: Sequence[StatementLine]
    errors: Sequence[RowError]
    skipped: Sequence[int]
    """Rows of the file below the header that hold text but neither date nor amount."""


def find_layout(rows: Sequence[Row]) -> Layout | None:
    """The row with the most known headings among the first ones; None when no row has two of them."""
    best: Layout | None = None
    for place, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        columns = _columns(row)
        if len(columns) >= 2 and (best is None or len(columns) > len(best.columns)):
            best = Layout(place, columns)
    return best


def read_lines(
    rows: Sequence[Row],
    layout: Layout,
    *,
    first_day: datetime.date,
    last_day: datetime.date,
    epoch: datetime.datetime,
) -> Reading:
    """Every row below the header as a transaction, or what is wrong with it; rows of text alone are named."""
    lines: list[StatementLine] = []
    errors: list[RowError] = []
    skipped: list[int] = []
    for place in range(layout.header + 1, len(rows)):
        row, number = rows[place], place + 1
        if _is_blank(row) or (place == layout.header + 1 and _is_column_numbers(row)):
            continue
        if _is_total(row, layout) or all(_empty(row, layout, key) for key in REQUIRED):
            skipped.append(number)
            continue
        try:
            lines.append(_line(row, number, layout, first_day, last_day, epoch))
        except CellError as error:
            errors.append(RowError(number, str(error)))
    return Reading(lines, errors, skipped)


def _columns(row: Row) -> dict[str, int]:
    """Column key → place. An exact name goes before one that only begins so; each place is taken once."""
    folded = [fold(value).rstrip(" :.*") if isinstance(value, str) else "" for value in row]
    columns: dict[str, int] = {}
    for fits in (_equals, _begins):
        for key, names in _NAMES.items():
            if key in columns:
                continue
            found = (
                place
                for name in names
                for place, text in enumerate(folded)
                if place not in columns.values() and fits(text, name)
            )
            place = next(found, None)
            if place is not None:
                columns[key] = place
    return columns


def _equals(text: str, name: str) -> bool:
    return text == name


def _begins(text: str, name: str) -> bool:
    return text.startswith((f"{name} ", f"{name}(", f"{name}/"))


def _cell(row: Row, layout: Layout, key: str) -> object:
    place = layout.columns.get(key)
    return row[place] if place is not None and place < len(row) else None


def _empty(row: Row, layout: Layout, key: str) -> bool:
    value = _cell(row, layout, key)
    return value is None or (isinstance(value, str) and not nfc(value))


def _is_blank(row: Row) -> bool:
    return all(value is None or (isinstance(value, str) and not nfc(value)) for value in row)


def _is_column_numbers(row: Row) -> bool:
    """(1) (2) (3) under the headings."""
    texts = [nfc(str(value)) for value in row if value not in (None, "")]
    return len(texts) > 1 and all(_COLUMN_NUMBER.fullmatch(text) for text in texts)


def _is_total(row: Row, layout: Layout) -> bool:
    """ "Cộng phát sinh", "Tổng cộng": no date, and a text that says so."""
    if not _empty(row, layout, DATE):
        return False
    texts = (fold(value) for value in row if isinstance(value, str))
    return any(text.startswith(("tong cong", "tong so", "cong ")) or text in ("cong", "tong") for text in texts)


def _line(
    row: Row,
    number: int,
    layout: Layout,
    first_day: datetime.date,
    last_day: datetime.date,
    epoch: datetime.datetime,
) -> StatementLine:
    problems: list[str] = []
    day, amount = datetime.date.min, 0
    try:
        day = _date(_cell(row, layout, DATE), epoch)
        if not first_day <= day <= last_day:
            period = f"{format_date(first_day)}–{format_date(last_day)}"
            problems.append(f"Ngày {format_date(day)} nằm ngoài kỳ sao kê {period}")
    except DateError as error:
        problems.append(str(error))
    try:
        amount = _amount(_cell(row, layout, AMOUNT))
    except MoneyError as error:
        problems.append(str(error))
    if problems:
        raise CellError("; ".join(problem.rstrip(".") for problem in problems))
    return StatementLine(
        row_number=number,
        reference=_text(_cell(row, layout, REFERENCE), TEXT_LIMIT, LABELS[REFERENCE]),
        voucher_number=_text(_cell(row, layout, VOUCHER), TEXT_LIMIT, LABELS[VOUCHER]),
        paid_date=day,
        amount_vnd=amount,
        description=_text(_cell(row, layout, DESCRIPTION), DESCRIPTION_LIMIT, ""),
    )


def _text(value: object, limit: int, label: str) -> str:
    """Text as it stands, a number without the .0 that Excel adds. Errors: CellError when a number is cut short."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else nfc(str(value))
    if len(text) > limit and label:
        raise CellError(f"{label} dài hơn {limit} ký tự")
    return text[:limit]


def _date(value: object, epoch: datetime.datetime) -> datetime.date:
    """dd/mm/yyyy, a date cell, or Excel's count of days. Errors: DateError."""
    if isinstance(value, datetime.datetime | datetime.date):
        return parse_date(value)
    if isinstance(value, str) and not _SERIAL.fullmatch(nfc(value)):
        # "05/02/2026 14:30:00": the time of day says nothing here.
        return parse_date(nfc(value).split(" ")[0] if re.search(r" [0-9]{1,2}:[0-9]{2}", nfc(value)) else value)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        days = int(float(value))
        if days in _SERIALS:
            return (epoch + datetime.timedelta(days=days)).date()
    raise DateError(f"Không đọc được ngày “{'' if value is None else value}”. Nhập theo dạng ngày/tháng/năm")


def _amount(value: object) -> int:
    """Đồng, never 0; "-1.000" and "(1.000)" came back. Errors: MoneyError."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MoneyError("Không đọc được số tiền" if value is not None else "Chưa có số tiền")
    if isinstance(value, str):
        text = nfc(value).replace("\u2212", "-").replace("\u2013", "-")
        in_brackets = text.startswith("(") and text.endswith(")")
        sign = -1 if in_brackets or text.startswith("-") else 1
        amount = sign * parse_vnd(text.strip("()- +") if sign < 0 else text.removeprefix("+"), unit=Unit.DONG)
    else:
        amount = parse_vnd(abs(value), unit=Unit.DONG) * (-1 if value < 0 else 1)
    if not amount:
        raise MoneyError("Số tiền bằng 0")
    if abs(amount) > MAX_LINE_VND:
        raise MoneyError("Số tiền quá lớn")
    return amount
