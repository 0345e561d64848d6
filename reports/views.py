"""The official forms: list, page, workbook, and the rows behind a figure."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.html import page_table
from khuyencong.pdf import is_available
from khuyencong.ui.listpage import ListPage
from khuyencong.vietnamese.text import nfc
from programs.policies import allowed
from reports.actions.lock import locked_now
from reports.definitions import DEFINITIONS, Definition
from reports.exports import export_form
from reports.forms import ParametersForm
from reports.policies import check_can_lock
from reports.shortcuts import shortcuts


class BreakdownPage(ListPage):
    """Pages of a breakdown: their addresses keep the whole question."""

    def page_url(self, number: int) -> str:
        params = self.params.copy()
        params["page"] = str(number)
        return f"{self.path}?{params.urlencode()}"


@requires(Permission.REPORT_VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    forms = [(one, one.form_class({}, user=user).defaults()) for one in DEFINITIONS.values()]
    return render(request, "reports/report_index.html", {"forms": forms, "can_export": _can_export(request)})


@requires(Permission.REPORT_VIEW)
@require_safe
def form_page(request: HttpRequest, slug: str) -> HttpResponse:
    definition = find_definition(slug)
    form = parameters_form(request, definition)
    parameters = form.parameters()
    context = {
        "definition": definition,
        "form": form,
        "parameters": parameters,
        "tables": [page_table(table) for table in definition.build(parameters)],
        "shortcuts": shortcuts(definition, parameters),
        "can_export": _can_export(request),
        "can_pdf": is_available(),
        "locked": locked_now(slug, parameters),
        "can_lock": not form.errors and allowed(check_can_lock, request.user, parameters.area.pk),
    }
    return render(request, "reports/report_page.html", context)


@requires(Permission.REPORT_VIEW)
@require_safe
def form_rows(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows behind one figure of a form; their sum is the figure."""
    definition = find_definition(slug)
    form = parameters_form(request, definition)
    if not form.is_valid():
        return back_to_page(request, definition)
    parameters, find = form.asked(), definition.break_down
    breakdown = find and find(parameters, nfc(request.GET.get("row", "")), nfc(request.GET.get("column", "")))
    if not breakdown:
        raise Http404("Biểu này không có ô đó.")
    listing = BreakdownPage(request, breakdown.rows, search_fields=(), page_size=50, target="", noun="dòng")
    context: dict[str, Any] = {
        "definition": definition,
        "parameters": parameters,
        "breakdown": breakdown,
        "listing": listing,
        "lines": [breakdown.line(row) for row in listing.page_obj],
    }
    return render(request, "reports/report_rows.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def form_export(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    definition = find_definition(slug)
    form = parameters_form(request, definition)
    if not form.is_valid():
        return back_to_page(request, definition)
    return export_form(definition, form.asked())


def find_definition(slug: str) -> Definition:
    if slug not in DEFINITIONS:
        raise Http404("Không có biểu này.")
    return DEFINITIONS[slug]


def parameters_form(request: HttpRequest, definition: Definition) -> ParametersForm[Any]:
    user: Any = request.user
    return definition.form_class(request.GET, user=user)


def back_to_page(request: HttpRequest, definition: Definition) -> HttpResponseRedirect:
    """Where the wrong parameters are shown with what is wrong; a file or a list of something else helps nobody."""
    address = reverse("reports:form-page", args=[definition.slug])
    return redirect(f"{address}?{request.GET.urlencode()}")


def _can_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.has_permission(Permission.REPORT_EXPORT)
