"""The deadlines of a calendar year: a page to read and print, and a file for telephones and Outlook."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from khuyencong.accounts.permissions import Permission
from khuyencong.accounts.routes import requires
from khuyencong.icalendar import CONTENT_TYPE, DayEvent, calendar_text
from programs.queries.calendar import CalendarEntry, months_of, year_entries
from programs.queries.deadlines import deadline_rules
from programs.views.project_page import acting_user

FIRST_YEAR, LAST_YEAR = 2000, 2199


@requires(Permission.PROJECT_VIEW)
@require_safe
def deadline_calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = _chosen_year(request, today.year)
    entries = year_entries(acting_user(request), deadline_rules(), year, today)
    context: dict[str, Any] = {
        "year": year,
        "years": [one for one in range(year - 2, year + 3) if FIRST_YEAR <= one <= LAST_YEAR],
        "today": today,
        "months": months_of(year, entries, today),
        "overdue": sum(entry.owing for entry in entries if entry.is_overdue),
        "owing": sum(entry.owing for entry in entries if not entry.is_overdue),
    }
    return render(request, "programs/deadline_calendar.html", context)


@requires(Permission.PROJECT_VIEW)
@require_safe
def deadline_calendar_file(request: HttpRequest) -> HttpResponse:
    """The same days of the same projects as the page, as a file to add to a calendar of one's own."""
    today = timezone.localdate()
    year = _chosen_year(request, today.year)
    entries = year_entries(acting_user(request), deadline_rules(), year, today)
    events = [_event(request, entry) for entry in entries]
    content = calendar_text(f"Khuyến công: thời hạn năm {year}", events, stamp=timezone.now())
    disposition = f'attachment; filename="thoi-han-{year}.ics"'
    return HttpResponse(content.encode(), content_type=CONTENT_TYPE, headers={"Content-Disposition": disposition})


def _chosen_year(request: HttpRequest, this_year: int) -> int:
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year


def _event(request: HttpRequest, entry: CalendarEntry) -> DayEvent:
    uid = f"{entry.key}-{entry.day:%Y%m%d}@{request.get_host()}"
    summary = f"{entry.title}: {entry.standing}" if entry.standing else entry.title
    lines = [f"Căn cứ: {entry.basis}."] if entry.basis else []
    lines.append("Số đề án được đếm lúc tải tệp; mở liên kết để xem số hôm nay.")
    url = request.build_absolute_uri(_list_address(entry))
    return DayEvent(uid, entry.day, summary, "\n".join(lines), url)


def _list_address(entry: CalendarEntry) -> str:
    if entry.rule is None:
        return reverse("programs:registration-round-list")
    query = urlencode({"viec": entry.rule.key, "ngay": entry.day.isoformat()})
    return f"{reverse('programs:deadline-list')}?{query}"
