"""How wide Vietnamese text is in Times New Roman, hence how many lines and how high a row.

Excel fits the height of a row to wrapped text only while someone edits it, never for merged cells: the writer must.
"""

import math
import unicodedata
from collections.abc import Sequence
from itertools import combinations, pairwise

BODY_SIZE = 12
LINE_HEIGHT = 1.32  # of the font size; Vietnamese capitals with two marks need more than the usual 1,2
ROW_LIMIT = 409.0  # points; Excel draws no higher row

# Advance widths in digits (a digit is half an em, the unit of column widths) of the letters under their marks.
GROUPS = {
    0.5: " .,",
    0.56: "ijlt:;/'",
    0.67: "frI()[]!-",
    0.78: "sJ",
    0.89: "acez?",
    1.11: "FPS",
    1.22: "ELTZ",
    1.33: "BCR",
    1.45: "ADGHKNOQUVXYw",
    1.56: "m",
    1.78: "M%",
    1.89: "W",
    2.0: "—…",
}
WIDTHS = {letter: width for width, letters in GROUPS.items() for letter in letters}
BOLD = 1.08
CELL_PADDING = 1.2  # what a cell keeps free, and a little for fonts that stand in


def text_width(text: str, *, size: float = BODY_SIZE, bold: bool = False) -> float:
    """In digits of the body font, the unit of column widths."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    digits = sum(WIDTHS.get(letter, 1.0) for letter in plain if not unicodedata.combining(letter))
    return digits * size / BODY_SIZE * (BOLD if bold else 1.0)


def line_count(text: str, width: float, *, size: float = BODY_SIZE, bold: bool = False) -> int:
    """Lines that `text` takes in a cell of `width` digits, broken between words; a longer word is broken inside."""
    room = max(width - CELL_PADDING, 1.0)
    return sum(_paragraph_lines(line, room, size=size, bold=bold) for line in text.split("\n"))


def _paragraph_lines(text: str, room: float, *, size: float, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_width(" ", size=size)
    for word in text.split():
        width = text_width(word, size=size, bold=bold)
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        used += width + (space if used else 0.0)
        if used > room:
            extra = math.ceil(used / room) - 1
            lines, used = lines + extra, used - extra * room
    return lines


def row_height(lines: int, *, size: float = BODY_SIZE, padding: float = 4.0) -> float:
    """Points for so many lines of text."""
    return min(lines * size * LINE_HEIGHT + padding, ROW_LIMIT)


def spread_widths(widths: Sequence[float], growing: Sequence[bool], wanted: float) -> list[float]:
    """Column widths widened to fill the page: only the growing columns (all, if none grows), in proportion."""
    missing = wanted - sum(widths)
    if missing <= 0:
        return list(widths)
    grows = growing if any(growing) else [True] * len(widths)
    base = sum(width for width, grow in zip(widths, grows, strict=True) if grow)
    return [width + (missing * width / base if grow else 0.0) for width, grow in zip(widths, grows, strict=True)]


def spans(widths: Sequence[float], needs: Sequence[float]) -> list[tuple[int, int]]:
    """Cuts the columns into neighbouring spans (first, last), so that the tightest text has as much room as can be.

    Every span gets a column at least; there must be as many columns as needs.
    """

    def tightest(cuts: tuple[int, ...]) -> float:
        edges = pairwise((0, *cuts, len(widths)))
        return max(need / sum(widths[start:end]) for need, (start, end) in zip(needs, edges, strict=True))

    best = min(combinations(range(1, len(widths)), len(needs) - 1), key=tightest)
    return [(start, end - 1) for start, end in pairwise((0, *best, len(widths)))]
