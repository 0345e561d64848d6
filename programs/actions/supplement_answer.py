"""Answering what a return asked for."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import Project, SupplementPoint

LABEL_LENGTH = 120


@transaction.atomic
def answer_points(*, project_id: int, answers: Mapping[int, str], by: User, version: int) -> Project:
    """Write the answers to points of the last return; `answers`: point's pk → text, which replaces an earlier answer.

    Points that are not named keep what they have. Errors: NotAllowed, Overtaken; Refused when the project is not being
    supplemented, a point is not one of the last return, an answer is empty, or nothing changed.
    """
    project = lock_project(project_id, version)
    policies.check_can_answer(by, project)
    points = list(SupplementPoint.objects.of_last_return(project_id))
    if not set(answers) <= {point.pk for point in points}:
        raise Refused("Yêu cầu bổ sung này không thuộc lần trả lại gần nhất. Hãy tải lại trang.")
    if not all(answer.strip() for answer in answers.values()):
        raise Refused("Ghi rõ giải trình, bổ sung.")
    changes: dict[str, tuple[str | None, str]] = {}
    for number, point in enumerate(points, start=1):
        answer = answers.get(point.pk, point.answer)
        if answer != point.answer:
            changes[_label(number, point)] = (point.answer or None, answer)
            _answer(point, answer, by)
    if not changes:
        raise Refused("Chưa ghi giải trình nào mới.")
    project.version += 1
    project.save(update_fields=["version"])
    audit(project, by=by, action="answer_points", label="Giải trình yêu cầu bổ sung", changes=changes)
    return project


def _answer(point: SupplementPoint, answer: str, by: User) -> None:
    point.answer = answer
    point.answered_by = by
    point.answered_at = timezone.now()
    point.save(update_fields=["answer", "answered_by", "answered_at"])


def _label(number: int, point: SupplementPoint) -> str:
    words = str(point).rstrip(".")
    shortened = words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1]}…"
    return f"Giải trình {number} – {shortened}"
