"""Closing the books of a budget year, and opening them again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from funding.actions.year import close_year, reopen_year
from funding.forms.budget import FIRST_YEAR
from funding.forms.year import YearCloseForm, YearReopenForm
from funding.policies import provinces_open_to
from funding.queries.budget import budget_years
from funding.queries.year import YearState, year_state, year_states
from funding.views.common import DONE, submit
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.actions.project import Paper


@requires(Permission.MONEY_VIEW)
@require_safe
def budget_year_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    years = budget_years(user)
    year = _year_of_address(request)
    provinces = provinces_open_to(user)
    context = {
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "states": year_states(user, provinces, year) if provinces else [],
        "can_close": user.has_permission(Permission.BUDGET_EDIT) and year <= timezone.localdate().year,
        "can_reopen": user.has_permission(Permission.PROJECT_APPROVE),
        "can_carry_over": user.has_permission(Permission.PROJECT_AMEND),
    }
    return render(request, "funding/budget_year.html", context)


@requires(Permission.BUDGET_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def budget_year_close(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    state = _state(request, pk, year)
    if request.method != "POST" and state.is_closed:
        return _back(request, year, messages.ERROR, f"Sổ năm {year} đã khóa.")
    form = YearCloseForm(_posted(request), initial={"version": state.version})
    done = f"Đã khóa sổ năm {year} của {state.province.name}."
    return _answer(request, state, form, close_year, done, "funding/budget_year_close.html")


@requires(Permission.PROJECT_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def budget_year_reopen(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    state = _state(request, pk, year)
    if request.method != "POST" and not state.is_closed:
        return _back(request, year, messages.ERROR, f"Sổ năm {year} đang mở.")
    form = YearReopenForm(_posted(request), initial={"version": state.version})
    done = f"Đã mở lại sổ năm {year} của {state.province.name}. Sửa xong, hãy khóa lại."
    return _answer(request, state, form, reopen_year, done, "funding/budget_year_reopen.html")


def _answer(
    request: HttpRequest, state: YearState, form: forms.Form, act: Callable[..., Any], done: str, template: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = submit(form, partial(_act, form, state, act, request.user))
        if status == DONE:
            return _back(request, state.year, messages.SUCCESS, done)
    return render(request, template, {"state": state, "year": state.year, "form": form}, status=status)


def _act(form: forms.Form, state: YearState, act: Callable[..., Any], user: Any) -> None:
    values = form.cleaned_data
    act(
        province_id=state.province.pk,
        year=state.year,
        by=user,
        version=values["version"],
        paper=Paper(values["document_number"], values["document_date"]),
        reason=values["reason"],
    )


def _state(request: HttpRequest, pk: int, year: int) -> YearState:
    """Errors: Http404 for a province that the person does not answer for, or a year that cannot be."""
    user: Any = request.user
    province = next((one for one in provinces_open_to(user) if one.pk == pk), None)
    if province is None or not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    return year_state(user, province, year)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(request: HttpRequest, year: int, level: int, text: str) -> HttpResponse:
    messages.add_message(request, level, text)
    return redirect(f"{reverse('funding:budget-year')}?year={year}")


def _year_of_address(request: HttpRequest) -> int:
    """The year of the address, next year at the latest; otherwise last year: the one that is closed next."""
    text = request.GET.get("year", "")
    last = timezone.localdate().year
    is_year = len(text) == 4 and text.isascii() and text.isdigit()
    return int(text) if is_year and FIRST_YEAR <= int(text) <= last + 1 else last - 1
