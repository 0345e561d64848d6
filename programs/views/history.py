"""The history of a project, from the audit trail: the page, and the same events as a workbook."""

import datetime
import re
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import subject_of
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, ListPage
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.exports_history import HistoryRow, write_history
from programs.history import KIND_CHOICES, EventKind, condition_of, kind_of
from programs.models import Project
from programs.views.project_page import load_project, project_page_context

PAGE_SIZE = 50
CHUNK = 500
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    listing = history_listing(request, project)
    context = project_page_context(request, project, "history") | {"listing": listing}
    context["entries"] = [_entry(event) for event in listing.page_obj]
    return render(request, "programs/project_history.html", context)


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_history_export(request: HttpRequest, pk: int) -> FileResponse:
    """Every event that the page's filter lets through, a row for each thing that changed."""
    project = load_project(request, pk)
    events = history_listing(request, project).object_list

    def write(stream: IO[bytes]) -> int:
        return write_history((_row(event) for event in events.iterator(chunk_size=CHUNK)), stream)

    return workbook_response(write, filename=f"Lich-su-{project.code}-{timezone.localdate():%Y-%m-%d}.xlsx")


def history_listing(request: HttpRequest, project: Project) -> ListPage:
    """One definition for the page and the workbook; newest first."""
    return ListPage(
        request,
        AuditEvent.objects.about(subject_of(project)),
        search_fields=(),
        filters=[Filter("loai", "Loại sự kiện", KIND_CHOICES, _of_kind)],
        page_size=PAGE_SIZE,
        target="",
        noun="sự kiện",
    )


def _of_kind(events: Any, value: str) -> Any:
    return events.filter(condition_of(EventKind(value)))


def _entry(event: AuditEvent) -> dict[str, Any]:
    """One event as components/_history_list.html draws it."""
    role = f" – {event.actor_role}" if event.actor_role else ""
    paper = " ngày ".join(filter(None, [event.document_number, format_date(event.document_date)]))
    return {
        "title": event.action_label,
        "kind": kind_of(event.action, event.object_type).label,
        "at": event.at,
        "by": f"{event.actor_name}{role}",
        "organisation": event.organisation_name,
        "note": event.reason,
        "document": paper,
        "changes": _changes(event),
    }


def _row(event: AuditEvent) -> HistoryRow:
    return HistoryRow(event, kind_of(event.action, event.object_type).label, _changes(event))


def _changes(event: AuditEvent) -> list[tuple[str, str, str]]:
    """(what, before, after) in the words of the page; what stayed the same is left out."""
    return [
        (label, shown(label, before), shown(label, after))
        for label, (before, after) in event.changes.items()
        if before != after
    ]


def shown(label: str, value: Any) -> str:
    """A stored value as an office reads it: dates day first, amounts of money grouped, yes and no in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return format_date(datetime.date.fromisoformat(value))
    if isinstance(value, int) and "đồng" in label:
        return format_vnd(value)
    return str(value)
