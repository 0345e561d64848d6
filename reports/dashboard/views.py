"""The leaders' page and its workbooks."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from reports.dashboard.board import board, definition_of
from reports.dashboard.panels import PANELS, Panel
from reports.dashboard.parameters import DashboardForm
from reports.exports import export_form

OPEN = "bang"


@requires(Permission.REPORT_VIEW)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = DashboardForm(request.GET, user=user)
    parameters = form.parameters()
    context = {
        "form": form,
        "parameters": parameters,
        "now": timezone.localtime(),
        "board": board(parameters),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
        "is_open": request.GET.get(OPEN) == "mo",
        "open_query": f"{parameters.querystring}&{OPEN}=mo",
    }
    return render(request, "reports/dashboard.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def dashboard_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """All panels as sheets of one workbook."""
    return _export(request, None)


@requires(Permission.REPORT_EXPORT)
@require_safe
def dashboard_panel_export(request: HttpRequest, panel: str) -> HttpResponse | FileResponse:
    if panel not in PANELS:
        raise Http404("Tổng quan không có biểu đồ này.")
    return _export(request, PANELS[panel])


def _export(request: HttpRequest, panel: Panel | None) -> HttpResponse | FileResponse:
    """Wrong parameters are shown on the page with what is wrong."""
    user: Any = request.user
    form = DashboardForm(request.GET, user=user)
    if not form.is_valid():
        return redirect(f"{reverse('reports:dashboard')}?{request.GET.urlencode()}")
    return export_form(definition_of(panel), form.asked())
