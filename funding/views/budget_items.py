"""The year's money per source and support item, as a page and as the workbook that is signed."""

from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from funding.actions.export import record_money_export
from funding.item_board_table import item_board_table
from funding.models import Source
from funding.models.budget import PLANNED_KINDS
from funding.queries.budget import budget_years
from funding.queries.item_board import item_board
from funding.queries.item_projects import item_project_sums, item_projects
from funding.views.budget import chosen_year
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.html import page_table
from khuyencong.excel.response import workbook_response
from khuyencong.excel.workbook import write_workbook
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.queries.project import item_choices


@requires(Permission.MONEY_VIEW)
@require_safe
def budget_items_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    years = budget_years(user)
    year = chosen_year(request, years)
    context = {
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "report": page_table(item_board_table(item_board(user, year), user)),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
    }
    return render(request, "funding/budget_items.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def budget_items_export(request: HttpRequest) -> FileResponse:
    user: Any = request.user
    year = chosen_year(request, budget_years(user))
    table = item_board_table(item_board(user, year), user)

    def write(stream: IO[bytes]) -> None:
        write_workbook([table], stream=stream)
        record_money_export(
            by=user, action="budget_items_export", label="Tải bảng dự toán theo nội dung ra Excel",
            row_count=len(table.rows), condition=f"year={year}",
        )  # fmt: skip

    return workbook_response(write, filename=f"Du-toan-theo-noi-dung-{year}.xlsx")


@requires(Permission.MONEY_VIEW)
@require_safe
def budget_item_projects(request: HttpRequest) -> HttpResponse:
    """What a figure of approved money on the board is made of."""
    user: Any = request.user
    sources = [(source.pk, source.name) for source in Source.objects.filter(kind__in=PLANNED_KINDS)]
    chosen = request.GET.get("nguon", "")
    source_id = int(chosen) if chosen in {str(pk) for pk, _ in sources} else None
    listing = ListPage(
        request,
        item_projects(user, source_id),
        filters=[
            Filter("nam", "Năm", lambda: [(year, str(year)) for year in budget_years(user)], "year"),
            Filter("nguon", "Nguồn vốn", sources, lambda rows, _: rows, empty_label="Mọi nguồn ngân sách"),
            Filter("noi_dung", "Nội dung hỗ trợ", item_choices, "support_item_id"),
        ],
        sorts={"ma": ("code",), "ten": ("sort_key",), "so-tien": ("held_vnd", "code")},
        default_sort="ma",
        noun="đề án",
        search_label="Tìm theo mã, tên đề án",
    )
    context = {"listing": listing, "sums": item_project_sums(listing.object_list)}
    page, table = "funding/budget_item_projects.html", "funding/_budget_item_project_table.html"
    return render_list(request, page, table, context)
