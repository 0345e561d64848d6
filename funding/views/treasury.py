"""Statements of the State Treasury: the list, sending one in, naming its columns, taking one out."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl.utils import get_column_letter

from funding.actions.treasury import NewStatement, record_statement, remove_statement
from funding.actions.treasury_pending import digest_of, drop_pending, keep_pending, take_pending
from funding.forms.treasury import ColumnsForm, RemoveStatementForm, StatementForm, columns_initial, shown_cell
from funding.models import Source, TreasuryStatement
from funding.models.budget import LEDGER_KINDS
from funding.policies import check_can_remove_statement, check_can_upload_statement
from funding.queries.treasury import repeated_rows, statement_list
from funding.rules.treasury_file import Layout, Reading, find_layout, read_lines
from funding.views.common import DONE, submit
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.excel.reading import MAX_BYTES, Sheet, UnreadableWorkbook, read_sheet
from khuyencong.formfields import add_refusal
from khuyencong.ui.listpage import Filter, ListPage, render_list
from khuyencong.vietnamese.dates import format_date
from programs.policies import allowed

SHOWN_ERRORS, PREVIEW_ROWS, PREVIEW_COLUMNS = 50, 15, 12
COLUMNS_STAGE = "columns"


@requires(Permission.MONEY_VIEW)
@require_safe
def treasury_statement_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    listing = ListPage(
        request,
        statement_list(user),
        search_fields=(),
        filters=[Filter("source", "Nguồn vốn", _source_choices, "source_id")],
        sorts={"ky": ("to_date", "from_date"), "tai-len": ("uploaded_at",)},
        default_sort="-ky",
        noun="sao kê",
    )
    context = {
        "listing": listing,
        "can_upload": allowed(check_can_upload_statement, user),
        "own_office": user.organisation_id,
    }
    return render_list(request, "funding/treasury_list.html", "funding/_treasury_table.html", context)


@requires(Permission.LEDGER_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def treasury_upload(request: HttpRequest) -> HttpResponse:
    """The file and its period; where its headings do not tell every column, the columns on a second page."""
    user: Any = request.user
    if request.method == "POST" and request.POST.get("stage") == COLUMNS_STAGE:
        return _name_columns(request, user)
    form = StatementForm(request.POST or None, request.FILES or None, sources=_sources())
    if request.method != "POST":
        return _upload_page(request, form)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        if upload.size > MAX_BYTES:
            raise UnreadableWorkbook(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB. Hãy chia nhỏ theo kỳ rồi tải lên.")
        content: bytes = upload.read()
        sheet = read_sheet(BytesIO(content))
    except UnreadableWorkbook as error:
        form.add_error("file", str(error))
        return _upload_page(request, form, status=422)
    layout = find_layout(sheet.rows)
    if layout is None or layout.missing:
        return _ask_columns(request, user, form, content, sheet, layout)
    return _record(request, user, form, sheet, layout, digest_of(content), upload.name)


def _ask_columns(
    request: HttpRequest, user: Any, form: StatementForm, content: bytes, sheet: Sheet, layout: Layout | None
) -> HttpResponse:
    values = form.cleaned_data
    initial = columns_initial(layout) | {
        "source": values["source"],
        "from_date": values["from_date"],
        "to_date": values["to_date"],
        "digest": keep_pending(content, by=user),
        "name": values["file"].name,
    }
    return _columns_page(request, ColumnsForm(sources=_sources(), rows=sheet.rows, initial=initial), sheet)


def _name_columns(request: HttpRequest, user: Any) -> HttpResponse:
    digest = request.POST.get("digest", "")
    content = take_pending(digest, by=user)
    if content is None:
        messages.error(request, "Tệp chờ chọn cột không còn (đã ghi, hoặc có tệp khác thay). Hãy tải lại tệp.")
        return redirect("funding:treasury-upload")
    sheet = read_sheet(BytesIO(content))
    form = ColumnsForm(request.POST, sources=_sources(), rows=sheet.rows)
    if not form.is_valid():
        return _columns_page(request, form, sheet, status=422)
    return _record(request, user, form, sheet, form.layout(), digest, form.cleaned_data["name"])


def _record(
    request: HttpRequest, user: Any, form: Any, sheet: Sheet, layout: Layout, digest: str, name: str
) -> HttpResponse:
    """Records the statement when every row is good; otherwise the page says what is wrong with each."""
    values = form.cleaned_data
    reading = read_lines(
        sheet.rows, layout, first_day=values["from_date"], last_day=values["to_date"], epoch=sheet.epoch
    )
    errors = list(reading.errors)
    if not errors and reading.lines and user.organisation:
        errors = repeated_rows(user.organisation, reading.lines)
    if errors:
        form.add_error(None, f"Có {len(errors)} dòng không đọc được hoặc trùng. Chưa ghi dòng nào, hãy sửa tệp.")
        return _back(request, form, sheet, errors=errors)
    try:
        new = NewStatement(values["source"], values["from_date"], values["to_date"], name, digest)
        statement = record_statement(new=new, lines=reading.lines, by=user)
    except Refused as refusal:
        return _back(request, form, sheet, status=add_refusal(form, refusal))
    drop_pending(by=user)
    messages.success(request, _told(reading))
    return redirect(_reconciliation_of(statement))


def _told(reading: Reading) -> str:
    text = f"Đã ghi {len(reading.lines)} giao dịch."
    if reading.skipped:
        rows = ", ".join(map(str, reading.skipped[:10])) + ("…" if len(reading.skipped) > 10 else "")
        text += f" Bỏ qua {len(reading.skipped)} dòng chỉ có chữ hoặc là dòng cộng: dòng {rows}."
    return text


def _reconciliation_of(statement: TreasuryStatement) -> str:
    query = {"tu": format_date(statement.from_date), "den": format_date(statement.to_date)}
    if statement.source_id:
        query["source"] = str(statement.source_id)
    return f"{reverse('funding:treasury-reconciliation')}?{urlencode(query)}"


def _back(request: HttpRequest, form: Any, sheet: Sheet, *, errors: Any = (), status: int = 422) -> HttpResponse:
    if isinstance(form, ColumnsForm):
        return _columns_page(request, form, sheet, errors=errors, status=status)
    return _upload_page(request, form, errors=errors, status=status)


def _upload_page(request: HttpRequest, form: StatementForm, *, errors: Any = (), status: int = 200) -> HttpResponse:
    context = {"form": form, "errors": errors[:SHOWN_ERRORS], "error_count": len(errors)}
    return render(request, "funding/treasury_upload.html", context, status=status)


def _columns_page(
    request: HttpRequest, form: ColumnsForm, sheet: Sheet, *, errors: Any = (), status: int = 200
) -> HttpResponse:
    preview = [
        (number, [shown_cell(value) for value in row[:PREVIEW_COLUMNS]])
        for number, row in enumerate(sheet.rows[:PREVIEW_ROWS], start=1)
    ]
    context = {
        "form": form,
        "stage": COLUMNS_STAGE,
        "preview": preview,
        "letters": [get_column_letter(place) for place in range(1, max(len(cells) for _, cells in preview) + 1)],
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
    }
    return render(request, "funding/treasury_columns.html", context, status=status)


@requires(Permission.LEDGER_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def treasury_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    statement = get_object_or_404(statement_list(user), pk=pk)
    if not allowed(check_can_remove_statement, user, statement):
        raise PermissionDenied
    form, status = RemoveStatementForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = submit(form, lambda: remove_statement(statement_id=pk, reason=form.cleaned_data["reason"], by=user))
        if status == DONE:
            messages.success(request, "Đã bỏ sao kê. Sổ giải ngân không thay đổi.")
            return redirect("funding:treasury-statement-list")
    return render(request, "funding/treasury_remove.html", {"form": form, "statement": statement}, status=status)


def _sources() -> list[Source]:
    return list(Source.objects.filter(kind__in=LEDGER_KINDS))


def _source_choices() -> list[tuple[int, str]]:
    return [(source.pk, source.name) for source in _sources()]
