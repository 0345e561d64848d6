"""Moves that need a document, a reason, or nothing but a press."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import PaperForm
from programs.actions.project import Paper, move
from programs.checks import problems_before, warnings_before
from programs.models import Project
from programs.policies import check_can_move
from programs.tabs import move_page
from programs.views.project_page import DANGEROUS, acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.workflow import TRANSITIONS, Action, Status, Transition, find_transition

MOVERS: frozenset[Permission] = frozenset(transition.permission for transition in TRANSITIONS.values())


@requires(*MOVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def project_move(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The state is read from the project, never from the request: only version, paper and reason are taken from it."""
    project, chosen = load_project(request, pk), _action_or_404(action)
    own_page = move_page(chosen)
    if own_page is not None:
        return redirect(own_page, pk=pk)
    form, status = _form(request, project, chosen), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                moved = _move(request, project, chosen, form.cleaned_data)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"{chosen.label}: đề án {moved.code} nay là “{moved.state.label}”.")
                return redirect("programs:project-detail", pk=pk)
    context = _context(request, project, chosen) | {"form": form, "is_stale": status == 409}
    return render(request, "programs/project_move.html", context, status=page_status(status, context["closed"]))


def _action_or_404(value: str) -> Action:
    try:
        return Action(value)
    except ValueError as error:
        raise Http404 from error


def _form(request: HttpRequest, project: Project, action: Action) -> PaperForm:
    transition = find_transition(project.state, action, project.track_kind)
    return PaperForm(
        request.POST if request.method == "POST" else None,
        needs_document=bool(transition and transition.needs_document),
        needs_reason=bool(transition and transition.needs_reason),
        initial={"version": project.version},
    )


def _move(request: HttpRequest, project: Project, action: Action, data: dict[str, Any]) -> Project:
    return move(
        project_id=project.pk,
        action=action,
        by=acting_user(request),
        version=data["version"],
        paper=Paper(data["document_number"], data["document_date"]),
        reason=data["reason"],
    )


def _context(request: HttpRequest, project: Project, action: Action) -> dict[str, Any]:
    transition = find_transition(project.state, action, project.track_kind)
    page = project_page_context(request, project, "")
    if action is Action.SUBMIT:
        page["checklist"] = None  # its reasons are this page's own
    return page | {
        "action": action,
        "closed": reason_against(check_can_move, acting_user(request), project, action),
        "target": _target(project, transition),
        "transition": transition,
        "problems": problems_before(action, project) if transition else [],
        "warnings": warnings_before(action, project) if transition else [],
        "is_dangerous": action in DANGEROUS,
    }


def _target(project: Project, transition: Transition | None) -> Status | None:
    if transition is None:
        return None
    return transition.target or Status(project.returned_from)
