"""Progress reports."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.progress import report_progress
from programs.forms.progress import ProgressForm
from programs.models import ProgressReport, Project
from programs.policies import allowed, check_can_attach, check_can_check_field, check_can_move
from programs.queries.progress import progress_timeline
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move
from programs.workflow import Action


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_progress(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    context = project_page_context(request, project, "progress")
    user = acting_user(request)
    context["timeline"] = progress_timeline(project)
    context["can_check"] = allowed(check_can_check_field, user, project)
    context["can_attach"] = allowed(check_can_attach, user, project)
    return render(request, "programs/project_progress.html", context)


@requires(Permission.PROGRESS_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def project_report_progress(request: HttpRequest, pk: int) -> HttpResponse:
    user, project, status = acting_user(request), load_project(request, pk), 200
    last = project.progress.first()
    initial = {"version": project.version, "report_date": timezone.localdate()}
    form = ProgressForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                report = _report(request, project, form.cleaned_data)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                _tell(request, project, report, last)
                return redirect("programs:project-progress", pk=pk)
    closed = reason_against(check_can_move, user, project, Action.REPORT_PROGRESS)
    context = project_page_context(request, project, "progress") | {"form": form, "closed": closed, "last": last}
    context["is_stale"] = status == 409
    return render(request, "programs/project_report_progress.html", context, status=page_status(status, closed))


def _report(request: HttpRequest, project: Project, data: dict[str, Any]) -> ProgressReport:
    return report_progress(
        project_id=project.pk,
        report_date=data["report_date"],
        percent=data["percent_done"],
        content=data["content"],
        by=acting_user(request),
        version=data["version"],
    )


def _tell(request: HttpRequest, project: Project, report: ProgressReport, last: ProgressReport | None) -> None:
    messages.success(request, f"Đã ghi báo cáo tiến độ của đề án {project.code}: {report.percent_done} %.")
    if last is not None and report.percent_done < last.percent_done:
        messages.warning(
            request,
            f"Khối lượng {report.percent_done} % thấp hơn lần báo cáo trước ({last.percent_done} %). "
            "Nếu nhập nhầm, hãy ghi thêm một báo cáo đúng.",
        )
