"""Rows of a sheet, one after the other, as values, problems and notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from khuyencong.importing.fields import FieldKind, ImportField, Problem, Understood
from khuyencong.importing.reading.book import Cell, SheetData
from khuyencong.importing.reading.cells import as_text, column_name, is_blank
from khuyencong.importing.reading.days import may_be_swapped, swapped_note
from khuyencong.importing.reading.header import Header
from khuyencong.importing.reading.legacy import SheetLetters
from khuyencong.importing.reading.options import Options
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.reading import Context, Reading
from khuyencong.importing.reading.rows import Classifier, RowKind
from khuyencong.importing.reading.values import chosen, read_cell
from khuyencong.vietnamese.text import nfc

__all__ = ["PARENT", "ReadRow", "RowReader", "SheetRow", "left_out", "sheet_rows", "understand_rows"]

PARENT = "_parent"
"""The field `place_parent`, where a kind of import has one, is the district beside the field `place`."""
_REPEATED = frozenset(FieldKind) - {FieldKind.MONEY, FieldKind.COUNT}
_UNIQUE = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.CODE, FieldKind.PLACE})
_REMEMBERED = 10_000  # cells of a column
_DISTRICTS = ("huyện ", "thị xã ", "thành phố ", "h. ", "tx. ", "tp. ", "tp ")


@dataclass(frozen=True)
class SheetRow:
    """A row of the table in Unicode. `number`: of the sheet, from 1. `group`: the lines of text above it."""

    number: int
    kind: RowKind
    cells: Sequence[Cell]
    notes: Sequence[str] = ()
    group: Sequence[str] = ()


@dataclass(frozen=True)
class ReadRow(Understood):
    """`raw`: the cells as text, in Unicode, to be stored and read once more by `RowReader.read`."""

    raw: Sequence[str] = ()
    group: Sequence[str] = ()


def sheet_rows(sheet: SheetData, header: Header, *, repeated: frozenset[int] = frozenset()) -> Iterator[SheetRow]:
    """All rows of the table, each with its kind. In the columns `repeated` a merged cell counts for all its rows."""
    letters = SheetLetters(sheet, header.data_from, header.data_to)
    tops = _tops(sheet, header)
    classifier = Classifier(
        sheet.rows,
        header.data_from,
        header.data_to,
        numbered=header.numbered,
        labels=header.labels,
        covered=frozenset(row for row, _ in tops),
        wide=frozenset(top for top, left, bottom, right in sheet.merges if top == bottom and right > left),
    )
    group: dict[int, str] = {}
    for row in range(header.data_from, header.data_to):
        cells, notes = letters.row(sheet.rows[row], row)
        kind = classifier.kind(row, cells)
        if kind is RowKind.GROUP:
            depth = classifier.depth(row)
            group = {level: text for level, text in group.items() if level < depth}
            group[depth] = _group_text(cells, header.numbered)
        elif kind is RowKind.DATA and tops:
            _fill(cells, notes, row, tops, repeated, letters, sheet)
        yield SheetRow(row + 1, kind, cells, notes, tuple(group[level] for level in sorted(group)))


def left_out(sheet: SheetData, header: Header) -> Iterator[SheetRow]:
    """Rows of the table that are taken for groups, totals or repeated headers: for a person to see."""
    return (row for row in sheet_rows(sheet, header) if row.kind not in (RowKind.DATA, RowKind.BLANK))


def _tops(sheet: SheetData, header: Header) -> dict[tuple[int, int], int]:
    """(row, column) → first row, for cells that a merged cell covers from above."""
    return {
        (row, place): top
        for top, left, bottom, right in sheet.merges
        if bottom > top and top >= header.data_from
        for row in range(top + 1, min(bottom + 1, header.data_to))
        for place in range(left, min(right + 1, sheet.width))
    }


def _fill(
    cells: list[Cell],
    notes: list[str],
    row: int,
    tops: Mapping[tuple[int, int], int],
    repeated: frozenset[int],
    letters: SheetLetters,
    sheet: SheetData,
) -> None:
    for place, cell in enumerate(cells):
        top = tops.get((row, place))
        if top is None or not is_blank(cell) or is_blank(sheet.rows[top][place]):
            continue
        if place in repeated:
            cells[place] = letters.cell(sheet.rows[top][place], top, place)[0]
            notes.append(f"Cột {column_name(place)}: lấy giá trị của ô gộp từ dòng {top + 1}.")
        else:
            notes.append(f"Cột {column_name(place)}: ô gộp từ dòng {top + 1}; số chỉ tính một lần, cho dòng đó.")


def _group_text(cells: Sequence[Cell], numbered: int | None) -> str:
    texts = [nfc(as_text(cell)) for place, cell in enumerate(cells) if place != numbered and isinstance(cell, str)]
    return next((text for text in texts if text), nfc(as_text(cells[numbered])) if numbered is not None else "")


class RowReader:
    """Reads rows by what was settled. `mapping`: column → name of a field."""

    def __init__(
        self,
        mapping: Mapping[int, str],
        fields: Sequence[ImportField],
        options: Options,
        *,
        places: PlaceFinder | None = None,
    ) -> None:
        columns = {name: place for place, name in mapping.items()}
        # What dates a place, and the district beside it, are read before it.
        order = sorted(fields, key=lambda one: (one.kind is FieldKind.PLACE, one.name != options.day_field))
        self.fields = [(one, columns.get(one.name)) for one in order]
        self.options, self.places = options, places
        self.contexts = {
            one.name: Context(
                unit=options.units.get(one.name, options.unit),
                places=places,
                day=options.day,
                year=options.year,
                is_1904=options.is_1904,
            )
            for one in fields
        }
        self.known: dict[str, dict[tuple[type, Cell], Reading]] = {one.name: {} for one in fields}
        self.order = {one.name: place for place, one in enumerate(fields)}

    def read(
        self,
        number: int,
        cells: Sequence[Cell],
        *,
        fixes: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        group: Sequence[str] = (),
    ) -> ReadRow:
        """`fixes`: field → what the officer typed in place of the cell, or the value of one of its choices."""
        values: dict[str, object] = {}
        problems: list[Problem] = []
        said = list(notes)
        for one, place in self.fields:
            cell = cells[place] if place is not None and place < len(cells) else None
            reading = self._reading(one, cell, (fixes or {}).get(one.name), values, group)
            if reading.problem:
                problems.append(Problem(one.name, reading.problem, reading.choices))
            elif reading.value is not None:
                values[one.name] = reading.value
            elif one.required:
                problems.append(Problem(one.name, f"Thiếu “{one.label}”: ô này để trống."))
            if reading.note:
                said.append(reading.note)
        problems.sort(key=lambda problem: self.order[problem.field])
        raw = [as_text(cell) for cell in cells]
        return ReadRow(number, values, problems, tuple(dict.fromkeys(said)), raw, tuple(group))

    def _reading(
        self, one: ImportField, cell: Cell, fix: str | None, values: Mapping[str, object], group: Sequence[str]
    ) -> Reading:
        context = self.contexts[one.name]
        if one.kind is FieldKind.PLACE:
            context = self._dated(context, one, values, group)
        if fix is None:
            return read_cell(cell, one, context) if one.kind in _UNIQUE else self._remembered(one, cell, context)
        first = read_cell(cell, one, context)
        value = chosen(fix, one, first.choices)
        if value is None:
            second = read_cell(fix, one, context)
            value = chosen(fix, one, second.choices)
            return second if value is None else Reading(value)
        return Reading(value)

    def _remembered(self, one: ImportField, cell: Cell, context: Context) -> Reading:
        """Many cells of a column are equal."""
        known = self.known[one.name]
        key = (type(cell), cell)
        reading = known.get(key)
        if reading is None:
            reading = read_cell(cell, one, context)
            if len(known) < _REMEMBERED:
                known[key] = reading
        return reading

    def _dated(self, context: Context, one: ImportField, values: Mapping[str, object], group: Sequence[str]) -> Context:
        parent = values.get(f"{one.name}{PARENT}", "")
        if not parent:
            parent = next((text for text in reversed(group) if text.lower().startswith(_DISTRICTS)), "")
        stated = values.get(self.options.day_field)
        if isinstance(stated, int):
            return replace(context, parent=str(parent), day=None, year=stated)
        day = date.fromisoformat(stated) if isinstance(stated, str) else context.day
        return replace(context, parent=str(parent), day=day)


def understand_rows(
    sheet: SheetData,
    header: Header,
    mapping: Mapping[int, str],
    fields: Sequence[ImportField],
    options: Options,
    *,
    places: PlaceFinder | None = None,
) -> Iterator[ReadRow]:
    """The table's rows of data, as they come; units that the sheet states are used where `options` settle none."""
    reader = RowReader(mapping, fields, options.with_header(header, mapping), places=places)
    kinds = {one.name: one.kind for one in fields}
    repeated = frozenset(place for place, name in mapping.items() if kinds.get(name) in _REPEATED)
    swapped = [
        place
        for place, name in mapping.items()
        if kinds.get(name) is FieldKind.DATE
        and may_be_swapped(sheet.rows[row][place] for row in range(header.data_from, header.data_to))
    ]
    for row in sheet_rows(sheet, header, repeated=repeated):
        if row.kind is RowKind.DATA:
            notes = [*row.notes, *_swapped_notes(row.cells, swapped)] if swapped else row.notes
            yield reader.read(row.number, row.cells, notes=notes, group=row.group)


def _swapped_notes(cells: Sequence[Cell], places: Sequence[int]) -> list[str]:
    pairs = ((cells[place], column_name(place)) for place in places)
    return [note for cell, column in pairs if isinstance(cell, date) and (note := swapped_note(cell, column))]
