"""Answering what a project was returned for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from programs.actions.supplement_answer import answer_points
from programs.forms.supplement import AnswersForm
from programs.models import SupplementPoint
from programs.policies import check_can_answer
from programs.views.project import show_project
from programs.views.project_page import acting_user, load_project
from programs.views.refusals import reason_against, refuse_move


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def supplement_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The boxes stand on the project's page; what is refused is shown there, with what was typed."""
    project, user = load_project(request, pk), acting_user(request)
    if request.method != "POST":
        return redirect("programs:project-detail", pk=pk)
    points = list(SupplementPoint.objects.of_last_return(pk))
    form, status = AnswersForm(request.POST, points=points), 422
    if form.is_valid():
        try:
            answered = answer_points(
                project_id=pk, answers=form.answers(), by=user, version=form.cleaned_data["version"]
            )
        except Refused as refusal:
            project = load_project(request, pk)
            status = refuse_move(form, refusal, project.version)
        else:
            messages.success(request, f"Đã ghi giải trình của đề án {answered.code}.")
            return redirect("programs:project-detail", pk=pk)
    closed = reason_against(check_can_answer, user, project)
    return show_project(request, project, answers=form, refused=closed, status=status)
