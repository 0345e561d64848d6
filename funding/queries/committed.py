"""What counts against the year's plans: one definition for approvals, lists of approvals and the board."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet, Sum

from funding.models import FundingLine, LedgerEntry
from funding.models.budget import PLANNED_KINDS
from programs.models import Project
from programs.workflow import APPROVED_ON, Status

_COLUMNS = (
    "project__year",
    "project__place_id",
    "project__approved_date",
    "project__support_item_id",
    "source_id",
)
_HELD = [status.value for status in APPROVED_ON - {Status.STOPPED}]


def committed_rows(
    years: Collection[int], *, within: QuerySet[Project] | None = None, source_id: int | None = None
) -> list[Any]:
    """Rows of plan year, place, decision day, support item, source and `vnd` (đồng) of the projects of those years.

    A project holds what was approved for it. One that is stopped holds only what is out of it: the rest of its approval
    is free again, and what is handed back becomes free when it arrives. `within` narrows the projects. Two queries.
    """
    projects = (Project.objects.all() if within is None else within).filter(year__in=years).order_by()
    narrow = {"source__kind__in": PLANNED_KINDS} | ({"source_id": source_id} if source_id else {})
    held = FundingLine.objects.filter(project__in=projects.filter(status__in=_HELD).values("pk"), **narrow)
    stopped = projects.filter(status=Status.STOPPED.value).values("pk")
    out = LedgerEntry.objects.filter(project__in=stopped, **narrow).with_effect()
    return [
        *held.order_by().values(*_COLUMNS).annotate(vnd=Sum("approved_vnd", default=0)),
        *out.order_by().values(*_COLUMNS).annotate(vnd=Sum("effect_vnd", default=0)),
    ]
