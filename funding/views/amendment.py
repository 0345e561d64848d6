"""Amending an approved project: the form, and its versions."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from funding.actions.amendment import amend
from funding.forms.amendment import NEW_ROWS, AmendedAmountsForm, ContractSupportForm, amended_sources
from funding.forms.norms import NormReasonForm
from funding.models import FundingLine, Source
from funding.queries.amendment import amendment_history
from funding.queries.budget import project_positions
from funding.queries.money import participants_of, project_money
from funding.queries.norms import load_facts, norm_rows, raised_payees
from funding.views.common import DONE, load_project, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.forms.amendment import AmendmentForm, NewParticipantFormSet, amended_figures_formset
from programs.models import Amendment, Project
from programs.policies import allowed, check_can_amend
from programs.views.project_page import acting_user, project_page_context
from programs.views.refusals import reason_against


class AmendmentForms:
    """The sections of the page, filled with what stands now or with what was typed."""

    def __init__(self, request: HttpRequest, project: Project) -> None:
        posted, user = request.POST if request.method == "POST" else None, acting_user(request)
        participants = participants_of(project)
        lines = {
            (line.participant_id, line.source_id): line.approved_vnd or 0
            for line in FundingLine.objects.filter(project=project)
        }
        sources = amended_sources(list(Source.objects.all()), frozenset(source_id for _, source_id in lines))
        contracts = list(project.contracts.select_related("participant__beneficiary"))
        values = list(project.indicators.select_related("indicator"))
        self.general = AmendmentForm(posted, project=project, participants=participants, user=user)
        self.new: Any = NewParticipantFormSet(posted, prefix="new", form_kwargs={"user": user})
        self.figures = amended_figures_formset(project, values, posted)
        rows: Any = [*participants, *NEW_ROWS]
        version = {"version": project.version}
        self.before = lines
        self.excuse = NormReasonForm(posted)
        self.amounts = AmendedAmountsForm(posted, participants=rows, sources=sources, amounts=lines, initial=version)
        self.contracts = ContractSupportForm(posted, contracts=contracts)

    def submit(self, act: Any) -> int:
        """DONE, or the status of the page that shows what is wrong."""
        if self.amounts.is_valid() and self.new.is_valid():
            self.amounts.check_places(self.new.places())
        return submit(self.general, act, others=[self.new, self.figures, self.amounts, self.contracts, self.excuse])

    def limits(self, project: Project) -> dict[str, Any]:
        """What plans and norms allow of the amounts as they stand, of establishments that have joined already."""
        after = {key: vnd for key, vnd in self.amounts.readable_amounts().items() if (key[0] or 0) >= 0}
        day = (getattr(self.general, "cleaned_data", None) or {}).get("document_date") or timezone.localdate()
        positions = project_positions(project, {}, project.approved_date or day)
        remaining = {
            source.pk: position.remaining_vnd + sum(vnd for key, vnd in self.before.items() if key[1] == source.pk)
            for source, position in positions
        }
        rows = [row for row in norm_rows(project, after, day, load_facts([project]), remaining) if row.wanted_vnd]
        raised = raised_payees(project, self.before, after)
        asks = any(row.needs_reason for row in rows if row.participant_id in raised)
        return {"positions": positions, "norm_rows": rows, "asks_reason": asks}

    def save(self, project: Project, user: Any) -> Amendment:
        places = self.new.places()
        return amend(
            project_id=project.pk,
            content=self.general.content(self.figures.figures(), self.new.added()),
            money=replace(self.amounts.money(places, self.contracts.support()), norm_reason=self.excuse.excuse()),
            decision=self.general.decision(),
            by=user,
            version=self.general.cleaned_data["version"],
        )


@requires(Permission.PROJECT_AMEND)
@require_http_methods(["GET", "HEAD", "POST"])
def project_amend(request: HttpRequest, pk: int) -> HttpResponse:
    project, user, status = load_project(request, pk), acting_user(request), 200
    forms = AmendmentForms(request, project)
    closed = ""
    if request.method == "POST":
        closed = reason_against(check_can_amend, user, project)
        status = forms.submit(partial(forms.save, project, user))
        if status == DONE:
            last = project.amendments.last()
            messages.success(request, f"Đã ghi {str(last).lower()} của đề án {project.code}. Hãy rà lại bảng dưới đây.")
            return redirect(reverse("funding:project-amendments", args=[pk]) + "#lan-moi-nhat")
    elif away := turned_away(request, project, check_can_amend, project):
        return away
    context = project_page_context(request, project, "amendments") | {
        "forms": forms,
        "closed": closed,
        "is_stale": status == 409,
        "earlier": project.amendments.last(),
        **forms.limits(project),
    }
    return render(request, "funding/project_amend.html", context, status=status)


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_amendments(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version from the approved one to today's."""
    project, user = load_project(request, pk), acting_user(request)
    with_money = user.has_permission(Permission.MONEY_VIEW)
    context = project_page_context(request, project, "amendments") | {
        "history": amendment_history(project, with_money=with_money) if project.approved_date else None,
        "money": project_money(project) if with_money else None,
        "may_amend": allowed(check_can_amend, user, project),
    }
    return render(request, "funding/project_amendments.html", context)
