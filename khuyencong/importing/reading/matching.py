"""Proposes which field each column holds, by its name alone. What is not fairly sure is left to the officer."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.units import without_unit
from khuyencong.vietnamese.text import fold

THRESHOLD = 0.66
_EXACT = 0.99
_LAST_PART = 0.92  # "TW" of "Nguồn vốn – TW" is a little less than the whole
_PART_OF = 0.9
_CLOSE = 0.02  # two fields as near as this: a person says which
_ROW_NUMBER = frozenset({"stt", "tt", "so tt", "so thu tu", "thu tu", "s tt", "no", "#"})
_DASH = re.compile(r"\s+[–-]\s+")
_WORD = re.compile(r"[a-z0-9]+")
# Longest first: what people shorten, after folding, as the words that stand for it.
_PHRASES: Sequence[tuple[str, str]] = (
    ("nguon kinh phi khuyen cong quoc gia", "kinh phi TW"),
    ("khuyen cong quoc gia", "TW"),
    ("khuyen cong dia phuong", "DP"),
    ("ngan sach trung uong", "TW"),
    ("ngan sach dia phuong", "DP"),
    ("cong nghiep nong thon", "cnnt"),
    ("trach nhiem huu han", "tnhh"),
    ("don vi tinh", "dvt"),
    ("ma so thue", "mst"),
    ("ma so dn", "mst"),
    ("so dien thoai", "sdt"),
    ("dien thoai", "sdt"),
    ("so dt", "sdt"),
    ("so cccd", "cccd"),
    ("can cuoc cong dan", "cccd"),
    ("so can cuoc", "cccd"),
    ("can cuoc", "cccd"),
    ("chung minh nhan dan", "cccd"),
    ("so cmnd", "cccd"),
    ("trung uong", "TW"),
    ("dia phuong", "DP"),
    ("ns tw", "TW"),
    ("ns dp", "DP"),
    ("kc qg", "TW"),
    ("kc dp", "DP"),
    ("quoc gia", "TW"),
    ("doanh nghiep", "dn"),
    ("hop tac xa", "htx"),
    ("so luong", "sl"),
    ("dia chi", "dc"),
    ("kinh phi", "kp"),
    ("noi dung", "nd"),
    ("san xuat", "sx"),
    ("lao dong", "ld"),
    ("quyet dinh", "qd"),
    ("thoi gian", "tg"),
    ("ghi chu", "gc"),
    ("san pham", "sp"),
    ("don vi", "dv"),
    ("ho va ten", "ho ten"),
    ("khuyen cong", "kc"),
    ("de an", "da"),
    ("co so", "cs"),
    ("ho tro", "ht"),
    ("thi tran", "tt"),
)
_WORDS = {"kcqg": "TW", "kcdp": "DP", "tw": "TW", "dp": "DP", "cmnd": "cccd", "cmt": "cccd", "dthoai": "sdt"}
_ALONE = {"dt": "sdt", "d t": "sdt", "d c": "dc", "tel": "sdt", "phone": "sdt"}
_FILLER_WORDS = "cac cua va neu co theo la cho tai trong so thuoc o duoc"
_FILLERS = frozenset(_FILLER_WORDS.split())


@dataclass(frozen=True)
class Match:
    """`score` from THRESHOLD to 1; `why` in Vietnamese, for the page."""

    field: str
    score: float
    why: str


def is_row_number(label: str) -> bool:
    return fold(label).strip(" .:") in _ROW_NUMBER


def layout_key(labels: Sequence[str]) -> str:
    """The same for files of the same look, whatever the case and tone marks of their headers; 64 characters."""
    return hashlib.sha256("\x1f".join(fold(label) for label in labels).encode()).hexdigest()


def match_columns(labels: Sequence[str], fields: Sequence[ImportField]) -> dict[int, Match]:
    """Column → the field it most likely holds: one column for a field, one field for a column, best first.

    A column that suits two fields equally, or two columns that suit one, are left out: a person says which.
    """
    scored = [
        (score, place, one.name, why)
        for place, label in enumerate(labels)
        if label and not is_row_number(label)
        for one in fields
        for score, why in [best_score(label, one)]
        if score >= THRESHOLD
    ]
    return _assigned(sorted(scored, key=lambda each: (-each[0], each[1])))


def _assigned(scored: Sequence[tuple[float, int, str, str]]) -> dict[int, Match]:
    found: dict[int, Match] = {}
    taken: set[str] = set()
    doubtful: set[int] = set()
    for score, place, name, why in scored:
        if place in found or name in taken or place in doubtful:
            continue
        rivals = [
            (other_place, other_name)
            for other_score, other_place, other_name, _ in scored
            if abs(score - other_score) <= _CLOSE
            and (other_place == place) != (other_name == name)
            and other_place not in found
            and other_name not in taken
        ]
        if any(other_place == place for other_place, _ in rivals):
            doubtful.add(place)
        elif rivals:
            doubtful.update([place, *(other for other, _ in rivals)])
            taken.add(name)
        else:
            found[place] = Match(name, round(score, 2), why)
            taken.add(name)
    return found


def best_score(label: str, one: ImportField) -> tuple[float, str]:
    """How well a column's name suits a field, from 0 to 1, and by which of the field's names."""
    names = (one.label, *one.synonyms, one.name)
    return max(((_score(label, name), f"“{label}” ≈ “{name}”") for name in names), key=lambda pair: pair[0])


def _score(label: str, name: str) -> float:
    wanted, exact = _known(name)
    words, folded = _known(label)
    if not wanted or not words:
        return 0.0
    if folded == exact:
        return 1.0
    if words == wanted:
        return _EXACT
    best = _likeness(words, wanted)
    parts = _DASH.split(label)
    if len(parts) > 1:
        last, last_folded = _known(parts[-1])
        alone = 1.0 if last_folded == exact or (last and last == wanted) else _likeness(last, wanted)
        best = max(best, alone * _LAST_PART)
    return best


def _likeness(words: frozenset[str], wanted: frozenset[str]) -> float:
    """Shared words in both directions; a name that the label holds entire counts more, a lone short word less."""
    shared = len(words & wanted)
    if not shared:
        return 0.0
    likeness = 2 * shared / (len(words) + len(wanted))
    if wanted <= words and len(wanted) > 1:
        return max(likeness, _PART_OF - 0.04 * (len(words) - len(wanted)))
    return likeness * _PART_OF


@lru_cache(maxsize=4096)
def _known(label: str) -> tuple[frozenset[str], str]:
    """The words that count, shortened forms made one, and the whole as folded text."""
    text = re.sub(r"\((?:neu co|\d+(?:=.*)?)\)", " ", without_unit(label))
    text = " ".join(_WORD.findall(text))
    folded = _ALONE.get(text, text)
    shortened = f" {folded} "
    for phrase, short in _PHRASES:
        shortened = shortened.replace(f" {phrase} ", f" {short} ")
    words = [_WORDS.get(word, word) for word in shortened.split()]
    kept: Iterable[str] = [word for word in words if word not in _FILLERS] or words
    return frozenset(kept), " ".join(words)


def as_mapping(matches: Mapping[int, Match]) -> dict[int, str]:
    return {place: match.field for place, match in matches.items()}
