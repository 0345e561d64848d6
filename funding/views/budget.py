"""The year's budget: the board and its entries."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from funding.actions.budget import record_budget_decision
from funding.forms.budget import BudgetDecisionForm, BudgetRowFormSet
from funding.models import Source
from funding.models.budget import PLANNED_KINDS
from funding.policies import provinces_open_to
from funding.queries.budget import budget_board, budget_years
from funding.views.common import DONE
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs.models import SupportItem


@requires(Permission.MONEY_VIEW)
@require_safe
def budget_board_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    years = budget_years(user)
    year = chosen_year(request, years)
    context = {
        "board": budget_board(user, year),
        "years": sorted({*years, year}, reverse=True),
        "can_add": user.has_permission(Permission.BUDGET_EDIT) and bool(provinces_open_to(user)),
        "can_approve": user.has_permission(Permission.PROJECT_APPROVE),
    }
    return render(request, "funding/budget_board.html", context)


@requires(Permission.BUDGET_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def budget_entry_add(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    provinces, status = provinces_open_to(user), 200
    if not provinces:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = BudgetDecisionForm(
        posted,
        sources=list(Source.objects.filter(kind__in=PLANNED_KINDS, is_active=True)),
        provinces=provinces,
        initial={"year": chosen_year(request, []), "province": provinces[0].pk},
    )
    rows = BudgetRowFormSet(posted, prefix="rows", form_kwargs={"items": list(SupportItem.objects.all())})
    if request.method == "POST":
        status = _submit(form, rows, user)
        if status == DONE:
            messages.success(request, "Đã ghi dự toán.")
            return redirect(f"{reverse('funding:budget-board')}?year={form.cleaned_data['year']}")
    return render(request, "funding/budget_entry_add.html", {"form": form, "formset": rows}, status=status)


def chosen_year(request: HttpRequest, years: list[int]) -> int:
    """The year of the address; otherwise the newest with figures, otherwise this year."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return years[0] if years else timezone.localdate().year


def _submit(form: BudgetDecisionForm, rows: Any, user: Any) -> int:
    """DONE, or the status of the page that shows what is wrong, at the row where a row is to blame."""
    if not all([form.is_valid(), rows.is_valid()]):
        return 422
    values = form.cleaned_data
    try:
        record_budget_decision(
            year=values["year"],
            source_id=values["source"],
            rows=rows.plan_rows(),
            decision=form.decision(),
            by=user,
            province_id=values["province"],
        )
    except Refused as refusal:
        owner = rows.owner_of(refusal)
        return add_refusal(*owner) if owner else add_refusal(form, refusal)
    return DONE
