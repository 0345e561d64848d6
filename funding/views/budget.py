"""The year's budget: the board and its entries."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from funding.actions.budget import add_budget_entry
from funding.forms.budget import BudgetEntryForm
from funding.models import Source
from funding.models.budget import BUDGETED_KINDS
from funding.policies import provinces_open_to
from funding.queries.budget import budget_board, budget_years
from funding.views.common import DONE, submit
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires


@requires(Permission.MONEY_VIEW)
@require_safe
def budget_board_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    years = budget_years(user)
    year = _chosen_year(request, years)
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
    form = BudgetEntryForm(
        request.POST if request.method == "POST" else None,
        sources=list(Source.objects.filter(kind__in=BUDGETED_KINDS, is_active=True)),
        provinces=provinces,
        initial={"year": _chosen_year(request, []), "province": provinces[0].pk},
    )
    if request.method == "POST":
        status = submit(form, partial(_add, form, user))
        if status == DONE:
            messages.success(request, "Đã ghi dự toán.")
            return redirect(f"{reverse('funding:budget-board')}?year={form.cleaned_data['year']}")
    return render(request, "funding/budget_entry_add.html", {"form": form}, status=status)


def _chosen_year(request: HttpRequest, years: list[int]) -> int:
    """The year of the address; otherwise the newest with figures, otherwise this year."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return years[0] if years else timezone.localdate().year


def _add(form: BudgetEntryForm, user: Any) -> None:
    values = form.cleaned_data
    add_budget_entry(
        year=values["year"],
        source_id=values["source"],
        amount_vnd=form.signed_amount_vnd(),
        decision_number=values["decision_number"],
        decision_date=values["decision_date"],
        note=values["note"],
        province_id=values["province"],
        by=user,
    )
