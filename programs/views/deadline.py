"""What is owed until when, in the user's area."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from khuyencong.vietnamese.dates import format_date
from programs.models import DeadlineRule, Project, ReminderKind
from programs.queries.deadlines import deadline_rules, owed_pairs, owed_rows
from programs.queries.project import year_choices
from programs.rules.deadlines import Standing
from programs.views.project_page import acting_user

STANDINGS = {"qua-han": Standing.OVERDUE, "sap-den-han": Standing.SOON, "con-thoi-gian": Standing.LATER}
TOLD = "da-bao-lanh-dao"
STATES = [*((key, one.label) for key, one in STANDINGS.items()), (TOLD, "Quá hạn, đã báo lãnh đạo")]


@requires(Permission.PROJECT_VIEW)
@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    today, rules = timezone.localdate(), deadline_rules()
    listing = _listing(request, rules, today)
    context = {
        "listing": listing,
        "rows": owed_rows(list(listing.page_obj), rules, today),
        "rules": rules,
        "today": today,
    }
    return render_list(request, "programs/deadline_list.html", "programs/_deadline_table.html", context)


def _listing(request: HttpRequest, rules: list[DeadlineRule], today: datetime.date) -> ListPage:
    """A union of one part per rule takes no filter from outside, so what is chosen goes into each part."""
    user = acting_user(request)
    years = year_choices(user)
    state = request.GET.get("tinh_trang", "")
    only = Standing.OVERDUE if state == TOLD else STANDINGS.get(state)
    told = Q(kind=ReminderKind.ESCALATED) if state == TOLD else None
    day = _chosen_day(request)
    year = next((value for value, text in years if text == request.GET.get("nam")), None)
    chosen = {rule.key: rule.name for rule in rules}.keys() & {request.GET.get("viec", "")}
    projects = Project.objects.visible_to(user)
    if year is not None:
        projects = projects.filter(year=year)
    wanted = [rule for rule in rules if not chosen or rule.key in chosen]
    return ListPage(
        request,
        owed_pairs(projects, wanted, today, only=only, due_on=day, told=told),
        search_fields=(),
        filters=(
            Filter("tinh_trang", "Tình trạng", STATES, _as_it_is),
            Filter("viec", "Việc phải làm", list({rule.key: rule.name for rule in rules}.items()), _as_it_is),
            Filter("nam", "Năm kế hoạch", years, _as_it_is),
            *([Filter("ngay", "Hạn ngày", [(day.isoformat(), format_date(day))], _as_it_is)] if day else []),
        ),
        sorts={"han": ("due_date", "id", "owed_rule")},
        default_sort="han",
        noun="việc có thời hạn",
    )


def _chosen_day(request: HttpRequest) -> datetime.date | None:
    """The due day that the calendar links to; a drop-down of one day, that it can be let go of."""
    text = request.GET.get("ngay", "")
    try:
        return datetime.date.fromisoformat(text) if len(text) == len("2026-05-19") else None
    except ValueError:
        return None


def _as_it_is(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows
