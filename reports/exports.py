"""A form as a workbook or as a PDF of it; who took it, and for what, is in the audit trail."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.db import transaction
from django.http import FileResponse

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.excel.response import workbook_response
from khuyencong.excel.table import Table
from khuyencong.excel.workbook import write_workbook
from khuyencong.pdf import CONTENT_TYPE, to_pdf
from reports.definitions import Definition
from reports.locked import HASH_LABEL, Opened, noted
from reports.models import LockedReport
from reports.parameters import Parameters


@transaction.atomic
def export_form(definition: Definition, parameters: Parameters) -> FileResponse:
    """The workbook and its audit event together: what could not be written was not taken either."""
    tables = definition.build(parameters)
    filename = definition.filename(parameters)
    response = workbook_response(lambda stream: write_workbook(tables, stream=stream), filename=filename)
    _record_form(definition, parameters, "Tải báo cáo ra Excel", filename)
    return response


def export_form_pdf(definition: Definition, parameters: Parameters) -> FileResponse:
    """The printed workbook. It takes seconds, so it is made before the event's transaction. Errors: PdfError."""
    content = printed(definition.build(parameters))
    filename = definition.filename(parameters).removesuffix(".xlsx") + ".pdf"
    _record_form(definition, parameters, "Tải báo cáo ra PDF", filename)
    return pdf_response(content, filename)


@transaction.atomic
def export_locked(report: LockedReport, opened: Opened, *, by: User) -> FileResponse:
    """The workbook of the stored figures, which says that they are; and its audit event."""
    tables = noted(report, opened.tables)
    filename = f"{report.slug}-da-khoa-{report.code}.xlsx"
    response = workbook_response(lambda stream: write_workbook(tables, stream=stream), filename=filename)
    _record_locked(report, "Tải báo cáo đã khóa ra Excel", filename, by=by)
    return response


def export_locked_pdf(report: LockedReport, opened: Opened, *, by: User) -> FileResponse:
    """The same as a PDF. Errors: PdfError."""
    content = printed(noted(report, opened.tables))
    filename = f"{report.slug}-da-khoa-{report.code}.pdf"
    _record_locked(report, "Tải báo cáo đã khóa ra PDF", filename, by=by)
    return pdf_response(content, filename)


def printed(tables: Sequence[Table]) -> bytes:
    """The workbook of these tables as a PDF. Errors: PdfError."""
    stream = BytesIO()
    write_workbook(tables, stream=stream)
    return to_pdf(stream.getvalue(), ".xlsx")


def pdf_response(content: bytes, filename: str) -> FileResponse:
    return FileResponse(BytesIO(content), as_attachment=True, filename=filename, content_type=CONTENT_TYPE)


def asked_for(parameters: Parameters) -> dict[str, Any]:
    """The question, as the audit trail tells it."""
    basis, grouping = getattr(parameters, "basis", None), getattr(parameters, "grouping", None)
    asked = {"Kỳ": parameters.span, "Địa bàn": str(parameters.area)}
    asked |= {"Cách tính": basis.label} if basis else {}
    return asked | ({"Nhóm theo": grouping.label} if grouping else {})


@transaction.atomic
def _record_form(definition: Definition, parameters: Parameters, label: str, filename: str) -> None:
    told = {"Biểu": definition.title, **asked_for(parameters), "Tệp": filename}
    record(
        by=parameters.user,
        action="report_export",
        action_label=label,
        obj=parameters.user,
        changes={name: (None, value) for name, value in told.items()},
        place_id=parameters.area.pk,
    )


@transaction.atomic
def _record_locked(report: LockedReport, label: str, filename: str, *, by: User) -> None:
    told = {"Biểu": report.title, "Kỳ": report.span, "Địa bàn": str(report.area), HASH_LABEL: report.sha256}
    record(
        by=by,
        action="locked_report_export",
        action_label=label,
        obj=report,
        changes={name: (None, value) for name, value in {**told, "Tệp": filename}.items()},
        place_id=report.area_id,
    )
