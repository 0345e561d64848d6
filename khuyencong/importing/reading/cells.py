"""Cells as text: how they are shown to the officer, stored, and read once more."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal

from khuyencong.importing.reading.book import Cell
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc_multiline

_DIGITS = 15  # what Excel shows and keeps of a number


def as_text(cell: Cell) -> str:
    """As a Vietnamese office writes it: 2768.9 → "2768,9", dates dd/mm/yyyy. Reading the text gives the same value."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell if _is_clean(cell) else nfc_multiline(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return _decimal(cell)
    day = format_date(date(cell.year, cell.month, cell.day))
    return f"{day} {cell.hour:02}:{cell.minute:02}" if isinstance(cell, datetime) else day


def _is_clean(text: str) -> bool:
    """Nothing to tidy: most cells, and much faster to see than to tidy."""
    return text.isprintable() and unicodedata.is_normalized("NFC", text) and "  " not in text and text == text.strip()


def _decimal(number: float) -> str:
    exact = format(Decimal(f"{number or 0.0:.{_DIGITS}g}"), "f")  # and no "-0"
    return (exact.rstrip("0").rstrip(".") if "." in exact else exact).replace(".", ",")


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_name(place: int) -> str:
    """0 → "A", 27 → "AB"."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
