"""Rounds on the first page: those that wait for the person's office, and those that the Department has open."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from programs.home_parts import HomePart, add_home_part
from reports.models import ReportingRound
from reports.rounds.queries import rounds_asking, with_progress

ROWS_SHOWN = 6


@dataclass(frozen=True)
class RoundsAtHome:
    """`asking`: open rounds that the office has not answered; `kept`: open rounds with how many have answered."""

    asking: list[Any]
    kept: list[Any]
    today: Any


def rounds_at_home(user: User) -> RoundsAtHome | None:
    asking: list[Any] = []
    kept: list[Any] = []
    if user.has_permission(Permission.AREA_REPORT):
        asking = list(rounds_asking(user).filter(reported=False)[:ROWS_SHOWN])
    if user.has_permission(Permission.REPORT_ROUND):
        rounds = with_progress(ReportingRound.objects.visible_to(user).is_open(), user)
        kept = list(rounds.order_by("due_date", "pk")[:ROWS_SHOWN])
    return RoundsAtHome(asking, kept, timezone.localdate()) if asking or kept else None


add_home_part(HomePart("reporting-rounds", "reports/_home_rounds.html", rounds_at_home))
