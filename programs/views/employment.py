"""Employment after training, recorded survey by survey."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.employment import record_employment
from programs.forms.employment import EmploymentForm
from programs.policies import check_can_record_employment
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move


@requires(Permission.PROJECT_ACCEPT)
@require_http_methods(["GET", "HEAD", "POST"])
def employment_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    last = project.employment.first()
    initial = {"version": project.version, "surveyed_on": timezone.localdate()}
    initial["trained_count"] = last.trained_count if last else None
    form = EmploymentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                record_employment(project_id=pk, values=form.values(), by=user, version=form.cleaned_data["version"])
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã ghi việc làm sau đào tạo của đề án {project.code}.")
                return redirect("programs:project-indicators", pk=pk)
    closed = reason_against(check_can_record_employment, user, project)
    context = project_page_context(request, project, "indicators") | {"form": form, "closed": closed, "last": last}
    context["is_stale"] = status == 409
    return render(request, "programs/employment_form.html", context, status=page_status(status, closed))
