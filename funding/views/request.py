"""What a project asks for, and what its norms are reckoned from."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.request import set_requested
from funding.forms.amounts import AmountsForm
from funding.forms.norms import BasisForm
from funding.models import Source
from funding.queries.money import participants_of, requested_amounts
from funding.queries.norm_series import offered_series
from funding.queries.norms import NormFacts, load_facts, norm_rows
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.models import Project

RECKON = "reckon"  # the button that only reckons anew


@requires(Permission.PROJECT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def project_request(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    facts = load_facts([project])
    form, basis, status = amounts_form(request, project), _basis_form(request, project, facts), 200
    if request.method == "POST" and RECKON not in request.POST:
        status = submit(form, partial(_save, form, basis, project, request.user), others=[basis])
        if status == DONE:
            messages.success(request, "Đã ghi kinh phí đề nghị.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_set_requested, project):
        return away
    typed = facts.with_bases(project, basis.bases())
    rows = norm_rows(project, form.readable_amounts(), timezone.localdate(), typed)
    allowed = {row.participant_id: row for row in rows}
    context = project_context(
        request,
        project,
        form=form,
        basis=basis,
        basis_rows=[(payee, label, cells, allowed.get(payee)) for payee, label, cells in basis.rows],
        reckon=RECKON,
    )
    return render(request, "funding/project_request.html", context, status=status)


def amounts_form(request: HttpRequest, project: Project, sources: Iterable[Source] | None = None) -> AmountsForm:
    """The matrix with what was typed, or with what is requested now; over all sources unless told which."""
    return AmountsForm(
        request.POST if request.method == "POST" else None,
        participants=participants_of(project),
        sources=Source.objects.filter(is_active=True) if sources is None else sources,
        amounts=requested_amounts(project),
        initial={"version": project.version},
    )


def _basis_form(request: HttpRequest, project: Project, facts: NormFacts) -> BasisForm:
    bases = {payee: basis for (_, payee), basis in facts.bases.items()}
    today = timezone.localdate()
    series = facts.series(project, today)
    return BasisForm(
        request.POST if request.method == "POST" else None,
        payees=list(facts.payees[project.pk].items()),
        series=offered_series(series, {basis.norm_id for basis in bases.values()}, today),
        bases=bases,
    )


def _save(form: AmountsForm, basis: BasisForm, project: Project, user: Any) -> None:
    set_requested(
        project_id=project.pk,
        amounts=form.amounts(),
        by=user,
        version=form.cleaned_data["version"],
        bases=basis.bases(),
    )
