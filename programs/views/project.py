"""The general part of a project: register, show, edit."""

import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs.actions.project import edit_project, register_project
from programs.forms.project import ProjectCreateForm, ProjectEditForm
from programs.forms.supplement import AnswersForm
from programs.models import Project, SupplementPoint
from programs.policies import allowed, check_can_answer, check_can_assign_appraiser, check_can_edit
from programs.queries.council import council_block
from programs.views.project_copy import copy_links
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    user, status = acting_user(request), 200
    form = ProjectCreateForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                project = register_project(values=form.values, by=user)
            except Refused as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, f"Đã lập đề án {project.code}. Tiếp theo: chọn cơ sở thụ hưởng.")
                return redirect("programs:project-beneficiaries", pk=project.pk)
    return render(request, "programs/project_create.html", {"form": form}, status=status)


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    return show_project(request, project, answers=answers_form(request, project))


def answers_form(request: HttpRequest, project: Project) -> AnswersForm | None:
    """The boxes for what was asked for, for those who may answer it."""
    if not allowed(check_can_answer, acting_user(request), project):
        return None
    points = list(SupplementPoint.objects.of_last_return(project.pk))
    return AnswersForm(points=points, initial={"version": project.version})


def show_project(
    request: HttpRequest, project: Project, *, answers: AnswersForm | None, refused: str = "", status: int = 200
) -> HttpResponse:
    """The general tab; `answers` are the boxes of the last return, `refused` says why they cannot be written."""
    context = project_page_context(request, project, "general")
    context["steps"] = project.steps.select_related("by__organisation")
    context |= council_block(acting_user(request), project)
    context |= {"answers": answers, "refused": refused, "is_stale": status == 409}
    context |= copy_links(request, project)
    context["can_assign"] = allowed(check_can_assign_appraiser, acting_user(request), project)
    return render(request, "programs/project_detail.html", context, status=status)


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    # The form writes what was typed into its instance; the page's header goes on showing what is stored.
    initial = {"version": project.version}
    data = request.POST if request.method == "POST" else None
    form = ProjectEditForm(data, instance=copy.copy(project), user=user, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_project(project_id=pk, values=form.values, by=user, version=form.cleaned_data["version"])
            except Refused as refusal:
                status = add_refusal(form, refusal)
            else:
                messages.success(request, f"Đã ghi thông tin chung của đề án {project.code}.")
                return redirect("programs:project-detail", pk=pk)
    closed = reason_against(check_can_edit, user, project)
    context = project_page_context(request, project, "general") | {"form": form, "closed": closed}
    context["is_stale"] = status == 409
    return render(request, "programs/project_edit.html", context, status=page_status(status, closed))
