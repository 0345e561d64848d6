"""One move for many projects: first what will happen to each, then each in a transaction of its own."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.models import User
from khuyencong.accounts.routes import requires
from khuyencong.errors import Refused
from khuyencong.formfields import add_refusal
from programs import policies
from programs.actions.project import Paper, check_paper, move
from programs.checks import problems_before
from programs.forms.project_bulk import (
    ALL_FILTERED,
    BULK_LIMIT,
    BULK_MOVES,
    TICK,
    UNSEEN,
    ProjectBulkForm,
    bulk_moves_for,
    read_ticks,
)
from programs.models import Project
from programs.queries.dossier import read_together
from programs.queries.duplicates import read_signs_together
from programs.views.project_list import project_listing
from programs.views.project_page import DANGEROUS, acting_user
from programs.workflow import TRANSITIONS, Action, Status, Transition

BULK_MOVERS = frozenset(
    transition.permission for (_, action), transition in TRANSITIONS.items() if action in BULK_MOVES
)


@dataclass(frozen=True)
class Outcome:
    """What a move does, or did, to one project: the status it reaches, or every reason against."""

    project: Project
    target: Status | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ticked:
    """The ticked projects that the person may see; `missing` counts ticks that lead to none, and names nothing."""

    projects: list[Project]
    versions: dict[int, int]
    missing: int


@requires(*BULK_MOVERS)
@require_http_methods(["GET", "HEAD", "POST"])
def project_bulk(request: HttpRequest) -> HttpResponse:
    """The list sends ticks and a move; this page shows what would happen and sends the versions that it showed."""
    user = acting_user(request)
    if request.method != "POST":
        return redirect("programs:project-list")
    ticked = ticked_projects(request)
    if ticked is None:
        return redirect(f"{reverse('programs:project-list')}?{request.GET.urlencode()}")
    action = _chosen_move(request, user)
    form, status = _form(request, user, action), 200
    if action is None:
        status = 422
    elif "do" in request.POST:
        status = 422
        if form.is_valid() and _paper_holds(form, action):
            outcomes = [_move(project, ticked, action, form.cleaned_data, user) for project in ticked.projects]
            return _page(request, "programs/project_bulk_done.html", ticked, action, outcomes=outcomes)
    with read_together(ticked.projects), read_signs_together(ticked.projects):
        outcomes = [foresee(project, action, user) for project in ticked.projects] if action else []
    return _page(request, "programs/project_bulk.html", ticked, action, status, form=form, outcomes=outcomes)


def ticked_projects(request: HttpRequest) -> Ticked | None:
    """What was ticked on the page, or the whole filtered list; None, with a message, when that is nothing or too much.

    Another area's project is not told apart from one that does not exist.
    """
    rows = project_listing(request).object_list
    versions = read_ticks(request.POST.getlist(TICK))
    if request.POST.get(ALL_FILTERED):
        versions = dict.fromkeys(rows.values_list("pk", flat=True)[: BULK_LIMIT + 1], UNSEEN)
    if not versions:
        messages.error(request, "Chưa đánh dấu đề án nào.")
        return None
    if len(versions) > BULK_LIMIT:
        messages.error(request, f"Mỗi lần xử lý tối đa {BULK_LIMIT} đề án. Hãy lọc hẹp lại hoặc đánh dấu ít hơn.")
        return None
    visible = Project.objects.visible_to(request.user).filter(pk__in=versions)
    projects = list(visible.select_related("place", "appraiser"))
    return Ticked(projects, versions, len(versions) - len(projects))


def foresee(project: Project, action: Action, user: User) -> Outcome:
    """What the move would do now to a project of the user's area, changing nothing."""
    try:
        transition = policies.check_move_exists(project, action)
        policies.check_permission(user, transition.permission)
    except Refused as refusal:
        return Outcome(project, problems=tuple(refusal.message.split("\n")))
    problems = tuple(problems_before(action, project))
    return Outcome(project, None if problems else transition.target or Status(project.returned_from), problems)


def _move(project: Project, ticked: Ticked, action: Action, data: dict[str, Any], user: User) -> Outcome:
    paper = Paper(data["document_number"], data["document_date"])
    version = ticked.versions[project.pk]
    try:
        moved = move(project_id=project.pk, action=action, by=user, version=version, paper=paper, reason=data["reason"])
    except Refused as refusal:
        return Outcome(project, problems=tuple(refusal.message.split("\n")))
    return Outcome(moved, moved.state)


def _chosen_move(request: HttpRequest, user: User) -> Action | None:
    wanted = request.POST.get("move", "")
    return next((action for action in bulk_moves_for(user.portal_permissions) if action.value == wanted), None)


def _transition(action: Action) -> Transition:
    """One of the move's transitions: what paper it needs does not depend on the status it starts from."""
    return next(transition for (_, known), transition in TRANSITIONS.items() if known is action)


def _form(request: HttpRequest, user: User, action: Action | None) -> ProjectBulkForm:
    """Bound once there is something to complain about; on the way from the list, filled with what was typed there."""
    moves = bulk_moves_for(user.portal_permissions)
    transition = _transition(action) if action else None
    if action is None or "do" in request.POST:
        return ProjectBulkForm(request.POST, moves=moves, transition=transition)
    return ProjectBulkForm(initial=request.POST.dict(), moves=moves, transition=transition)


def _paper_holds(form: ProjectBulkForm, action: Action) -> bool:
    """What is wrong with the paper is said once at its field, not once for each project."""
    data = form.cleaned_data
    try:
        check_paper(_transition(action), Paper(data["document_number"], data["document_date"]), data["reason"])
    except Refused as refusal:
        add_refusal(form, refusal)
    return not form.errors


def _page(
    request: HttpRequest,
    template: str,
    ticked: Ticked,
    action: Action | None,
    status: int = 200,
    *,
    outcomes: list[Outcome],
    form: ProjectBulkForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "action": action,
        "transition": _transition(action) if action else None,
        "ticked": ticked,
        "outcomes": outcomes,
        "good": sum(1 for outcome in outcomes if outcome.target),
        "is_dangerous": action in DANGEROUS,
        "tick": TICK,
        "back": f"{reverse('programs:project-list')}?{request.GET.urlencode()}",
        "querystring": request.GET.urlencode(),
    }
    context["bad"] = len(outcomes) - context["good"]  # type: ignore[operator]
    return render(request, template, context, status=status)
