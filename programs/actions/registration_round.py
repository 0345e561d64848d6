"""Writing a registration round."""

from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from khuyencong.audit.record import differences, record, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from programs import policies
from programs.actions.registers import NEW, check_unchanged, set_values
from programs.models import RegistrationRound

EDITED_FIELDS = ("year", "track", "programme", "opens_on", "closes_on", "decision_number", "note")


@transaction.atomic
def add_round(*, values: dict[str, Any], by: User) -> RegistrationRound:
    """Open registration for a year and track. `values`: EDITED_FIELDS.

    Errors: NotAllowed; Refused when the year and track have a round, or when the days are out of order.
    """
    policies.check_permission(by, Permission.PROJECT_APPRAISE)
    _check(values, except_id=NEW)
    with refusing_duplicates(RegistrationRound, registration_round_unique="track"):
        opened = RegistrationRound.objects.create(**values)
    record(
        by=by,
        action="registration_round_add",
        action_label="Mở đợt đăng ký",
        obj=opened,
        changes=differences({}, snapshot(opened, EDITED_FIELDS)),
        document_number=opened.decision_number,
    )
    return opened


@transaction.atomic
def edit_round(*, round_id: int, values: dict[str, Any], by: User, version: str) -> RegistrationRound:
    """Errors: as for adding; Overtaken when the round is no longer as `version` showed it."""
    policies.check_permission(by, Permission.PROJECT_APPRAISE)
    edited = RegistrationRound.objects.select_for_update(of=("self",)).get(pk=round_id)
    check_unchanged(edited, EDITED_FIELDS, version)
    _check(values, except_id=edited.pk)
    before = snapshot(edited, EDITED_FIELDS)
    set_values(edited, values)
    with refusing_duplicates(RegistrationRound, registration_round_unique="track"):
        edited.save()
    changes = differences(before, snapshot(edited, EDITED_FIELDS))
    if changes:
        record(
            by=by,
            action="registration_round_edit",
            action_label="Sửa đợt đăng ký",
            obj=edited,
            changes=changes,
            document_number=edited.decision_number,
        )
    return edited


def _check(values: dict[str, Any], *, except_id: int) -> None:
    if values["closes_on"] < values["opens_on"]:
        raise Refused("Ngày đóng phải từ ngày mở trở đi.", field="closes_on")
    programme = values.get("programme")
    if programme is not None and programme.track != values["track"]:
        raise Refused("Chương trình này thuộc cấp khuyến công khác.", field="programme")
    same = RegistrationRound.objects.filter(year=values["year"], track=values["track"]).exclude(pk=except_id)
    if same.exists():
        raise Refused("Năm và cấp khuyến công này đã có đợt đăng ký; hãy sửa đợt đó.", field="track")
