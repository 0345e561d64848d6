"""Whether the paper of a move is overtaken by what the project has been through already."""

import datetime

from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs.models import Project
from programs.queues import FORWARD
from programs.rules.step_order import DatedStep, overtaken_by
from programs.workflow import Action, Status


def check_order(project: Project, day: datetime.date | None) -> None:
    """A paper is not older than the newest paper of the steps that stand; a move without a dated paper is in order.

    Every forward step stands: after a return the project goes back to the level that it had reached. The paper of a
    return stands until it is answered, then it says nothing about the papers that follow. Errors: Refused, at the field
    `document_date`, naming the earlier step with its number and date.
    """
    if day is None:
        return
    earlier = overtaken_by(day, standing_steps(project))
    if earlier is not None:
        number = f" số {earlier.number}" if earlier.number else ""
        raise Refused(
            f"Ngày văn bản {format_date(day)} trước bước “{earlier.label}”: văn bản{number} "
            f"ngày {format_date(earlier.date)}. Ngày văn bản phải từ ngày đó trở đi.",
            field="document_date",
        )


def standing_steps(project: Project) -> list[DatedStep]:
    """The steps with a dated paper that still hold, in the order in which they were taken; one query."""
    standing = {action.value for action in FORWARD}
    if project.state is Status.RETURNED:
        standing.add(Action.RETURN.value)
    steps = project.steps.filter(action__in=standing, document_date__isnull=False).order_by("pk")
    return [
        DatedStep(Action(action).label, number, date)
        for action, number, date in steps.values_list("action", "document_number", "document_date")
        if date is not None
    ]
