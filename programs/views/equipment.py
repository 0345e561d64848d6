"""The machines of a project's establishments."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from khuyencong.accounts.routes import requires
from khuyencong.errors import NotAllowed, Refused
from programs.actions import equipment as actions
from programs.equipment_policies import (
    NUMBER_WRITERS,
    NUMBERED_IN,
    check_can_edit_equipment,
    check_can_list_equipment,
)
from programs.forms.equipment import EquipmentForm
from programs.models import Equipment, Project
from programs.queries.duplicates import hard_signs
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move


@requires(*NUMBER_WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    form = EquipmentForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                made = actions.add_equipment(project_id=pk, values=form.values(), by=user, version=version)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                return _saved(request, project, f"Đã thêm {made.name}.")
    closed = reason_against(check_can_list_equipment, user, project)
    return _page(request, project, form, closed, status)


@requires(*NUMBER_WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_edit(request: HttpRequest, pk: int, equipment_pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    edited = _load(project, equipment_pk)
    form = _edit_form(request, project, edited)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"values": form.values(), "version": form.cleaned_data["version"]}
            try:
                actions.edit_equipment(project_id=pk, equipment_id=equipment_pk, by=user, **given)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                return _saved(request, project, f"Đã lưu {edited.name}.")
    closed = reason_against(check_can_edit_equipment, user, project)
    return _page(request, project, form, closed, status, edited)


@requires(*NUMBER_WRITERS)
@require_POST
def equipment_remove(request: HttpRequest, pk: int, equipment_pk: int) -> HttpResponse:
    project = load_project(request, pk)
    try:
        name = actions.remove_equipment(project_id=pk, equipment_id=equipment_pk, by=acting_user(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Đã bỏ {name} khỏi đề án {project.code}.")
    return redirect("programs:project-beneficiaries", pk=pk)


def _load(project: Project, pk: int) -> Equipment:
    rows = Equipment.objects.filter(participant__project=project).select_related("participant__beneficiary")
    return get_object_or_404(rows, pk=pk)


def _edit_form(request: HttpRequest, project: Project, edited: Equipment) -> EquipmentForm:
    numbers_only = project.state in NUMBERED_IN
    posted = request.POST if request.method == "POST" else None
    return EquipmentForm(posted, project=project, edited=edited, numbers_only=numbers_only)


def _saved(request: HttpRequest, project: Project, text: str) -> HttpResponse:
    """Back to the list; a number that another project has is said at once, not only before the next step."""
    messages.success(request, text)
    for sign in hard_signs(project):
        messages.warning(request, f"{sign.told()}.")
    return redirect("programs:project-beneficiaries", pk=project.pk)


def _page(
    request: HttpRequest,
    project: Project,
    form: EquipmentForm,
    closed: str,
    status: int,
    edited: Equipment | None = None,
) -> HttpResponse:
    context: dict[str, Any] = project_page_context(request, project, "beneficiaries")
    context |= {"form": form, "closed": closed, "edited": edited, "is_stale": status == 409}
    return render(request, "programs/equipment_form.html", context, status=page_status(status, closed))
