"""Rows and batches as pages show them: personal numbers masked, values in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.models import BatchState, ImportBatch, ImportRow, RowVerdict
from khuyencong.importing.policies import WAITING, is_unread
from khuyencong.importing.queries import place_names
from khuyencong.importing.reading.legacy import IN_UNICODE
from khuyencong.importing.settled import Settled, mapping_of
from khuyencong.importing.stored import notes_of, problems_of
from khuyencong.vietnamese.codes import mask
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from khuyencong.vietnamese.text import fold

VERDICTS = {
    RowVerdict.NEW.value: ("Mới", "good", "Sẽ thêm vào cổng"),
    RowVerdict.CHANGED.value: ("Thay đổi", "active", "Sẽ sửa số liệu đang có"),
    RowVerdict.EQUAL.value: ("Không đổi", "neutral", "Cổng đã có đúng như vậy"),
    RowVerdict.DUPLICATE.value: ("Trùng", "waiting", "Có thể lặp lại, sẽ không ghi"),
    RowVerdict.REFUSED.value: ("Không nhận", "bad", "Cần sửa mới ghi được"),
    WAITING: ("Chờ kiểm tra lại", "attention", "Đã sửa, chưa kiểm tra"),
}
# What came of it, once the batch was written.
WRITTEN_NOTES = {
    RowVerdict.NEW.value: "Đã thêm vào cổng",
    RowVerdict.CHANGED.value: "Đã sửa số liệu",
    RowVerdict.EQUAL.value: "Cổng đã có từ trước",
    RowVerdict.DUPLICATE.value: "Không ghi",
    RowVerdict.REFUSED.value: "Không ghi",
}
WAITING_KEY = "cho"
STATE_TONES = {
    BatchState.READ.value: "waiting",
    BatchState.CHECKED.value: "active",
    BatchState.APPLIED.value: "good",
    BatchState.UNDONE.value: "neutral",
}
_SHOWN = 80
# Numbers of old and new identity cards in columns that nobody has named yet.
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")


@dataclass(frozen=True)
class ShownCell:
    """`read`: as in the sheet, or as typed in its place; `understood`: only where it reads otherwise."""

    label: str
    read: str
    understood: str = ""
    is_fixed: bool = False
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class ShownRow:
    number: int
    label: str
    tone: str
    cells: Sequence[ShownCell]
    is_left_out: bool = False  # its problems are errors; those of other rows only want to be looked at
    reasons: Sequence[tuple[str, str]] = ()  # label of the field, "" for the row, and what is wrong
    changes: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[str] = field(default=())


class Presenter:
    """Shows the rows of one page; names of places are asked for all of them at once."""

    def __init__(self, batch: ImportBatch, fields: Sequence[ImportField], rows: Sequence[ImportRow]) -> None:
        self.fields = fields
        self.columns = {name: place for place, name in mapping_of(batch.columns).items()}
        places = [one.name for one in fields if one.kind is FieldKind.PLACE]
        ids = {row.values[name] for row in rows for name in places if name in row.values}
        self.places = place_names(sorted(ids)) if ids else {}
        self.personal = {one.label for one in fields if one.is_personal}

    def shown_fields(self, rows: Sequence[ImportRow]) -> list[ImportField]:
        """Those that have a column, or a value or problem in one of the rows."""
        used = {name for row in rows for name in (*row.values, *row.fixes, *problems_of(row))}
        return [one for one in self.fields if one.name in self.columns or one.name in used]

    def row(self, row: ImportRow, fields: Sequence[ImportField]) -> ShownRow:
        label, tone, _ = VERDICTS[row.verdict]
        problems = problems_of(row)
        labels = {one.name: one.label for one in self.fields}
        return ShownRow(
            row.number,
            label,
            tone,
            [self._cell(row, one, problems.get(one.name, ())) for one in fields],
            row.verdict in (RowVerdict.REFUSED, RowVerdict.DUPLICATE),
            [(labels.get(name, ""), one["message"]) for name, found in problems.items() for one in found],
            self._changes(row),
            [note for note in notes_of(row) if not note.endswith(IN_UNICODE)],  # said once, for the whole column
        )

    def _cell(self, row: ImportRow, one: ImportField, problems: Sequence[Mapping[str, Any]]) -> ShownCell:
        place, fix = self.columns.get(one.name, len(row.raw)), row.fixes.get(one.name)
        raw = row.raw[place] if place < len(row.raw) else ""
        read = raw if fix is None else fix if isinstance(fix, str) else str(fix["label"])
        understood = self.understood(one, row.values.get(one.name))
        if one.is_personal:
            read, understood = mask(read), ""
        same = fold(read) == fold(understood) or fold(understood).startswith(f"{fold(read)},")  # a place of that name
        messages = [found["message"] for found in problems]
        return ShownCell(one.label, read[:_SHOWN], "" if same else understood, fix is not None, messages)

    def understood(self, one: ImportField, value: Any) -> str:
        """The value in words."""
        if value is None:
            return ""
        if one.kind is FieldKind.MONEY:
            return f"{format_vnd(value)} đồng"
        if one.kind is FieldKind.PLACE:
            return self.places.get(value, str(value))
        if one.kind is FieldKind.DATE:
            return format_date(date.fromisoformat(value))
        return str(one.choices.get(value, value))[:_SHOWN]

    def _changes(self, row: ImportRow) -> list[tuple[str, str, str]]:
        """Of what the portal has already; a new row is all there in its cells."""
        if row.verdict != RowVerdict.CHANGED:
            return []
        return [(name, *self._change(name, pair)) for name, pair in row.changes.items()]

    def _change(self, label: str, pair: Sequence[str]) -> tuple[str, str]:
        before, after = (str(text or "") for text in pair)
        return (mask(before), mask(after)) if label in self.personal else (before, after)


@dataclass(frozen=True)
class CountTile:
    """One verdict with its number of rows; `key`: for the address."""

    key: str
    label: str
    note: str
    count: int


def count_tiles(batch: ImportBatch) -> list[CountTile]:
    notes: Mapping[str, str] = WRITTEN_NOTES if batch.state == BatchState.APPLIED else {}
    return [
        CountTile(verdict or WAITING_KEY, label, notes.get(verdict, note), batch.counts.get(verdict, 0))
        for verdict, (label, _, note) in VERDICTS.items()
        if verdict or batch.counts.get(verdict, 0)
    ]


def counts_line(batch: ImportBatch) -> str:
    """ "Mới 3, Không nhận 1"; what was read while nothing was checked yet."""
    parts = [
        f"{label} {format_vnd(n)}" for verdict, (label, _, _) in VERDICTS.items() if (n := batch.counts.get(verdict))
    ]
    if is_unread(batch):
        return "Đang đọc tệp"
    return ", ".join(parts) or f"{format_vnd(Settled.from_json(batch.options).row_count)} dòng, chưa kiểm tra"


def masked_sample(text: str, one: ImportField | None) -> str:
    """Of a column that may hold personal numbers."""
    if one is not None and one.is_personal:
        return mask(text)
    return _PERSONAL_NUMBER.sub(lambda found: mask(found[0]), text) if one is None else text
