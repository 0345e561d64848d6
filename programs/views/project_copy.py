"""Making a new project from an earlier one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.project_copy import copy_project
from programs.forms.project_copy import ProjectCopyForm
from programs.models import Project
from programs.policies import allowed, check_can_copy
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import refuse_move


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The source is read from the address, and only if the person may see it; nothing of it is taken from the form."""
    user, source, status = acting_user(request), load_project(request, pk), 200
    form = ProjectCopyForm(request.POST if request.method == "POST" else None, user=user, source=source)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = copy_project(
                    source_id=pk, values=form.values, parts=data["parts"], by=user, version=data["version"]
                )
            except Refused as refusal:
                source = load_project(request, pk)
                status = refuse_move(form, refusal, source.version)
            else:
                return _done(request, source, made, data["parts"])
    context = project_page_context(request, source, "general") | {"form": form, "checklist": None, "moves": []}
    context["is_stale"] = status == 409
    return render(request, "programs/project_copy.html", context, status=status)


def copy_links(request: HttpRequest, project: Project) -> dict[str, Any]:
    """For the general tab: whether the person may copy the project, and the one that it was itself copied from."""
    user = acting_user(request)
    source = None
    if project.copied_from_id is not None:
        source = Project.objects.visible_to(user).filter(pk=project.copied_from_id).first()
    return {"can_copy": allowed(check_can_copy, user, project), "copied_from": source}


def _done(request: HttpRequest, source: Project, made: Project, parts: list[str]) -> HttpResponse:
    messages.success(
        request, f"Đã lập đề án {made.code} từ {source.code}. Hãy xem lại từng phần, đính kèm giấy tờ mới rồi trình."
    )
    left_out = source.participants.count() - made.participants.count() if "beneficiaries" in parts else 0
    if left_out > 0:
        messages.warning(request, f"{left_out} cơ sở ngoài địa bàn của đơn vị bạn không được chép.")
    return redirect("programs:project-detail", pk=made.pk)
