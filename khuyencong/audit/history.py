"""Audit events as the history list of a page shows them."""

import datetime
from collections.abc import Iterable
from typing import Any

from khuyencong.audit.models import AuditEvent
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd


def history_entries(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """What `components/_history_list.html` draws."""
    return [
        {
            "title": event.action_label,
            "at": event.at,
            "by": event.actor_name,
            "organisation": event.organisation_name,
            "note": event.reason,
            "document": document_of(event),
            "changes": shown_changes(event),
        }
        for event in events
    ]


def document_of(event: AuditEvent) -> str:
    if not event.document_number:
        return ""
    return (
        f"{event.document_number} ngày {format_date(event.document_date)}"
        if event.document_date
        else event.document_number
    )


def shown_changes(event: AuditEvent) -> list[tuple[str, str, str]]:
    """(field, before, after) in the words of the page."""
    return [(label, _shown(label, pair[0]), _shown(label, pair[1])) for label, pair in event.changes.items()]


def _shown(label: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int) and label.endswith("(đồng)"):
        return format_vnd(value)
    if isinstance(value, str) and len(value) == len("2026-02-05") and value[4:5] == "-":
        return _date_or_text(value)
    return str(value)


def _date_or_text(value: str) -> str:
    try:
        return format_date(datetime.date.fromisoformat(value))
    except ValueError:
        return value
