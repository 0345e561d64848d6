"""Establishments that were supported some time ago and have not been evaluated since; and the list as a workbook."""

import datetime
from typing import IO, Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.localities.models import covered_unit_ids
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.actions.evaluation import record_due_export
from programs.evaluation_policies import may_evaluate
from programs.exports_evaluation import write_due
from programs.queries.evaluation import DUE_MONTHS, accepted_months_ago, due_rows, without_evaluation, years_of
from programs.queries.project import item_choices, place_choices
from programs.rules.evaluation import whole_months
from programs.views.project_page import acting_user

NO_DAY = "chua-ro"
MONTHS = (3, 6, 18, 24, 36, 60)
AGES = [*((str(months), f"{months} tháng trở lên") for months in MONTHS), (NO_DAY, "Chưa rõ ngày nghiệm thu")]
SORTS = {
    "nghiem-thu": ("project__accepted_date", "project__code"),
    "co-so": ("beneficiary__sort_key",),
    "de-an": ("project__code", "project__year"),
    "dia-ban": ("project__place__sort_key", "beneficiary__sort_key"),
}


@requires(Permission.PROJECT_VIEW)
@require_safe
def evaluation_due_list(request: HttpRequest) -> HttpResponse:
    user, today = acting_user(request), timezone.localdate()
    listing = _listing(request, today)
    context = {
        "listing": listing,
        "rows": [(one, _months_since(one.project.accepted_date, today)) for one in listing.page_obj],
        "can_evaluate": may_evaluate(user),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
    }
    return render_list(request, "programs/evaluation_due_list.html", "programs/_evaluation_due_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def evaluation_due_export(request: HttpRequest) -> FileResponse:
    user, today = acting_user(request), timezone.localdate()
    listing = _listing(request, today)

    def write(stream: IO[bytes]) -> None:
        count = write_due(listing.object_list, today, stream)
        record_due_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename="co-so-chua-danh-gia-sau-ho-tro.xlsx")


def _listing(request: HttpRequest, today: datetime.date) -> ListPage:
    """One definition for the page, the fragment and the export. How long ago is never "all": DUE_MONTHS by default."""
    user = acting_user(request)
    waiting = without_evaluation(user)
    return ListPage(
        request,
        due_rows(waiting).filter(_old_enough(request.GET.get("tu", ""), today)),
        search_fields=("beneficiary__folded", "project__folded"),
        ranked_fields=("beneficiary__name",),
        filters=(
            Filter("tu", "Đã nghiệm thu được", AGES, _as_it_is, empty_label=f"{DUE_MONTHS} tháng trở lên"),
            Filter("nam", "Năm kế hoạch", lambda: years_of(waiting), "project__year"),
            Filter("noi_dung", "Nội dung hỗ trợ", item_choices, "project__support_item"),
            Filter("dia_ban", "Địa bàn", lambda: place_choices(user), _within_place),
        ),
        sorts=SORTS,
        default_sort="nghiem-thu",
        noun="cơ sở",
        search_label="Tìm theo tên cơ sở, mã, tên đề án",
    )


def _old_enough(chosen: str, today: datetime.date) -> Q:
    if chosen == NO_DAY:
        return Q(project__accepted_date__isnull=True)
    return accepted_months_ago(today, int(chosen) if chosen in dict(AGES) else DUE_MONTHS)


def _as_it_is(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows


def _within_place(rows: QuerySet[Any], unit_id: str) -> QuerySet[Any]:
    return rows.filter(project__place_id__in=covered_unit_ids(int(unit_id)))


def _months_since(accepted: datetime.date | None, today: datetime.date) -> int | None:
    return whole_months(accepted, today) if accepted else None
