"""The list that goes to the Ministry with the letter, for signature. `funding` adds the money when the app starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.excel.columns import Align, Column, Kind, Value
from khuyencong.excel.table import Row, RowStyle, Signature, Table, TotalOf
from khuyencong.vietnamese.dates import format_date
from programs.models import ILLUSTRATION_NOTE, MinistryBatch, MinistryBatchProject

Amounts = Mapping[int, Mapping[str, int]]
"""Project pk → column key → whole đồng."""
COLUMNS = (
    Column("number", "STT", width=6, align=Align.CENTER),
    Column("code", "Mã đề án", width=14),
    Column("name", "Tên đề án", width=36),
    Column("item", "Nội dung hỗ trợ", width=26),
    Column("place", "Địa bàn", width=16),
    Column("implementer", "Đơn vị thực hiện", width=20),
    Column("participants", "Số cơ sở thụ hưởng", Kind.INTEGER, width=9),
)


@dataclass(frozen=True)
class AmountColumns:
    """Columns of money, and what reads them for many projects at once."""

    columns: tuple[Column, ...]
    read: Callable[[Sequence[int]], Amounts]


_AMOUNTS: list[AmountColumns] = []


def add_amounts(amounts: AmountColumns) -> None:
    """For an app above that knows the money; called when the app starts."""
    if amounts not in _AMOUNTS:
        _AMOUNTS.append(amounts)


def batch_table(batch: MinistryBatch, entries: Sequence[MinistryBatchProject], user: User) -> Table:
    """The projects of the batch in the order of their codes.

    `entries` come with project, place, support item, implementer and `participant_count`.
    """
    office = batch.organisation
    columns = COLUMNS + tuple(column for one in _AMOUNTS for column in one.columns)
    return Table(
        title="DANH MỤC ĐỀ ÁN KHUYẾN CÔNG QUỐC GIA ĐỀ NGHỊ BỘ CÔNG THƯƠNG",
        subtitle=f"Năm kế hoạch {batch.year} (kèm theo Công văn số {batch.document_number} "
        f"ngày {format_date(batch.document_date)})",
        unit_note="Đơn vị tính: triệu đồng" if _AMOUNTS else "",
        columns=columns,
        rows=_rows(entries, columns),
        organisation=tuple(name.upper() for name in (office.parent_name, office.name) if name),
        notes=_notes(entries),
        signatures=(
            Signature("NGƯỜI LẬP BIỂU", user.full_name),
            Signature("THỦ TRƯỞNG ĐƠN VỊ", hint="(Ký, ghi rõ họ tên, đóng dấu)"),
        ),
        sheet_name="Danh mục gửi Bộ",
    )


def _rows(entries: Sequence[MinistryBatchProject], columns: Sequence[Column]) -> list[Row]:
    ids = [entry.project_id for entry in entries]
    read = [one.read(ids) for one in _AMOUNTS]
    rows = []
    for number, entry in enumerate(entries, start=1):
        amounts: dict[str, Value] = {}
        for one in read:
            amounts |= one.get(entry.project_id, {})
        rows.append(Row(_cells(number, entry) | amounts))
    if rows:
        rows.append(Row({"name": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS))
    return rows


def _cells(number: int, entry: MinistryBatchProject) -> dict[str, Value]:
    project = entry.project
    return {
        "number": str(number),
        "code": project.code,
        "name": project.name,
        "item": str(project.support_item),
        "place": str(project.place),
        "implementer": str(project.implementer),
        "participants": entry.participant_count,  # type: ignore[attr-defined]
    }


def _notes(entries: Sequence[MinistryBatchProject]) -> tuple[str, ...]:
    invented = any(entry.project.note == ILLUSTRATION_NOTE for entry in entries)
    return (f"{ILLUSTRATION_NOTE}.",) if invented else ()
