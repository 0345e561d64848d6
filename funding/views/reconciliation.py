"""The statements of the Treasury held against the ledger, reckoned anew each time it is opened."""

import datetime
from functools import cached_property
from typing import IO, Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from funding.actions.export import record_money_export
from funding.exports_treasury import reconciliation_rows, write_reconciliation
from funding.forms.money_filter import PeriodForm
from funding.models import Source, TreasuryStatement
from funding.models.budget import LEDGER_KINDS
from funding.policies import check_can_upload_statement
from funding.queries.treasury import ReconciledRow, group_totals, newest_period, reconcile
from funding.rules.treasury_match import Outcome
from funding.views.money_list import FormListPage
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.ui.listpage import Filter, render_list
from khuyencong.vietnamese.dates import format_date
from programs.policies import allowed

PAGE_SIZE = 50


class RowPaginator(Paginator):
    """Of rows that are in memory: their number is known."""

    is_capped = False


class ReconciliationPage(FormListPage):
    """A list page whose rows are reckoned and not asked of one table."""

    def __init__(self, request: HttpRequest) -> None:
        user: Any = request.user
        self.first_day, self.last_day, form = _period(request)
        super().__init__(
            request,
            TreasuryStatement.objects.none(),
            form,
            search_fields=(),
            filters=[
                Filter("source", "Nguồn vốn", _source_choices, "source_id"),
                Filter("ket_qua", "Kết quả", [(one.value, one.label) for one in Outcome], "outcome"),
            ],
            page_size=PAGE_SIZE,
            noun="dòng",
        )
        source, self.outcome = (one.value for one in self.filters)
        self.rows = reconcile(user, self.first_day, self.last_day, int(source) if source else None)

    @cached_property
    def object_list(self) -> Any:
        """The rows of the chosen outcome; the totals are of all of them."""
        return [row for row in self.rows if not self.outcome or row.outcome == self.outcome]

    @cached_property
    def paginator(self) -> Any:
        return RowPaginator(self.object_list, self.page_size)

    def outcome_url(self, outcome: str) -> str:
        return self._url(ket_qua=outcome)


@requires(Permission.MONEY_VIEW)
@require_safe
def treasury_reconciliation(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    listing = ReconciliationPage(request)
    statements = TreasuryStatement.objects.visible_to(user)
    context = {
        "listing": listing,
        "groups": [(group, listing.outcome_url(group.outcome)) for group in group_totals(listing.rows)],
        "statement_count": statements.filter(from_date__lte=listing.last_day, to_date__gte=listing.first_day).count(),
        "can_export": user.has_permission(Permission.REPORT_EXPORT),
        "can_upload": allowed(check_can_upload_statement, user),
    }
    page, table = "funding/treasury_reconciliation.html", "funding/_reconciliation_table.html"
    return render_list(request, page, table, context)


@requires(Permission.REPORT_EXPORT)
@require_safe
def treasury_reconciliation_export(request: HttpRequest) -> FileResponse:
    user: Any = request.user
    listing = ReconciliationPage(request)
    rows: list[ReconciledRow] = listing.object_list

    def write(stream: IO[bytes]) -> None:
        count = write_reconciliation(reconciliation_rows(rows), stream)
        label = "Tải kết quả đối chiếu kho bạc ra Excel"
        condition = f"{format_date(listing.first_day)}–{format_date(listing.last_day)} {listing.querystring}".strip()
        record_money_export(by=user, action="reconciliation_export", label=label, row_count=count, condition=condition)

    return workbook_response(write, filename="doi-chieu-kho-bac.xlsx")


def _period(request: HttpRequest) -> tuple[datetime.date, datetime.date, PeriodForm]:
    """The days of the address; the newest statement's period where one is missing or cannot be read."""
    user: Any = request.user
    first, last = newest_period(user)
    if not request.GET.get("tu") and not request.GET.get("den"):
        return first, last, PeriodForm({"tu": format_date(first), "den": format_date(last)})
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return first, last, form
    chosen_first, chosen_last = form.cleaned_data.get("tu"), form.cleaned_data.get("den")
    last = chosen_last or max(last, chosen_first or last)
    return chosen_first or min(first, last), last, form


def _source_choices() -> list[tuple[int, str]]:
    return [(source.pk, source.name) for source in Source.objects.filter(kind__in=LEDGER_KINDS)]
