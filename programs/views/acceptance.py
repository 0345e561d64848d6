"""Nghiệm thu."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.acceptance import accept_project
from programs.actions.project import Paper
from programs.checks import problems_before
from programs.forms.acceptance import AcceptanceForm, other_results_formset
from programs.models import Project
from programs.policies import check_can_move
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.workflow import Action


@requires(Permission.PROJECT_ACCEPT)
@require_http_methods(["GET", "HEAD", "POST"])
def project_accept(request: HttpRequest, pk: int) -> HttpResponse:
    project, status = load_project(request, pk), 200
    form, formset = _forms(request, project)
    if request.method == "POST":
        status = 422
        if form.is_valid() & formset.is_valid():
            try:
                _accept(request, project, form, formset)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã nghiệm thu đề án {project.code}.")
                return redirect("programs:project-indicators", pk=pk)
    context = project_page_context(request, project, "progress") | {"form": form, "formset": formset}
    context["closed"] = reason_against(check_can_move, acting_user(request), project, Action.ACCEPT)
    context["problems"] = [] if context["closed"] else problems_before(Action.ACCEPT, project)
    context["is_stale"] = status == 409
    return render(request, "programs/project_accept.html", context, status=page_status(status, context["closed"]))


def _forms(request: HttpRequest, project: Project) -> tuple[AcceptanceForm, Any]:
    values = list(project.indicators.select_related("indicator"))
    data = request.POST if request.method == "POST" else None
    form = AcceptanceForm(data, values=values, initial={"version": project.version})
    return form, other_results_formset(project, values, data)


def _accept(request: HttpRequest, project: Project, form: AcceptanceForm, formset: Any) -> Project:
    data = form.cleaned_data
    return accept_project(
        project_id=project.pk,
        achieved=form.achieved(),
        others=formset.figures(),
        by=acting_user(request),
        version=data["version"],
        paper=Paper(data["document_number"], data["document_date"]),
        reason=data["reason"],
    )
