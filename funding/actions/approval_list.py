"""Approval of a list of projects by one decision: all of them, or none."""

from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

from funding.actions.approval import approve
from funding.actions.open_year import hold_plan_years
from funding.models import Budget, FundingLine
from funding.models.budget import PLANNED_KINDS
from funding.queries.money import requested_amounts
from funding.queries.provinces import load_provinces
from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from programs import policies
from programs.actions.project import Paper, check_paper
from programs.models import Project
from programs.workflow import TRANSITIONS, Action, Status

LIST_LIMIT = 200


@transaction.atomic
def approve_list(
    *, versions: Mapping[int, int], by: User, paper: Paper, reason: str = "", norm_reason: str = ""
) -> list[Project]:
    """Approve each project of `versions` (pk → version shown) with the amounts that it asked for.

    One refusal takes back every approval of the list and says which project it was and why. Projects are locked in the
    order of their pk, then budgets in theirs, before anything is written: the order of a single approval, so that
    neither two lists nor a list and a single approval can wait for each other. `norm_reason`: one for the whole list.
    Errors: NotAllowed; Overtaken; Refused.
    """
    policies.check_permission(by, Permission.PROJECT_APPROVE)
    check_paper(TRANSITIONS[Status.APPRAISED, Action.APPROVE], paper, reason)
    projects = _lock_projects(versions, by)
    hold_plan_years(projects, paper.date)
    _lock_budgets(projects, paper)
    act = partial(approve, by=by, paper=paper, reason=reason, norm_reason=norm_reason)
    return [_approve(project, versions[project.pk], act) for project in projects]


def _lock_projects(versions: Mapping[int, int], by: User) -> list[Project]:
    """The projects in the order of their pk. Another area's project is not told apart from a missing one."""
    if not versions:
        raise Refused("Chưa chọn đề án nào.")
    if len(versions) > LIST_LIMIT:
        raise Refused(f"Mỗi quyết định phê duyệt tối đa {LIST_LIMIT} đề án một lần.")
    rows = Project.objects.visible_to(by).filter(pk__in=versions).order_by("pk")
    projects = list(rows.select_for_update(of=("self",)))
    missing = len(versions) - len(projects)
    if missing:
        raise Refused(f"Không tìm thấy {missing} đề án trong danh sách.")
    return projects


def _lock_budgets(projects: list[Project], paper: Paper) -> None:
    """Every budget that the list may draw on, in the order of their pk."""
    provinces = load_provinces({project.place_id for project in projects})
    found = (provinces.find(project.place_id, paper.date) for project in projects)
    sources = FundingLine.objects.filter(project__in=projects, source__kind__in=PLANNED_KINDS).values("source_id")
    rows = Budget.objects.select_for_update().filter(
        year__in={project.year for project in projects},
        province__in={province.pk for province in found if province},
        source__in=sources,
    )
    list(rows.order_by("pk"))


def _approve(project: Project, version: int, act: Callable[..., Project]) -> Project:
    try:
        return act(project_id=project.pk, amounts=requested_amounts(project), version=version)
    except Refused as refusal:
        lines = [f"{project.code}: {line}" for line in refusal.message.split("\n")]
        raise type(refusal)("\n".join(lines), field=refusal.field) from refusal
