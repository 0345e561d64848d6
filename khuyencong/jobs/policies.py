"""Who may have long work done, and who may take its result."""

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from khuyencong.jobs.models import Job
from khuyencong.jobs.registry import kind_of


def check_can_run(user: User, kind: str) -> None:
    """Asked when the work is requested and again when it runs.

    Errors: NotAllowed when the account was disabled, its office closed or the right withdrawn; UnknownKind.
    """
    permission: Permission = kind_of(kind).permission
    if not user.has_permission(permission):
        raise NotAllowed(f"Tài khoản của bạn không có quyền: {permission.value}.")


def check_can_download(user: User, job: Job) -> None:
    """Errors: NotAllowed for anybody else and for who has lost the right; Refused when there is no file."""
    if job.requested_by_id != user.pk:
        raise NotAllowed("Chỉ người yêu cầu được tải tệp này.")
    check_can_run(user, job.kind)
    if not job.file:
        raise Refused("Tệp kết quả không còn. Hãy yêu cầu lại.")
