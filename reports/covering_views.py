"""The covering report: what will be in it, the Word document, its PDF."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.pdf import PdfError, is_available
from reports.covering import Covering, covering_report
from reports.covering_exports import export_covering, export_covering_pdf
from reports.covering_figures import Figures
from reports.definitions.place_groups import PlaceForm, PlaceParameters


@dataclass(frozen=True)
class Part:
    """A line of the page: what the report will say, and the form that its figures come from."""

    label: str
    figure: str
    source: Figures

    @property
    def url(self) -> str:
        """The form as it is now, or the locked report."""
        if self.source.locked is not None:
            return reverse("reports:locked-report-detail", args=[self.source.locked.pk])
        address = reverse("reports:form-page", args=[self.source.definition.slug])
        return f"{address}?{self.source.parameters.querystring}"


@requires(Permission.REPORT_EXPORT)
@require_safe
def covering_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = _form(request)
    parameters: PlaceParameters = form.parameters()  # type: ignore[assignment]
    covering = covering_report(parameters)
    context = {
        "form": form,
        "parameters": parameters,
        "covering": covering,
        "parts": _parts(covering, parameters.year),
        "can_pdf": is_available(),
        "can_keep_reference": user.has_permission(Permission.REFERENCE_EDIT),
    }
    return render(request, "reports/covering_page.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def covering_export(request: HttpRequest) -> FileResponse | HttpResponseRedirect:
    form = _form(request)
    return export_covering(form.asked()) if form.is_valid() else _back_to_page(request)


@requires(Permission.REPORT_EXPORT)
@require_safe
def covering_pdf(request: HttpRequest) -> FileResponse | HttpResponseRedirect:
    form = _form(request)
    if not form.is_valid():
        return _back_to_page(request)
    try:
        return export_covering_pdf(form.asked())
    except PdfError as error:
        messages.error(request, str(error))
        return _back_to_page(request)


def _form(request: HttpRequest) -> PlaceForm:
    user: Any = request.user
    return PlaceForm(request.GET, user=user)


def _back_to_page(request: HttpRequest) -> HttpResponseRedirect:
    return redirect(f"{reverse('reports:covering-page')}?{request.GET.urlencode()}")


def _parts(covering: Covering, year: int) -> list[Part]:
    """The figures that open each part of the report, with the way to the form that they were read from."""
    said, figures = covering.values, covering.figures
    return [
        Part(f"I. Đề án của năm kế hoạch {year}", f"{said['so_de_an']} đề án", figures.standings),
        Part("II. Chỉ tiêu có kết quả trong kỳ", f"{said['so_chi_tieu']} chỉ tiêu", figures.results),
        Part("III. Được duyệt trong kỳ", _money(said["duyet"]), figures.approved),
        Part("III. Đã giải ngân trong kỳ", _money(said["giai_ngan"]), figures.disbursed),
        Part("IV. Địa bàn có số liệu", f"{len(said['theo_dia_ban'])} địa bàn", figures.places),
    ]


def _money(million: str) -> str:
    return f"{million} triệu đồng"
