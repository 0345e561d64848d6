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
from funding.forms.norms import NormReasonForm
from funding.queries.approval_items import project_item_rows
from funding.queries.budget import project_positions
from funding.queries.money import sources_to_approve
from funding.queries.norms import load_facts, norm_rows
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from funding.views.request import RECKON, amounts_form
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.formfields import PaperForm
from programs.actions.project import Paper
from programs.models import Project
from programs.views.duplicate import duplicates_context


@requires(Permission.PROJECT_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_approve(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted = request.POST if request.method == "POST" else None
    reckoning = RECKON in request.POST
    form, status = amounts_form(request, project, sources_to_approve(project)), 200
    paper = PaperForm(posted, needs_document=not reckoning, initial={"version": project.version})
    excuse = NormReasonForm(posted)
    if request.method == "POST" and not reckoning:
        status = submit(form, partial(_approve, form, paper, excuse, project, request.user), others=[paper, excuse])
        if status == DONE:
            messages.success(request, f"Đã phê duyệt đề án {project.code}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_approve, project):
        return away
    context = project_context(
        request, project, form=form, paper=paper, excuse=excuse, reckon=RECKON, **_limits(project, form, paper)
    )
    context |= duplicates_context(request, project)
    return render(request, "funding/project_approve.html", context, status=status)


def _approve(form: AmountsForm, paper: PaperForm, excuse: NormReasonForm, project: Project, user: Any) -> None:
    document = Paper(paper.cleaned_data["document_number"], paper.cleaned_data["document_date"])
    approve(
        project_id=project.pk,
        amounts=form.amounts(),
        by=user,
        version=form.cleaned_data["version"],
        paper=document,
        reason=paper.cleaned_data["reason"],
        norm_reason=excuse.excuse(),
    )


def _decision_day(paper: PaperForm) -> datetime.date:
    """The day that decides whose budget pays: the typed one, today until there is one."""
    if paper.is_bound:
        paper.is_valid()
    typed = paper.cleaned_data.get("document_date") if paper.is_bound else None
    return typed or timezone.localdate()


def _limits(project: Project, form: AmountsForm, paper: PaperForm) -> dict[str, Any]:
    """What plans and norms of the decision's day allow of the amounts as they stand, and the norms to choose from."""
    day, wanted = _decision_day(paper), form.sums_by_source()
    positions, item_rows = project_positions(project, wanted, day), project_item_rows(project, wanted, day)
    remaining = {source.pk: position.remaining_vnd for source, position in positions}
    for row in item_rows:
        left = row.position.remaining_vnd
        remaining[row.source.pk] = min(remaining.get(row.source.pk, left), left)
    facts = load_facts([project])
    rows = [row for row in norm_rows(project, form.readable_amounts(), day, facts, remaining) if row.wanted_vnd]
    return {
        "positions": [(source, position) for source, position in positions if source in form.sources],
        "item_rows": item_rows,
        "norm_rows": rows,
        "asks_reason": any(row.needs_reason for row in rows),
        "norms": [norm for series in facts.series(project, day) for norm in series.rows],
    }
