"""Sending national projects up to the Ministry by one letter, and recording what it answers on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import Changes, record
from khuyencong.errors import NotAllowed, Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.project import Paper, audit, check_paper, lock_project, move
from programs.actions.step_order import check_order
from programs.models import MinistryBatch, MinistryBatchProject, MinistryResult, Project
from programs.workflow import TRANSITIONS, Action, Status

BATCH_LIMIT = 200
MOVE_AFTER = {MinistryResult.SUPPLEMENT: Action.RETURN, MinistryResult.REFUSED: Action.REFUSE}
_SEND_UP = TRANSITIONS[Status.APPRAISED, Action.SEND_TO_MINISTRY]
_REFUSE = TRANSITIONS[Status.SENT_TO_MINISTRY, Action.REFUSE]


@dataclass(frozen=True)
class Answer:
    """What one document of the Ministry says of a project. `note`: its opinion, needed unless it agrees."""

    result: MinistryResult
    paper: Paper
    note: str = ""


@transaction.atomic
def send_batch(*, versions: Mapping[int, int], by: User, paper: Paper, note: str = "") -> MinistryBatch:
    """Send the projects of `versions` (pk → version shown) up by the letter `paper`: all of them, or none.

    They are of one plan year. Projects are locked in the order of their pk, so that two batches cannot wait for each
    other. Errors: NotAllowed; Overtaken; Refused, naming the project that cannot be sent and why.
    """
    policies.check_permission(by, Permission.PROJECT_APPRAISE)
    if by.organisation is None:
        raise NotAllowed("Tài khoản chưa thuộc đơn vị nào.")
    check_paper(_SEND_UP, paper, "")
    projects = _lock_projects(versions, by)
    assert paper.date is not None  # check_paper has seen to it
    batch = MinistryBatch.objects.create(
        organisation=by.organisation,
        year=_only_year(projects),
        document_number=paper.number,
        document_date=paper.date,
        note=note,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    for project in projects:
        _send(project, versions[project.pk], by=by, paper=paper)
    with refusing_duplicates(MinistryBatchProject, ministry_one_open_batch=""):
        MinistryBatchProject.objects.bulk_create(
            MinistryBatchProject(batch=batch, project=project) for project in projects
        )
    sent = {project.code: (None, project.name) for project in projects}
    _audit(batch, by=by, action="ministry_batch_send", label="Gửi đợt đề án lên Bộ", changes=sent, paper=paper)
    return batch


@transaction.atomic
def record_results(*, batch_id: int, versions: Mapping[int, int], answer: Answer, by: User) -> list[Project]:
    """Record one document of the Ministry for the projects of `versions` (pk → version shown): for all, or for none.

    Agreed: the project stays where it is and may now be approved. To be supplemented: it is returned. Refused: it is
    refused. Each result is recorded once. Errors: NotAllowed; Overtaken; Refused.
    """
    batch = MinistryBatch.objects.select_related("organisation").get(pk=batch_id)
    policies.check_can_record_ministry_result(by, batch)
    _check_answer(batch, answer)
    projects = _lock_projects(versions, by)
    rows = batch.entries.filter(project__in=projects).select_for_update(of=("self",)).order_by("pk")
    entries = {entry.project_id: entry for entry in rows}
    for project in projects:
        entry = entries.get(project.pk)
        if entry is None or entry.result:
            raise Refused(_why_not_recorded(project, entry))
        _apply(entry, project, versions[project.pk], answer, by=by)
    changes = {project.code: (None, answer.result.label) for project in projects}
    _audit(
        batch,
        by=by,
        action="ministry_result",
        label="Ghi kết quả của Bộ",
        changes=changes,
        paper=answer.paper,
        reason=answer.note,
    )
    return projects


@transaction.atomic
def correct_result(*, entry_id: int, version: int, answer: Answer, by: User) -> Project:
    """Put a wrongly recorded agreement right, while the project has not been approved on it.

    Why it is corrected stands in `answer.note`. Errors: NotAllowed; Overtaken; Refused.
    """
    found = MinistryBatchProject.objects.select_related("batch__organisation").get(pk=entry_id)
    policies.check_can_record_ministry_result(by, found.batch)
    _check_answer(found.batch, answer)
    if not answer.note:
        raise Refused("Ghi rõ vì sao sửa kết quả.", field="reason")
    project = lock_project(found.project_id, version)
    policies.check_covers(by, project.place_id)
    entry = MinistryBatchProject.objects.select_for_update(of=("self",)).get(pk=entry_id)
    policies.check_can_correct_ministry_result(by, entry, project)
    before = _in_words(entry)
    _apply(entry, project, version, answer, by=by)
    _audit(
        found.batch,
        by=by,
        action="ministry_result_correct",
        label="Sửa kết quả của Bộ",
        changes={project.code: (before, _in_words(entry))},
        paper=answer.paper,
        reason=answer.note,
    )
    return project


def _lock_projects(versions: Mapping[int, int], by: User) -> list[Project]:
    """The projects in the order of their pk. Another area's project is not told apart from a missing one."""
    if not versions:
        raise Refused("Chưa chọn đề án nào.")
    if len(versions) > BATCH_LIMIT:
        raise Refused(f"Mỗi lần xử lý tối đa {BATCH_LIMIT} đề án.")
    rows = Project.objects.visible_to(by).filter(pk__in=versions).order_by("pk")
    projects = list(rows.select_for_update(of=("self",)))
    missing = len(versions) - len(projects)
    if missing:
        raise Refused(f"Không tìm thấy {missing} đề án trong danh sách.")
    return projects


