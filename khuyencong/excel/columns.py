"""Columns of a report or list: what a cell may hold, and the sums and ratios between columns. Pure Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Value = str | int | date | Decimal | Fraction | None
"""What a row gives: money as whole đồng (int), a percent as points (Decimal("66.7") is 66,7 %)."""
Computed = str | int | date | Fraction | None
"""What a cell is worth: as given, but a percent is a ratio (Fraction(2, 3) is 66,7 %) or the text of an empty one."""
Getter = Callable[[str], Computed]


class TableError(ValueError):
    """The definition of a table contradicts itself: a mistake of the programmer, never of the user."""


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    MONEY_MILLION = "money-million"  # whole đồng, shown in triệu đồng
    MONEY_VND = "money-vnd"
    DATE = "date"
    PERCENT = "percent"


SUMMABLE = frozenset({Kind.INTEGER, Kind.MONEY_MILLION, Kind.MONEY_VND})


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


DEFAULT_ALIGN = {Kind.TEXT: Align.LEFT, Kind.DATE: Align.CENTER}


def _whole(value: Computed) -> int:
    return value if isinstance(value, int) else 0


@dataclass(frozen=True)
class Sum:
    """A column that adds and subtracts other columns of its own kind: Sum(("central", "provincial"))."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return self.plus + self.minus

    def value(self, get: Getter) -> Computed:
        """Blank when every operand is blank; otherwise a blank operand counts as zero."""
        if all(get(key) is None for key in self.keys):
            return None
        return sum(_whole(get(key)) for key in self.plus) - sum(_whole(get(key)) for key in self.minus)

    def text(self, name: Callable[[str], str]) -> str:
        """ "3+4-5" or "C7+D7-E7", as `name` turns keys into numbers or cell addresses."""
        return "+".join(map(name, self.plus)) + "".join(f"-{name(key)}" for key in self.minus)


@dataclass(frozen=True)
class Ratio:
    """A percent column: numerator over denominator, blank where there is nothing to divide by.

    With `empty`, such as "–", that text stands there instead, and also where the numerator is blank or the denominator
    below zero: money that came back is no measure of what went out. A row without any figure stays blank.
    """

    numerator: str
    denominator: str
    empty: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator)

    def value(self, get: Getter) -> Computed:
        if all(get(key) is None for key in self.keys):
            return None
        numerator, denominator = get(self.numerator), _whole(get(self.denominator))
        if denominator == 0 or (self.empty and (denominator < 0 or numerator is None)):
            return self.empty or None
        return Fraction(_whole(numerator), denominator)

    def text(self, name: Callable[[str], str]) -> str:
        return f"{name(self.numerator)}/{name(self.denominator)}"


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    kind: Kind = Kind.TEXT
    groups: tuple[str, ...] = ()  # headers above the label, outermost first; equal neighbours are merged
    width: float = 14.0  # in characters of the body font
    formula: Sum | Ratio | None = None
    align: Align | None = None
    wrap: bool = True
    summed: bool = True  # False for a number that has no total, such as a rank (a year is text: 2025, not 2.025)
    number: str = ""  # in the row of column numbers instead of its position, such as "A"

    @property
    def alignment(self) -> Align:
        return self.align or DEFAULT_ALIGN.get(self.kind, Align.RIGHT)

    @property
    def has_total(self) -> bool:
        return self.formula is None and self.summed and self.kind in SUMMABLE

    @property
    def full_label(self) -> str:
        """The label on one line, for lists without merged headers."""
        return " – ".join((*self.groups, self.label))


def checked(column: Column, value: Value) -> Computed:
    """`value` as what the cell is worth.

    Raises TableError when it is not what the column's kind holds: text among money would break the workbook's sums.
    """
    if value is None or value == "":
        return None
    if column.kind is Kind.PERCENT and isinstance(value, int | Decimal | Fraction):
        return Fraction(value) / 100
    if column.kind is Kind.TEXT and isinstance(value, str):
        return value
    if column.kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if column.kind in SUMMABLE and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TableError(f"Column {column.key!r} holds {column.kind.value}, not {type(value).__name__}")


def check_columns(columns: Sequence[Column]) -> None:
    """Raises TableError on no columns, a repeated key, or a formula over missing, mixed or unsuitable columns."""
    by_key = {column.key: column for column in columns}
    if not columns or len(by_key) != len(columns):
        raise TableError("A table needs columns, each with a key of its own")
    for column in columns:
        if column.formula is not None:
            _check_formula(column, by_key)
            _check_no_circle(column, by_key, ())


def _check_no_circle(column: Column, by_key: dict[str, Column], asking: tuple[str, ...]) -> None:
    if column.key in asking:
        raise TableError(f"Column {column.key!r} is computed from itself")
    for key in column.formula.keys if column.formula else ():
        if key in by_key:
            _check_no_circle(by_key[key], by_key, (*asking, column.key))


def _check_formula(column: Column, by_key: dict[str, Column]) -> None:
    assert column.formula is not None
    missing = [key for key in column.formula.keys if key not in by_key]
    if missing:
        raise TableError(f"Column {column.key!r} is computed from unknown columns {missing}")
    kinds = {by_key[key].kind for key in column.formula.keys}
    wanted = {column.kind} if isinstance(column.formula, Sum) else kinds
    # A workbook divides what its cells hold, so đồng and triệu đồng must not meet in one formula.
    if len(kinds) != 1 or kinds != wanted or not kinds <= SUMMABLE:
        raise TableError(f"Column {column.key!r} mixes kinds: {sorted(kinds)}")
    if isinstance(column.formula, Ratio) != (column.kind is Kind.PERCENT):
        raise TableError(f"Column {column.key!r}: a ratio is a percent, a sum is not")
    if isinstance(column.formula, Ratio) and not isinstance(column.formula.empty, str):
        raise TableError(f"Column {column.key!r}: what stands in place of an empty ratio is a text")


def column_numbers(columns: Sequence[Column]) -> list[str]:
    """The row under the headers: (1), (2), (3=1+2), (4=3/1)."""
    names = {column.key: column.number or str(place) for place, column in enumerate(columns, start=1)}
    return [
        f"({names[column.key]})"
        if column.formula is None
        else f"({names[column.key]}={column.formula.text(names.__getitem__)})"
        for column in columns
    ]
