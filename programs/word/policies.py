"""Who may have which document written. Raises with the reason, as `programs.policies` does."""

from collections.abc import Sequence

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from programs import policies
from programs.models import Project, ProjectBeneficiary
from programs.word.documents import DOCUMENTS, WordDocument


def check_can_draft(user: User, project: Project, document: WordDocument) -> None:
    """Errors: NotAllowed for the person, Refused when the project is at a step where the document has no place."""
    policies.check_can_view(user, project)
    if not document.permissions & user.portal_permissions:
        raise NotAllowed(f"Tài khoản của bạn không soạn được văn bản “{document.label}”.")
    if project.state not in document.statuses:
        raise Refused(
            f"Đề án đang ở trạng thái “{project.state.label}”, chưa hoặc không còn soạn “{document.label}” ở bước này."
        )


def party_of(
    document: WordDocument, participants: Sequence[ProjectBeneficiary], chosen_id: int | None
) -> ProjectBeneficiary | None:
    """The beneficiary that the document is made out to: the one chosen, or the only one there is.

    Errors: Refused when the one chosen is not in the project.
    """
    if not document.names_party:
        return None
    if chosen_id is None:
        return participants[0] if len(participants) == 1 else None
    for participant in participants:
        if participant.pk == chosen_id:
            return participant
    raise Refused("Cơ sở này không còn trong đề án. Hãy tải lại trang rồi chọn lại.")


def check_can_keep_templates(user: User) -> None:
    """Errors: NotAllowed for whoever does not keep the reference data."""
    policies.check_permission(user, Permission.REFERENCE_EDIT)


def documents_open_to(user: User, project: Project) -> list[WordDocument]:
    """The documents that this person may have written now; one query, however many documents."""
    open_now = [
        document
        for document in DOCUMENTS.values()
        if project.state in document.statuses and document.permissions & user.portal_permissions
    ]
    return open_now if open_now and policies.allowed(policies.check_can_view, user, project) else []
