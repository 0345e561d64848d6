"""Reading councils and their sessions."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.accounts.permissions import Permission
from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.dates import format_date, format_datetime
from programs.models import (
    Council,
    CouncilMember,
    CouncilRole,
    CouncilSession,
    Criterion,
    Project,
    SessionProject,
    Step,
    Verdict,
)
from programs.rules.council import must_explain
from programs.workflow import Status

LEADING = frozenset({CouncilRole.CHAIR.value, CouncilRole.DEPUTY.value})


@dataclass(frozen=True)
class Readiness:
    """What stands against closing a session: projects that have moved on since, and what is still missing."""

    moved: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def council_rows(user: User) -> QuerySet[Council]:
    """Councils that the user sees, with how many members and sessions each has."""
    return (
        Council.objects.visible_to(user)
        .select_related("organisation")
        .annotate(
            member_count=Count("members", distinct=True),
            session_count=Count("sessions", distinct=True),
        )
    )


def organisations_open_to(user: User, *, kept: int | None = None) -> QuerySet[Organisation]:
    """Offices within the user's area that exist today; `kept` is the one that an older council stands on."""
    today = timezone.localdate()
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    within = Q(area_id__in=covered_unit_ids(user.area_id))
    return Organisation.objects.filter((within & started & not_ended) | Q(pk=kept)).order_by("name", "pk")


def visible_sessions(user: User) -> QuerySet[CouncilSession]:
    return CouncilSession.objects.filter(council__in=Council.objects.visible_to(user))


def agenda_rows(session: CouncilSession) -> QuerySet[SessionProject]:
    """The agenda with the counts of verdicts on the sheets of each project."""
    counts = {verdict.value: Count("sheets", Q(sheets__verdict=verdict.value), distinct=True) for verdict in Verdict}
    return session.agenda.select_related("project__place").annotate(
        passed_count=counts["passed"],
        supplement_count=counts["supplement"],
        failed_count=counts["failed"],
        conflict_count=Count("conflicts", distinct=True),
    )


def candidates(user: User, session: CouncilSession) -> QuerySet[Project]:
    """Confirmed projects of the council's area that the user sees and that are on no open session's agenda."""
    taken = SessionProject.objects.filter(session__closed_at__isnull=True)
    return Project.objects.visible_to(user).filter(
        ~Q(pk__in=taken.values("project_id")),
        status=Status.CONFIRMED.value,
        place_id__in=covered_unit_ids(session.council.organisation.area_id),
    )


def criteria_for(item: SessionProject) -> list[Criterion]:
    """What the project is judged by: the rows in force on the day of the session, for its track or for both."""
    rows = Criterion.objects.in_force_on(item.session.held_on).filter(track__in=["", item.project.track])
    return list(rows.order_by("position", "pk"))


def sessions_of(project: Project) -> QuerySet[SessionProject]:
    """The sessions that a project was before, newest first."""
    rows = project.sessions.select_related("session__council__organisation")
    return rows.order_by("-session__held_on", "-pk")


def council_block(user: User, project: Project) -> dict[str, Any]:
    """What templates/programs/_project_sessions.html draws; sheets stay with those who see the council."""
    sessions = list(sessions_of(project))
    councils = [item.session.council_id for item in sessions]
    shown = Council.objects.visible_to(user).filter(pk__in=councils).values_list("pk", flat=True) if councils else []
    waits = project.state is Status.CONFIRMED and all(item.session.closed_at for item in sessions)
    return {
        "sessions": sessions,
        "shown_councils": set(shown),
        "can_take_to_council": waits and user.has_permission(Permission.PROJECT_APPRAISE),
    }


def present_members(session: CouncilSession) -> list[CouncilMember]:
    rows = session.attendance.filter(is_present=True).select_related("member")
    return [row.member for row in rows.order_by("member__position", "member_id")]


def readiness(session: CouncilSession) -> Readiness:
    """Every reason against closing but the minutes; as many queries for one project as for fifty."""
    items = list(
        session.agenda.select_related("project").prefetch_related("sheets", "conflicts").order_by("project_id")
    )
    present = present_members(session)
    missing = [] if items else ["Chương trình phiên họp chưa có đề án nào."]
    if session.held_on > timezone.localdate():
        missing.append(f"Ngày họp {format_date(session.held_on)} chưa đến.")
    missing += _attendance_problems(session, present)
    moved_ids = [item.project_id for item in items if item.project.state is not Status.CONFIRMED]
    for item in items:
        if item.project_id not in moved_ids:
            missing += _item_problems(item, present)
    return Readiness(_moved_on(moved_ids), missing)


def _attendance_problems(session: CouncilSession, present: list[CouncilMember]) -> list[str]:
    council, problems = session.council, []
    known = set(session.attendance.values_list("member_id", flat=True))
    unknown = [str(member) for member in council.members.all() if member.pk not in known]
    if unknown:
        problems.append(f"Chưa ghi có mặt hay vắng mặt: {', '.join(unknown)}.")
    if len(present) < council.quorum:
        problems.append(
            f"Chỉ có {len(present)} thành viên có mặt; quyết định thành lập yêu cầu ít nhất {council.quorum}."
        )
    if not any(member.role in LEADING for member in present):
        problems.append("Chủ tịch hoặc Phó Chủ tịch hội đồng phải có mặt.")
    return problems


def _item_problems(item: SessionProject, present: list[CouncilMember]) -> list[str]:
    code, problems = item.project.code, []
    away = {conflict.member_id for conflict in item.conflicts.all()}
    judges = [member for member in present if member.pk not in away]
    sheets = {sheet.member_id: sheet.verdict for sheet in item.sheets.all()}
    if present and not judges:
        problems.append(f"{code}: mọi thành viên có mặt đều có xung đột lợi ích, không ai thẩm định được.")
    without = [str(member) for member in judges if member.pk not in sheets]
    if without:
        problems.append(f"{code}: chưa có phiếu của {', '.join(without)}.")
    if not item.verdict:
        problems.append(f"{code}: chưa ghi kết luận.")
    elif not item.conclusion and must_explain(item.verdict, list(sheets.values()), passed=Verdict.PASSED.value):
        problems.append(f"{code}: kết luận khác đa số phiếu hoặc không phải “Đạt”, cần ghi ý kiến kết luận.")
    return problems


def _moved_on(project_ids: list[int]) -> list[str]:
    """Who took each project on, what they did and when; one query."""
    if not project_ids:
        return []
    steps: dict[int, Step] = {}
    for step in Step.objects.filter(project_id__in=project_ids).select_related("by").order_by("pk"):
        steps[step.project_id] = step
    told: dict[int, str] = defaultdict(str)
    for pk, step in steps.items():
        told[pk] = f" ({step.by}: {step.get_action_display().lower()}, lúc {format_datetime(step.at)})"
    return [
        f"{project.code}: nay là “{project.state.label}”{told[project.pk]}. Hãy bỏ đề án khỏi chương trình."
        for project in Project.objects.filter(pk__in=project_ids).order_by("pk")
    ]
