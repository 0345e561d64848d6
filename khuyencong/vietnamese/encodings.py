"""Texts of the old Vietnamese fonts, read as Latin-1: TCVN3 (.VnTime) and VNI (VNI-Times), to Unicode."""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

from khuyencong.vietnamese.syllables import is_syllable

Encoding = Literal["unicode", "tcvn3", "vni"]

# Source: TCVN 5712:1993, VN3. Capitals with a tone have no codes: fonts ending in H draw the small letters as capitals.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI: a base letter, then a character for its marks (both small or both capital).
_VNI_TONES = dict(zip("øûõùï", "\u0300\u0309\u0303\u0301\u0323", strict=True))
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_CIRCUMFLEX = dict(zip("âàåãáä", ["", *_VNI_TONES.values()], strict=True))
_VNI_BREVE = dict(zip("êèúüéë", ["", *_VNI_TONES.values()], strict=True))
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "í": "í", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI_TONED = "aeouyôö"

_HIGH = re.compile("[\u00a1-\u00ff]")
_BEYOND_LATIN_1 = re.compile("[\u0100-\u036f\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile("[A-Za-z\u00a1-\u00ff]+")
# Signs that stand in correct texts too, where they say nothing about the encoding.
_NEUTRAL = re.compile("«?([A-Za-z]*)»?[®°²³¹ªº]?|µ(?:m|g|l|s|F)?")
_ENOUGH = 0.8


def from_tcvn3(s: str, upper_font: bool = False) -> str:
    """TCVN3 text to Unicode: "B¹c Liªu" → "Bạc Liêu". `upper_font`: the font's name ends in H, all is capital."""
    text = "".join(_TCVN3.get(character, character) for character in unicodedata.normalize("NFC", s))
    return text.upper() if upper_font else text


def from_vni(s: str) -> str:
    """VNI text to Unicode: "Baïc Lieâu" → "Bạc Liêu"."""
    return unicodedata.normalize("NFC", "".join(_vni_units(unicodedata.normalize("NFC", s))))


def _vni_units(text: str) -> list[str]:
    units: list[str] = []
    position = 0
    while position < len(text):
        letter, mark = text[position], text[position + 1 : position + 2]
        joined = _vni_marks(letter.lower(), mark.lower())
        base = _VNI_SINGLE.get(letter.lower(), letter.lower())
        units.append((base.upper() if letter.isupper() else base) + joined)
        position += 2 if joined else 1
    return units


def _vni_marks(letter: str, mark: str) -> str:
    """Combining marks that `mark` puts on `letter`, or "" when it does not belong to it."""
    if mark in _VNI_TONES and letter in _VNI_TONED:
        return _VNI_TONES[mark]
    if mark in _VNI_CIRCUMFLEX and letter in "aeo":
        return _CIRCUMFLEX + _VNI_CIRCUMFLEX[mark]
    if mark in _VNI_BREVE and letter == "a":
        return _BREVE + _VNI_BREVE[mark]
    return ""


def guess_encoding(s: str) -> Encoding:
    """The encoding of a text, by whether its words become Vietnamese syllables; "unicode" whenever that is in doubt."""
    text = unicodedata.normalize("NFC", s)
    if not _HIGH.search(text) or _BEYOND_LATIN_1.search(text):
        return "unicode"
    tokens = [token for token in _TOKEN.findall(text) if _HIGH.search(token) and not _NEUTRAL.fullmatch(token)]
    tokens = [token for token in tokens if len(token) > 1]
    if not tokens:
        return "unicode"
    as_is = _share(tokens, lambda token: token)
    shares: dict[Encoding, float] = {"tcvn3": _share(tokens, from_tcvn3), "vni": _share(tokens, from_vni)}
    best: Encoding = "tcvn3" if shares["tcvn3"] > shares["vni"] else "vni"
    tie = shares["tcvn3"] == shares["vni"]
    return "unicode" if tie or shares[best] < _ENOUGH or shares[best] <= as_is else best


def syllable_share(s: str) -> float:
    """Share of the words with letters beyond ASCII that can be Vietnamese syllables; 1.0 without such words."""
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", s)) if not word.isascii()]
    return _share(words, lambda word: word) if words else 1.0


def _share(tokens: list[str], decode: Callable[[str], str]) -> float:
    return sum(is_syllable(decode(token)) for token in tokens) / len(tokens)
