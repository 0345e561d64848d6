"""Approving many projects by one decision: the list that waits, the chosen ones, all or nothing."""

import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from funding.actions.approval_list import LIST_LIMIT, approve_list
from funding.forms.approval_list import ApprovalListForm
from funding.queries.approval_items import list_item_rows
from funding.queries.approval_list import plan_rows, request_table, waiting_for_approval, waiting_years
from funding.queries.norms import list_norm_rows
from funding.views.common import DONE, submit
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions.project import Paper
from programs.forms.project_bulk import ALL_FILTERED, TICK, UNSEEN, read_ticks
from programs.workflow import TRACK_CHOICES

PAGE_SIZE = 50


@requires(Permission.PROJECT_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_list(request: HttpRequest) -> HttpResponse:
    """A year is always chosen: a list is approved against the budgets of its year."""
    user: Any = request.user
    years = waiting_years(user)
    if request.GET.get("nam") not in {str(year) for year in years}:
        return redirect(f"{reverse('funding:approval-list')}?nam={years[0]}")
    listing = _listing(request, years)
    if request.method == "POST":
        return _check(request, listing)
    context = {
        "listing": listing,
        "table": request_table(list(listing.page_obj)),
        "plans": plan_rows(listing.object_list, timezone.localdate()),
        "tick": TICK,
        "all_filtered": ALL_FILTERED,
        "limit": LIST_LIMIT,
    }
    return render_list(request, "funding/approval_list.html", "funding/_approval_list_table.html", context)


def _check(request: HttpRequest, listing: ListPage) -> HttpResponse:
    """The chosen projects, what they leave of the budgets, and the decision; `do` approves them."""
    user: Any = request.user
    versions = _versions(request, listing)
    if versions is None:
        return redirect(f"{listing.path}?{listing.querystring}")
    approving, status = "do" in request.POST, 200
    form = ApprovalListForm(request.POST if approving else None)
    if approving:
        status = submit(form, partial(_approve, form, versions, user))
        if status == DONE:
            number = form.cleaned_data["document_number"]
            messages.success(request, f"Đã phê duyệt {len(versions)} đề án theo quyết định {number}.")
            return redirect(f"{reverse('funding:budget-board')}?year={request.GET['nam']}")
    chosen = waiting_for_approval(user).filter(pk__in=versions)
    table = request_table(list(chosen))
    norms = list_norm_rows(chosen, _decision_day(form))
    context = {
        "form": form,
        "norms": norms,
        "asks_reason": any(row.needs_reason for _, row in norms),
        "table": table,
        "plans": plan_rows(chosen, _decision_day(form)),
        "item_rows": list_item_rows(chosen, _decision_day(form)),
        "missing": len(versions) - len(table.rows),
        "tick": TICK,
        "querystring": listing.querystring,
    }
    return render(request, "funding/approval_list_check.html", context, status=status)


def _listing(request: HttpRequest, years: list[int]) -> ListPage:
    user: Any = request.user
    return ListPage(
        request,
        waiting_for_approval(user),
        filters=[
            Filter("nam", "Năm", [(year, str(year)) for year in years], "year", empty_label="Mới nhất"),
            Filter("cap", "Cấp khuyến công", TRACK_CHOICES, "track"),
        ],
        sorts={"ma": ("code",), "ten": ("sort_key",), "dia-ban": ("place__sort_key", "code"), "cap": ("track", "code")},
        default_sort="ma",
        page_size=PAGE_SIZE,
        noun="đề án chờ phê duyệt",
        search_label="Tìm theo mã, tên đề án",
    )


def _versions(request: HttpRequest, listing: ListPage) -> dict[int, int] | None:
    """pk → version shown, of the ticked rows or of the whole filtered list; None, with a message, when it cannot be."""
    versions = read_ticks(request.POST.getlist(TICK))
    if request.POST.get(ALL_FILTERED):
        versions = dict.fromkeys(listing.object_list.values_list("pk", flat=True)[: LIST_LIMIT + 1], UNSEEN)
    if not versions:
        messages.error(request, "Chưa đánh dấu đề án nào.")
        return None
    if len(versions) > LIST_LIMIT:
        messages.error(request, f"Mỗi lần phê duyệt tối đa {LIST_LIMIT} đề án. Hãy lọc hẹp lại hoặc đánh dấu ít hơn.")
        return None
    return versions


def _approve(form: ApprovalListForm, versions: dict[int, int], user: Any) -> None:
    data = form.cleaned_data
    paper = Paper(data["document_number"], data["document_date"])
    approve_list(versions=versions, by=user, paper=paper, reason=data["reason"], norm_reason=form.excuse())


def _decision_day(form: ApprovalListForm) -> datetime.date:
    """The day that decides whose budget pays: the typed one, today until there is one."""
    typed = getattr(form, "cleaned_data", {}).get("document_date")
    return typed or timezone.localdate()
