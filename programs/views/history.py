"""The history of a project, from the audit trail."""

import datetime
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.audit.models import AuditEvent
from khuyencong.ui.listpage import ListPage
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from programs.views.project_page import load_project, project_page_context

PAGE_SIZE = 50
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    events = AuditEvent.objects.about(f"project:{project.pk}")
    listing = ListPage(request, events, search_fields=(), page_size=PAGE_SIZE, target="", noun="sự kiện")
    context = project_page_context(request, project, "history") | {"listing": listing}
    context["entries"] = [_entry(event) for event in listing.page_obj]
    return render(request, "programs/project_history.html", context)


def _entry(event: AuditEvent) -> dict[str, Any]:
    """One event as components/_history_list.html draws it."""
    role = f" – {event.actor_role}" if event.actor_role else ""
    paper = " ngày ".join(filter(None, [event.document_number, format_date(event.document_date)]))
    return {
        "title": event.action_label,
        "at": event.at,
        "by": f"{event.actor_name}{role}",
        "organisation": event.organisation_name,
        "note": event.reason,
        "document": paper,
        "changes": [
            (label, shown(label, before), shown(label, after))
            for label, (before, after) in event.changes.items()
            if before != after
        ],
    }


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
