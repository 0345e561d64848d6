"""Reading what waits for a person."""

from dataclasses import dataclass

from django.db.models import Count, Q

from khuyencong.accounts.models import User
from programs.models import Project
from programs.queues import QUEUES, Queue, queues_for
from programs.workflow import Action, Status

ROWS_SHOWN = 6


@dataclass(frozen=True)
class WaitingWork:
    """A queue as it stands for one person: how many, and the rows that have waited longest."""

    queue: Queue
    count: int
    projects: list[Project]
    mine: int | None = None
    """How many of them are assigned to this person; None for work that is assigned to nobody."""


def waiting_work(user: User) -> list[WaitingWork]:
    """The queues of the user's permissions that are not empty: one query for the counts, one for the rows of each."""
    queues = queues_for(user.portal_permissions)
    if not queues:
        return []
    visible = Project.objects.visible_to(user)
    aggregates = {str(place): Count("pk", filter=queue.condition) for place, queue in enumerate(queues)}
    mine = Count("pk", filter=Q(appraiser=user) & appraisal_queue().condition)
    counts = visible.aggregate(mine=mine, **{f"queue_{place}": count for place, count in aggregates.items()})
    return [
        WaitingWork(
            queue,
            counts[f"queue_{place}"],
            _longest_waiting(user, queue),
            counts["mine"] if queue == appraisal_queue() else None,
        )
        for place, queue in enumerate(queues)
        if counts[f"queue_{place}"]
    ]


def appraisal_queue() -> Queue:
    """The one queue whose work is assigned to persons."""
    return next(queue for queue in QUEUES if queue.action is Action.APPRAISE)


def _longest_waiting(user: User, queue: Queue) -> list[Project]:
    rows = Project.objects.visible_to(user).filter(queue.condition).select_related("place").defer("objective", "note")
    return list(rows.order_by("status_at", "pk")[:ROWS_SHOWN])


def status_counts(user: User, year: int) -> list[tuple[Status, int]]:
    """How many projects of the plan year stand at each status, in the order of the life cycle; empty ones left out."""
    rows = (
        Project.objects.visible_to(user).filter(year=year).order_by().values_list("status").annotate(rows=Count("pk"))
    )
    found = dict(rows)
    return [(status, found[status.value]) for status in Status if status.value in found]
