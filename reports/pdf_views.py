"""Forms and locked reports as PDF, on a server that has LibreOffice."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.pdf import PdfError
from reports.exports import export_form_pdf, export_locked_pdf
from reports.locked import open_report
from reports.models import LockedReport
from reports.views import back_to_page, find_definition, parameters_form


@requires(Permission.REPORT_EXPORT)
@require_safe
def form_pdf(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    definition = find_definition(slug)
    form = parameters_form(request, definition)
    if not form.is_valid():
        return back_to_page(request, definition)
    try:
        return export_form_pdf(definition, form.asked())
    except PdfError as error:
        messages.error(request, str(error))
        return back_to_page(request, definition)


@requires(Permission.REPORT_EXPORT)
@require_safe
def locked_report_pdf(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    user: Any = request.user
    visible = LockedReport.objects.visible_to(user).select_related("area", "locked_by", "unlocked__by")
    report = get_object_or_404(visible, pk=pk)
    opened = open_report(report)
    try:
        if opened.problem:
            raise PdfError(f"Không tải được: {opened.problem}")
        return export_locked_pdf(report, opened, by=user)
    except PdfError as error:
        messages.error(request, str(error))
        return redirect("reports:locked-report-detail", pk)
