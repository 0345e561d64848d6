"""A locked report as it is kept and as it is opened again: its figures, and whether they are still those of the day."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import subject_of
from khuyencong.excel.table import Table
from khuyencong.vietnamese.dates import format_datetime
from reports.models import LockedReport
from reports.parameters import Parameters
from reports.snapshot import SnapshotError, canonical, dump_tables, load_tables, sha256_of

LOCK_ACTION, LOCK_LABEL = "report_lock", "Khóa báo cáo"
HASH_LABEL = "Mã SHA-256"
BROKEN = "Số liệu lưu trong bản khóa không còn khớp với mã SHA-256 ghi lúc khóa."
UNREADABLE = "Không đọc được số liệu lưu trong bản khóa."
UNRECORDED = "Nhật ký hệ thống không ghi mã SHA-256 này cho lần khóa báo cáo."


@dataclass(frozen=True)
class Opened:
    """`problem`: what is wrong with the stored figures; empty when they are those that were locked."""

    tables: Sequence[Table]
    problem: str = ""


def stored_parameters(parameters: Parameters) -> dict[str, str]:
    """What the address of the page says, in one order: SQLite compares JSON as text."""
    return {name: str(value) for name, value in sorted(parameters.as_query().items())}


def content_of_report(report: LockedReport, tables: Sequence[Table]) -> str:
    """Everything that was signed, in one text: the figures and what they are figures of."""
    return canonical({**_head(report), "tables": dump_tables(tables)})


def open_report(report: LockedReport) -> Opened:
    """The stored tables, checked against the row, its hash and the hash in the audit trail; one query."""
    try:
        content = json.loads(report.content)
        tables = load_tables(content["tables"])
    except (SnapshotError, KeyError, TypeError, ValueError):
        return Opened((), UNREADABLE)
    head = {name: value for name, value in content.items() if name != "tables"}
    if sha256_of(report.content) != report.sha256 or head != _head(report):
        return Opened(tables, BROKEN)
    return Opened(tables, "" if report.sha256 in _recorded_hashes(report) else UNRECORDED)


def locked_note(report: LockedReport) -> str:
    return f"Số liệu đã khóa lúc {format_datetime(report.locked_at)} bởi {report.locked_by}, mã {report.code}."


def noted(report: LockedReport, tables: Sequence[Table]) -> list[Table]:
    """The tables for paper: each says that it was locked, and whether it was unlocked since."""
    lines = [locked_note(report)]
    unlocked = getattr(report, "unlocked", None)
    if unlocked is not None:
        lines.append(f"Đã mở khóa lúc {format_datetime(unlocked.at)} bởi {unlocked.by}: bản này không còn hiệu lực.")
    return [replace(table, notes=(*table.notes, *lines)) for table in tables]


def _head(report: LockedReport) -> dict[str, Any]:
    return {
        "slug": report.slug,
        "title": report.title,
        "span": report.span,
        "area": report.area_id,
        "parameters": report.parameters,
        "document_number": report.document_number,
        "note": report.note,
        "locked_by": report.locked_by_id,
        "locked_at": report.locked_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
    }


def _recorded_hashes(report: LockedReport) -> set[str]:
    """Normally one: what the event of the locking says, in a log whose events are chained."""
    events = AuditEvent.objects.filter(subject=subject_of(report), action=LOCK_ACTION)
    return {changes.get(HASH_LABEL, [None, ""])[1] for changes in events.values_list("changes", flat=True)}
