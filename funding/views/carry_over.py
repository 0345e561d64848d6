"""Carrying unspent money into the next year, and the list of what was carried over."""

from functools import partial
from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from funding import policies
from funding.actions.carry_over import carry_over, record_carry_over_export
from funding.exports import carry_over_rows, write_carry_overs
from funding.forms.carry_over import CarryOverForm
from funding.models import Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.carry_over import carried_years, carry_over_list, carry_overs_of, carry_rows
from funding.views.common import DONE, load_project, project_context, submit, turned_away
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions.project import Paper
from programs.models import Project


@requires(Permission.PROJECT_AMEND)
@require_http_methods(["GET", "HEAD", "POST"])
def project_carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    project = load_project(request, pk)
    posted, status = request.POST if request.method == "POST" else None, 200
    form = CarryOverForm(posted, rows=carry_rows(project), initial={"version": project.version})
    if request.method == "POST":
        status = submit(form, partial(_carry_over, form, project, request.user))
        if status == DONE:
            messages.success(request, f"Đã ghi chuyển nguồn của đề án {project.code}.")
            return redirect("funding:project-money", project.pk)
    elif away := turned_away(request, project, policies.check_can_carry_over, project):
        return away
    this_year = timezone.localdate().year
    context = project_context(request, project, form=form, carry_overs=carry_overs_of(project), this_year=this_year)
    return render(request, "funding/project_carry_over.html", context, status=status)


@requires(Permission.MONEY_VIEW)
@require_safe
def carry_over_list_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {"listing": _listing(request), "can_export": user.has_permission(Permission.REPORT_EXPORT)}
    return render_list(request, "funding/carry_over_list.html", "funding/_carry_over_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def carry_over_export(request: HttpRequest) -> FileResponse:
    listing = _listing(request)
    user: Any = request.user

    def write(stream: IO[bytes]) -> None:
        count = write_carry_overs(carry_over_rows(listing.object_list), stream)
        record_carry_over_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename="chuyen-nguon.xlsx")


def _listing(request: HttpRequest) -> ListPage:
    user: Any = request.user
    return ListPage(
        request,
        carry_over_list(user),
        search_fields=("project__folded",),
        filters=[
            Filter("nam", "Chuyển sang năm", lambda: [(year, str(year)) for year in carried_years(user)], "to_year"),
            Filter("nguon", "Nguồn vốn", _source_choices, "source_id"),
        ],
        sorts={
            "nam": ("to_year", "project__code"),
            "de-an": ("project__sort_key",),
            "nguon": ("source__position", "to_year"),
            "so-tien": ("amount_vnd",),
        },
        default_sort="-nam",
        noun="khoản chuyển nguồn",
        search_label="Tìm theo mã, tên đề án",
    )


def _source_choices() -> list[tuple[int, str]]:
    return [(source.pk, source.name) for source in Source.objects.filter(kind__in=LEDGER_KINDS)]


def _carry_over(form: CarryOverForm, project: Project, user: Any) -> None:
    values = form.cleaned_data
    carry_over(
        project_id=project.pk,
        amounts=form.amounts(),
        by=user,
        version=values["version"],
        paper=Paper(values["document_number"], values["document_date"]),
        note=values["note"],
    )
