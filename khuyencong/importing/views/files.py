"""Workbooks of the room: the blank template, what the portal holds for editing, the rows with their errors."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.routes import requires
from khuyencong.excel.response import workbook_response
from khuyencong.importing import policies
from khuyencong.importing.actions.export import record_errors_export, record_rows_export
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import BatchState
from khuyencong.importing.policies import ROOM
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.views.common import EXPORT_JOB, load_kind, load_own
from khuyencong.importing.workbooks.errors import write_errors
from khuyencong.importing.workbooks.template import write_template
from khuyencong.jobs.exports import export_by_job


@requires(*ROOM)
@require_safe
def template_download(request: HttpRequest, import_kind: str) -> FileResponse:
    user: Any = request.user
    kind = load_kind(user, import_kind)

    def write(stream: IO[bytes]) -> int:
        fields = kind.fields(user)
        return write_template(kind, fields, stream, places=places_for(user, fields))

    return workbook_response(write, filename=f"Mau-nhap-{kind.slug}.xlsx")


@requires(*ROOM)
@require_http_methods(["GET", "HEAD", "POST"])
def rows_export(request: HttpRequest, import_kind: str) -> FileResponse | HttpResponse:
    """Everything of the kind within the user's area; very long lists by a job."""
    user: Any = request.user
    kind = load_kind(user, import_kind)
    rows = iter(kind.rows(user))
    first = list(islice(rows, settings.EXPORT_DIRECT_ROWS + 1))
    if len(first) > settings.EXPORT_DIRECT_ROWS:
        title, back = f"{kind.label}: xuất ra Excel để sửa", reverse("importing:batch-create")
        return export_by_job(request, kind=EXPORT_JOB, title=title, query=f"loai={kind.slug}", back=back)

    def write(stream: IO[bytes]) -> None:
        write_rows(kind, user, chain(first, rows), stream)

    return workbook_response(write, filename=export_name(kind))


def write_rows(kind: ImportKind, user: User, rows: Any, stream: IO[bytes]) -> None:
    """For the page and the job alike; that it was taken is recorded."""
    fields = kind.fields(user)
    count = write_template(kind, fields, stream, places=places_for(user, fields), rows=rows)
    record_rows_export(kind=kind, row_count=count, by=user)


def export_name(kind: ImportKind) -> str:
    return f"Sua-{kind.slug}.xlsx"


def places_for(user: User, fields: Sequence[ImportField]) -> PlaceFinder | None:
    return PlaceFinder.for_area(user.area_id) if any(one.kind is FieldKind.PLACE for one in fields) else None


@requires(*ROOM)
@require_safe
def errors_download(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    batch = load_own(request, pk)
    user: Any = request.user
    if batch.state == BatchState.READ:
        messages.error(request, "Tệp chưa kiểm tra xong nên chưa có lỗi để ghi ra.")
        return redirect("importing:batch-detail", pk)
    fields = policies.kind_of(batch).file_fields(user)

    def write(stream: IO[bytes]) -> None:
        write_errors(batch, fields, stream)
        record_errors_export(batch=batch, by=user)

    return workbook_response(write, filename=f"Loi-{batch.pk}-{batch.kind}.xlsx")
