"""What is known and settled of a batch beside its columns: kept as JSON in `ImportBatch.options`."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.reading.options import Options
from khuyencong.vietnamese.money import Unit

REMEMBERED = ("unit", "dated_by", "day", "default_place", "default_year")
# What says when the places of a file existed, beside OF_FIELD with the name of a date or year.
ANY_TIME, TODAY, WHOLE_FILE, OF_FIELD = "any", "now", "whole", "field:"
YEAR = "year"  # the field of the year that a row belongs to


@dataclass(frozen=True)
class Settled:
    """Rows count from 0. `column_units`: column → unit that its label states; `stated_unit`: of the whole table.

    `unit`, `dated_by`, `day` (ISO, or a year alone), `default_place`, `default_year` are the officer's. `dated_by`:
    what says when a place existed, "" as the kind proposes. `samples`: first values of each column. `sheets`: (name,
    rows) of those that may be chosen. `is_remembered`: the columns are those of an earlier file. `left_out`: (row from
    1, sort, text) of what is no data.
    """

    header_first: int = 0
    header_last: int = 0
    row_count: int = 0
    sheets: Sequence[Sequence[Any]] = ()
    samples: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()
    stated_unit: str = ""
    column_units: Mapping[str, str] = field(default_factory=dict)
    is_remembered: bool = False
    left_out: Sequence[Sequence[Any]] = ()
    left_out_counts: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    dated_by: str = ""
    day: str = ""
    default_place: int | None = None
    default_year: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Settled":
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})

    def remembered(self) -> dict[str, Any]:
        """What the next file of the same look begins with."""
        return {name: getattr(self, name) for name in REMEMBERED}

    def for_kind(self) -> dict[str, Any]:
        """What a kind of import may want to know."""
        return self.remembered()

    def reading_options(self, mapping: Mapping[int, str], day_field: str) -> Options:
        units = {mapping[int(place)]: Unit[name] for place, name in self.column_units.items() if int(place) in mapping}
        unit = self.unit or self.stated_unit
        dating = self._dating(day_field)
        return Options(unit=Unit[unit] if unit else None, units=units, **dating)

    def _dating(self, proposed: str) -> dict[str, Any]:
        """`proposed`: the field of the kind's own choice."""
        if self.dated_by == ANY_TIME:
            return {}
        if self.dated_by == TODAY:
            return {"day": timezone.localdate()}
        stated = _day_or_year(self.day)
        if self.dated_by == WHOLE_FILE:
            return stated
        name = self.dated_by.removeprefix(OF_FIELD) or proposed
        # Rows that leave their year blank are of the year that was settled for them.
        of_year = {"year": self.default_year} if name == YEAR and self.default_year else {}
        return {"day_field": name, **(stated or of_year)}


def _day_or_year(text: str) -> dict[str, Any]:
    if not text:
        return {}
    return {"year": int(text)} if text.isdecimal() else {"day": datetime.date.fromisoformat(text)}


def mapping_of(columns: Mapping[str, str]) -> dict[int, str]:
    """Column → field, as the reader wants it, from what the batch keeps."""
    return {int(place): name for place, name in columns.items()}


def place_field(fields: Sequence[ImportField]) -> ImportField | None:
    return next((one for one in fields if one.kind is FieldKind.PLACE), None)


def year_field(fields: Sequence[ImportField]) -> ImportField | None:
    """The year that a row belongs to; another year, such as that of a founding, goes by another name."""
    return next((one for one in fields if one.kind is FieldKind.YEAR and one.name == YEAR), None)


def day_field_of(kind: ImportKind, fields: Sequence[ImportField]) -> str:
    """The field that says when a row's place existed: what the kind names, else its year."""
    year = year_field(fields)
    return str(getattr(kind, "day_field", "") or (year.name if year else ""))
