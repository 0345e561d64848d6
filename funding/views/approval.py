"""Approving a project and its money."""

import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.approval import approve
from funding.forms.amounts import AmountsForm
from funding.models import Norm
from funding.queries.budget import project_positions
from funding.queries.money import project_money, sources_to_approve
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from funding.views.request import amounts_form
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.formfields import PaperForm
from programs.actions.project import Paper
from programs.models import Project


@requires(Permission.PROJECT_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_approve(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted = request.POST if request.method == "POST" else None
    form, status = amounts_form(request, project, sources_to_approve(project)), 200
    paper = PaperForm(posted, initial={"version": project.version})
    if request.method == "POST":
        status = submit(form, partial(_approve, form, paper, project, request.user), others=[paper])
        if status == DONE:
            messages.success(request, f"Đã phê duyệt đề án {project.code}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_approve, project):
        return away
    positions = project_positions(project, form.sums_by_source(), _decision_day(paper))
    positions = [(source, position) for source, position in positions if source in form.sources]
    context = project_context(
        request,
        project,
        form=form,
        paper=paper,
        positions=positions,
        money=project_money(project),
        norms=_norms(project),
    )
    return render(request, "funding/project_approve.html", context, status=status)


def _approve(form: AmountsForm, paper: PaperForm, project: Project, user: Any) -> None:
    document = Paper(paper.cleaned_data["document_number"], paper.cleaned_data["document_date"])
    approve(
        project_id=project.pk,
        amounts=form.amounts(),
        by=user,
        version=form.cleaned_data["version"],
        paper=document,
        reason=paper.cleaned_data["reason"],
    )


def _decision_day(paper: PaperForm) -> datetime.date:
    """The day that decides whose budget pays: the typed one, today until there is one."""
    typed = paper.cleaned_data.get("document_date") if paper.is_bound and paper.is_valid() else None
    return typed or timezone.localdate()


def _norms(project: Project) -> list[Norm]:
    """Norms on record for the project's content, shown beside the amounts; dates and certainty are part of the text."""
    return list(Norm.objects.filter(support_item=project.support_item, track=project.track))
