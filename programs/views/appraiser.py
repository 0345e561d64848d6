"""Naming the appraiser of one project, or of the projects ticked on the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs import policies
from programs.actions.appraiser import assign_appraiser
from programs.forms.appraiser import AssignForm, ProjectAssignForm
from programs.forms.project_bulk import TICK
from programs.models import Project
from programs.views.project_bulk import Outcome, Ticked, ticked_projects
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_assign(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    initial = {"version": project.version, "appraiser": project.appraiser_id}
    form = ProjectAssignForm(request.POST if request.method == "POST" else None, user=user, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen, version = form.cleaned_data["appraiser"], form.cleaned_data["version"]
            try:
                assign_appraiser(project_id=pk, appraiser=chosen, by=user, version=version)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã giao đề án {project.code} cho {chosen} thẩm định.")
                return redirect("programs:project-detail", pk=pk)
    closed = reason_against(policies.check_can_assign_appraiser, user, project)
    context = project_page_context(request, project, "general") | {"form": form, "closed": closed}
    context["is_stale"] = status == 409
    return render(request, "programs/project_assign.html", context, status=page_status(status, closed))


@requires(Permission.PROJECT_APPRAISE)
@require_http_methods(["GET", "HEAD", "POST"])
def project_assign_bulk(request: HttpRequest) -> HttpResponse:
    """The list sends ticks and a person; this page shows what would happen and sends the versions that it showed."""
    user = acting_user(request)
    ticked = ticked_projects(request) if request.method == "POST" else None
    if ticked is None:
        return redirect(f"{reverse('programs:project-list')}?{request.GET.urlencode()}")
    done = "do" in request.POST
    form = AssignForm(request.POST, user=user) if done else AssignForm(initial=_chosen(request), user=user)
    if done and form.is_valid():
        outcomes = [_assign(project, ticked, form.cleaned_data["appraiser"], user) for project in ticked.projects]
        return _page(request, "programs/project_assign_bulk_done.html", ticked, form, outcomes)
    outcomes = [foresee(project, user) for project in ticked.projects]
    return _page(request, "programs/project_assign_bulk.html", ticked, form, outcomes, 422 if done else 200)


def foresee(project: Project, user: User) -> Outcome:
    """Whether an appraiser can be named now for a project of the user's area, changing nothing."""
    try:
        policies.check_assignable(project)
    except Refused as refusal:
        return Outcome(project, problems=(refusal.message,))
    return Outcome(project, project.state)


def _assign(project: Project, ticked: Ticked, appraiser: User, user: User) -> Outcome:
    version = ticked.versions[project.pk]
    try:
        assigned = assign_appraiser(project_id=project.pk, appraiser=appraiser, by=user, version=version)
    except Refused as refusal:
        return Outcome(project, problems=tuple(refusal.message.split("\n")))
    return Outcome(assigned, assigned.state)


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {"appraiser": request.POST.get("appraiser", "")}


def _page(
    request: HttpRequest, template: str, ticked: Ticked, form: AssignForm, outcomes: list[Outcome], status: int = 200
) -> HttpResponse:
    good = sum(1 for outcome in outcomes if outcome.target)
    context = {
        "form": form,
        "ticked": ticked,
        "outcomes": outcomes,
        "good": good,
        "bad": len(outcomes) - good,
        "tick": TICK,
        "back": f"{reverse('programs:project-list')}?{request.GET.urlencode()}",
        "querystring": request.GET.urlencode(),
    }
    return render(request, template, context, status=status)
