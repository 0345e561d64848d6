"""What the fast reader leaves out of an .xlsx: fonts of cells, errors, formulas without results.

A sheet is gone through only when its text holds such a cell or needs a font. Used inside the child process.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from khuyencong.importing.reading.fonts import font_encoding

UNCALCULATED = "#CHƯA TÍNH!"
Marks = dict[int, str]
"""Column → sign."""
Note = Callable[[tuple[int, int], dict[str, str], bool, str | None], None]
"""Takes (row, column), attributes, whether there is a formula, and the stored value."""
_NO_RESULT = rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_SUSPECT = re.compile(rb"""t=["']e["']|(?:</(?:\w+:)?f>|<(?:\w+:)?f[^<>]*/>)\s*""" + _NO_RESULT)
_CHUNK = 1 << 20
_OVERLAP = 64
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MANY = 200_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class XlsxMarks:
    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self._paths: dict[str, str] | None = None
        self._styles: list[str] | None = None

    def errors(self, sheet: str) -> dict[int, Marks]:
        """Row → column → "#DIV/0!" and the like, or UNCALCULATED."""
        path = self._path(sheet)
        if path is None or not self._is_suspect(path):
            return {}
        found: dict[int, Marks] = {}
        many = 0

        def note(place: tuple[int, int], attributes: dict[str, str], formula: bool, value: str | None) -> None:
            nonlocal many
            sign = _sign(attributes.get("t", ""), formula, value)
            if sign and many < _MANY:
                many += 1
                found.setdefault(place[0], {})[place[1]] = sign[:20]

        self._walk(path, note)
        return found

    def fonts(self, sheet: str, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Names of the fonts of those cells, where a font of the book is an old Vietnamese one."""
        path, styles = self._path(sheet), self._fonts_of_styles()
        found: dict[tuple[int, int], str] = {}
        if path is None or not any(map(font_encoding, styles)):
            return found

        def note(place: tuple[int, int], attributes: dict[str, str], formula: bool, value: str | None) -> None:
            style = attributes.get("s", "0")
            if place in wanted and style.isdigit() and int(style) < len(styles) and styles[int(style)]:
                found[place] = styles[int(style)]

        self._walk(path, note)
        return found

    def _path(self, sheet: str) -> str | None:
        if self._paths is None:
            self._paths = self._read_paths()
        path = self._paths.get(sheet)
        return path if path in self.archive.namelist() else None

    def _read_paths(self) -> dict[str, str]:
        targets = {one.get("Id", ""): one.get("Target", "") for one in self._tree("xl/_rels/workbook.xml.rels").iter()}
        paths: dict[str, str] = {}
        for sheet in _all(self._tree("xl/workbook.xml"), "sheet"):
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or "", "")
            absolute = target.startswith("/")
            paths[sheet.get("name", "")] = target[1:] if absolute else posixpath.normpath(f"xl/{target}")
        return paths

    def _fonts_of_styles(self) -> list[str]:
        """Style of a cell → name of its font."""
        if self._styles is None:
            if "xl/styles.xml" not in self.archive.namelist():
                self._styles = []
                return []
            tree = self._tree("xl/styles.xml")
            fonts = [_font_name(font) for group in _all(tree, "fonts") for font in _all(group, "font")]
            numbers = [int(xf.get("fontId", "0")) for group in _all(tree, "cellXfs") for xf in _all(group, "xf")]
            self._styles = [fonts[number] if number < len(fonts) else "" for number in numbers]
        return self._styles

    def _tree(self, path: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.archive.read(path))

    def _is_suspect(self, path: str) -> bool:
        with self.archive.open(path) as part:
            tail = b""
            while chunk := part.read(_CHUNK):
                if _SUSPECT.search(tail + chunk):
                    return True
                tail = chunk[-_OVERLAP:]
        return False

    def _walk(self, path: str, note: Note) -> None:
        walker = _Walker(note)
        with self.archive.open(path) as part:
            walker.parser.ParseFile(part)


def _sign(kind: str, formula: bool, value: str | None) -> str:
    if kind == "e":
        return value or "#N/A"
    # A text as result may be empty, a number may not.
    return UNCALCULATED if formula and not value and (kind != "str" or value is None) else ""


class _Walker:
    """Calls `note` for each cell with its place, attributes, whether it has a formula, and its stored value."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.row = self.column = -1
        self.attributes: dict[str, str] = {}
        self.formula = self.inside = False
        self.value: str | None = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdigit() else self.row + 1
            self.column = -1
        elif tag == "c":
            self.attributes, self.formula, self.value = attributes, False, None
            self._place(attributes.get("r", ""))
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "is"):
            self.inside, self.value = tag == "v", ""

    def _place(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        self.column += 1
        if match:
            self.row, self.column = int(match[2]) - 1, _column(match[1])

    def _text(self, data: str) -> None:
        if self.inside:
            self.value = (self.value or "") + data

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "v":
            self.inside = False
        elif tag == "c":
            self.note((self.row, self.column), self.attributes, self.formula, self.value)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _all(element: ElementTree.Element, tag: str) -> list[Any]:
    return [one for one in element.iter() if one.tag.rpartition("}")[2] == tag]


def _font_name(font: ElementTree.Element) -> str:
    names = [one.get("val", "") for one in _all(font, "name")]
    return names[0] if names else ""
