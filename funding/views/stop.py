"""Stopping a project, with or without money out."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.stop import stop_project
from funding.forms.stop import StopForm
from funding.queries.money import project_money
from funding.queries.recovery import out_rows
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.actions.project import Paper
from programs.models import Project


@requires(Permission.PROJECT_STOP)
@require_http_methods(["GET", "HEAD", "POST"])
def project_stop(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted, status = request.POST if request.method == "POST" else None, 200
    form = StopForm(posted, rows=out_rows(project), initial={"version": project.version})
    if request.method == "POST":
        status = submit(form, partial(_stop, form, project, request.user))
        if status == DONE:
            messages.success(request, f"Đã ngừng triển khai đề án {project.code}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_stop, project):
        return away
    context = project_context(request, project, form=form, money=project_money(project))
    return render(request, "funding/project_stop.html", context, status=status)


def _stop(form: StopForm, project: Project, user: Any) -> None:
    values = form.cleaned_data
    stop_project(
        project_id=project.pk,
        kept=form.kept(),
        due_date=values["due_date"],
        by=user,
        version=values["version"],
        paper=Paper(values["document_number"], values["document_date"]),
        reason=values["reason"],
    )
