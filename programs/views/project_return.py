"""Returning a project: the reason, and point by point what is asked for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import PaperForm
from programs.actions.project import Paper, move
from programs.checks import problems_before
from programs.forms.supplement import point_formset
from programs.models import Project
from programs.policies import check_can_move
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.workflow import Action

MORE_ROWS = "them_dong"


@requires(Permission.PROJECT_CONFIRM, Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_return(request: HttpRequest, pk: int) -> HttpResponse:
    project, status = load_project(request, pk), 200
    form, formset = _forms(request, project)
    if form.is_bound:
        status = 422
        if form.is_valid() & formset.is_valid():
            try:
                returned = _return(request, project, form.cleaned_data, formset)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã trả lại đề án {returned.code} để bổ sung.")
                return redirect("programs:project-detail", pk=pk)
    closed = reason_against(check_can_move, acting_user(request), project, Action.RETURN)
    context = project_page_context(request, project, "") | {"form": form, "formset": formset, "closed": closed}
    context |= {"is_stale": status == 409, "more_rows": MORE_ROWS}
    context["problems"] = [] if closed else problems_before(Action.RETURN, project)
    return render(request, "programs/project_return.html", context, status=page_status(status, closed))


def _forms(request: HttpRequest, project: Project) -> tuple[PaperForm, Any]:
    """Bound once the return is pressed; asking for more rows checks nothing and keeps what was typed."""
    more = request.method == "POST" and MORE_ROWS in request.POST
    sent = request.POST if request.method == "POST" else None
    initial = request.POST.dict() if more else {"version": project.version}
    form = PaperForm(None if more else sent, needs_document=False, needs_reason=True, initial=initial)
    return form, point_formset(sent, more=more)


def _return(request: HttpRequest, project: Project, data: dict[str, Any], formset: Any) -> Project:
    return move(
        project_id=project.pk,
        action=Action.RETURN,
        by=acting_user(request),
        version=data["version"],
        paper=Paper(data["document_number"], data["document_date"]),
        reason=data["reason"],
        points=formset.points(),
    )
