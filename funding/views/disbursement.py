"""The list of vouchers of the user's area."""

from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from funding.actions.ledger import record_export
from funding.exports import disbursement_rows, write_disbursements
from funding.models import LedgerKind, Source
from funding.models.budget import LEDGER_KINDS
from funding.queries.ledger import disbursements, ledger_years
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, ListPage, render_list


@requires(Permission.MONEY_VIEW)
@require_safe
def disbursement_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {"listing": _listing(request), "can_export": user.has_permission(Permission.REPORT_EXPORT)}
    return render_list(request, "funding/disbursement_list.html", "funding/_disbursement_table.html", context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def disbursement_export(request: HttpRequest) -> FileResponse:
    listing = _listing(request)
    user: Any = request.user

    def write(stream: IO[bytes]) -> None:
        count = write_disbursements(disbursement_rows(listing.object_list), stream)
        record_export(by=user, row_count=count, condition=listing.querystring)

    return workbook_response(write, filename="giai-ngan.xlsx")


def _listing(request: HttpRequest) -> ListPage:
    user: Any = request.user
    return ListPage(
        request,
        disbursements(user),
        search_fields=("project__folded", "participant__beneficiary__folded", "voucher_lower"),
        filters=[
            Filter("year", "Năm ngân sách", lambda: [(year, str(year)) for year in ledger_years(user)], "year"),
            Filter("source", "Nguồn vốn", _source_choices, "source_id"),
            Filter("kind", "Loại", LedgerKind.choices, "kind"),
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
