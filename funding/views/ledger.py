"""Recording and reversing vouchers."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from funding import policies
from funding.actions.ledger import record_entry, reverse_entry
from funding.forms.ledger import LedgerEntryForm, ReversalForm
from funding.models import LedgerEntry, LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.advance import limits_of
from funding.queries.carry_over import budget_years_of
from funding.queries.contract import contract_rows
from funding.queries.money import participants_of, project_money
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.models import Project


@requires(Permission.LEDGER_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    project, ledger_kind, status = load_project(request, pk), _kind(kind), 200
    contracts = contract_rows(project)
    form = LedgerEntryForm(
        request.POST if request.method == "POST" else None,
        sources=list(_ledger_sources(project)),
        participants=participants_of(project),
        years=budget_years_of(project),
        contracts=[row.contract for row in contracts],
        kind=ledger_kind,
    )
    if request.method == "POST":
        status = submit(form, partial(_record, form, project, ledger_kind, request.user))
        if status == DONE:
            messages.success(request, f"Đã ghi {ledger_kind.label.lower()}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_record, project, ledger_kind):
        return away
    context = project_context(
        request,
        project,
        form=form,
        kind=ledger_kind,
        money=project_money(project),
        contracts=contracts,
        is_advance=ledger_kind is LedgerKind.ADVANCE,
        limits=limits_of(project) if ledger_kind is LedgerKind.ADVANCE else [],
    )
    return render(request, "funding/ledger_add.html", context, status=status)


@requires(Permission.LEDGER_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_reverse(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    project, status = load_project(request, pk), 200
    entries = LedgerEntry.objects.select_related("project", "source", "participant__beneficiary")
    entry = get_object_or_404(entries, pk=entry_pk, project=project)
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = submit(form, partial(_reverse, form, entry, request.user))
        if status == DONE:
            messages.success(request, f"Đã hủy chứng từ {entry.voucher_number}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_reverse, entry):
        return away
    context = project_context(request, project, form=form, entry=entry)
    return render(request, "funding/ledger_reverse.html", context, status=status)


def _kind(kind: str) -> LedgerKind:
    if kind not in LedgerKind.values:
        raise Http404
    return LedgerKind(kind)


def _ledger_sources(project: Project) -> Any:
    """State sources from which the project was granted money."""
    granted = {"lines__project": project, "lines__approved_vnd__gt": 0}
    return Source.objects.filter(kind__in=LEDGER_KINDS, **granted).distinct()


def _record(form: LedgerEntryForm, project: Project, kind: LedgerKind, user: Any) -> None:
    values = form.cleaned_data
    record_entry(
        project_id=project.pk,
        kind=kind,
        source_id=values["source"],
        participant_id=values["participant"],
        amount_vnd=values["amount_vnd"],
        voucher_number=values["voucher_number"],
        voucher_date=values["voucher_date"],
        treasury_reference=values["treasury_reference"],
        note=values["note"],
        year=values.get("year"),
        contract_id=values.get("contract"),
        grounds=form.grounds(),
        by=user,
    )


def _reverse(form: ReversalForm, entry: LedgerEntry, user: Any) -> None:
    values = form.cleaned_data
    reverse_entry(
        entry_id=entry.pk,
        reason=values["reason"],
        by=user,
        voucher_number=values["voucher_number"],
        voucher_date=values["voucher_date"],
    )
