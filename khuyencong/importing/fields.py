"""What a kind of import is made of: its fields, and what became of one row. The reading and the pages know no more."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class FieldKind(StrEnum):
    """How a cell is read, and what its value is once it is understood (always a JSON value)."""

    TEXT = "text"  # one line, NFC
    LONG_TEXT = "long-text"
    MONEY = "money"  # whole đồng, int
    COUNT = "count"  # whole number from 0, int
    YEAR = "year"  # int
    DATE = "date"  # "YYYY-MM-DD"
    CHOICE = "choice"  # the key in `choices`
    PLACE = "place"  # id of an administrative unit, int
    CODE = "code"  # tax code, personal number, serial: text that Excel may have turned into a number


@dataclass(frozen=True)
class ImportField:
    """One thing that a row may say.

    `synonyms`: other names of its column, as people write them. `choices`: key → label; a cell may hold either, and
    `choice_synonyms` adds what else people write. `sample`: for the blank template.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    synonyms: Sequence[str] = ()
    required: bool = False
    help_text: str = ""
    max_length: int = 0  # 0: no limit
    choices: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    choice_synonyms: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    is_personal: bool = False  # masked wherever it is shown
    sample: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell (or, `field` "", with the row): what was read and what would be accepted, in words.

    `choices`: values among which a person must choose, value → label; what is typed in place of the cell may be one.
    """

    field: str
    message: str
    choices: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Understood:
    """A row of the sheet after its cells were read: field → JSON value, without the fields that are blank."""

    number: int
    values: Mapping[str, object]
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()  # what was changed on the way, such as a font's encoding
