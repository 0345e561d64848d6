"""Texts of the old fonts in a sheet: by the font of a cell first, by the letters of the whole column second."""

import re
from collections.abc import Iterable, Sequence

from khuyencong.importing.reading.book import Cell, SheetData
from khuyencong.importing.reading.cells import column_name
from khuyencong.importing.reading.counting import looks_legacy
from khuyencong.importing.reading.fonts import FontEncoding, font_encoding
from khuyencong.vietnamese.encodings import Encoding, from_tcvn3, from_vni, guess_encoding

_BEYOND = re.compile("[\u0100-\u036f\u1ea0-\u1ef9]")
_HIGH_WORD = re.compile("[A-Za-z\u00a1-\u00ff]*[\u00a1-\u00ff][A-Za-z\u00a1-\u00ff]*")
_SAMPLE = 300  # different texts of a column
_FEWEST_WORDS = 2  # one word alone may be anything
IN_UNICODE = "đã đổi sang Unicode."  # the end of the note on a cell that was turned
_NAMES: dict[Encoding, str] = {"tcvn3": "TCVN3 (phông .Vn…)", "vni": "VNI", "unicode": "Unicode"}


def texts_encoding(texts: Iterable[Cell]) -> Encoding:
    """Of texts that belong together; "unicode" for a single word, or whenever one of them can be nothing else."""
    found: dict[str, None] = {}
    for text in texts:
        if not isinstance(text, str) or text.isascii():
            continue
        if _BEYOND.search(text):
            return "unicode"
        if looks_legacy(text):
            found[text] = None
            if len(found) >= _SAMPLE:
                break
    joined = " ; ".join(found)
    words = set(_HIGH_WORD.findall(joined))
    return guess_encoding(joined) if len(words) >= _FEWEST_WORDS else "unicode"


def decoded(text: str, encoding: Encoding, *, is_capital: bool = False) -> str:
    if encoding == "tcvn3":
        return from_tcvn3(text, is_capital)
    return from_vni(text) if encoding == "vni" else text


class SheetLetters:
    """Turns cells of one sheet into Unicode and says so. `first` and `end`: the rows that make up its columns."""

    def __init__(self, sheet: SheetData, first: int, end: int) -> None:
        self.fonts = {place: font_encoding(font) for place, font in sheet.fonts.items()}
        rows = sheet.rows[first:end]
        self.columns: Sequence[Encoding] = [
            texts_encoding(
                row[place] for number, row in enumerate(rows, start=first) if not self.fonts.get((number, place))
            )
            for place in range(sheet.width)
        ]
        self.columns = _of_the_sheet(self.columns, rows)
        self.is_plain = not any(self.fonts.values()) and all(one == "unicode" for one in self.columns)

    def cell(self, cell: Cell, row: int, place: int) -> tuple[Cell, str]:
        """The cell in Unicode, and a note when it was changed."""
        if self.is_plain or not isinstance(cell, str) or not looks_legacy(cell):
            return cell, ""
        by_font = self.fonts.get((row, place))
        found = by_font or FontEncoding(self.columns[place])
        text = decoded(cell, found.encoding, is_capital=found.is_capital)
        if text == cell:
            return cell, ""
        return text, f"Cột {column_name(place)}: chữ {_NAMES[found.encoding]} {IN_UNICODE}"

    def row(self, cells: Sequence[Cell], row: int) -> tuple[list[Cell], list[str]]:
        if self.is_plain:
            return list(cells), []
        pairs = [self.cell(cell, row, place) for place, cell in enumerate(cells)]
        return [cell for cell, _ in pairs], [note for _, note in pairs if note]


def _of_the_sheet(columns: Sequence[Encoding], rows: Sequence[Sequence[Cell]]) -> Sequence[Encoding]:
    """Columns with too little to tell go with the others when these agree and no letter of the sheet is Unicode."""
    found = set(columns) - {"unicode"}
    if len(found) != 1 or any(isinstance(cell, str) and _BEYOND.search(cell) for row in rows for cell in row):
        return columns
    return list(found) * len(columns)


def decoded_labels(sheet: SheetData, first: int, end: int) -> dict[tuple[int, int], str]:
    """(row, column) → text of the cells of a header that are not Unicode as they stand."""
    places = {
        (number, place): cell
        for number in range(first, end)
        for place, cell in enumerate(sheet.rows[number])
        if isinstance(cell, str) and looks_legacy(cell)
    }
    everything = [cell for number in range(first, end) for cell in sheet.rows[number]]
    together = FontEncoding(texts_encoding(everything))
    found = {}
    for place, text in places.items():
        by_font = font_encoding(sheet.fonts.get(place, "")) or together
        found[place] = decoded(text, by_font.encoding, is_capital=by_font.is_capital)
    return found
