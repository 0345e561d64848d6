"""Having the appraisal minutes of a session written for one of its projects."""

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.vietnamese.dates import format_long_date
from programs.actions.project import audit
from programs.actions.word_document import read_template
from programs.council_policies import check_can_keep
from programs.models import SessionProject, WordKind, WordTemplate
from programs.policies import check_can_view
from programs.rules.attachments import safe_name
from programs.word.context import Subject, document_context, literal
from programs.word.documents import DOCUMENTS
from programs.word.render import fill


@transaction.atomic
def draft_minutes(*, item: SessionProject, by: User) -> tuple[str, bytes]:
    """The file's name and its content; whatever has become of the project since, minutes stay what they were.

    Errors: NotAllowed.
    """
    check_can_keep(by, item.session.council)
    check_can_view(by, item.project)
    project, document = item.project, DOCUMENTS[WordKind.APPRAISAL]
    participants = list(project.participants.select_related("beneficiary__place"))
    subject = Subject(project, document, by, None, participants, item)
    template = WordTemplate.objects.filter(kind=document.kind).first()
    context = document_context(subject)
    session = item.session
    if session.minutes_date is not None:
        context |= {
            "so_ky_hieu": literal(session.minutes_number),
            "ngay_thang_nam": literal(format_long_date(session.minutes_date)),
        }
    content = fill(read_template(document.kind, template), context)
    used = template.original_name if template else "Mẫu của hệ thống"
    changes = {"Văn bản": (None, f"{document.label}, {session}"), "Mẫu": (None, used)}
    audit(project, by=by, action="draft_document", label="Soạn văn bản", changes=changes)
    return safe_name(f"{document.label} {project.code} {session.held_on:%Y-%m-%d}.docx"), content
