"""Who may write the parts of a project. Each check raises with the reason, as those of `programs.policies` do."""

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs import policies
from programs.models import Project, ProjectKind
from programs.workflow import EDITABLE, Status


def check_can_change_participants(user: User, project: Project) -> None:
    """Beneficiaries are named while the project is edited; a group project may also name them once it is approved.

    Errors: NotAllowed for the person, Refused for the state. Source: TT 36/2013/TT-BCT (đề án nhóm): the list may
    follow the approval, and must be there when the contract is signed.
    """
    policies.check_can_register(user, project.place_id)
    names_later = project.kind == ProjectKind.GROUP and project.state is Status.APPROVED
    if project.state not in EDITABLE and not names_later:
        hint = " Đề án nhóm được bổ sung cơ sở sau khi phê duyệt, trước khi ký hợp đồng."
        raise Refused(
            f"Đề án đang ở trạng thái “{project.state.label}”, không đổi danh sách cơ sở được."
            + (hint if project.kind == ProjectKind.GROUP else "")
        )


def check_can_plan_indicators(user: User, project: Project) -> None:
    """Planned figures are part of what is submitted: they change while the project is edited."""
    policies.check_can_edit(user, project)
