"""An office's own report: its figures, what is missing, confirming; and what was confirmed earlier."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.policies import allowed
from programs.views.project_page import acting_user
from programs.views.refusals import page_status, reason_against
from programs.views.registers import submit
from reports import policies
from reports.actions.area_report import report_area
from reports.models import AreaReport, ReportingRound
from reports.rounds.figures import mark_of, office_figures
from reports.rounds.forms import AreaReportForm
from reports.rounds.missing import MISSING
from reports.rounds.queries import last_report, period_of, round_parameters

LINES_SHOWN = 5


@requires(Permission.AREA_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def area_report_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of the person's office as they are now, and the button that confirms them."""
    user, status = acting_user(request), 200
    asked = get_object_or_404(ReportingRound.objects.visible_to(user).select_related("area"), pk=pk)
    closed = reason_against(policies.check_can_report, user, asked)
    form = AreaReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        report, status = submit(form, lambda: report_area(round_id=pk, by=user, **form.cleaned_data))
        if report is not None:
            messages.success(request, "Đã báo cáo. Sở Công Thương thấy ngay; cần bổ sung thì báo cáo lần nữa.")
            return redirect("reports:area-report-detail", report.pk)
    return _report_page(request, user, asked, form, page_status(status, closed), closed)


def _report_page(
    request: HttpRequest, user: User, asked: ReportingRound, form: AreaReportForm, status: int, closed: str
) -> HttpResponse:
    """With the figures of this moment: what is sent next rests on those."""
    figures, last = office_figures(asked, user), last_report(asked, user.organisation_id)
    mark = mark_of(figures, last)
    if form.is_bound:
        form.data = {**form.data.dict(), "shown": mark}  # type: ignore[attr-defined]
    else:
        form.initial = {"shown": mark, "note": last.note if last else ""}
    context = {
        "asked": asked,
        "period": period_of(asked),
        "office": user.organisation,
        "form": form,
        "closed": closed,
        "figures": figures,
        "gaps": _gaps(asked, user),
        "last": last,
    }
    return render(request, "reports/area_report_create.html", context, status=status)


def _gaps(asked: ReportingRound, user: User) -> list[dict[str, Any]]:
    """What is missing in the area: how much of each sort, and its first lines."""
    parameters = round_parameters(asked, user)
    gaps = []
    for kind in MISSING.values():
        rows = kind.rows(parameters)
        lines = [kind.line(row) for row in rows[:LINES_SHOWN]]
        gaps.append({"kind": kind, "count": rows.count(), "lines": lines})
    return [gap for gap in gaps if gap["count"]]


@requires(Permission.REPORT_VIEW)
@require_safe
def area_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it was confirmed, and the others of the same office for the round."""
    user = acting_user(request)
    reports = AreaReport.objects.visible_to(user).select_related("round__area", "organisation", "reported_by")
    report = get_object_or_404(reports, pk=pk)
    others = list(reports.filter(round=report.round, organisation=report.organisation))
    context = {
        "report": report,
        "asked": report.round,
        "period": period_of(report.round),
        "others": others,
        "is_last": others[0] == report,
        "can_report": report.organisation_id == user.organisation_id
        and allowed(policies.check_can_report, user, report.round),
    }
    return render(request, "reports/area_report_detail.html", context)
