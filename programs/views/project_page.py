"""What every page of a project shows around its own part: header, moves, tabs. Used by the apps above too."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from programs import policies
from programs.models import Project
from programs.page_buttons import buttons_for
from programs.queries.checklist import Checklist, submission_checklist
from programs.queries.deadlines import submitted_late
from programs.queries.project import PAGE_RELATIONS
from programs.queries.supplement import last_supplement
from programs.queues import FORWARD
from programs.tabs import move_page, tabs_for
from programs.workflow import APPRAISED_IN, EDITABLE, Action

DANGEROUS = frozenset({Action.REFUSE, Action.WITHDRAW, Action.STOP})


@dataclass(frozen=True)
class PageTab:
    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    tone: str = "primary"


def acting_user(request: HttpRequest) -> User:
    """The signed-in user; routes let nobody else in."""
    user = request.user
    assert isinstance(user, User)
    return user


def load_project(request: HttpRequest, pk: int) -> Project:
    """The project with all that its header shows. Errors: Http404 when the user may not see it."""
    projects = Project.objects.visible_to(request.user).select_related(*PAGE_RELATIONS)
    projects = projects.annotate(is_late=submitted_late())
    return get_object_or_404(projects, pk=pk)


def project_page_context(request: HttpRequest, project: Project, active_tab: str) -> dict[str, Any]:
    """What templates/programs/_project_header.html and its neighbours draw: `project`, `tabs`, `moves`, `checklist`.

    `project` comes from `load_project`; `active_tab` is a key of `programs.tabs`.
    """
    user = acting_user(request)
    tabs = tabs_for(user.portal_permissions)
    return {
        "project": project,
        "active_tab": active_tab,
        "tabs": [PageTab(tab.label, reverse(tab.url_name, args=[project.pk]), tab.key == active_tab) for tab in tabs],
        "moves": [move_button(action, project.pk) for action in policies.moves_open_to(user, project)],
        "page_buttons": [
            Button(button.label, reverse(button.url_name, args=[project.pk]), "outline-primary")
            for button in buttons_for(user, project)
        ],
        "can_edit": policies.allowed(policies.check_can_edit, user, project),
        "checklist": checklist_for(user, project),
        "supplement": last_supplement(project, tabs) if project.state in APPRAISED_IN else None,
    }


def move_button(action: Action, project_pk: int) -> Button:
    """A link to the page of the move: its own, or the common form."""
    tone = "outline-danger" if action in DANGEROUS else "primary" if action in FORWARD else "outline-primary"
    return Button(action.label, move_url(action, project_pk), tone)


def move_url(action: Action, project_pk: int) -> str:
    own_page = move_page(action)
    if own_page is not None:
        return reverse(own_page, args=[project_pk])
    return reverse("programs:project-move", args=[project_pk, action.value])


def checklist_for(user: User, project: Project) -> Checklist | None:
    """What is left to do, for whoever may submit the project; None once it has been submitted."""
    if project.state not in EDITABLE or not user.has_permission(Permission.PROJECT_REGISTER):
        return None
    return submission_checklist(project, tabs_for(user.portal_permissions))
