"""Periods one press away, shown beside the parameters of a form."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from khuyencong.vietnamese.dates import format_date
from programs.models import Project
from reports.definitions import Definition
from reports.parameters import Parameters, PeriodParameters, YearsParameters
from reports.periods import Period, calendar_year, report_year


class Shortcut(NamedTuple):
    label: str
    url: str


def shortcuts(definition: Definition, parameters: Parameters) -> list[Shortcut]:
    if isinstance(parameters, PeriodParameters):
        changes = _of_year(parameters.year)
    elif isinstance(parameters, YearsParameters):
        changes = _of_data(parameters)
    else:
        changes = []
    if "known_on" in definition.form_class.base_fields:
        changes += _of_knowledge(parameters)
    address = reverse("reports:form-page", args=[definition.slug])
    return [Shortcut(label, f"{address}?{urlencode({**parameters.as_query(), **change})}") for label, change in changes]


def _of_year(year: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"Năm báo cáo {year - 1}", _days(year - 1, report_year(year - 1))),
        (f"Năm báo cáo {year} (15/12–14/12)", _days(year, report_year(year))),
        (f"Năm dương lịch {year} (01/01–31/12)", _days(year, calendar_year(year))),
    ]


def _days(year: int, period: Period) -> dict[str, Any]:
    return {"year": year, "start": format_date(period.start), "end": format_date(period.end)}


def _of_knowledge(parameters: Parameters) -> list[tuple[str, dict[str, Any]]]:
    """From what was known on a day back to all that is known; to what was known when a past period ended."""
    if parameters.known_on is not None:
        return [("Số liệu hiện nay", {"known_on": ""})]
    if not isinstance(parameters, PeriodParameters) or parameters.period.end >= timezone.localdate():
        return []
    end = format_date(parameters.period.end)
    return [(f"Như đã biết đến hết ngày {end}", {"known_on": end})]


def _of_data(parameters: YearsParameters) -> list[tuple[str, dict[str, Any]]]:
    """All the plan years of the area that hold an approved project."""
    projects = Project.objects.approved_on().filter(parameters.within("place_id"))
    years = projects.aggregate(first=Min("year"), last=Max("year"))
    if years["first"] is None:
        return []
    label = f"Tất cả các năm có đề án ({years['first']}–{years['last']})"
    return [(label, {"from_year": years["first"], "to_year": years["last"]})]
