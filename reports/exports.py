"""A form as a workbook; who took it, and for what, is in the audit trail."""

from django.db import transaction
from django.http import FileResponse

from khuyencong.audit.record import record
from khuyencong.excel.response import workbook_response
from khuyencong.excel.workbook import write_workbook
from reports.definitions import Definition
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
    record(
        by=user,
        action="report_export",
        action_label="Tải báo cáo ra Excel",
        obj=user,
        changes={name: (None, value) for name, value in {**asked, "Tệp": filename}.items()},
        place_id=parameters.area.pk,
    )
    return response
