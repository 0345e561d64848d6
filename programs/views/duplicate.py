"""Signs that a project is supported a second time, and the reasons why it is not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.duplicate import give_duplicate_reason
from programs.equipment_policies import check_can_explain_duplicate
from programs.forms.duplicate import DuplicateReasonForm
from programs.models import Project
from programs.policies import allowed
from programs.queries.duplicate_table import duplicate_table
from programs.views.project_page import acting_user, load_project, project_page_context
from programs.views.refusals import page_status, reason_against, refuse_move


def duplicates_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What templates/programs/_project_duplicates.html draws; the apps above show it too."""
    user = acting_user(request)
    return {
        "duplicates": duplicate_table(user, project),
        "can_explain": allowed(check_can_explain_duplicate, user, project),
    }


@requires(Permission.PROJECT_APPRAISE, Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_duplicates(request: HttpRequest, pk: int) -> HttpResponse:
    """The soft signs with a box each, and one reason for those that are ticked."""
    user, project, status = acting_user(request), load_project(request, pk), 200
    context = duplicates_context(request, project)
    signs = [row.sign for row in context["duplicates"].all_rows if not row.sign.is_hard]
    form = DuplicateReasonForm(request.POST if request.method == "POST" else None, project=project, signs=signs)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            given = {"keys": form.chosen(), "reason": data["reason"], "version": data["version"]}
            try:
                added = give_duplicate_reason(project_id=pk, by=user, **given)
            except Refused as refusal:
                project = load_project(request, pk)
                status = refuse_move(form, refusal, project.version)
            else:
                messages.success(request, f"Đã ghi giải trình cho {len(added)} dấu hiệu.")
                return redirect("programs:project-beneficiaries", pk=pk)
    closed = reason_against(check_can_explain_duplicate, user, project)
    context |= project_page_context(request, project, "beneficiaries")
    context |= {"form": form, "closed": closed, "is_stale": status == 409}
    return render(request, "programs/project_duplicates.html", context, status=page_status(status, closed))
