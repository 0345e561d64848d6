"""Having a document written for a project."""

from django.db import transaction

from khuyencong.accounts.models import User
from programs.actions.project import audit
from programs.models import Project, WordKind, WordTemplate
from programs.rules.attachments import safe_name
from programs.word.build import default_path
from programs.word.context import Subject, document_context
from programs.word.documents import WordDocument
from programs.word.policies import check_can_draft, party_of
from programs.word.render import fill


@transaction.atomic
def draft_document(
    *, project: Project, document: WordDocument, participant_id: int | None = None, by: User
) -> tuple[str, bytes]:
    """The file's name and its content.

    `participant_id`: the beneficiary that it is made out to; the only one of a project needs no choosing. Errors:
    NotAllowed, Refused for the state or a beneficiary that is not in the project.
    """
    check_can_draft(by, project, document)
    participants = list(project.participants.select_related("beneficiary__place"))
    party = party_of(document, participants, participant_id)
    subject = Subject(project, document, by, party, participants)
    template = WordTemplate.objects.filter(kind=document.kind).first()
    content = fill(read_template(document.kind, template), document_context(subject))
    told = [document.label, *([party.beneficiary.name] if party else [])]
    used = template.original_name if template else "Mẫu của hệ thống"
    changes = {"Văn bản": (None, ", ".join(told)), "Mẫu": (None, used)}
    audit(project, by=by, action="draft_document", label="Soạn văn bản", changes=changes)
    return safe_name(f"{document.label} {project.code}.docx"), content


def read_template(kind: WordKind, template: WordTemplate | None) -> bytes:
    """The template that an administrator has put in place, or the portal's own."""
    if template is None:
        return default_path(kind).read_bytes()
    with template.file.open("rb") as file:
        content: bytes = file.read()
    return content
