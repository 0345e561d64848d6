"""What templates may name: fields with their values. Apps above add their own when they start, as `funding` does."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from khuyencong.accounts.models import User
from programs.models import Project, ProjectBeneficiary, SessionProject, WordKind
from programs.word.documents import WordDocument

BLANK = "……………"
BLANK_DATE = "ngày …… tháng …… năm ………"
EMPTY_ROWS = 2
Values = Mapping[str, Any]
# What XML cannot hold, and what the template engine would read as a page break or a new paragraph.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Field:
    """A name that templates may use: what it holds, a sample, and what is printed while it is not known.

    With `columns` it is a list of rows; one that has none is printed as `empty_rows` rows to write in.
    """

    name: str
    label: str
    sample: str = ""
    columns: tuple["Field", ...] = ()
    blank: str = BLANK
    empty_rows: int = EMPTY_ROWS


@dataclass(frozen=True)
class Subject:
    """What a document is about. `participant`: the beneficiary it is made out to, None when none has been chosen.

    `session_item`: the council's session whose minutes these are; None leaves it to the project's own history.
    """

    project: Project
    document: WordDocument
    by: User
    participant: ProjectBeneficiary | None = None
    participants: Sequence[ProjectBeneficiary] = ()
    session_item: SessionProject | None = None


@dataclass(frozen=True)
class Provider:
    fields: tuple[Field, ...]
    build: Callable[[Subject], Values]


_PROVIDERS: dict[str, Provider] = {}
# Documents that are not about one project have fields of their own, and none of a project's.
_OWN_FIELDS: dict[WordKind, tuple[Field, ...]] = {}


def add_provider(key: str, fields: tuple[Field, ...], build: Callable[[Subject], Values]) -> None:
    """Let `build` fill `fields` in every document; called when the app starts."""
    _PROVIDERS[key] = Provider(fields, build)


def set_own_fields(kind: WordKind, fields: tuple[Field, ...]) -> None:
    """The fields of a document that is not about a project; called when the app starts."""
    _OWN_FIELDS[kind] = fields


def known_fields(kind: WordKind) -> list[Field]:
    """What a template of this kind may name."""
    if kind in _OWN_FIELDS:
        return list(_OWN_FIELDS[kind])
    return [one for provider in _PROVIDERS.values() for one in provider.fields]


def document_context(subject: Subject) -> dict[str, Any]:
    """Every known field as a template prints it; what is not known is a dotted line to fill in by hand."""
    found: dict[str, Any] = {}
    for provider in _PROVIDERS.values():
        values = provider.build(subject)
        found.update({one.name: _printed(one, values.get(one.name)) for one in provider.fields})
    return found


def own_context(kind: WordKind, values: Values) -> dict[str, Any]:
    """The own fields of a document that is not about a project, as a template prints them."""
    return {one.name: _printed(one, values.get(one.name)) for one in _OWN_FIELDS[kind]}


def sample_context(kind: WordKind) -> dict[str, Any]:
    """The fields of that kind with sample values, two rows in each list."""
    return {one.name: _printed(one, _sample_rows(one) if one.columns else one.sample) for one in known_fields(kind)}


def literal(value: Any) -> Markup:
    """Text as data: nothing in it is markup of Word or of the template engine."""
    text = str(escape(_CONTROLS.sub("", str(value))))
    for mark in "{}%":
        text = text.replace(mark, f"&#{ord(mark)};")
    return Markup(text)  # escaped above


def _printed(one: Field, value: Any) -> Any:
    if not one.columns:
        return literal(one.blank if value is None or value == "" else value)
    rows = list(value or ())
    return list(_printed_rows(one.columns, rows or [{}] * one.empty_rows))


def _printed_rows(columns: Sequence[Field], rows: Sequence[Values]) -> Iterator[dict[str, Markup]]:
    for row in rows:
        cells = {column.name: row.get(column.name) for column in columns}
        yield {name: literal("" if value is None else value) for name, value in cells.items()}


def _sample_rows(one: Field) -> list[dict[str, str]]:
    return [{column.name: column.sample for column in one.columns}] * 2
