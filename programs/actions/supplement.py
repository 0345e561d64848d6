"""What a return asks for, written down point by point with the step that asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.audit.record import Changes
from khuyencong.errors import Refused
from programs.models import Section, Step, SupplementPoint
from programs.workflow import Action

POINT_LIMIT = 30


@dataclass(frozen=True)
class Asked:
    """One thing to supplement: the part of the project that it is about, and what is missing there."""

    section: str
    content: str


def check_points(action: Action, points: Sequence[Asked]) -> None:
    """Errors: Refused when another move than a return asks, a point is incomplete, or there are too many."""
    if points and action is not Action.RETURN:
        raise Refused("Chỉ khi trả lại bổ sung mới ghi yêu cầu bổ sung.")
    if len(points) > POINT_LIMIT:
        raise Refused(f"Mỗi lần trả lại ghi tối đa {POINT_LIMIT} yêu cầu.")
    if any(point.section not in Section.values or not point.content.strip() for point in points):
        raise Refused("Mỗi yêu cầu bổ sung phải có phần của đề án và nội dung.")


def write_points(step: Step, points: Sequence[Asked]) -> None:
    """The points of a return; where none are given its reason is the one point. Other steps ask for nothing."""
    if step.action != Action.RETURN.value:
        return
    asked = points or [Asked(Section.GENERAL.value, step.reason)]
    SupplementPoint.objects.bulk_create(
        SupplementPoint(project=step.project, step=step, section=point.section, content=point.content)
        for point in asked
    )


def points_in_words(points: Sequence[Asked]) -> Changes:
    """The points as the history tells them, each once."""
    return {
        f"Yêu cầu bổ sung {number} ({Section(point.section).label})": (None, point.content)
        for number, point in enumerate(points, start=1)
    }
