"""The list of audit events."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.audit.forms import EventFilterForm
from khuyencong.audit.history import document_of, shown_changes
from khuyencong.audit.models import AuditEvent
from khuyencong.ui.listpage import ListPage, render_list

# Where the file of an event is opened; reversed by name, since those apps stand above this one.
SUBJECT_PAGES = {
    "project": "programs:project-detail",
    "beneficiary": "programs:beneficiary-detail",
    "craftvillage": "programs:craft-village-detail",
    "product": "programs:product-detail",
    "ministrybatch": "programs:ministry-batch-detail",
}


class EventListPage(ListPage):
    """A list page whose filters are a form; its links carry what the form holds."""

    def __init__(self, request: HttpRequest, events: QuerySet[AuditEvent], form: EventFilterForm) -> None:
        self.form = form
        super().__init__(request, events, search_fields=(), page_size=50, noun="sự kiện")

    @property
    def is_filtered(self) -> bool:
        return any(self.params.get(name) for name in self.form.fields)

    def _params(self) -> QueryDict:
        params = super()._params()
        for name in self.form.fields:
            if self.params.get(name):
                params[name] = self.params.get(name, "")
        return params


@requires(Permission.AUDIT_VIEW)
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    form = EventFilterForm(request.GET)
    form.is_valid()
    events = AuditEvent.objects.visible_to(request.user).order_by("-pk")
    listing = EventListPage(request, narrowed(events, form.cleaned_data), form)
    rows = [
        {"event": event, "changes": shown_changes(event), "document": document_of(event), "url": subject_url(event)}
        for event in listing.page_obj
    ]
    context = {"listing": listing, "form": form, "rows": rows}
    return render_list(request, "audit/event_list.html", "audit/_event_table.html", context)


def narrowed(events: QuerySet[AuditEvent], wanted: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """Events between the days (both included), by the person, of the act, about the file."""
    conditions = {
        "tu": lambda day: Q(at__date__gte=day),
        "den": lambda day: Q(at__date__lte=day),
        "nguoi": lambda name: Q(actor_name__icontains=name),
        "viec": lambda act: Q(action_label__icontains=act),
        "ho_so": lambda file: Q(object_label__icontains=file) | Q(subject=file),
    }
    for name, condition in conditions.items():
        if wanted.get(name):
            events = events.filter(condition(wanted[name]))
    return events


def subject_url(event: AuditEvent) -> str:
    """The page of the file that the event belongs to; "" for accounts and reference data."""
    kind, _, pk = event.subject.partition(":")
    try:
        return reverse(SUBJECT_PAGES[kind], args=[int(pk)]) if kind in SUBJECT_PAGES else ""
    except NoReverseMatch:
        return ""
