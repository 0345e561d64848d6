"""Who may list machines, fill in their numbers, and give reasons against signs of a second support."""

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from programs import policies
from programs.models import Project, ProjectKind
from programs.workflow import APPRAISED_IN, Status

# Machines are bought, and their numbers known, between the contract and the acceptance.
NUMBERED_IN = frozenset({Status.CONTRACTED, Status.IN_PROGRESS})
EXPLAINED_IN = APPRAISED_IN | {Status.DRAFT}
NUMBER_WRITERS = (Permission.PROJECT_REGISTER, Permission.PROGRESS_REPORT)
REASON_GIVERS = (Permission.PROJECT_APPRAISE, Permission.PROJECT_REGISTER)


def check_can_list_equipment(user: User, project: Project) -> None:
    """Machines are part of what is submitted: they are listed while establishments may be named.

    Errors: NotAllowed for the person, Refused for the state.
    """
    policies.check_can_change_participants(user, project)


def check_can_number_equipment(user: User, project: Project) -> None:
    """Serial and invoice numbers may be filled in until the acceptance. Errors: as above."""
    _check_holds_one(user, NUMBER_WRITERS)
    policies.check_covers(user, project.place_id)
    if project.state not in NUMBERED_IN:
        raise Refused(
            f"Đề án đang ở trạng thái “{project.state.label}”; số máy, số hóa đơn được ghi từ khi ký hợp đồng "
            "đến khi nghiệm thu."
        )


def check_can_edit_equipment(user: User, project: Project) -> None:
    """The whole row, or its numbers alone. Errors: NotAllowed for the person, Refused for the state."""
    if project.state in NUMBERED_IN:
        check_can_number_equipment(user, project)
    else:
        check_can_list_equipment(user, project)


def check_can_explain_duplicate(user: User, project: Project) -> None:
    """Reasons are given until the project is approved; for a group project, which may name establishments later, until
    the contract. Errors: NotAllowed for the person, Refused for the state.
    """
    _check_holds_one(user, REASON_GIVERS)
    policies.check_covers(user, project.place_id)
    names_later = project.kind == ProjectKind.GROUP and project.state is Status.APPROVED
    if project.state not in EXPLAINED_IN and not names_later:
        raise Refused(f"Đề án đang ở trạng thái “{project.state.label}”; giải trình trùng hỗ trợ ghi trước phê duyệt.")


def _check_holds_one(user: User, permissions: tuple[Permission, ...]) -> None:
    if not any(user.has_permission(permission) for permission in permissions):
        named = " hoặc ".join(permission.value.lower() for permission in permissions)
        raise NotAllowed(f"Tài khoản của bạn không có quyền: {named}.")
