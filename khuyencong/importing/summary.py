"""How the portal has read a file, in words: its columns, what holds for all rows, what it left out."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.presenting import masked_sample
from khuyencong.importing.reading.cells import column_name
from khuyencong.importing.reading.left_out import LeftOut
from khuyencong.importing.settled import (
    ANY_TIME,
    OF_FIELD,
    TODAY,
    Settled,
    day_field_of,
    mapping_of,
    place_field,
)
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import Unit, format_vnd

SORTS: Mapping[str, str] = {
    LeftOut.TITLE: "phía trên bảng",
    LeftOut.LABELS: "đánh số cột, tiêu đề lặp lại",
    LeftOut.GROUP: "tên nhóm",
    LeftOut.TOTAL: "dòng cộng",
    LeftOut.BELOW: "dưới bảng (ghi chú, chữ ký)",
}


@dataclass(frozen=True)
class LeftOutRow:
    number: int
    sort: str
    text: str


@dataclass(frozen=True)
class LeftOutRows:
    """`told`: "12 dòng: 4 phía trên bảng, 2 tên nhóm". `more`: how many rows are counted and not listed."""

    count: int
    told: str
    rows: Sequence[LeftOutRow]
    more: int


def left_out_rows(batch: ImportBatch) -> LeftOutRows:
    settled = Settled.from_json(batch.options)
    counts = settled.left_out_counts
    count = sum(counts.values())
    parts = [f"{format_vnd(number)} {SORTS[sort]}" for sort in SORTS if (number := counts.get(sort, 0))]
    rows = [LeftOutRow(number, SORTS[sort], masked_sample(text, None)) for number, sort, text in settled.left_out]
    return LeftOutRows(count, ", ".join(parts), rows, count - len(rows))


def reading_told(batch: ImportBatch, kind: ImportKind, fields: Sequence[ImportField]) -> list[tuple[str, str]]:
    """What the portal took the file to be: label and text."""
    settled, mapping = Settled.from_json(batch.options), mapping_of(batch.columns)
    by_name = {one.name: one for one in fields}
    used = [
        f"{column_name(place)} “{label}” là {by_name[mapping[place]].label}"
        for place, label in enumerate(batch.headers)
        if mapping.get(place) in by_name
    ]
    unused = [
        f"{column_name(place)} “{label}”" if label else column_name(place)
        for place, label in enumerate(batch.headers)
        if mapping.get(place) not in by_name
    ]
    lines = [
        ("Bảng", f"Trang tính “{batch.sheet_name}”, dòng tiêu đề {batch.header_row}"),
        ("Cột được dùng", "; ".join(used)),
        ("Cột không dùng", "; ".join(unused) or "Không có"),
    ]
    if any(one.kind is FieldKind.MONEY for one in fields):
        lines.append(("Đơn vị tiền", _unit(settled)))
    if place_field(fields):
        lines.append(("Địa bàn ghi theo", _dated_by(settled, by_name, day_field_of(kind, fields), mapping)))
    if settled.default_year is not None:
        lines.append(("Năm của dòng để trống", str(settled.default_year)))
    return lines


def _unit(settled: Settled) -> str:
    unit = settled.unit or settled.stated_unit
    common = Unit[unit].label if unit else "theo tên cột; không rõ thì hỏi lại từng ô"
    own = {place: Unit[name].label for place, name in settled.column_units.items()}
    told = [f"cột {column_name(int(place))}: {label}" for place, label in own.items() if label != common]
    return "; ".join([common, *told])


def _dated_by(settled: Settled, by_name: Mapping[str, ImportField], proposed: str, mapping: Mapping[int, str]) -> str:
    if settled.dated_by == TODAY:
        return "Tên hiện nay"
    name = settled.dated_by.removeprefix(OF_FIELD) if settled.dated_by.startswith(OF_FIELD) else ""
    name = name or (proposed if not settled.dated_by and proposed in mapping.values() else "")
    if name in by_name:
        return f"Tên vào lúc ghi ở cột “{by_name[name].label}” của từng dòng"
    if settled.day and settled.dated_by != ANY_TIME:
        is_year = settled.day.isdecimal()
        return f"Tên vào {f'năm {settled.day}' if is_year else _day(settled.day)}, chung cho cả tệp"
    return "Cả tên cũ và tên mới; trùng tên thì hỏi lại"


def _day(text: str) -> str:
    return f"ngày {format_date(datetime.date.fromisoformat(text))}"
