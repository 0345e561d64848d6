"""The list of projects, and the same list as a workbook."""

from typing import IO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.jobs.exports import export_by_job, is_large
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.exports import write_projects
from programs.forms.appraiser import assign_form_for
from programs.forms.project_bulk import ALL_FILTERED, TICK, bulk_form_for, read_ticks
from programs.queries.appraiser import appraiser_choices, assigned_to
from programs.queries.deadlines import submitted_late
from programs.queries.project import item_choices, place_choices, project_rows, within_place, year_choices
from programs.queues import queues_for
from programs.views.project_page import acting_user
from programs.workflow import STATUS_CHOICES, TRACK_CHOICES

EXPORT_KIND = "project-export"
SORTS = {
    "moi": ("-year", "code"),
    "ma": ("code", "year"),
    "ten": ("sort_key",),
    "dia-ban": ("place__sort_key", "code"),
    "nam": ("year", "code"),
    "noi-dung": ("support_item__row", "code"),
    "trang-thai": ("status", "status_at"),
}


def project_listing(request: HttpRequest) -> ListPage:
    """One definition for the page, the fragment and the export: they cannot show different rows."""
    user = acting_user(request)
    return ListPage(
        request,
        project_rows(user),
        ranked_fields=("name", "code"),
        filters=_filters(user),
        sorts=SORTS,
        default_sort="moi",
        noun="đề án",
        search_label="Tìm theo mã, tên đề án",
    )


def _filters(user: User) -> list[Filter]:
    queues = {queue.key: queue for queue in queues_for(user.portal_permissions)}
    filters = [
        Filter("nam", "Năm", lambda: year_choices(user), "year"),
        Filter("trang_thai", "Trạng thái", STATUS_CHOICES, "status"),
        Filter("cap", "Cấp khuyến công", TRACK_CHOICES, "track"),
        Filter("noi_dung", "Nội dung hỗ trợ", item_choices, "support_item"),
        Filter("dia_ban", "Địa bàn", lambda: place_choices(user), within_place),
        Filter(
            "nguoi_tham_dinh",
            "Người thẩm định",
            lambda: appraiser_choices(user),
            lambda rows, value: assigned_to(user, rows, value),
        ),
        Filter("nop", "Nộp hồ sơ", [("sau-han", "Nộp sau hạn")], lambda rows, _: rows.filter(submitted_late())),
    ]
    if queues:
        labels = [(key, queue.label) for key, queue in queues.items()]
        filters.append(Filter("viec", "Việc của tôi", labels, lambda rows, key: rows.filter(queues[key].condition)))
    return filters


@requires(Permission.PROJECT_VIEW)
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    context = {
        "listing": project_listing(request),
        "can_register": user.has_permission(Permission.PROJECT_REGISTER),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
        "can_send_up": user.has_permission(Permission.PROJECT_APPRAISE),
        "bulk": bulk_form_for(user),
        "assign": assign_form_for(user),
        "tick": TICK,
        "all_filtered": ALL_FILTERED,
    }
    return render_list(request, "programs/project_list.html", "programs/_project_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def project_export(request: HttpRequest) -> FileResponse | HttpResponse:
    """The filtered list; sent from the list's form, the ticked rows of it."""
    listing = project_listing(request)
    rows = listing.object_list
    if request.method == "POST" and not request.POST.get(ALL_FILTERED):
        ticks = read_ticks(request.POST.getlist(TICK))
        if not ticks:
            messages.error(request, "Chưa đánh dấu đề án nào.")
            return redirect("programs:project-list")
        rows = rows.filter(pk__in=ticks)
    elif is_large(rows):
        back = reverse("programs:project-list")
        title, query = "Danh sách đề án ra Excel", listing.querystring
        return export_by_job(request, kind=EXPORT_KIND, title=title, query=query, back=back)

    def write(stream: IO[bytes]) -> int:
        return write_projects(rows, stream)

    return workbook_response(write, filename=export_filename())


def export_filename() -> str:
    return f"De-an-khuyen-cong-{timezone.localdate():%Y-%m-%d}.xlsx"
