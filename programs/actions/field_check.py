"""Recording what was verified at the place."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import differences, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.project import Paper, audit, lock_project
from programs.models import FieldCheck, Project

RECORDED_FIELDS = ("report", "checked_on", "minutes_number", "checkers", "verified_percent", "findings")


@transaction.atomic
def record_field_check(*, project_id: int, values: dict[str, Any], by: User, version: int) -> FieldCheck:
    """One check at the place with its minutes; the percentage may be any, above or below what was declared.

    `values`: RECORDED_FIELDS as model values; `report` a progress report of the project, or None.
    Errors: NotAllowed, Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    policies.check_can_check_field(by, project)
    _check(project, values)
    with refusing_duplicates(FieldCheck, field_check_minutes_unique="minutes_number"):
        check = FieldCheck.objects.create(project=project, recorded_by=by, recorded_at=timezone.now(), **values)
    project.version += 1
    project.save(update_fields=["version"])
    audit(
        project,
        by=by,
        action="field_check",
        label="Ghi biên bản kiểm tra",
        changes=differences({}, snapshot(check, RECORDED_FIELDS)),
        paper=Paper(check.minutes_number, check.checked_on),
    )
    return check


def _check(project: Project, values: dict[str, Any]) -> None:
    report, checked_on = values["report"], values["checked_on"]
    if report is not None and report.project_id != project.pk:
        raise Refused("Báo cáo này không thuộc đề án.", field="report")
    if checked_on > timezone.localdate():
        raise Refused("Ngày kiểm tra không thể sau hôm nay.", field="checked_on")
    if project.approved_date is not None and checked_on < project.approved_date:
        approved = format_date(project.approved_date)
        raise Refused(f"Ngày kiểm tra không thể trước ngày phê duyệt ({approved}).", field="checked_on")
    for name, asked in (
        ("minutes_number", "Nhập số biên bản."),
        ("checkers", "Ghi thành phần kiểm tra."),
        ("findings", "Ghi kết quả kiểm tra."),
    ):
        if not values[name]:
            raise Refused(asked, field=name)
    if not 0 <= values["verified_percent"] <= 100:
        raise Refused("Khối lượng xác minh từ 0 đến 100.", field="verified_percent")
    if FieldCheck.objects.filter(project=project, minutes_number=values["minutes_number"]).exists():
        raise Refused("Biên bản kiểm tra này đã được ghi.", field="minutes_number")
