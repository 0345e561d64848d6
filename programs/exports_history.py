"""The history of a project as a workbook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from khuyencong.audit.models import AuditEvent
from khuyencong.excel.columns import Column, Kind, Value
from khuyencong.excel.flat import write_flat
from khuyencong.vietnamese.dates import format_datetime

HISTORY_COLUMNS = (
    Column("at", "Thời điểm", width=18),
    Column("kind", "Loại sự kiện", width=14),
    Column("title", "Việc", width=26),
    Column("actor", "Người thực hiện", width=24),
    Column("role", "Vai trò", width=26),
    Column("organisation", "Đơn vị", width=30),
    Column("number", "Số văn bản", width=20),
    Column("date", "Ngày văn bản", Kind.DATE, width=14),
    Column("reason", "Lý do, ý kiến", width=40),
    Column("field", "Nội dung thay đổi", width=34),
    Column("before", "Trước", width=34),
    Column("after", "Sau", width=34),
)


@dataclass(frozen=True)
class HistoryRow:
    """An event with its kind and what it changed: (what, before, after) in the words of the page."""

    event: AuditEvent
    kind: str
    changes: list[tuple[str, str, str]]


def write_history(events: Iterable[HistoryRow], stream: IO[bytes]) -> int:
    """A row for each thing that an event changed, one for an event that changed nothing; returns how many rows."""
    return write_flat(HISTORY_COLUMNS, _rows(events), stream, title="Lịch sử")


def _rows(events: Iterable[HistoryRow]) -> Iterator[dict[str, Value]]:
    for row in events:
        about = _about(row)
        for field, before, after in row.changes or [("", "", "")]:
            yield about | {"field": field, "before": before, "after": after}


def _about(row: HistoryRow) -> dict[str, Value]:
    event = row.event
    return {
        "at": format_datetime(event.at),
        "kind": row.kind,
        "title": event.action_label,
        "actor": event.actor_name,
        "role": event.actor_role,
        "organisation": event.organisation_name,
        "number": event.document_number,
        "date": event.document_date,
        "reason": event.reason,
    }
