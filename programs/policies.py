"""Who may do what to which object. Each check raises with the reason; `allowed` turns one into a bool for buttons."""

from collections.abc import Callable
from typing import Any

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from khuyencong.localities.models import covered_unit_ids
from programs.models import MinistryBatch, MinistryBatchProject, MinistryResult, Project, ProjectKind
from programs.workflow import (
    AMENDABLE,
    APPRAISED_IN,
    EDITABLE,
    ENDED,
    Action,
    Status,
    Transition,
    actions_from,
    find_transition,
)

FIELD_CHECKED = frozenset({Status.CONTRACTED, Status.IN_PROGRESS})
SURVEYED = frozenset({Status.IN_PROGRESS, Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED})


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


def check_can_copy(user: User, source: Project) -> None:
    """Whoever may see a project and register projects may start a new one from it, whatever its status."""
    check_can_view(user, source)
    check_permission(user, Permission.PROJECT_REGISTER)


def check_can_edit(user: User, project: Project) -> None:
    """Only drafts and returned projects are edited; what was approved changes by amendment."""
    check_can_register(user, project.place_id)
    if project.state not in EDITABLE:
        raise Refused(f"Đề án {_in_status(project.state)}, không sửa được nữa.")


def check_can_answer(user: User, project: Project) -> None:
    """Whoever may edit a returned project answers what it was returned for."""
    check_can_edit(user, project)
    if project.state is not Status.RETURNED:
        raise Refused(f"Đề án {_in_status(project.state)}, không có yêu cầu bổ sung nào chờ giải trình.")


def check_can_assign_appraiser(user: User, project: Project) -> None:
    """Who appraises is settled by those who appraise, until the project is approved or has left."""
    check_permission(user, Permission.PROJECT_APPRAISE)
    check_covers(user, project.place_id)
    check_assignable(project)


def check_assignable(project: Project) -> None:
    if project.state not in APPRAISED_IN:
        raise Refused(f"Đề án {_in_status(project.state)}, không giao người thẩm định ở bước này.")


def check_may_be_appraiser(appraiser: User, project: Project) -> None:
    """Errors: Refused, at the field `appraiser`, unless this is an active officer who may appraise in that area."""
    if not appraiser.has_permission(Permission.PROJECT_APPRAISE):
        raise Refused(f"{appraiser} không còn làm việc hoặc không có quyền thẩm định.", field="appraiser")
    if not allowed(check_covers, appraiser, project.place_id):
        raise Refused(f"{appraiser} không phụ trách địa bàn của đề án.", field="appraiser")


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


def check_can_amend(user: User, project: Project) -> None:
    """What was approved changes by a decision, until the results are accepted. No move: the status stays."""
    check_permission(user, Permission.PROJECT_AMEND)
    check_covers(user, project.place_id)
    if project.state not in AMENDABLE:
        raise Refused(
            f"Đề án {_in_status(project.state)}. Chỉ điều chỉnh từ khi được phê duyệt đến trước khi nghiệm thu."
        )


def check_can_attach(user: User, project: Project) -> None:
    """Documents may be added until the project has ended."""
    check_permission(user, Permission.DOCUMENT_ADD)
    check_covers(user, project.place_id)
    if project.state in ENDED:
        raise Refused(f"Đề án {_in_status(project.state)}, không đính kèm thêm được.")


def check_can_check_field(user: User, project: Project) -> None:
    """The work is checked at the place from the contract until the acceptance."""
    check_permission(user, Permission.PROGRESS_REPORT)
    check_covers(user, project.place_id)
    if project.state not in FIELD_CHECKED:
        raise Refused(
            f"Đề án {_in_status(project.state)}; biên bản kiểm tra được ghi từ khi ký hợp đồng đến khi nghiệm thu."
        )


def check_can_record_employment(user: User, project: Project) -> None:
    """Surveys come when the work is under way and for years after its end."""
    check_permission(user, Permission.PROJECT_ACCEPT)
    check_covers(user, project.place_id)
    if project.state not in SURVEYED:
        raise Refused(f"Đề án {_in_status(project.state)}; việc làm sau đào tạo được ghi từ khi đề án đang thực hiện.")


def check_can_record_ministry_result(user: User, batch: MinistryBatch) -> None:
    """Whoever sends projects up also records what the Ministry answers on them."""
    check_permission(user, Permission.PROJECT_APPRAISE)
    check_covers(user, batch.organisation.area_id)


def check_awaits_ministry(project: Project) -> None:
    """Errors: Refused when the project is no longer with the Ministry."""
    if project.state is not Status.SENT_TO_MINISTRY:
        raise Refused(f"Đề án {_in_status(project.state)}, không ghi kết quả của Bộ được.")


def check_can_answer_for_ministry(user: User, project: Project) -> None:
    """The project is with the Ministry, and this person records what it answers."""
    check_permission(user, Permission.PROJECT_APPRAISE)
    check_covers(user, project.place_id)
    check_awaits_ministry(project)


def check_can_correct_ministry_result(user: User, entry: MinistryBatchProject, project: Project) -> None:
    """A wrong agreement is put right until the project is approved; what moved the project on stays as it is.

    `entry` is one of `project`. Errors: NotAllowed for the person, Refused for the entry or the state.
    """
    check_permission(user, Permission.PROJECT_APPRAISE)
    check_awaits_ministry(project)
    if entry.result != MinistryResult.AGREED:
        raise Refused("Chỉ sửa được kết quả “Bộ đồng ý” khi đề án chưa được phê duyệt.")
    if not MinistryBatchProject.objects.newest().filter(pk=entry.pk).exists():
        raise Refused("Đề án đã được gửi lại ở một đợt sau; ghi kết quả ở đợt đó.")


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
