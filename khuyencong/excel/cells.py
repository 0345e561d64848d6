"""Writes one value into one cell, by what the column holds."""

from datetime import date, datetime
from fractions import Fraction

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khuyencong.excel.columns import Column, Computed, Kind

VND_PER_MILLION = 1_000_000
TEXT_LIMIT = 32_767  # characters in a cell; Excel calls a file with more damaged
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29/02/1900 that never was: older dates are written as text


def as_number(column: Column, value: Computed) -> float | int | None:
    """The number that the cell stores: triệu đồng unrounded, a percent as a ratio; None for what is no number."""
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, int):
        return value / VND_PER_MILLION if column.kind is Kind.MONEY_MILLION else value
    return None


def write_value(sheet: Worksheet, row: int, place: int, column: Column, value: Computed, style: Format) -> None:
    number = as_number(column, value)
    if number is not None:
        sheet.write_number(row, place, number, style)
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, date):
        sheet.write_string(row, place, f"{value.day:02}/{value.month:02}/{value.year:04}", style)
    elif value is None:
        sheet.write_blank(row, place, None, style)
    else:
        write_text(sheet, row, place, str(value), style)


def write_formula(
    sheet: Worksheet, row: int, place: int, column: Column, formula: str, value: Computed, style: Format
) -> None:
    """The formula together with its result, for viewers that do not calculate."""
    number = as_number(column, value)
    text = value if isinstance(value, str) else ""
    sheet.write_formula(row, place, formula, style, text if number is None else number)


def write_text(sheet: Worksheet, row: int, place: int, text: str, style: Format) -> None:
    """Text as text, never as a formula or a link, whatever it begins with."""
    sheet.write_string(row, place, text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…", style)


def write_merged(sheet: Worksheet, row: int, first: int, last: int, text: str, style: Format, *, down: int = 0) -> None:
    """Text over a block of cells; a block of one is a plain cell, for Excel has no merge of one."""
    if first == last and not down:
        write_text(sheet, row, first, text, style)
        return
    sheet.merge_range(row, first, row + down, last, "", style)
    write_text(sheet, row, first, text, style)
