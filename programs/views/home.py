"""The first page: what waits for this person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from programs.evaluation_policies import may_evaluate
from programs.home_parts import home_parts
from programs.models import Project
from programs.queries.deadlines import deadline_rules, due_count
from programs.queries.evaluation import DUE_MONTHS, unevaluated_count
from programs.queries.home import WaitingWork, status_counts, waiting_work
from programs.queries.overdue import Overdue, escalated_to, own_overdue
from programs.queues import Queue, forward_moves
from programs.tabs import tabs_for
from programs.views.project_page import Button, acting_user, move_button


@requires(Permission.HOME)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = acting_user(request)
    today = timezone.localdate()
    year = _chosen_year(request, today.year)
    rules = deadline_rules()
    context = {
        "own_overdue": _overdue_board(user, own_overdue(user, rules, today)),
        "escalated": _escalated_board(escalated_to(user, rules, today)),
        "parts": home_parts(user),
        "work": [_board(user, work) for work in waiting_work(user)],
        "year": year,
        "years": range(today.year + 1, today.year - 4, -1),
        "statuses": status_counts(user, year),
        "due_count": due_count(user, today),
        "unevaluated_count": unevaluated_count(user, today) if may_evaluate(user) else 0,
        "unevaluated_months": DUE_MONTHS,
        "can_register": user.has_permission(Permission.PROJECT_REGISTER),
    }
    return render(request, "programs/home.html", context)


def _chosen_year(request: HttpRequest, this_year: int) -> int:
    text = request.GET.get("nam", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year


def _board(user: User, work: WaitingWork) -> dict[str, Any]:
    rows = [(project, _buttons(user, work.queue, project)) for project in work.projects]
    more = work.count - len(rows)
    return {"queue": work.queue, "count": work.count, "mine": work.mine, "rows": rows, "more": more}


def _overdue_board(user: User, overdue: Overdue) -> dict[str, Any]:
    """The rows with the moves that this person may make next."""
    permissions = user.portal_permissions
    rows = [(one, forward_moves(one.project.state, one.project.track_kind, permissions)) for one in overdue.rows]
    shown = [(one, [move_button(action, one.project.pk) for action in moves]) for one, moves in rows]
    return {"count": overdue.count, "rows": shown, "more": overdue.more}


def _escalated_board(overdue: Overdue) -> dict[str, Any]:
    """The rows with the names of those who are to act."""
    rows = [(one, overdue.owed_by[one.project.pk]) for one in overdue.rows]
    return {"count": overdue.count, "rows": rows, "more": overdue.more}


def _buttons(user: User, queue: Queue, project: Project) -> list[Button]:
    """What the queue waits for first, then the other moves that take the project on."""
    permissions = user.portal_permissions
    if queue.url_name:
        return [Button(queue.button, reverse(queue.url_name, args=[project.pk]))]
    if queue.action is None:
        tabs = [tab for tab in tabs_for(permissions) if tab.key == queue.tab_key]
        return [Button(queue.button, reverse(tab.url_name, args=[project.pk])) for tab in tabs]
    moves = forward_moves(project.state, project.track_kind, permissions)
    return [move_button(action, project.pk) for action in sorted(moves, key=lambda action: action is not queue.action)]
