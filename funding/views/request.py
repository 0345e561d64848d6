"""What a project asks for."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.request import set_requested
from funding.forms.amounts import AmountsForm
from funding.models import Source
from funding.queries.money import participants_of, requested_amounts
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.models import Project


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_request(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    form, status = amounts_form(request, project), 200
    if request.method == "POST":
        status = submit(form, partial(_save, form, project, request.user))
        if status == DONE:
            messages.success(request, "Đã ghi kinh phí đề nghị.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_set_requested, project):
        return away
    return render(request, "funding/project_request.html", project_context(request, project, form=form), status=status)


def amounts_form(request: HttpRequest, project: Project, sources: Iterable[Source] | None = None) -> AmountsForm:
    """The matrix with what was typed, or with what is requested now; over all sources unless told which."""
    return AmountsForm(
        request.POST if request.method == "POST" else None,
        participants=participants_of(project),
        sources=Source.objects.filter(is_active=True) if sources is None else sources,
        amounts=requested_amounts(project),
        initial={"version": project.version},
    )


def _save(form: AmountsForm, project: Project, user: Any) -> None:
    set_requested(project_id=project.pk, amounts=form.amounts(), by=user, version=form.cleaned_data["version"])
