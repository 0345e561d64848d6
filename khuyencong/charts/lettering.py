"""How wide a text is in a chart, where it breaks, and how it is cut: estimates for a sans-serif font. Pure Python."""

import unicodedata

NARROW, WIDE = frozenset("fijlrtI.,:;!|'()[] -–"), frozenset("mwMW%@")
DOTS = "…"


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """User units that the text takes at a font size; a little more than it needs."""
    ems = sum(_ems(letter) for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return ems * size * (1.07 if bold else 1.0)


def _ems(letter: str) -> float:
    if letter in NARROW:
        return 0.34
    if letter in WIDE:
        return 0.92
    return 0.7 if letter.isupper() else 0.585


def cut(text: str, width: float, size: float) -> str:
    """The text as far as it fits, ending in … where it does not; whole words while there is more than one."""
    if width_of(text, size) <= width:
        return text
    pieces = text.split()
    while len(pieces) > 1:
        pieces.pop()
        shorter = " ".join(pieces).rstrip(",;:–- ") + DOTS
        if width_of(shorter, size) <= width:
            return shorter
    letters = pieces[0] if pieces else ""
    while letters and width_of(letters + DOTS, size) > width:
        letters = letters[:-1]
    return letters + DOTS


def broken(text: str, width: float, size: float, lines: int) -> list[str]:
    """At most so many lines; the last one is cut where the text goes on."""
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < lines - 1:
        taken = 1
        while taken < len(rest) and width_of(" ".join(rest[: taken + 1]), size) <= width:
            taken += 1
        found.append(cut(" ".join(rest[:taken]), width, size))
        rest = rest[taken:]
    return [*found, cut(" ".join(rest), width, size)] if rest else found
