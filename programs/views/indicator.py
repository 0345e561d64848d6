"""The indicators of a project: what was planned and what was achieved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs.actions.indicator import plan_indicators
from programs.forms.indicator import IndicatorsForm, planned_formset
from programs.models import Project
from programs.policies import allowed, check_can_plan_indicators, check_can_record_employment
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import reason_against


@requires(Permission.PROJECT_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def project_indicators(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who sees the project reads the table; whoever edits it gets rows to fill in."""
    project = load_project(request, pk)
    if request.method == "POST":
        return _save(request, project)
    context: dict[str, Any] = {}
    values = list(project.indicators.select_related("indicator"))
    if allowed(check_can_plan_indicators, acting_user(request), project):
        context["form"] = IndicatorsForm(initial={"version": project.version})
        context["formset"] = planned_formset(project, values)
    return _page(request, project, values, context, status=200)


def _save(request: HttpRequest, project: Project) -> HttpResponse:
    user, status = acting_user(request), 422
    closed = reason_against(check_can_plan_indicators, user, project)
    values = list(project.indicators.select_related("indicator"))
    form, formset = IndicatorsForm(request.POST), planned_formset(project, values, request.POST)
    if form.is_valid() and formset.is_valid():
        version = form.cleaned_data["version"]
        try:
            plan_indicators(project_id=project.pk, figures=formset.figures(), by=user, version=version)
        except Refused as refusal:
            status = add_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ghi chỉ tiêu của đề án {project.code}.")
            return redirect("programs:project-indicators", pk=project.pk)
    context: dict[str, Any] = {"closed": closed} if closed else {"form": form, "formset": formset}
    context["is_stale"] = status == 409
    return _page(request, project, values, context, status=status)


def _page(request: HttpRequest, project: Project, values: Any, context: dict[str, Any], *, status: int) -> HttpResponse:
    context = project_page_context(request, project, "indicators") | {"values": values} | context
    context["surveys"] = project.employment.select_related("recorded_by__organisation")
    context["can_survey"] = allowed(check_can_record_employment, acting_user(request), project)
    return render(request, "programs/project_indicators.html", context, status=status)
