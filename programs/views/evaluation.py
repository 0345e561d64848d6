"""What support came to, establishment by establishment: the tab of a project, a new row, a corrected row."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.ui.listpage import ListPage
from programs.actions.evaluation import correct_evaluation, record_evaluation
from programs.evaluation_policies import (
    EVALUATED_IN,
    EVALUATORS,
    check_can_correct_evaluation,
    check_can_evaluate,
    is_of_same_office,
)
from programs.forms.evaluation import EvaluationForm
from programs.models import Project, SupportEvaluation
from programs.policies import allowed
from programs.queries.evaluation import evaluated_participants, last_evaluation, measures
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move

TAB = "evaluations"
PAGE_SIZE = 20  # establishments


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_evaluations(request: HttpRequest, pk: int) -> HttpResponse:
    user, project = acting_user(request), load_project(request, pk)
    listing = ListPage(
        request,
        evaluated_participants(project),
        search_fields=(),
        page_size=PAGE_SIZE,
        target="",
        noun="cơ sở",
    )
    can_evaluate = allowed(check_can_evaluate, user, project)
    context = project_page_context(request, project, TAB) | {"listing": listing, "can_evaluate": can_evaluate}
    context["is_accepted"] = project.state in EVALUATED_IN
    context["parts"] = [
        (part, [(one, measures(one), can_evaluate and is_of_same_office(user, one)) for one in part.evaluations.all()])
        for part in listing.page_obj
    ]
    return render(request, "programs/project_evaluations.html", context)


@requires(*EVALUATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_add(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    part = get_object_or_404(project.participants.select_related("beneficiary"), pk=participant_pk)
    last = last_evaluation(part)
    initial = {"version": project.version, "evaluated_on": timezone.localdate()}
    form = EvaluationForm(request.POST if request.method == "POST" else None, last=last, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"values": form.values(), "version": form.cleaned_data["version"]}
            try:
                record_evaluation(project_id=pk, participant_id=participant_pk, by=user, **given)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã ghi đánh giá sau hỗ trợ của {part}.")
                return redirect("programs:project-evaluations", pk=pk)
    closed = reason_against(check_can_evaluate, user, project)
    return _page(request, project, form, {"part": part, "last": last, "closed": closed}, status)


@requires(*EVALUATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_edit(request: HttpRequest, pk: int, evaluation_pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    edited = _load(project, evaluation_pk)
    form = EvaluationForm(
        request.POST if request.method == "POST" else None, edited=edited, initial={"version": project.version}
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"values": form.values(), "version": form.cleaned_data["version"]}
            try:
                correct_evaluation(project_id=pk, evaluation_id=evaluation_pk, by=user, **given)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã lưu đánh giá sau hỗ trợ của {edited.participant}.")
                return redirect("programs:project-evaluations", pk=pk)
    closed = reason_against(check_can_correct_evaluation, user, project, edited)
    return _page(request, project, form, {"part": edited.participant, "edited": edited, "closed": closed}, status)


def _load(project: Project, pk: int) -> SupportEvaluation:
    rows = SupportEvaluation.objects.filter(participant__project=project)
    return get_object_or_404(rows.select_related("participant__beneficiary", "recorded_by__organisation"), pk=pk)


def _page(
    request: HttpRequest, project: Project, form: EvaluationForm, more: dict[str, Any], status: int
) -> HttpResponse:
    context = project_page_context(request, project, TAB) | {"form": form, "is_stale": status == 409} | more
    return render(request, "programs/evaluation_form.html", context, status=page_status(status, more["closed"]))
