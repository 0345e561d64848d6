"""Writing what members found on a project, who may not judge it, and what was concluded."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import differences, snapshot
from khuyencong.errors import Overtaken, Refused
from programs.actions.council_session import changed, lock_item, stamp
from programs.actions.registers import check_unchanged
from programs.council_policies import check_can_judge
from programs.models import (
    ConflictOfInterest,
    CouncilMember,
    CriteriaSheet,
    Criterion,
    CriterionMark,
    SessionProject,
    Verdict,
)
from programs.queries.council import criteria_for
from programs.rules.council import must_explain

CONCLUSION_FIELDS = ("verdict", "conclusion")
Marks = Mapping[int, tuple[str, str]]


@transaction.atomic
def record_conflict(*, item_id: int, member_id: int, reason: str, by: User) -> ConflictOfInterest:
    """The member may not judge the project. Errors: NotAllowed; Refused when there is a sheet of the member."""
    item = lock_item(item_id, by)
    member = _member(item, member_id)
    if not reason:
        raise Refused("Ghi rõ lý do.", field="reason")
    if item.conflicts.filter(member=member).exists():
        raise Refused(f"Đã ghi xung đột lợi ích của {member} ở đề án này.", field="member")
    if item.sheets.filter(member=member).exists():
        raise Refused(f"{member} đã có phiếu ở đề án này. Bỏ phiếu trước khi ghi xung đột lợi ích.", field="member")
    conflict = ConflictOfInterest.objects.create(agenda_item=item, member=member, reason=reason)
    _tell(item, by, "council_conflict_add", "ghi xung đột lợi ích", {str(member): (None, reason)})
    return conflict


@transaction.atomic
def remove_conflict(*, item_id: int, conflict_id: int, by: User) -> str:
    """Returns the member's name. Errors: NotAllowed; Refused when it is no longer there."""
    item = lock_item(item_id, by)
    conflict = item.conflicts.select_related("member").filter(pk=conflict_id).first()
    if conflict is None:
        raise Refused("Xung đột lợi ích này không còn.")
    name, reason = str(conflict.member), conflict.reason
    conflict.delete()
    _tell(item, by, "council_conflict_remove", "bỏ ghi xung đột lợi ích", {name: (reason, None)})
    return name


@transaction.atomic
def record_sheet(
    *, item_id: int, member_id: int, verdict: str, comment: str, marks: Marks, by: User, version: str
) -> CriteriaSheet:
    """A member's sheet, new or written again. `marks`: criterion id → (verdict, comment), for every criterion.

    Errors: NotAllowed; Overtaken; Refused for an absent member, a conflict of interest, or a criterion left out.
    """
    item = lock_item(item_id, by)
    member = _member(item, member_id)
    check_can_judge(item, member)
    if sheet_stamp(item, member_id) != version:
        raise Overtaken(f"Phiếu của {member} đã được người khác ghi sau khi bạn mở trang. Hãy xem lại rồi ghi.")
    criteria = criteria_for(item)
    _check_marks(criteria, marks, verdict)
    before = _lines(item, member)
    now = timezone.now()
    values = {"verdict": verdict, "comment": comment, "recorded_by": by, "recorded_at": now}
    sheet, _ = CriteriaSheet.objects.update_or_create(agenda_item=item, member=member, defaults=values)
    sheet.marks.all().delete()
    CriterionMark.objects.bulk_create(
        CriterionMark(sheet=sheet, criterion=one, verdict=marks[one.pk][0], comment=marks[one.pk][1])
        for one in criteria
    )
    changes = differences(before, _lines(item, member))
    _tell(item, by, "council_sheet", f"ghi phiếu thẩm định của {member}", changes)
    return sheet


@transaction.atomic
def remove_sheet(*, item_id: int, member_id: int, by: User) -> str:
    """Returns the member's name. Errors: NotAllowed; Refused when there is no such sheet."""
    item = lock_item(item_id, by)
    sheet = item.sheets.select_related("member").filter(member_id=member_id).first()
    if sheet is None:
        raise Refused("Phiếu này không còn.")
    before, name = _lines(item, sheet.member), str(sheet.member)
    sheet.delete()
    _tell(item, by, "council_sheet_remove", f"bỏ phiếu thẩm định của {name}", differences(before, {}))
    return name


@transaction.atomic
def record_conclusion(*, item_id: int, verdict: str, conclusion: str, by: User, version: str) -> SessionProject:
    """What the council concluded. Errors: NotAllowed; Overtaken; Refused when it has to be explained and is not."""
    item = lock_item(item_id, by)
    check_unchanged(item, CONCLUSION_FIELDS, version)
    if verdict not in Verdict.values:
        raise Refused("Chọn kết luận.", field="verdict")
    sheets = list(item.sheets.values_list("verdict", flat=True))
    if not conclusion and must_explain(verdict, sheets, passed=Verdict.PASSED.value):
        raise Refused(
            "Ghi ý kiến kết luận khi kết luận không phải “Đạt”, hoặc khác đa số phiếu của thành viên.",
            field="conclusion",
        )
    before = snapshot(item, CONCLUSION_FIELDS)
    item.verdict, item.conclusion = verdict, conclusion
    item.save(update_fields=list(CONCLUSION_FIELDS))
    changes = differences(before, snapshot(item, CONCLUSION_FIELDS))
    if changes:
        _tell(item, by, "council_conclusion", "ghi kết luận của hội đồng", changes)
    return item


def sheet_stamp(item: SessionProject, member_id: int) -> str:
    """A mark of the member's sheet as it is now; of there being none."""
    sheet = item.sheets.filter(member_id=member_id).first()
    if sheet is None:
        return stamp(None)
    marks = list(sheet.marks.order_by("criterion_id").values_list("criterion_id", "verdict", "comment"))
    return stamp([sheet.verdict, sheet.comment, marks])


def _member(item: SessionProject, member_id: int) -> CouncilMember:
    member = item.session.council.members.filter(pk=member_id).first()
    if member is None:
        raise Refused("Người này không phải thành viên của hội đồng.", field="member")
    return member


def _check_marks(criteria: list[Criterion], marks: Marks, verdict: str) -> None:
    if verdict not in Verdict.values:
        raise Refused("Chọn đánh giá chung.", field="verdict")
    if {one.pk for one in criteria} != set(marks):
        raise Refused("Các tiêu chí đã thay đổi. Hãy tải lại trang rồi ghi lại.")
    if any(given not in Verdict.values for given, _ in marks.values()):
        raise Refused("Mỗi tiêu chí phải có đánh giá.")


def _lines(item: SessionProject, member: CouncilMember) -> dict[str, Any]:
    """The sheet in words, for the audit trail."""
    sheet = item.sheets.filter(member=member).first()
    if sheet is None:
        return {}
    lines = {"Đánh giá chung": sheet.get_verdict_display(), "Ý kiến": sheet.comment}
    for mark in sheet.marks.select_related("criterion"):
        said = f"{mark.get_verdict_display()}. {mark.comment}" if mark.comment else mark.get_verdict_display()
        lines[mark.criterion.name] = said
    return lines


def _tell(item: SessionProject, by: User, action: str, label: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    changed(item.session, by, action, f"{item.project.code}: {label}"[:120], changes)
