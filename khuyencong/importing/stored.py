"""A row between the sheet and the table of rows: read, mended, kept and taken out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from khuyencong.importing.fields import FieldKind, ImportField, Problem, Understood
from khuyencong.importing.kinds import ImportKind, Verdict
from khuyencong.importing.models import ImportBatch, ImportRow
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.table import ReadRow, RowReader
from khuyencong.importing.settled import Settled, day_field_of, mapping_of, place_field, year_field

# Beside the fields in `ImportRow.problems`: what was noted on the way, and the lines of text above the row.
NOTES, GROUP = "#notes", "#group"
READ, CHECK = "read", "check"  # who found a problem: the reading of the cell, or the kind's own check
_NOTHING = " \t-–—_.…"
Fix = str | Mapping[str, Any]
"""What stands in place of a cell: a text to be read, or {"value": …} chosen from what the kind's check offered."""


@dataclass(frozen=True)
class Line:
    """One row on its way: its cells as text, what the officer typed, what was understood."""

    number: int
    raw: Sequence[str]
    fixes: Mapping[str, Fix]
    understood: Understood
    group: Sequence[str] = field(default=())


class LineReader:
    """Reads rows of one batch by what was settled; units of places are loaded once."""

    def __init__(self, batch: ImportBatch, kind: ImportKind, fields: Sequence[ImportField], area_id: int | None):
        self.settled = Settled.from_json(batch.options)
        self.fields = fields
        self.mapping = mapping_of(batch.columns)
        self.options = self.settled.reading_options(self.mapping, day_field_of(kind, fields))
        has_places = any(one.kind is FieldKind.PLACE for one in fields)
        self.places = PlaceFinder.for_area(area_id) if has_places else None
        self.reader = RowReader(self.mapping, fields, self.options, places=self.places)
        self.columns = {name: place for place, name in self.mapping.items()}

    def line(self, read: ReadRow, fixes: Mapping[str, Fix]) -> Line:
        """The row with the officer's corrections."""
        if fixes or self._dated_places(read.raw, {}):
            return self.again(read.number, read.raw, fixes, notes=read.notes, group=read.group)
        return Line(read.number, read.raw, {}, self._with_defaults(read, {}), read.group)

    def again(
        self, number: int, raw: Sequence[str], fixes: Mapping[str, Fix], *, notes: Sequence[str], group: Sequence[str]
    ) -> Line:
        """From the stored text of its cells."""
        typed = {name: fix for name, fix in fixes.items() if isinstance(fix, str)}
        read = self.reader.read(number, raw, fixes=typed, notes=notes, group=group)
        chosen = self._dated_places(raw, fixes)
        chosen |= {name: fix["value"] for name, fix in fixes.items() if not isinstance(fix, str)}
        understood = self._with_defaults(read, fixes)
        if chosen:
            problems = [one for one in understood.problems if one.field not in chosen]
            understood = Understood(number, {**understood.values, **chosen}, problems, understood.notes)
        return Line(number, list(raw), dict(fixes), understood, group)

    def cell(self, raw: Sequence[str], name: str) -> str:
        """What the sheet has in the field's column; "" without one."""
        place = self.columns.get(name, len(raw))
        return raw[place] if place < len(raw) else ""

    @cached_property
    def _by_dated_name(self) -> Mapping[str, int]:
        """Places of the area by the name with dates that the portal itself writes."""
        if self.places is None:
            return {}
        return {self.places.full_name(pk): pk for pk, place in self.places.places.items() if place.in_area}

    def _dated_places(self, raw: Sequence[str], fixes: Mapping[str, Fix]) -> dict[str, Any]:
        """Field → place, where the cell, or what was typed, is such a name."""
        found: dict[str, Any] = {}
        for name in (one.name for one in self.fields if one.kind is FieldKind.PLACE):
            place, fix = self.columns.get(name, len(raw)), fixes.get(name)
            text = fix if isinstance(fix, str) else raw[place] if fix is None and place < len(raw) else ""
            if text.endswith(")") and text in self._by_dated_name:
                found[name] = self._by_dated_name[text]
        return found

    def _with_defaults(self, read: ReadRow, fixes: Mapping[str, Fix]) -> Understood:
        values, problems = dict(read.values), list(read.problems)
        defaults: Sequence[tuple[ImportField | None, object]] = (
            (place_field(self.fields), self.settled.default_place),
            (year_field(self.fields), self.settled.default_year),
        )
        for one, value in defaults:
            if one is None or value is None or one.name in values or one.name in fixes or not self._is_blank(one, read):
                continue
            values[one.name] = value
            problems = [problem for problem in problems if problem.field != one.name]
        return Understood(read.number, values, problems, read.notes)

    def _is_blank(self, one: ImportField, read: ReadRow) -> bool:
        place = self.columns.get(one.name)
        return place is None or place >= len(read.raw) or not read.raw[place].strip(_NOTHING)


def to_row(batch: ImportBatch, line: Line, verdict: Verdict) -> ImportRow:
    """As it is kept."""
    problems = _grouped([(READ, one) for one in line.understood.problems] + [(CHECK, one) for one in verdict.problems])
    if line.understood.notes:
        problems[NOTES] = list(line.understood.notes)
    if line.group:
        problems[GROUP] = list(line.group)
    return ImportRow(
        batch=batch,
        number=line.number,
        raw=list(line.raw),
        fixes=dict(line.fixes),
        values=dict(line.understood.values),
        problems=problems,
        changes={label: list(pair) for label, pair in verdict.changes.items()},
        verdict=verdict.verdict,
        object_id=verdict.object_id,
    )


def to_line(row: ImportRow) -> Line:
    """As it was kept; what the kind's check found is left out, since it is asked again."""
    problems = [
        Problem(name, one["message"], dict(one["choices"]))
        for name, found in problems_of(row).items()
        for one in found
        if one["stage"] == READ
    ]
    understood = Understood(row.number, row.values, problems, notes_of(row))
    return Line(row.number, row.raw, row.fixes, understood, row.problems.get(GROUP, ()))


def problems_of(row: ImportRow) -> dict[str, list[dict[str, Any]]]:
    """Field → its problems: message, choices (as pairs, since jsonb keeps no order of keys), stage."""
    return {name: found for name, found in row.problems.items() if name not in (NOTES, GROUP)}


def notes_of(row: ImportRow) -> list[str]:
    notes: list[str] = row.problems.get(NOTES, [])
    return notes


def _grouped(found: Sequence[tuple[str, Problem]]) -> dict[str, Any]:
    grouped: dict[str, Any] = {}
    for stage, one in found:
        kept = grouped.setdefault(one.field, [])
        if all(other["message"] != one.message for other in kept):
            kept.append({"message": one.message, "choices": list(map(list, one.choices.items())), "stage": stage})
    return grouped
