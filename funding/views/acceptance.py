"""Nghiệm thu: the minutes, the results and the accepted cost on one page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.acceptance import accept
from funding.checks import has_accepted_costs
from funding.forms.acceptance import AcceptedCostForm
from funding.queries.acceptance import cost_table
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.project import Paper
from programs.checks import problems_before, warnings_before
from programs.forms.acceptance import AcceptanceForm, other_results_formset
from programs.models import Project
from programs.queries.progress import last_field_check
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.workflow import Action


@dataclass(frozen=True)
class Forms:
    """What the page asks: the minutes with planned results, results beyond the plan, accepted cost."""

    form: AcceptanceForm
    formset: Any
    costs: AcceptedCostForm

    def are_valid(self) -> bool:
        return all([self.form.is_valid(), self.formset.is_valid(), self.costs.is_valid()])

    def refuse(self, refusal: Refused, version: int) -> int:
        """Shows a refusal at the field that it names; returns the HTTP status."""
        if refusal.field in self.costs.fields:
            self.costs.add_error(refusal.field, refusal.message)
            return 422
        return refuse_move(self.form, refusal, version)


@requires(Permission.PROJECT_ACCEPT)
@require_http_methods(["GET", "HEAD", "POST"])
def project_accept(request: HttpRequest, pk: int) -> HttpResponse:
    project, status = load_project(request, pk), 200
    forms = _forms(request, project)
    if request.method == "POST":
        status = 422
        if forms.are_valid():
            try:
                _accept(request, project, forms)
            except Refused as refusal:
                project = load_project(request, pk)
                status = forms.refuse(refusal, project.version)
            else:
                messages.success(request, f"Đã nghiệm thu đề án {project.code}.")
                return redirect("programs:project-indicators", pk=pk)
    context = _context(request, project, forms) | {"is_stale": status == 409}
    return render(request, "funding/project_accept.html", context, status=page_status(status, context["closed"]))


def _forms(request: HttpRequest, project: Project) -> Forms:
    values = list(project.indicators.select_related("indicator"))
    data = request.POST if request.method == "POST" else None
    return Forms(
        form=AcceptanceForm(data, values=values, initial={"version": project.version}),
        formset=other_results_formset(project, values, data),
        costs=AcceptedCostForm(data, table=cost_table(project)),
    )


def _accept(request: HttpRequest, project: Project, forms: Forms) -> Project:
    data = forms.form.cleaned_data
    return accept(
        project_id=project.pk,
        achieved=forms.form.achieved(),
        others=forms.formset.figures(),
        costs=forms.costs.costs(),
        by=acting_user(request),
        version=data["version"],
        paper=Paper(data["document_number"], data["document_date"]),
        reason=data["reason"],
    )


def _context(request: HttpRequest, project: Project, forms: Forms) -> dict[str, Any]:
    closed = reason_against(policies.check_can_accept, acting_user(request), project)
    problems = [] if closed else problems_before(Action.ACCEPT, project, asked_here=[has_accepted_costs])
    return project_page_context(request, project, "progress") | {
        "form": forms.form,
        "formset": forms.formset,
        "costs": forms.costs,
        "closed": closed,
        "problems": problems,
        "warnings": [] if closed else warnings_before(Action.ACCEPT, project),
        "field_check": last_field_check(project),
    }
