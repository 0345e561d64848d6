"""The machines of the demo: named when a project is registered, numbered once they have been bought."""

import datetime

from khuyencong.accounts.models import User
from programs.actions.equipment import add_equipment, edit_equipment
from programs.models import Equipment, Project

MACHINE_ITEM = 10  # machines and equipment, in the yearly form of funding


def list_machines(project_id: int, *, by: User) -> None:
    """One machine for each establishment of a project that supports machines."""
    project = Project.objects.select_related("support_item").get(pk=project_id)
    if project.support_item.row != MACHINE_ITEM:
        return
    for part in project.participants.all():
        values = {"participant": part, "name": _machine(project), "invoice_date": None}
        values |= {"serial_number": "", "invoice_number": ""}
        add_equipment(project_id=project_id, values=values, by=by, version=_version(project_id))


def number_machines(project_id: int, *, on: datetime.date, by: User) -> None:
    """Invented numbers, each its own."""
    for one in Equipment.objects.filter(participant__project=project_id).select_related("participant__project"):
        project = one.participant.project
        numbers = {"serial_number": f"MH-{project.code}-{one.pk}", "invoice_number": f"MH{one.pk:06d}"}
        values = {**numbers, "invoice_date": on}
        edit_equipment(project_id=project_id, equipment_id=one.pk, values=values, by=by, version=_version(project_id))


def _machine(project: Project) -> str:
    """What the project's name says: “Ứng dụng máy sấy …” → “Máy sấy …”."""
    name = project.name.removeprefix("Ứng dụng ")
    return name[:1].upper() + name[1:]


def _version(project_id: int) -> int:
    return Project.objects.values_list("version", flat=True).get(pk=project_id)
