"""What the demo tells of the field: checks at the place, and a survey of employment after training."""

import datetime

from khuyencong.accounts.models import User
from programs.actions.employment import record_employment
from programs.actions.field_check import record_field_check
from programs.models import ILLUSTRATION_NOTE, Project


def check_field(project_id: int, *, number: str, on: datetime.date, percent: int, findings: str, by: User) -> None:
    """A check of the newest report."""
    project = Project.objects.get(pk=project_id)
    record_field_check(
        project_id=project_id,
        values={
            "report": project.progress.first(),
            "checked_on": on,
            "minutes_number": f"{number}/BBKT-TTKC",
            "checkers": "Cán bộ Trung tâm Khuyến công; đại diện cơ sở; đại diện địa phương",
            "verified_percent": percent,
            "findings": f"{findings} ({ILLUSTRATION_NOTE})",
        },
        by=by,
        version=project.version,
    )


def survey(project_id: int, *, on: datetime.date, trained: int, employed: tuple[int, int], by: User) -> None:
    """`employed`: persons in work, and women among them."""
    record_employment(
        project_id=project_id,
        values={
            "surveyed_on": on,
            "trained_count": trained,
            "employed_count": employed[0],
            "employed_women_count": employed[1],
            "note": ILLUSTRATION_NOTE,
        },
        by=by,
        version=Project.objects.values_list("version", flat=True).get(pk=project_id),
    )
