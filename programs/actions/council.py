"""Writing councils and who sits on them."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, differences, record, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from programs.actions.registers import NEW, check_unchanged, save_values
from programs.council_policies import check_can_keep, check_can_keep_councils
from programs.models import Council, CouncilMember, CouncilRole

COUNCIL_FIELDS = ("organisation", "name", "decision_number", "decision_date", "quorum", "ended_on")
MEMBER_FIELDS = ("full_name", "title", "role", "position")
DECISION_TAKEN = {"council_decision_unique": "decision_number"}
CHAIR_TAKEN = {"council_one_chair": "role"}


@transaction.atomic
def add_council(*, values: dict[str, Any], by: User) -> Council:
    """`values`: COUNCIL_FIELDS. Errors: NotAllowed outside the person's area; Refused for a decision already there."""
    check_can_keep_councils(by, values["organisation"].area_id)
    _check_council(values, except_id=NEW)
    with refusing_duplicates(Council, **DECISION_TAKEN):
        council = Council.objects.create(**values)
    _tell(council, by, "council_add", "Ghi hội đồng thẩm định", differences({}, snapshot(council, COUNCIL_FIELDS)))
    return council


@transaction.atomic
def edit_council(*, council_id: int, values: dict[str, Any], by: User, version: str) -> Council:
    """Errors: as for adding; Overtaken; Refused when a session would fall outside the council's life."""
    council = lock_council(council_id, by)
    check_can_keep_councils(by, values["organisation"].area_id)
    check_unchanged(council, COUNCIL_FIELDS, version)
    _check_council(values, except_id=council.pk)
    _check_sessions_within(council, values)
    changes = save_values(council, values, COUNCIL_FIELDS, DECISION_TAKEN)
    if changes:
        _tell(council, by, "council_edit", "Sửa hội đồng thẩm định", changes)
    return council


@transaction.atomic
def add_member(*, council_id: int, values: dict[str, Any], by: User) -> CouncilMember:
    """`values`: MEMBER_FIELDS. Errors: NotAllowed; Refused for a second chair."""
    council = lock_council(council_id, by)
    _check_one_chair(council, values, except_id=NEW)
    with refusing_duplicates(CouncilMember, **CHAIR_TAKEN):
        member = CouncilMember.objects.create(council=council, **values)
    line = (None, f"{member}, {member.get_role_display()}")
    _tell(council, by, "council_member_add", "Thêm thành viên hội đồng", {"Thành viên": line})
    return member


@transaction.atomic
def edit_member(*, member_id: int, values: dict[str, Any], by: User, version: str) -> CouncilMember:
    """Errors: as for adding; Overtaken; Refused once a session has used the member."""
    member = _lock_member(member_id, by)
    check_unchanged(member, MEMBER_FIELDS, version)
    _check_not_used(member)
    _check_one_chair(member.council, values, except_id=member.pk)
    changes = save_values(member, values, MEMBER_FIELDS, CHAIR_TAKEN)
    if changes:
        _tell(member.council, by, "council_member_edit", f"Sửa thành viên hội đồng {member}"[:120], changes)
    return member


@transaction.atomic
def remove_member(*, member_id: int, by: User) -> str:
    """Returns the name. Errors: NotAllowed; Refused once a session has used the member."""
    member = _lock_member(member_id, by)
    _check_not_used(member)
    name = str(member)
    line = (f"{member}, {member.get_role_display()}", None)
    member.delete()
    _tell(member.council, by, "council_member_remove", "Bỏ thành viên hội đồng", {"Thành viên": line})
    return name


def lock_council(council_id: int, by: User) -> Council:
    """The council, its row locked. Whatever is written about its members or sessions is written behind this lock."""
    council = Council.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=council_id)
    check_can_keep(by, council)
    return council


def _lock_member(member_id: int, by: User) -> CouncilMember:
    """Errors: Refused when somebody has removed the member in the meantime."""
    found = CouncilMember.objects.filter(pk=member_id).values_list("council_id", flat=True).first()
    council = lock_council(found, by) if found is not None else None
    member = CouncilMember.objects.filter(pk=member_id).first()
    if council is None or member is None:
        raise Refused("Thành viên này không còn trong hội đồng.")
    member.council = council
    return member


def _check_council(values: dict[str, Any], *, except_id: int) -> None:
    ended_on = values["ended_on"]
    if values["quorum"] < 1:
        raise Refused("Phải có ít nhất một thành viên có mặt.", field="quorum")
    if ended_on is not None and ended_on < values["decision_date"]:
        raise Refused("Ngày hết nhiệm vụ phải từ ngày quyết định trở đi.", field="ended_on")
    same = Council.objects.filter(organisation=values["organisation"], decision_number=values["decision_number"])
    if same.exclude(pk=except_id).exists():
        raise Refused("Quyết định thành lập này đã được ghi.", field="decision_number")


def _check_sessions_within(council: Council, values: dict[str, Any]) -> None:
    sessions = council.sessions.all()
    if values["organisation"] != council.organisation and sessions.exists():
        raise Refused("Hội đồng đã có phiên họp, không đổi cơ quan thành lập được.", field="organisation")
    if values["quorum"] != council.quorum and sessions.filter(closed_at__isnull=False).exists():
        raise Refused("Hội đồng đã có phiên họp kết thúc, không đổi số thành viên tối thiểu được.", field="quorum")
    if sessions.filter(held_on__lt=values["decision_date"]).exists():
        raise Refused("Đã có phiên họp trước ngày này.", field="decision_date")
    if values["ended_on"] is not None and sessions.filter(held_on__gt=values["ended_on"]).exists():
        raise Refused("Đã có phiên họp sau ngày này.", field="ended_on")


def _check_one_chair(council: Council, values: dict[str, Any], *, except_id: int) -> None:
    if values["role"] != CouncilRole.CHAIR:
        return
    if council.members.filter(role=CouncilRole.CHAIR).exclude(pk=except_id).exists():
        raise Refused("Hội đồng đã có Chủ tịch.", field="role")


def _check_not_used(member: CouncilMember) -> None:
    used = CouncilMember.objects.filter(pk=member.pk).filter(
        Q(attendance__isnull=False) | Q(conflicts__isnull=False) | Q(sheets__isnull=False)
    )
    if used.exists():
        raise Refused(f"{member} đã được ghi trong một phiên họp, không sửa hay bỏ được nữa.")


def _tell(council: Council, by: User, action: str, label: str, changes: Changes) -> None:
    record(
        by=by,
        action=action,
        action_label=label,
        obj=council,
        changes=changes,
        place_id=council.organisation.area_id,
        document_number=council.decision_number,
        document_date=council.decision_date,
    )
