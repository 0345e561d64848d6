"""Who may write down what support came to, and who may correct it."""

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import NotAllowed, Refused
from programs import policies
from programs.models import Project, SupportEvaluation
from programs.workflow import Status

# Before the acceptance there is no "after support".
EVALUATED_IN = frozenset({Status.ACCEPTED, Status.LIQUIDATED, Status.SETTLED})
EVALUATORS = (Permission.PROJECT_REGISTER, Permission.PROGRESS_REPORT)


def may_evaluate(user: User) -> bool:
    """Whether the user's role evaluates at all, whatever the project."""
    return any(user.has_permission(permission) for permission in EVALUATORS)


def check_can_evaluate(user: User, project: Project) -> None:
    """Officers who see the establishment: of the Centre, of the Department, and of the place itself.

    They are those who register projects or report their progress; leaders, accountants and auditors only read.
    Evaluations come after the acceptance and for years after the settlement.
    Errors: NotAllowed for the person or the area, Refused for the state.
    """
    if not may_evaluate(user):
        named = " hoặc ".join(permission.value.lower() for permission in EVALUATORS)
        raise NotAllowed(f"Tài khoản của bạn không có quyền: {named}.")
    policies.check_covers(user, project.place_id)
    if project.state not in EVALUATED_IN:
        raise Refused(
            f"Đề án đang ở trạng thái “{project.state.label}”; đánh giá sau hỗ trợ được ghi từ khi đề án nghiệm thu."
        )


def is_of_same_office(user: User, evaluation: SupportEvaluation) -> bool:
    """Whether the person who wrote the row is of the user's office; load `recorded_by` first."""
    return evaluation.recorded_by.organisation_id == user.organisation_id


def check_can_correct_evaluation(user: User, project: Project, evaluation: SupportEvaluation) -> None:
    """A mistaken row is put right by the office that wrote it; another office writes a row of its own.

    `evaluation` is one of `project`. Errors: NotAllowed for the person or another office, Refused for the state.
    """
    check_can_evaluate(user, project)
    if not is_of_same_office(user, evaluation):
        office = evaluation.recorded_by.organisation
        raise NotAllowed(f"Lần đánh giá này do {office} ghi; chỉ người của đơn vị đó sửa được.")
