"""Closing a session: what the council concluded becomes the next step of every project, all or none."""

from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes
from khuyencong.errors import Overtaken, Refused
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.council_session import check_session_version, lock_projects, lock_session, tell
from programs.actions.project import Paper, move
from programs.actions.step_order import check_order
from programs.checks import problems_before
from programs.models import CouncilSession, SessionProject, Verdict
from programs.queries.council import readiness
from programs.workflow import Action

ACTION_OF = MappingProxyType(
    {
        Verdict.PASSED.value: Action.APPRAISE,
        Verdict.SUPPLEMENT.value: Action.RETURN,
        Verdict.FAILED.value: Action.REFUSE,
    }
)


@transaction.atomic
def close_session(*, session_id: int, minutes: Paper, by: User, version: int) -> CouncilSession:
    """Close the session with its minutes; every project moves as concluded, in this transaction.

    Errors: NotAllowed; Overtaken when the session or a project has moved on since; Refused with every reason, one a
    line. Source of the moves: `programs.workflow` (thẩm định đạt, trả lại bổ sung, từ chối).
    """
    session = lock_session(session_id, by)
    check_session_version(session, version)
    lock_projects(list(session.agenda.values_list("project_id", flat=True)))
    items = list(session.agenda.select_related("project").order_by("project_id"))
    _check_ready(session, items, minutes)
    for item in items:
        policies.check_covers(by, item.project.place_id)
        _move(item, minutes, by)
    session.minutes_number, session.minutes_date = minutes.number, minutes.date
    session.closed_by, session.closed_at = by, timezone.now()
    session.version += 1
    session.save()
    tell(session, by, "council_session_close", "Kết thúc phiên họp hội đồng", _results(items))
    return session


def minutes_problems(session: CouncilSession, minutes: Paper) -> list[tuple[str, str]]:
    """(field, reason) for what is wrong with the minutes' number and date."""
    problems = [] if minutes.number else [("minutes_number", "Nhập số biên bản.")]
    if minutes.date is None:
        return [*problems, ("minutes_date", "Nhập ngày biên bản.")]
    if minutes.date < session.held_on:
        day = format_date(session.held_on)
        problems.append(("minutes_date", f"Ngày biên bản không thể trước ngày họp {day}."))
    if minutes.date > timezone.localdate():
        problems.append(("minutes_date", "Ngày biên bản không thể sau hôm nay."))
    return problems


def _check_ready(session: CouncilSession, items: list[SessionProject], minutes: Paper) -> None:
    found, against = readiness(session), minutes_problems(session, minutes)
    reasons = [*found.moved, *(text for _, text in against), *found.missing]
    for item in items:
        if item.verdict and not found.moved:
            reasons += [f"{item.project.code}: {reason}" for reason in _against(item, minutes)]
    if found.moved:
        raise Overtaken("\n".join(reasons))
    if reasons:
        # A single reason that is about the minutes is shown at its field.
        raise Refused("\n".join(reasons), field=against[0][0] if against and len(reasons) == 1 else "")


def _against(item: SessionProject, minutes: Paper) -> list[str]:
    """What the workflow has against the step that the conclusion leads to."""
    reasons = problems_before(ACTION_OF[item.verdict], item.project)
    try:
        check_order(item.project, minutes.date)
    except Refused as refusal:
        reasons.append(refusal.message)
    return reasons


def _move(item: SessionProject, minutes: Paper, by: User) -> None:
    try:
        move(
            project_id=item.project_id,
            action=ACTION_OF[item.verdict],
            by=by,
            paper=minutes,
            reason=item.conclusion,
        )
    except Refused as refusal:
        raise type(refusal)(f"{item.project.code}: {refusal.message}") from refusal


def _results(items: list[SessionProject]) -> Changes:
    return {item.project.code: (None, item.get_verdict_display()) for item in items}
