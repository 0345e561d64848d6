"""What a cell was read as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text
from khuyencong.vietnamese.codes import mask
from khuyencong.vietnamese.money import Unit
from khuyencong.vietnamese.text import nfc

if TYPE_CHECKING:
    from khuyencong.importing.reading.places import PlaceFinder

_SHOWN = 60
NO_CHOICES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Context:
    """What the rest of the sheet and of the row says about a cell.

    `unit`: of a bare number in a column of money. `day` or, less exactly, `year`: when the row's place existed.
    `parent`: the district written beside a place. `is_1904`: day 0 of the book's date numbers is 01/01/1904.
    """

    unit: Unit | None = None
    places: "PlaceFinder | None" = None
    day: date | None = None
    year: int | None = None
    parent: str = ""
    is_1904: bool = False


@dataclass(frozen=True)
class Reading:
    """`value` is None for a blank cell and where there is a `problem`; `choices`: value → label."""

    value: object = None
    problem: str = ""
    choices: Mapping[str, str] = field(default_factory=lambda: NO_CHOICES)
    note: str = ""


def refused(problem: str, choices: Mapping[str, str] = NO_CHOICES) -> Reading:
    return Reading(problem=problem, choices=choices)


def shown(cell: Cell, one: ImportField) -> str:
    """The cell in a message; personal data masked."""
    text = nfc(as_text(cell))
    if one.is_personal:
        return mask(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
