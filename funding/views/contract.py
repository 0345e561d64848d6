"""Signing the contracts of an approved project."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.contract import sign_contract
from funding.forms.contract import ContractFormSet
from funding.queries.money import participants_of, project_money
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.formfields import VersionForm
from programs.models import Project


@requires(Permission.CONTRACT_SIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def project_sign(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted, status = request.POST if request.method == "POST" else None, 200
    form = VersionForm(posted, initial={"version": project.version})
    formset = ContractFormSet(
        posted,
        prefix="contracts",
        initial=_suggested(project),
        form_kwargs={"participants": participants_of(project)},
    )
    if request.method == "POST":
        status = submit(form, partial(_sign, form, formset, project, request.user), others=[formset])
        if status == DONE:
            messages.success(request, "Đã ghi hợp đồng.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_sign, project):
        return away
    context = project_context(request, project, form=form, formset=formset, money=project_money(project))
    return render(request, "funding/project_sign.html", context, status=status)


def _suggested(project: Project) -> list[dict[str, Any]]:
    """A row for each payee that was granted state money, with the whole amount."""
    money, rows = project_money(project), []
    for row in money.rows:
        support = sum(cell.approved_vnd or 0 for source, cell in row.pairs if source.is_state_money)
        if support:
            rows.append({"participant": row.participant.pk if row.participant else "", "support_vnd": support})
    return rows


def _sign(form: VersionForm, formset: Any, project: Project, user: Any) -> None:
    sign_contract(project_id=project.pk, contracts=formset.contracts(), by=user, version=form.cleaned_data["version"])
