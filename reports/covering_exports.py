"""The covering report as a Word document or a PDF of it, with its audit event."""

from io import BytesIO

from django.db import transaction
from django.http import FileResponse

from khuyencong.audit.record import record
from khuyencong.pdf import to_pdf
from programs.actions.word_document import read_template
from programs.models import WordKind, WordTemplate
from programs.rules.attachments import DOCX
from programs.word.context import own_context
from programs.word.render import fill
from reports.covering import covering_report
from reports.definitions.place_groups import PlaceParameters
from reports.exports import asked_for, pdf_response

KIND = WordKind.YEARLY_REPORT
FILE_STEM = "bao-cao-cong-tac-khuyen-cong"


@transaction.atomic
def export_covering(parameters: PlaceParameters) -> FileResponse:
    """The document and its event together: what could not be written was not taken either."""
    content, template = _written(parameters)
    filename = f"{FILE_STEM}-{parameters.file_part}.docx"
    _record(parameters, template, "Soạn báo cáo công tác khuyến công", filename)
    return FileResponse(BytesIO(content), as_attachment=True, filename=filename, content_type=DOCX.content_type)


def export_covering_pdf(parameters: PlaceParameters) -> FileResponse:
    """The printed document, made before the event's transaction. Errors: PdfError."""
    content, template = _written(parameters)
    printed = to_pdf(content, ".docx")
    filename = f"{FILE_STEM}-{parameters.file_part}.pdf"
    _record(parameters, template, "Soạn báo cáo công tác khuyến công ra PDF", filename)
    return pdf_response(printed, filename)


def _written(parameters: PlaceParameters) -> tuple[bytes, str]:
    """The filled document, and which template was used."""
    template = WordTemplate.objects.filter(kind=KIND).first()
    content = fill(read_template(KIND, template), own_context(KIND, covering_report(parameters).values))
    return content, template.original_name if template else "Mẫu của hệ thống"


@transaction.atomic
def _record(parameters: PlaceParameters, template: str, label: str, filename: str) -> None:
    told = {**asked_for(parameters), "Mẫu": template, "Tệp": filename}
    record(
        by=parameters.user,
        action="covering_report_export",
        action_label=label,
        obj=parameters.user,
        changes={name: (None, value) for name, value in told.items()},
        place_id=parameters.area.pk,
    )
