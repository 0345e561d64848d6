"""Checks at the place, recorded from their minutes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.field_check import record_field_check
from programs.forms.field_check import FieldCheckForm
from programs.models import Project
from programs.policies import check_can_check_field
from programs.queries.progress import progress_timeline
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move


@requires(Permission.PROGRESS_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def field_check_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    form = _form(request, project)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                check = record_field_check(
                    project_id=pk, values=form.values(), by=user, version=form.cleaned_data["version"]
                )
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã ghi biên bản kiểm tra {check.minutes_number}. Hãy đính kèm bản quét.")
                return redirect(reverse("programs:project-progress", args=[pk]))
    closed = reason_against(check_can_check_field, user, project)
    context = project_page_context(request, project, "progress") | {"form": form, "closed": closed}
    context |= {"is_stale": status == 409, "timeline": progress_timeline(project)}
    return render(request, "programs/field_check_form.html", context, status=page_status(status, closed))


def _form(request: HttpRequest, project: Project) -> FieldCheckForm:
    initial = {"version": project.version, "checked_on": timezone.localdate(), "report": project.progress.first()}
    return FieldCheckForm(request.POST if request.method == "POST" else None, project=project, initial=initial)
