"""The unit of money that is stated near a table or in the name of a column."""

import re

from khuyencong.vietnamese.money import Unit
from khuyencong.vietnamese.text import fold, nfc

_SIZE = r"(?P<size>ty|ti|trieu|tr|nghin|ngan|1[., ]?000[., ]?000[., ]?000|1[., ]?000[., ]?000|1?[., ]?000)?[.\s]*"
_MONEY = r"(?:viet nam\s*)?(?:dong|vnd|vn ?d|d)(?![a-z])"
_STATED = re.compile(rf"(?:dvt|don vi tinh|don vi|dv tinh)\s*[:.]?\s*\(?\s*{_SIZE}{_MONEY}")
_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:dvt\s*[:.]?\s*|don vi(?: tinh)?\s*[:.]?\s*)?{_SIZE}{_MONEY}[^)\]]*[)\]]")
_IN_LABEL = re.compile(r"(?<![a-z])(?P<size>ty|ti|trieu|tr\.?|nghin|ngan|1\.?000)\s*(?:dong|d|vnd)(?![a-z])")
_BARE = re.compile(rf"\s*{_SIZE}{_MONEY}\s*\.?\s*")
_WORDS = {
    "ty": Unit.BILLION,
    "ti": Unit.BILLION,
    "trieu": Unit.MILLION,
    "tr": Unit.MILLION,
    "nghin": Unit.THOUSAND,
    "ngan": Unit.THOUSAND,
}
_ZEROS = {0: Unit.DONG, 3: Unit.THOUSAND, 6: Unit.MILLION, 9: Unit.BILLION}


def stated_unit(text: str) -> Unit | None:
    """Of a line above a table: "ĐVT: triệu đồng", "(đồng)", "Đơn vị tính: 1.000 đ"; None when none is stated."""
    folded = fold(text)
    match = _STATED.search(folded) or _IN_BRACKETS.search(folded) or _BARE.fullmatch(folded)
    return _unit(match, text) if match else None


def label_unit(label: str) -> Unit | None:
    """Of a column: "Kinh phí (triệu đồng)", "Tổng KP, tr.đ"."""
    folded = fold(label)
    match = _STATED.search(folded) or _IN_BRACKETS.search(folded) or _IN_LABEL.search(folded)
    return _unit(match, label) if match else None


def without_unit(label: str) -> str:
    """The folded label without what it says of the unit."""
    folded = fold(label)
    for pattern in (_IN_BRACKETS, _STATED, _IN_LABEL):
        folded = pattern.sub(" ", folded)
    return " ".join(folded.split())


def _unit(match: re.Match[str], text: str) -> Unit | None:
    if "dong" in match[0] and not text.isascii() and "đồng" not in nfc(text).lower():
        return None  # a place: Đông Hải
    size = (match["size"] or "").rstrip(". ")
    return _WORDS.get(size) or _ZEROS[size.count("0")]
