"""Who may do what to which object. Each check raises with the reason; `allowed` turns one into a bool for buttons."""

from collections.abc import Callable
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from khuyencong.localities.models import covered_unit_ids
from programs.models import Project, ProjectKind
from programs.workflow import EDITABLE, ENDED, Action, Status, Transition, actions_from, find_transition


def allowed(check: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Whether the check passes."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True


def check_permission(user: User, permission: Permission) -> None:
    """Errors: NotAllowed when the user's role lacks the permission."""
    if not user.has_permission(permission):
        raise NotAllowed(f"Tài khoản của bạn không có quyền: {permission.value}.")


def check_covers(user: User, place_id: int) -> None:
    """Errors: NotAllowed when the place lies outside the user's area."""
    if not covered_unit_ids(user.area_id).filter(unit_id=place_id).exists():
        raise NotAllowed("Địa bàn này không thuộc phạm vi của đơn vị bạn.")


def check_can_view(user: User, project: Project) -> None:
    check_permission(user, Permission.PROJECT_VIEW)
    check_covers(user, project.place_id)


def check_can_register(user: User, place_id: int) -> None:
    """May the user register a project at that place?"""
    check_permission(user, Permission.PROJECT_REGISTER)
    check_covers(user, place_id)


def check_can_edit(user: User, project: Project) -> None:
    """Only drafts and returned projects are edited; what was approved changes by amendment."""
    check_can_register(user, project.place_id)
    if project.state not in EDITABLE:
        raise Refused(f"Đề án {_in_status(project.state)}, không sửa được nữa.")


def check_can_change_participants(user: User, project: Project) -> None:
    """Beneficiaries are named while the project is edited; a group project may also name them once it is approved.

    Errors: NotAllowed for the person, Refused for the state. Source: TT 36/2013/TT-BCT (đề án nhóm): the list may
    follow the approval, and must be there when the contract is signed.
    """
    check_can_register(user, project.place_id)
    names_later = project.kind == ProjectKind.GROUP and project.state is Status.APPROVED
    if project.state not in EDITABLE and not names_later:
        hint = " Đề án nhóm được bổ sung cơ sở sau khi phê duyệt, trước khi ký hợp đồng."
        raise Refused(
            f"Đề án {_in_status(project.state)}, không đổi danh sách cơ sở được."
            + (hint if project.kind == ProjectKind.GROUP else "")
        )


def check_can_plan_indicators(user: User, project: Project) -> None:
    """Planned figures are part of what is submitted: they change while the project is edited."""
    check_can_edit(user, project)


def check_can_attach(user: User, project: Project) -> None:
    """Documents may be added until the project has ended."""
    check_permission(user, Permission.DOCUMENT_ADD)
    check_covers(user, project.place_id)
    if project.state in ENDED:
        raise Refused(f"Đề án {_in_status(project.state)}, không đính kèm thêm được.")


def check_can_move(user: User, project: Project, action: Action) -> Transition:
    """The transition that the action makes. Errors: NotAllowed for the person, Refused for the state or track."""
    transition = check_move_exists(project, action)
    check_permission(user, transition.permission)
    check_covers(user, project.place_id)
    return transition


def check_move_exists(project: Project, action: Action) -> Transition:
    transition = find_transition(project.state, action, project.track_kind)
    if transition is None:
        raise Refused(f"Đề án {_in_status(project.state)}, không thể {action.label.lower()} ở bước này.")
    return transition


def moves_open_to(user: User, project: Project) -> list[Action]:
    """The moves that this person may make now; one query for the area, however many moves."""
    permissions = user.portal_permissions
    open_moves = [
        action
        for action in actions_from(project.state, project.track_kind)
        if check_move_exists(project, action).permission in permissions
    ]
    if not open_moves or not allowed(check_covers, user, project.place_id):
        return []
    return open_moves


def _in_status(status: Status) -> str:
    return f"đang ở trạng thái “{status.label}”"
