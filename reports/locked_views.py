"""Locked reports: locking a form as shown, the list, the stored figures, what differs today, unlocking."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.html import page_table
from khuyencong.pdf import is_available
from khuyencong.ui.listpage import Filter, ListPage, render_list
from khuyencong.vietnamese.money import format_vnd
from programs.policies import allowed
from programs.views.refusals import reason_against
from programs.views.registers import place_filter, submit
from reports import policies
from reports.actions.lock import lock_report, locked_now, unlock_report
from reports.comparison import Comparison, compare
from reports.definitions import DEFINITIONS, Definition
from reports.exports import export_locked
from reports.lock_forms import LockForm, UnlockForm
from reports.locked import locked_note, open_report
from reports.models import LockedReport
from reports.parameters import Parameters
from reports.snapshot import fingerprint
from reports.views import back_to_page, find_definition, parameters_form

STATES = [("dang-khoa", "Đang khóa"), ("da-mo", "Đã mở khóa")]


class DifferencePage(ListPage):
    """Pages of differences, which are reckoned and not fetched."""

    @cached_property
    def paginator(self) -> Any:
        return Paginator(self._queryset, self.page_size)

    @property
    def total_label(self) -> str:
        count = self.paginator.count
        return f"{format_vnd(count)} {self.noun}" if count else f"Không có {self.noun}"


@requires(Permission.REPORT_LOCK)
@require_http_methods(["GET", "HEAD", "POST"])
def form_lock(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures once more, and the button that keeps them."""
    user: Any = request.user
    definition = find_definition(slug)
    question = parameters_form(request, definition)
    if not question.is_valid():
        if "area" in question.errors:
            raise Http404("Không có địa bàn này.")
        return back_to_page(request, definition)
    parameters, status = question.asked(), 200
    closed = reason_against(policies.check_not_locked, locked_now(slug, parameters))
    form = LockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        report, status = submit(
            form, lambda: lock_report(definition=definition, parameters=parameters, by=user, **form.cleaned_data)
        )
        if report is not None:
            messages.success(request, f"Đã khóa: {report}. Số liệu đã khóa không đổi khi hồ sơ được sửa về sau.")
            return redirect("reports:locked-report-detail", report.pk)
    return _lock_page(request, definition, parameters, form, status, closed)


def _lock_page(
    request: HttpRequest, definition: Definition, parameters: Parameters, form: LockForm, status: int, closed: str
) -> HttpResponse:
    """With the figures of this moment: what is sent next rests on those."""
    tables = definition.build(parameters)
    if form.is_bound:
        form.data = {**form.data.dict(), "shown": fingerprint(tables)}  # type: ignore[attr-defined]
    else:
        form.initial["shown"] = fingerprint(tables)
    context = {
        "definition": definition,
        "parameters": parameters,
        "form": form,
        "closed": closed,
        "tables": [page_table(table) for table in tables],
    }
    return render(request, "reports/form_lock.html", context, status=422 if closed and status == 200 else status)


@requires(Permission.REPORT_VIEW)
@require_safe
def locked_report_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    forms = [(one.slug, one.title) for one in DEFINITIONS.values()]
    listing = ListPage(
        request,
        _visible(request),
        search_fields=(),
        filters=(
            Filter("bieu", "Biểu", forms, "slug"),
            Filter("tinh_trang", "Tình trạng", STATES, _in_state),
            place_filter(user, "area_id"),
        ),
        sorts={"khoa-luc": ("locked_at", "pk")},
        default_sort="-khoa-luc",
        noun="báo cáo đã khóa",
    )
    page, table = "reports/locked_report_list.html", "reports/_locked_report_table.html"
    return render_list(request, page, table, {"listing": listing})


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(unlocked__isnull=state == "dang-khoa")


@requires(Permission.REPORT_VIEW)
@require_safe
def locked_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    report = _load(request, pk)
    opened = open_report(report)
    context = {
        "report": report,
        "locked_note": locked_note(report),
        "problem": opened.problem,
        "tables": [page_table(table) for table in opened.tables],
        "definition": DEFINITIONS.get(report.slug),
        "live_query": urlencode(report.parameters),
        "can_export": user.has_permission(Permission.REPORT_EXPORT) and not opened.problem,
        "can_pdf": is_available(),
        "can_unlock": allowed(policies.check_can_unlock, user, report),
    }
    return render(request, "reports/locked_report_detail.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def locked_report_export(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    user: Any = request.user
    report = _load(request, pk)
    opened = open_report(report)
    if opened.problem:
        messages.error(request, f"Không tải được: {opened.problem}")
        return redirect("reports:locked-report-detail", pk)
    return export_locked(report, opened, by=user)


@requires(Permission.REPORT_VIEW)
@require_safe
def locked_report_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What is different today, cell by cell."""
    report = _load(request, pk)
    opened = open_report(report)
    definition = DEFINITIONS.get(report.slug)
    question = definition.form_class(report.parameters, user=request.user) if definition else None  # type: ignore[arg-type]
    found: Comparison | None = None
    if definition and question and question.is_valid():
        found = compare(opened.tables, definition.build(question.asked()))
    rows: Any = found.differences if found else []
    listing = DifferencePage(request, rows, search_fields=(), page_size=100, target="", noun="ô khác")
    context = {"report": report, "problem": opened.problem, "found": found, "listing": listing}
    return render(request, "reports/locked_report_compare.html", context)


@requires(Permission.REPORT_UNLOCK)
@require_http_methods(["GET", "HEAD", "POST"])
def locked_report_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    report, status = _load(request, pk), 200
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        unlocked, status = submit(
            form, lambda: unlock_report(report_id=pk, reason=form.cleaned_data["reason"], by=user)
        )
        if unlocked is not None:
            messages.success(request, f"Đã mở khóa: {report}. Có thể khóa lại với số liệu mới.")
            return redirect("reports:locked-report-detail", pk)
    elif reason := reason_against(policies.check_can_unlock, user, report):
        messages.error(request, reason)
        return redirect("reports:locked-report-detail", pk)
    return render(request, "reports/locked_report_unlock.html", {"report": report, "form": form}, status=status)


def _visible(request: HttpRequest) -> QuerySet[LockedReport]:
    return LockedReport.objects.visible_to(request.user).select_related("area", "locked_by", "unlocked__by")


def _load(request: HttpRequest, pk: int) -> LockedReport:
    return get_object_or_404(_visible(request), pk=pk)
