"""Cells of text, choices and codes."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text
from khuyencong.importing.reading.reading import Context, Reading, refused, shown
from khuyencong.vietnamese.text import fold, name_key, nfc

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_WITH_ZEROS = re.compile(r"([0-9]{4,})[.,]0+")
_KEPT_DIGITS = 15
_SHORT_OF_ONE = (9, 11)  # a tax code has 10 digits, a personal number 12
_MANY = 30
_COMPARED = 100  # characters of a cell that are compared with names


def read_text(cell: Cell, one: ImportField, context: Context) -> Reading:
    text = as_text(cell)
    if "\n" in text and one.kind is not FieldKind.LONG_TEXT:
        text = nfc(text)
    if one.max_length and len(text) > one.max_length:
        return refused(f"Dài {len(text)} ký tự, nhiều nhất {one.max_length}. Hãy rút gọn.")
    return Reading(text or None)


def read_code(cell: Cell, one: ImportField, context: Context) -> Reading:
    """As written. What Excel may have done to a number is said, and never mended by guess."""
    if isinstance(cell, bool | date):
        return refused(f"“{shown(cell, one)}” không phải mã số. Hãy nhập lại dạng chữ (Text).")
    text = nfc(as_text(cell)).lstrip("'’‘")
    note = ""
    if match := _WITH_ZEROS.fullmatch(text):
        text, note = match[1], f"{one.label}: đã bỏ phần “,0” mà Excel thêm vào."
    if _EXPONENT.fullmatch(text) or (isinstance(cell, float) and not text.isdigit()):
        return refused(f"Excel đã đổi mã thành số “{shown(cell, one)}” và làm mất chữ số. Hãy nhập lại mã đầy đủ.")
    if isinstance(cell, int | float) and len(text) > _KEPT_DIGITS:
        return refused(f"Excel chỉ giữ {_KEPT_DIGITS} chữ số của một số: các số cuối đã mất. Hãy nhập lại mã đầy đủ.")
    if isinstance(cell, int | float) or note:
        note = _number_note(one, len(text)) or note
    if one.max_length and len(text) > one.max_length:
        return refused(f"Dài {len(text)} ký tự, nhiều nhất {one.max_length}.")
    return Reading(text or None, note=note)


def _number_note(one: ImportField, digits: int) -> str:
    if digits in _SHORT_OF_ONE:
        return (
            f"{one.label}: ô là số có {digits} chữ số, Excel có thể đã làm mất số 0 ở đầu. Giữ nguyên, hãy đối chiếu."
        )
    return ""


def read_choice(cell: Cell, one: ImportField, context: Context) -> Reading:
    """The key: by key, label or synonym, first with tone marks, then without."""
    text = as_text(cell)
    for form in (name_key, fold):
        keys = _keys(form(text), one, form)
        if len(keys) == 1:
            return Reading(keys[0])
        if keys:
            return refused(f"“{shown(cell, one)}” có thể là nhiều mục. Hãy chọn một.", _labels(one, keys))
    near = _near(text, one)
    hint = f" Có phải: {'; '.join(one.choices[key] for key in near)}?" if near else ""
    message = f"“{shown(cell, one)}” không có trong danh mục.{hint} Hãy chọn một mục."
    return refused(message, _labels(one, near or list(one.choices)[:_MANY]))


def _names(key: str, one: ImportField) -> Iterable[str]:
    return (key, one.choices[key], *one.choice_synonyms.get(key, ()))


def _keys(wanted: str, one: ImportField, form: object) -> list[str]:
    assert callable(form)
    return [key for key in one.choices if any(form(name) == wanted for name in _names(key, one))]


def _near(text: str, one: ImportField) -> list[str]:
    by_name = {fold(name): key for key in one.choices for name in _names(key, one)}
    found = get_close_matches(fold(text[:_COMPARED]), list(by_name), n=3, cutoff=0.75)
    return list(dict.fromkeys(by_name[name] for name in found))


def _labels(one: ImportField, keys: Iterable[str]) -> dict[str, str]:
    return {key: one.choices[key] for key in keys}
