"""What is owed until when, in the user's area."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.ui.listpage import Filter, ListPage, render_list
from programs.models import DeadlineRule, Project
from programs.queries.deadlines import deadline_rules, owed_pairs, owed_rows
from programs.queries.project import year_choices
from programs.rules.deadlines import Standing
from programs.views.project_page import acting_user

STANDINGS = {"qua-han": Standing.OVERDUE, "sap-den-han": Standing.SOON, "con-thoi-gian": Standing.LATER}


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
    state = STANDINGS.get(request.GET.get("tinh_trang", ""))
    year = next((value for value, text in years if text == request.GET.get("nam")), None)
    chosen = {rule.key: rule.name for rule in rules}.keys() & {request.GET.get("viec", "")}
    projects = Project.objects.visible_to(user)
    if year is not None:
        projects = projects.filter(year=year)
    wanted = [rule for rule in rules if not chosen or rule.key in chosen]
    return ListPage(
        request,
        owed_pairs(projects, wanted, today, only=state),
        search_fields=(),
        filters=(
            Filter("tinh_trang", "Tình trạng", [(key, one.label) for key, one in STANDINGS.items()], _as_it_is),
            Filter("viec", "Việc phải làm", list({rule.key: rule.name for rule in rules}.items()), _as_it_is),
            Filter("nam", "Năm kế hoạch", years, _as_it_is),
        ),
        sorts={"han": ("due_date", "id", "owed_rule")},
        default_sort="han",
        noun="việc có thời hạn",
    )


def _as_it_is(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows
