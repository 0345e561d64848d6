"""Money only once: what speaks against a move of a project that may be supported a second time. Added at start."""

from khuyencong.errors import Refused
from programs.checks import check_before, warn_before
from programs.duplicate_wording import WHERE, listed
from programs.models import Project, ProjectKind
from programs.queries.duplicates import hard_signs, unexplained
from programs.workflow import Action

# Serial numbers come late: they are looked at again when the machines have been accepted.
FORBIDDEN_BEFORE = (Action.SUBMIT, Action.APPRAISE, Action.APPROVE, Action.ACCEPT)
EXPLAINED_BEFORE = (Action.APPRAISE, Action.APPROVE)


def has_no_second_support(project: Project) -> None:
    """Errors: Refused, naming the project that has the same machine or invoice."""
    signs = hard_signs(project)
    if signs:
        head = "Trùng máy móc hoặc hóa đơn đã được hỗ trợ. Ghi nhầm số thì sửa; đúng là một máy thì bỏ khỏi đề án:"
        raise Refused("\n".join([head, *listed(signs)]))


def signs_are_explained(project: Project) -> None:
    """Errors: Refused while a sign of a second support has no written reason."""
    signs = unexplained(project)
    if signs:
        head = f"Còn {len(signs)} dấu hiệu trùng hỗ trợ chưa có giải trình. Ghi giải trình ở {WHERE}:"
        raise Refused("\n".join([head, *listed(signs)]))


def signs_of_late_names_are_explained(project: Project) -> None:
    """A group project may name its establishments after the approval: then they are looked at before the contract.

    Errors: Refused while a sign of a second support has no written reason.
    """
    if project.kind == ProjectKind.GROUP:
        signs_are_explained(project)


def signs_to_explain(project: Project) -> list[str]:
    """The same before submitting, where it only warns."""
    signs = unexplained(project)
    lines = [f"Dấu hiệu trùng hỗ trợ: {line.removeprefix('– ')}" for line in listed(signs)]
    return [*lines, f"Trước khi thẩm định phải có giải trình ở {WHERE}."] if lines else []


def register() -> None:
    """Called when the app starts."""
    for action in FORBIDDEN_BEFORE:
        check_before(action)(has_no_second_support)
    for action in EXPLAINED_BEFORE:
        check_before(action)(signs_are_explained)
    check_before(Action.SIGN_CONTRACT)(signs_of_late_names_are_explained)
    warn_before(Action.SUBMIT)(signs_to_explain)
