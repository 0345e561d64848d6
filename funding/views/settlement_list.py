"""Which projects are settled, and which are not yet."""

import datetime
from functools import partial
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from funding.actions.settlement import record_settlement_export
from funding.exports_settlement import CHUNK, settlement_rows, write_settlements
from funding.queries.settlement_list import (
    STATE_CHOICES,
    in_state,
    list_rows,
    settlement_projects,
    settlement_rules,
    settlement_years,
)
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.models import DeadlineRule
from programs.workflow import TRACK_CHOICES


@requires(Permission.MONEY_VIEW)
@require_safe
def settlement_list_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rules, today = settlement_rules(), timezone.localdate()
    listing = _listing(request, rules, today)
    context = {
        "listing": listing,
        "rows": list_rows(listing.page_obj, rules, today),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
    }
    return render_list(request, "funding/settlement_list.html", "funding/_settlement_list_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def settlement_export(request: HttpRequest) -> FileResponse:
    rules, today = settlement_rules(), timezone.localdate()
    listing = _listing(request, rules, today)
    user: Any = request.user

    def write(stream: IO[bytes]) -> None:
        projects = listing.object_list.iterator(chunk_size=CHUNK)
        count = write_settlements(settlement_rows(projects, rules, today), stream)
        record_settlement_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename="quyet-toan.xlsx")


def _listing(request: HttpRequest, rules: list[DeadlineRule], today: datetime.date) -> ListPage:
    user: Any = request.user
    return ListPage(
        request,
        settlement_projects(user),
        search_fields=("folded",),
        filters=[
            Filter(
                "nam", "Năm quyết toán", lambda: [(year, str(year)) for year in settlement_years(user)], "settle_year"
            ),
            Filter("tinh-trang", "Tình trạng", STATE_CHOICES, partial(in_state, rules=rules, today=today)),
            Filter("cap", "Cấp khuyến công", TRACK_CHOICES, "track"),
        ],
        sorts={
            "nam": ("settle_year", "code"),
            "de-an": ("sort_key",),
            "ma": ("code",),
            "nghiem-thu": ("accepted_date",),
        },
        default_sort="-nam",
        noun="đề án",
        search_label="Tìm theo mã, tên đề án",
    )
