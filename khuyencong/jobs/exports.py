"""Lists too long to wait for: above EXPORT_DIRECT_ROWS a workbook is written by a job, from the same queryset."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from khuyencong.accounts.models import User
from khuyencong.jobs.actions import start_job
from khuyencong.vietnamese.money import format_vnd


def is_large(rows: QuerySet[Any]) -> bool:
    """Whether the list is longer than a page should write; counts no further than that."""
    limit: int = settings.EXPORT_DIRECT_ROWS
    return rows.order_by()[: limit + 1].count() > limit


def export_by_job(request: HttpRequest, *, kind: str, title: str, query: str, back: str) -> HttpResponse:
    """Explains and asks (GET), or starts the job and shows its page (POST).

    `query`: the list's address behind the question mark, which the job reads again. `back`: the address of its page.
    """
    user: Any = request.user
    if request.method == "POST":
        return redirect("jobs:job-detail", start_job(kind=kind, title=title, arguments={"query": query}, by=user).pk)
    context = {
        "title": title,
        "address": request.get_full_path(),
        "back": f"{back}?{query}",
        "limit": format_vnd(settings.EXPORT_DIRECT_ROWS),
        "keep_days": settings.JOBS_KEEP_DAYS,
    }
    return render(request, "jobs/export_start.html", context)


def request_of(user: User, query: str) -> HttpRequest:
    """The address of a list as the person would open it now: for the code that reads lists from requests."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(query)
    return request
