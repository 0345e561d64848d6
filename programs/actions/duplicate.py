"""Writing why a sign of a second support does not speak against a project."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs.actions.project import audit, lock_project
from programs.equipment_policies import check_can_explain_duplicate
from programs.models import DuplicateReason, Project
from programs.queries.duplicates import Sign, soft_signs

SignKey = tuple[str, int]
"""(kind of sign, the other project's id)."""


@transaction.atomic
def give_duplicate_reason(
    *, project_id: int, keys: Collection[SignKey], reason: str, by: User, version: int
) -> list[DuplicateReason]:
    """Add one reason for each of these signs; reasons are never changed, a better one is added.

    Errors: NotAllowed, Overtaken, Refused at `signs` or `reason`, or when a sign is not there (any more).
    """
    project = lock_project(project_id, version)
    check_can_explain_duplicate(by, project)
    if not reason:
        raise Refused("Ghi rõ vì sao không phải hỗ trợ trùng.", field="reason")
    chosen = _chosen(project, keys)
    added = write_reasons(project, chosen, reason, by)
    project.version += 1
    project.save(update_fields=["version"])
    changes = {f"{sign.kind.label}: {sign.other.project.code}": (None, reason) for sign in chosen.values()}
    audit(
        project,
        by=by,
        action="give_duplicate_reason",
        label="Giải trình dấu hiệu trùng hỗ trợ",
        changes=changes,
        reason=reason,
    )
    return added


def write_reasons(project: Project, keys: Collection[SignKey], reason: str, by: User) -> list[DuplicateReason]:
    """One row for each sign of the locked project; who calls it writes the audit event."""
    now = timezone.now()
    return [
        DuplicateReason.objects.create(
            project=project, other_project_id=other_id, sign=kind, reason=reason, by=by, at=now
        )
        for kind, other_id in keys
    ]


def _chosen(project: Project, keys: Collection[SignKey]) -> dict[SignKey, Sign]:
    """The signs that are meant, in the order of the page."""
    if not keys:
        raise Refused("Đánh dấu ít nhất một dấu hiệu.", field="signs")
    known = {sign.key: sign for sign in soft_signs(project)}
    if not set(keys) <= set(known):
        raise Refused("Có dấu hiệu không còn nữa. Hãy tải lại trang rồi ghi lại.", field="signs")
    return {key: sign for key, sign in known.items() if key in set(keys)}
