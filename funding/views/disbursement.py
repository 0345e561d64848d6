"""The list of vouchers of the user's area."""

from typing import IO, Any

from django.db.models import F, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from funding.actions.ledger import record_export
from funding.exports import disbursement_rows, write_disbursements
from funding.forms.money_filter import DisbursementFilterForm
from funding.models import LedgerEntry, LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.ledger import disbursement_sums, disbursements, ledger_years, narrowed
from funding.views.money_list import FormListPage
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.jobs.exports import export_by_job, is_large
from khuyencong.ui.listpage import Filter, render_list
from programs.queries.project import item_choices

EXPORT_KIND, EXPORT_FILENAME = "disbursement-export", "giai-ngan.xlsx"
PLAN_CHOICES = [("nam", "Dự toán năm"), ("chuyen", "Năm trước chuyển sang")]
TREASURY_CHOICES = [("co", "Đã có mã"), ("chua", "Chưa có mã")]


@requires(Permission.MONEY_VIEW)
@require_safe
def disbursement_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    listing = disbursement_listing(request)
    context = {
        "listing": listing,
        "sums": disbursement_sums(listing.object_list),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
    }
    return render_list(request, "funding/disbursement_list.html", "funding/_disbursement_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def disbursement_export(request: HttpRequest) -> FileResponse | HttpResponse:
    listing = disbursement_listing(request)
    if is_large(listing.object_list):
        back = reverse("funding:disbursement-list")
        title, query = "Chứng từ giải ngân ra Excel", listing.querystring
        return export_by_job(request, kind=EXPORT_KIND, title=title, query=query, back=back)
    user: Any = request.user

    def write(stream: IO[bytes]) -> None:
        count = write_disbursements(disbursement_rows(listing.object_list), stream)
        record_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename=EXPORT_FILENAME)


def disbursement_listing(request: HttpRequest) -> FormListPage:
    user: Any = request.user
    form = DisbursementFilterForm(request.GET)
    form.is_valid()  # what cannot be read narrows nothing, and is said at its field
    return FormListPage(
        request,
        narrowed(disbursements(user), form.cleaned_data),
        form,
        search_fields=("project__folded", "participant__beneficiary__folded", "voucher_lower"),
        filters=[
            Filter("year", "Năm ngân sách", lambda: [(year, str(year)) for year in ledger_years(user)], "year"),
            Filter("source", "Nguồn vốn", _source_choices, "source_id"),
            Filter("item", "Nội dung hỗ trợ", item_choices, "project__support_item_id"),
            Filter("kind", "Loại", LedgerKind.choices, "kind"),
            Filter("plan", "Tiền của", PLAN_CHOICES, _by_plan),
            Filter("treasury", "Mã giao dịch kho bạc", TREASURY_CHOICES, _by_treasury),
        ],
        sorts={
            "date": ("voucher_date",),
            "amount": ("amount_vnd",),
            "project": ("project__sort_key",),
            "source": ("source__position", "voucher_date"),
        },
        default_sort="-date",
        noun="chứng từ",
        search_label="Đề án, cơ sở hoặc số chứng từ",
    )


def _source_choices() -> list[tuple[int, str]]:
    return [(source.pk, source.name) for source in Source.objects.filter(kind__in=LEDGER_KINDS)]


def _by_treasury(entries: QuerySet[LedgerEntry], value: str) -> QuerySet[LedgerEntry]:
    return entries.exclude(treasury_reference="") if value == "co" else entries.filter(treasury_reference="")


def _by_plan(entries: QuerySet[LedgerEntry], value: str) -> QuerySet[LedgerEntry]:
    carried = Q(year__gt=F("project__year"))
    return entries.filter(carried if value == "chuyen" else ~carried)