def _only_year(projects: Sequence[Project]) -> int:
    years = sorted({project.year for project in projects})
    if len(years) > 1:
        named = ", ".join(str(year) for year in years)
        raise Refused(f"Mỗi đợt chỉ gồm đề án của một năm kế hoạch; danh sách này có các năm {named}.")
    return years[0]


def _send(project: Project, version: int, *, by: User, paper: Paper) -> None:
    try:
        move(project_id=project.pk, action=Action.SEND_TO_MINISTRY, by=by, version=version, paper=paper)
    except Refused as refusal:
        raise _named(project, refusal) from refusal


def _named(project: Project, refusal: Refused) -> Refused:
    """The same refusal, each line headed by the project that it is about."""
    lines = [f"{project.code}: {line}" for line in refusal.message.split("\n")]
    return type(refusal)("\n".join(lines), field=refusal.field)


def _check_answer(batch: MinistryBatch, answer: Answer) -> None:
    """Errors: Refused, at the field, for what is wrong with the Ministry's document itself."""
    check_paper(_SEND_UP if answer.result == MinistryResult.AGREED else _REFUSE, answer.paper, answer.note)
    if answer.paper.date is not None and answer.paper.date < batch.document_date:
        day = format_date(batch.document_date)
        raise Refused(f"Văn bản của Bộ không thể trước ngày công văn gửi ({day}).", field="document_date")


def _why_not_recorded(project: Project, entry: MinistryBatchProject | None) -> str:
    if entry is None:
        return f"{project.code} không có trong đợt gửi này."
    return f"{project.code} đã có kết quả “{entry.get_result_display()}”; mỗi kết quả chỉ ghi một lần."


def _apply(entry: MinistryBatchProject, project: Project, version: int, answer: Answer, *, by: User) -> None:
    """Write the answer, then what follows from it; the project's row is locked by now."""
    before = _in_words(entry) or None
    try:
        project = lock_project(project.pk, version)
        policies.check_awaits_ministry(project)
        check_order(project, answer.paper.date)
        _write(entry, answer, by)
        if answer.result in MOVE_AFTER:
            action = MOVE_AFTER[answer.result]
            move(project_id=project.pk, action=action, by=by, version=version, paper=answer.paper, reason=answer.note)
            return
    except Refused as refusal:
        raise _named(project, refusal) from refusal
    project.version += 1
    project.save(update_fields=["version"])
    changes = {"Kết quả của Bộ": (before, _in_words(entry))}
    label = "Sửa kết quả của Bộ" if before else "Ghi kết quả của Bộ"
    audit(
        project, by=by, action="ministry_result", label=label, changes=changes, paper=answer.paper, reason=answer.note
    )


def _write(entry: MinistryBatchProject, answer: Answer, by: User) -> None:
    entry.result = answer.result
    entry.result_number = answer.paper.number
    entry.result_date = answer.paper.date
    entry.result_note = answer.note
    entry.result_by = by
    entry.result_at = timezone.now()
    entry.save()


def _in_words(entry: MinistryBatchProject) -> str:
    if not entry.result:
        return ""
    return f"{entry.get_result_display()} (văn bản {entry.result_number} ngày {format_date(entry.result_date)})"


def _audit(
    batch: MinistryBatch, *, by: User, action: str, label: str, changes: Changes, paper: Paper, reason: str = ""
) -> None:
    record(
        by=by,
        action=action,
        action_label=label,
        obj=batch,
        changes=changes,
        place_id=batch.organisation.area_id,
        reason=reason,
        document_number=paper.number,
        document_date=paper.date,
    )
