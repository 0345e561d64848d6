"""What the money pages of a project share."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs.models import Project
from programs.views.project_page import load_project, project_page_context
from programs.views.refusals import reason_against

__all__ = ["DONE", "load_project", "project_context", "submit", "turned_away"]
DONE = 302


def project_context(request: HttpRequest, project: Project, **more: Any) -> dict[str, Any]:
    """The frame of a project's page, its money tab marked, and what the page itself shows."""
    return project_page_context(request, project, "money") | more


def turned_away(request: HttpRequest, project: Project, check: Callable[..., Any], *args: Any) -> HttpResponse | None:
    """Where to send somebody who opens a form that could not be used now; None when it can be.

    Errors: PermissionDenied when it is the person and not the project's status.
    """
    reason = reason_against(check, request.user, *args)
    if not reason:
        return None
    messages.error(request, reason)
    return redirect("funding:project-money", project.pk)


def submit(form: forms.BaseForm, act: Callable[[], Any], *, others: Sequence[Any] = ()) -> int:
    """Runs the action when the forms are valid: DONE, or the status of the page that shows what is wrong.

    A refusal is shown on `form`, or on another of the forms that has the field it names.
    """
    if not all([form.is_valid(), *(other.is_valid() for other in others)]):
        return 422
    try:
        act()
    except Refused as refusal:
        owners = [other for other in others if isinstance(other, forms.BaseForm) and refusal.field in other.fields]
        return add_refusal(owners[0] if owners else form, refusal)
    return DONE
