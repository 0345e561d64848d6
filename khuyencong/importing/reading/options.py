"""What the officer has settled about a sheet, kept as JSON beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from khuyencong.importing.reading.header import Header
from khuyencong.vietnamese.money import Unit


@dataclass(frozen=True)
class Options:
    """`unit`: of bare numbers in columns of money; `units`: of single fields, before `unit`.

    `day_field`: the field (DATE or YEAR) that says when the row's place existed; `day` or, less exactly, `year`: of
    rows without.
    `is_1904`: date numbers count from 01/01/1904, as in some workbooks from a Macintosh.
    """

    unit: Unit | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    day_field: str = ""
    day: date | None = None
    year: int | None = None
    is_1904: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit.name.lower() if self.unit else "",
            "units": {name: unit.name.lower() for name, unit in self.units.items()},
            "day_field": self.day_field,
            "day": self.day.isoformat() if self.day else "",
            "year": self.year,
            "is_1904": self.is_1904,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Options":
        """Raises KeyError or ValueError for what `as_json` did not write."""
        return cls(
            unit=_unit(stored.get("unit", "")),
            units={name: unit for name, text in stored.get("units", {}).items() if (unit := _unit(text))},
            day_field=stored.get("day_field", ""),
            day=date.fromisoformat(stored["day"]) if stored.get("day") else None,
            year=stored.get("year"),
            is_1904=bool(stored.get("is_1904", False)),
        )

    def with_header(self, header: Header, mapping: Mapping[int, str]) -> "Options":
        """With the units that the sheet states, wherever the officer has settled none."""
        stated = {mapping[place]: unit for place, unit in header.units.items() if place in mapping}
        return replace(self, unit=self.unit or header.unit, units={**stated, **self.units})


def _unit(name: str) -> Unit | None:
    return Unit[name.upper()] if name else None
