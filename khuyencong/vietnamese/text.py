"""Vietnamese text: one stored form, a folded form for search, digit keys for sorting, equality of names."""

import re
import unicodedata
from itertools import groupby
from typing import NamedTuple

# Marks in the order of Vietnamese dictionaries and of ICU's `vi`: huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_FOREIGN_MARK = "7"
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_CODES = {letter: str(20 + index) for index, letter in enumerate(_LETTERS)}
# ICU's order of common punctuation; the rest follows by code point.
_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_SPACE_CODE, _PUNCTUATION_CODE, _OTHER_SYMBOL_CODE, _NUMBER_CODE, _OTHER_LETTER_CODE = "01", "02", "03", "10", "60"
_LOWER, _UPPER = "1", "2"
_LONGEST_NUMBER = 99

# Zero-width characters, direction marks and the byte-order mark: invisible, and they break look-ups. The soft hyphen
# stays: in TCVN3 its byte is the letter ư.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Controls that are not white space; PostgreSQL refuses NUL and Excel refuses all of them.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_COMBINING = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W\d_]+")


def nfc(s: str) -> str:
    """One line in Unicode NFC: no invisible characters, single plain spaces, none at the ends."""
    visible = _CONTROL.sub("", _INVISIBLE.sub("", s))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def nfc_multiline(s: str) -> str:
    """Like `nfc`, line by line: line breaks stay (as \\n), empty lines at both ends go."""
    return "\n".join(nfc(line) for line in _LINE_BREAK.split(s)).strip("\n")


def fold(s: str) -> str:
    """Text for search: lower case, no tone or letter marks, đ as d, single spaces. Idempotent."""
    lowered = unicodedata.normalize("NFD", nfc(s)).casefold()
    bare = _COMBINING.sub("", unicodedata.normalize("NFD", lowered))
    return nfc(bare.replace("đ", "d").replace("ð", "d").replace("\u00ad", ""))


def split_tone(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone mark (a combining character, or ""): "ậ" → ("â", U+0323)."""
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    return unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed), tone


def _toneless(word: str) -> tuple[str, str]:
    pairs = [split_tone(letter) for letter in word]
    return "".join(letter for letter, _ in pairs), "".join(tone for _, tone in pairs)


def same_name(a: str, b: str) -> bool:
    """Whether two names are one: "Hòa" and "Hoà" (old and new place of the tone), any case, any spacing."""
    return name_key(a) == name_key(b)


def name_key(name: str) -> str:
    """What two names share exactly when they are one: for look-ups."""
    # A syllable has one tone: moving it behind the word makes every placement the same, and loses nothing.
    return _WORD.sub(lambda word: "".join(_toneless(word.group())), nfc(nfc(name).casefold()))


class _Levels(NamedTuple):
    """Digits of the three levels of comparison: letters first, then tones, then case."""

    letters: str
    tones: str
    case: str

    def before_case(self) -> str:
        return f"{self.letters}00{self.tones}0"


def sort_key(s: str) -> str:
    """Digits whose plain order is the Vietnamese order: a ă â b … d đ …, then tones, then lower before upper case.

    Numbers inside sort by value ("Ấp 2" before "Ấp 10"). "Hòa" and "Hoà" get one key: add a unique column to the order.
    """
    clean = nfc(s)
    if not clean:
        return ""
    levels = _levels(clean)
    return levels.before_case() + levels.case


def person_sort_key(full_name: str) -> str:
    """Like `sort_key`, by given name (the last word), then by family and middle names."""
    *others, given = nfc(full_name).split(" ")
    if not given:
        return ""
    first, rest = _levels(given), _levels(" ".join(others))
    return f"{first.before_case()}{rest.before_case()}{first.case}0{rest.case}"


def _levels(clean: str) -> _Levels:
    letters: list[str] = []
    tones: list[str] = []
    case: list[str] = []
    for kind, run in groupby(clean.replace("Ð", "Đ").replace("ð", "đ"), key=_kind):
        characters = list(run)
        if kind == "number":
            letters.append(_number_code("".join(characters)))
        elif kind == "symbol":
            letters.extend(map(_symbol_code, characters))
        else:
            weights = [_letter_weights(character) for character in characters]
            letters.extend(weight[0] for weight in weights)
            tones.append("".join(weight[1] for weight in weights) + "1")
            case.extend(weight[2] for weight in weights)
    return _Levels("".join(letters), "".join(tones), "".join(case).rstrip(_LOWER))


def _kind(character: str) -> str:
    if character in "0123456789":
        return "number"
    return "letter" if character.isalpha() or unicodedata.combining(character) else "symbol"


def _number_code(digits: str) -> str:
    significant = digits.lstrip("0") or "0"
    chunks = [significant[i : i + _LONGEST_NUMBER] for i in range(0, len(significant), _LONGEST_NUMBER)]
    return "".join(f"{_NUMBER_CODE}{len(chunk):02d}{chunk}" for chunk in chunks)


def _symbol_code(character: str) -> str:
    if character == " ":
        return _SPACE_CODE
    if character in _PUNCTUATION:
        return f"{_PUNCTUATION_CODE}{_PUNCTUATION.index(character):02d}"
    return f"{_OTHER_SYMBOL_CODE}{ord(character):07d}"


def _letter_weights(character: str) -> tuple[str, str, str]:
    if unicodedata.combining(character):  # a mark that NFC could not join to its letter
        return "", _TONES.get(character, _FOREIGN_MARK), ""
    bare, tone = split_tone(character)
    mark = _TONES.get(tone, "")
    lower = bare.lower()
    if lower not in _LETTER_CODES:
        base = unicodedata.normalize("NFD", lower)[0]
        if base in _LETTER_CODES:
            lower, mark = base, mark + _FOREIGN_MARK
    code = _LETTER_CODES.get(lower) or f"{_OTHER_LETTER_CODE}{ord(lower[0]):07d}"
    return code, mark, _UPPER if character != character.lower() else _LOWER
