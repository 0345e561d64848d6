"""What the pages of the registers share: sending a form to its action, going back, filtering by place."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from khuyencong.accounts.models import User
from khuyencong.audit.history import history_entries
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import subject_of
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from khuyencong.localities.models import AdministrativeUnit, UnitLevel, covered_unit_ids
from khuyencong.ui.listpage import Filter

Saved = TypeVar("Saved")
HISTORY_LENGTH = 20


def submit(form: forms.Form, act: Callable[[], Saved]) -> tuple[Saved | None, int]:
    """What the act made; or None and the status of the page that shows what is wrong."""
    if not form.is_valid():
        return None, 422
    try:
        return act(), 302
    except Refused as refusal:
        return None, add_refusal(form, refusal)


def next_address(request: HttpRequest, default: str) -> str:
    """Where `next` asks to go, if that is a page of this portal."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if local else default


def place_filter(user: User, field: str = "place_id") -> Filter:
    """Communes of today within the area; choosing one also finds records of the communes merged into it."""

    def choices() -> list[tuple[int, str]]:
        today = AdministrativeUnit.objects.in_force_on(timezone.localdate()).covered_by(user.area_id)
        return [(unit.pk, unit.name) for unit in today.filter(level=UnitLevel.COMMUNE)]

    def lookup(rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(**{f"{field}__in": covered_unit_ids(int(value))})

    return Filter("dia-ban", "Địa bàn", choices, lookup)


def history_of(obj: Model, user: User) -> list[dict]:
    """The latest events of an object's file, for the history list of its page."""
    events = AuditEvent.objects.visible_to(user).about(subject_of(obj))[:HISTORY_LENGTH]
    return history_entries(events)
