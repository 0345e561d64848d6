"""Writing the machines of a project's establishments."""

from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, differences, snapshot
from khuyencong.errors import Refused
from programs.actions.project import audit, lock_project
from programs.equipment_policies import NUMBERED_IN, check_can_edit_equipment, check_can_list_equipment
from programs.models import Equipment, Project
from programs.rules.likeness import is_number, number_key

NUMBER_FIELDS = ("serial_number", "invoice_number", "invoice_date")
EDITED_FIELDS = ("participant", "name", *NUMBER_FIELDS)


@transaction.atomic
def add_equipment(*, project_id: int, values: dict[str, Any], by: User, version: int) -> Equipment:
    """List a machine of one of the project's establishments.

    `values`: EDITED_FIELDS as model values. Errors: NotAllowed, Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    check_can_list_equipment(by, project)
    equipment = Equipment(**values)
    _check(project, equipment)
    equipment.save()
    changes = differences({}, snapshot(equipment, EDITED_FIELDS))
    _tell(project, by, "equipment_add", "Thêm máy móc, thiết bị", changes)
    return equipment


@transaction.atomic
def edit_equipment(*, project_id: int, equipment_id: int, values: dict[str, Any], by: User, version: int) -> Equipment:
    """Change a machine; from the contract on only its numbers, other values are left as they are.

    `values`: EDITED_FIELDS, or NUMBER_FIELDS. Errors: NotAllowed, Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    check_can_edit_equipment(by, project)
    equipment = _equipment_of(project, equipment_id)
    before = snapshot(equipment, EDITED_FIELDS)
    for name in NUMBER_FIELDS if project.state in NUMBERED_IN else EDITED_FIELDS:
        setattr(equipment, name, values[name])
    _check(project, equipment)
    equipment.save()
    changes = differences(before, snapshot(equipment, EDITED_FIELDS))
    if changes:
        named = {"Máy móc, thiết bị": (str(equipment), str(equipment)), **changes}
        _tell(project, by, "equipment_edit", "Sửa máy móc, thiết bị", named)
    return equipment


@transaction.atomic
def remove_equipment(*, project_id: int, equipment_id: int, by: User) -> str:
    """Take a machine off the list; returns its name. Errors: NotAllowed, Refused."""
    project = lock_project(project_id)
    check_can_list_equipment(by, project)
    equipment = _equipment_of(project, equipment_id)
    name, before = equipment.name, snapshot(equipment, EDITED_FIELDS)
    equipment.delete()
    _tell(project, by, "equipment_remove", "Bỏ máy móc, thiết bị", differences(before, {}))
    return name


def _equipment_of(project: Project, equipment_id: int) -> Equipment:
    rows = Equipment.objects.filter(participant__project=project).select_related("participant__beneficiary")
    equipment = rows.filter(pk=equipment_id).first()
    if equipment is None:
        raise Refused("Máy móc, thiết bị này không còn trong đề án.")
    return equipment


def _check(project: Project, equipment: Equipment) -> None:
    if equipment.participant.project_id != project.pk:
        raise Refused("Cơ sở này không còn trong đề án.", field="participant")
    if not equipment.name:
        raise Refused("Nhập tên máy móc, thiết bị.", field="name")
    key = number_key(equipment.serial_number)
    here = Equipment.objects.filter(participant__project=project, serial_key=key).exclude(pk=equipment.pk)
    if is_number(key) and (same := here.select_related("participant__beneficiary").first()):
        raise Refused(f"Số máy này đã ghi cho “{same}” của {same.participant} trong đề án.", field="serial_number")


def _tell(project: Project, by: User, action: str, label: str, changes: Changes) -> None:
    """One more version of the project, and the event that tells of it."""
    project.version += 1
    project.save(update_fields=["version"])
    audit(project, by=by, action=action, label=label, changes=changes)
