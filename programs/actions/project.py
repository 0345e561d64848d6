"""Writing a project: register, edit, move."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import Changes, differences, record, snapshot, subject_of
from khuyencong.errors import Overtaken, Refused
from khuyencong.vietnamese.dates import format_datetime
from programs import policies
from programs.actions.step_order import check_order
from programs.actions.supplement import Asked, check_points, points_in_words, write_points
from programs.checks import run_checks
from programs.models import Project, ProjectCounter, Step
from programs.workflow import RESUMES_AT, Action, Status, Track, Transition

EDITED_FIELDS = (
    "year",
    "name",
    "track",
    "kind",
    "programme",
    "support_item",
    "place",
    "implementer",
    "start_date",
    "end_date",
    "objective",
    "note",
)
CODE_PREFIX = {Track.NATIONAL: "QG", Track.LOCAL: "DP"}


@dataclass(frozen=True)
class Paper:
    """The document that a move rests on."""

    number: str = ""
    date: datetime.date | None = None


@transaction.atomic
def register_project(*, values: dict[str, Any], by: User) -> Project:
    """A new draft with a code of its own.

    `values`: the EDITED_FIELDS as model values. Errors: NotAllowed outside the person's area.
    """
    project = new_draft(values=values, by=by)
    audit(
        project, by=by, action="register", label="Lập đề án", changes=differences({}, snapshot(project, EDITED_FIELDS))
    )
    return project


def new_draft(*, values: dict[str, Any], by: User, copied_from: Project | None = None) -> Project:
    """The row of a new project, for an action that writes the event. Errors: NotAllowed outside the person's area."""
    policies.check_can_register(by, values["place"].pk)
    now = timezone.now()
    return Project.objects.create(
        **values,
        code=next_code(values["year"], Track(values["track"])),
        created_by=by,
        created_at=now,
        status_at=now,
        status=Status.DRAFT.value,
        copied_from=copied_from,
    )


@transaction.atomic
def edit_project(*, project_id: int, values: dict[str, Any], by: User, version: int) -> Project:
    """Change a draft or returned project. Errors: Overtaken when somebody changed it since `version` was shown."""
    project = lock_project(project_id, version)
    policies.check_can_edit(by, project)
    policies.check_covers(by, values["place"].pk)
    before = snapshot(project, EDITED_FIELDS)
    if (values["year"], values["track"]) != (project.year, project.track):
        project.code = next_code(values["year"], Track(values["track"]))
    for name, value in values.items():
        setattr(project, name, value)
    project.version += 1
    project.save()
    changes = differences(before, snapshot(project, EDITED_FIELDS))
    audit(project, by=by, action="edit", label="Sửa thông tin chung", changes=changes)
    return project


@transaction.atomic
def move(
    *,
    project_id: int,
    action: Action,
    by: User,
    version: int | None = None,
    paper: Paper | None = None,
    reason: str = "",
    points: Sequence[Asked] = (),
) -> Project:
    """Take one step of the workflow; money moves with it in `funding.actions`, in the same transaction.

    `version` is what the person was looking at; `points` is what a return asks for, by default its reason. Errors:
    NotAllowed, Refused, Overtaken.
    """
    paper = paper or Paper()
    project = lock_project(project_id, version)
    transition = policies.check_can_move(by, project, action)
    check_paper(transition, paper, reason)
    check_points(action, points)
    check_order(project, paper.date)
    run_checks(action, project)
    return _take_step(project, transition, action, by=by, paper=paper, reason=reason, points=points)


def lock_project(project_id: int, version: int | None = None) -> Project:
    """The project, its row locked until the transaction ends. Errors: Overtaken when it is no longer at `version`."""
    project = Project.objects.select_for_update(of=("self",)).select_related("place").get(pk=project_id)
    if version is not None and project.version != version:
        who = _last_change(project)
        raise Overtaken(f"Đề án đã được thay đổi sau khi bạn mở trang.{who} Hãy xem lại rồi thực hiện.")
    return project


def _last_change(project: Project) -> str:
    """Who changed the project last, what they did and when, as a sentence; "" for a project without a history."""
    last = AuditEvent.objects.about(subject_of(project)).first()
    if last is None:
        return ""
    did = last.action_label[:1].lower() + last.action_label[1:]
    return f" {last.actor_name} đã {did} lúc {format_datetime(last.at)}."


def check_paper(transition: Transition, paper: Paper, reason: str) -> None:
    """Errors: Refused, at the field, when the move's document or reason is missing or dated in the future."""
    if transition.needs_document and not paper.number:
        raise Refused("Nhập số văn bản.", field="document_number")
    if transition.needs_document and paper.date is None:
        raise Refused("Nhập ngày văn bản.", field="document_date")
    if paper.date is not None and paper.date > timezone.localdate():
        raise Refused("Ngày văn bản không thể sau hôm nay.", field="document_date")
    if transition.needs_reason and not reason:
        raise Refused("Ghi rõ lý do.", field="reason")


def _take_step(
    project: Project,
    transition: Transition,
    action: Action,
    *,
    by: User,
    paper: Paper,
    reason: str,
    points: Sequence[Asked],
) -> Project:
    source = project.state
    target = transition.target or Status(project.returned_from)
    _change_status(project, target, action, paper)
    step = Step.objects.create(
        project=project,
        action=action.value,
        from_status=source.value,
        to_status=target.value,
        by=by,
        at=project.status_at,
        document_number=paper.number,
        document_date=paper.date,
        reason=reason,
    )
    write_points(step, points)
    changes = {"Trạng thái": (source.label, target.label), **points_in_words(points)}
    audit(project, by=by, action=action.value, label=action.label, changes=changes, paper=paper, reason=reason)
    return project


def _change_status(project: Project, target: Status, action: Action, paper: Paper) -> None:
    resumed_at = RESUMES_AT.get(project.state, project.state)
    project.returned_from = resumed_at.value if target is Status.RETURNED else ""
    project.status = target.value
    project.status_at = timezone.now()
    project.version += 1
    if action is Action.APPROVE:
        project.approved_date = paper.date
    if action is Action.ACCEPT:
        project.accepted_date = paper.date
    project.save()


def audit(
    project: Project,
    *,
    by: User,
    action: str,
    label: str,
    changes: Changes | None = None,
    paper: Paper | None = None,
    reason: str = "",
) -> None:
    """One event in the project's history."""
    record(
        by=by,
        action=action,
        action_label=label,
        obj=project,
        changes=changes,
        place_id=project.place_id,
        reason=reason,
        document_number=paper.number if paper else "",
        document_date=paper.date if paper else None,
    )


def next_code(year: int, track: Track) -> str:
    """The next free code of that year and track, for instance DP-2026-0012; the counter's row stays locked."""
    ProjectCounter.objects.get_or_create(year=year, track=track.value)
    counter = ProjectCounter.objects.select_for_update().get(year=year, track=track.value)
    ProjectCounter.objects.filter(pk=counter.pk).update(last_number=F("last_number") + 1)
    return f"{CODE_PREFIX[track]}-{year}-{counter.last_number + 1:04d}"
