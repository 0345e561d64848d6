"""Settling a liquidated project."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.settlement import settle_project
from funding.forms.settlement import SettlementForm
from funding.queries.settlement import settlement_of
from funding.settlement_checks import settlement_is_written
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.actions.project import Paper
from programs.checks import problems_before
from programs.models import Project
from programs.workflow import Action


@requires(Permission.PROJECT_SETTLE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_settle(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted, status = request.POST if request.method == "POST" else None, 200
    table = settlement_of(project)
    form = SettlementForm(posted, table=table, initial={"version": project.version}, needs_reason=False)
    if request.method == "POST":
        status = submit(form, partial(_settle, form, project, request.user))
        if status == DONE:
            messages.success(request, f"Đã quyết toán đề án {project.code}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_settle, project):
        return away
    context = project_context(
        request,
        project,
        form=form,
        table=table,
        problems=_problems(project) if status == 200 else [],
    )
    return render(request, "funding/project_settle.html", context, status=status)


def _problems(project: Project) -> list[str]:
    """Every reason against it; the lines themselves are written when the form is sent."""
    texts = problems_before(Action.SETTLE, project, asked_here=[settlement_is_written])
    return [line for text in texts for line in text.split("\n")]


def _settle(form: SettlementForm, project: Project, user: Any) -> None:
    settle_project(
        project_id=project.pk,
        by=user,
        version=form.cleaned_data["version"],
        paper=Paper(form.cleaned_data["document_number"], form.cleaned_data["document_date"]),
        reason=form.cleaned_data["reason"],
        unpaid_reasons=form.unpaid_reasons(),
    )
