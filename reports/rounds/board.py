"""The board of a round: a page of its offices with how each stands."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.localities.models import UnitLevel
from khuyencong.ui.listpage import Filter, ListPage
from reports.models import ReportingRound
from reports.rounds.missing import without_progress
from reports.rounds.queries import late_condition, missing_by_area, office_rows, round_parameters

CHOICES = [("chua", "Chưa báo cáo"), ("da", "Đã báo cáo"), ("tre", "Trễ hạn")]


@dataclass(frozen=True)
class OfficeLine:
    """An office of the round. `projects`: those of its place without a progress report in the period."""

    office: Any
    projects: int
    is_late: bool

    @property
    def opens_projects(self) -> bool:
        """Whether the list of those projects can be narrowed to this place: it knows communes of today."""
        area = self.office.area
        return bool(self.projects) and area.level == UnitLevel.COMMUNE and area.valid_to is None

    @property
    def state(self) -> str:
        if self.office.first_at is None:
            return "Chưa báo cáo, quá hạn" if self.is_late else "Chưa báo cáo"
        return "Đã báo cáo, trễ hạn" if self.is_late else "Đã báo cáo"

    @property
    def tone(self) -> str:
        if self.office.first_at is None:
            return "bad" if self.is_late else "waiting"
        return "attention" if self.is_late else "good"


def office_listing(request: HttpRequest, asked: ReportingRound, user: User, path: str) -> ListPage:
    """The offices as the address asks for them. `path`: of the page, since a refused reminder shows it elsewhere."""
    today = timezone.localdate()
    lookups = {
        "chua": lambda rows: rows.filter(first_at__isnull=True),
        "da": lambda rows: rows.filter(first_at__isnull=False),
        "tre": lambda rows: rows.filter(late_condition(asked, today)),
    }
    listing = ListPage(
        request,
        office_rows(asked, user),
        search_fields=("folded",),
        filters=(Filter("bao-cao", "Tình hình báo cáo", CHOICES, lambda rows, value: lookups[value](rows)),),
        sorts={"don-vi": ("area__sort_key", "name", "pk")},
        default_sort="don-vi",
        noun="đơn vị",
        search_label="Tên đơn vị",
    )
    listing.path = path
    return listing


def office_lines(offices: Iterable[Any], asked: ReportingRound, user: User) -> list[OfficeLine]:
    """The offices with what is missing in their places; two queries, however many."""
    rows, today = list(offices), timezone.localdate()
    projects = without_progress(round_parameters(asked, user))
    missing = missing_by_area([one.area_id for one in rows], projects)
    return [OfficeLine(one, missing.get(one.area_id, 0), _is_late(one, asked, today)) for one in rows]


def _is_late(office: Any, asked: ReportingRound, today: datetime.date) -> bool:
    day = timezone.localdate(office.first_at) if office.first_at else today
    return day > asked.due_date
