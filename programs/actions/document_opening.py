"""Who looked at a document, and who took it away."""

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import record, subject_of
from programs import policies
from programs.models import Document

TAKEN, SEEN = "document_download", "document_view"


@transaction.atomic
def note_opening(*, document: Document, by: User, taken: bool) -> None:
    """One event for each download; for looking at it, one a day for each person, since a page shows it again and again.

    The event is filed under the document and not under the project, whose own history tells of changes only.
    Errors: NotAllowed.
    """
    project = document.project
    policies.check_can_view(by, project)
    if not taken and _seen_today(document, by):
        return
    record(
        by=by,
        action=TAKEN if taken else SEEN,
        action_label="Tải tài liệu" if taken else "Xem tài liệu",
        obj=document,
        changes={"Đề án": (None, project.code), document.get_kind_display(): (None, document.original_name)},
        place_id=project.place_id,
        document_number=document.number,
        document_date=document.document_date,
    )


def _seen_today(document: Document, by: User) -> bool:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = AuditEvent.objects.about(subject_of(document)).filter(action=SEEN, actor_id=by.pk, at__gte=start)
    return seen.exists()
