"""What must be true before a move: a named list of checks per action. `funding` adds its own when the app starts."""

from collections import defaultdict
from collections.abc import Callable

from khuyencong.errors import Refused
from programs.models import Project, ProjectKind
from programs.workflow import Action

Check = Callable[[Project], None]
CHECKS: dict[Action, list[Check]] = defaultdict(list)


def check_before(action: Action) -> Callable[[Check], Check]:
    """Register a check that runs, on the locked project, before the action."""

    def register(check: Check) -> Check:
        if check not in CHECKS[action]:
            CHECKS[action].append(check)
        return check

    return register


def problems_before(action: Action, project: Project) -> list[str]:
    """Every reason against the action, for a person to see all at once."""
    problems = []
    for check in CHECKS[action]:
        try:
            check(project)
        except Refused as refusal:
            problems.append(refusal.message)
    return problems


def run_checks(action: Action, project: Project) -> None:
    """Errors: Refused with every reason, one a line."""
    problems = problems_before(action, project)
    if problems:
        raise Refused("\n".join(problems))


@check_before(Action.SUBMIT)
def has_beneficiaries(project: Project) -> None:
    """A group project may name its beneficiaries after approval (TT 36/2013/TT-BCT); others may not."""
    if project.kind != ProjectKind.GROUP and not project.participants.exists():
        raise Refused("Chưa có cơ sở thụ hưởng nào trong đề án.")


@check_before(Action.SIGN_CONTRACT)
def names_beneficiaries(project: Project) -> None:
    if not project.participants.exists():
        raise Refused("Phải có cơ sở thụ hưởng trước khi ký hợp đồng.")
