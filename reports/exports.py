"""A form as a workbook; who took it, and for what, is in the audit trail."""

from django.db import transaction
from django.http import FileResponse

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.excel.response import workbook_response
from khuyencong.excel.workbook import write_workbook
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
    user, basis = parameters.user, getattr(parameters, "basis", None)
    asked = {"Biểu": definition.title, "Kỳ": parameters.span, "Địa bàn": str(parameters.area)}
    asked |= {"Cách tính": basis.label} if basis else {}
    grouping = getattr(parameters, "grouping", None)
    asked |= {"Nhóm theo": grouping.label} if grouping else {}
    record(
        by=user,
        action="report_export",
        action_label="Tải báo cáo ra Excel",
        obj=user,
        changes={name: (None, value) for name, value in {**asked, "Tệp": filename}.items()},
        place_id=parameters.area.pk,
    )
    return response


@transaction.atomic
def export_locked(report: LockedReport, opened: Opened, *, by: User) -> FileResponse:
    """The workbook of the stored figures, which says that they are; and its audit event."""
    tables = noted(report, opened.tables)
    filename = f"{report.slug}-da-khoa-{report.code}.xlsx"
    response = workbook_response(lambda stream: write_workbook(tables, stream=stream), filename=filename)
    told = {"Biểu": report.title, "Kỳ": report.span, "Địa bàn": str(report.area), HASH_LABEL: report.sha256}
    record(
        by=by,
        action="locked_report_export",
        action_label="Tải báo cáo đã khóa ra Excel",
        obj=report,
        changes={name: (None, value) for name, value in {**told, "Tệp": filename}.items()},
        place_id=report.area_id,
    )
    return response
