"""Recording employment after training: one survey, one row."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import differences, snapshot
from khuyencong.errors import Refused
from khuyencong.uniqueness import refusing_duplicates
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import EmploymentResult, Project

RECORDED_FIELDS = ("surveyed_on", "trained_count", "employed_count", "employed_women_count", "note")


@transaction.atomic
def record_employment(*, project_id: int, values: dict[str, Any], by: User, version: int) -> EmploymentResult:
    """What a survey found on its day; earlier surveys stay as they are.

    `values`: RECORDED_FIELDS, the counts in persons. Errors: NotAllowed, Overtaken, Refused at the field.
    """
    project = lock_project(project_id, version)
    policies.check_can_record_employment(by, project)
    _check_day(project, values)
    _check_counts(values)
    with refusing_duplicates(EmploymentResult, employment_result_unique="surveyed_on"):
        result = EmploymentResult.objects.create(project=project, recorded_by=by, recorded_at=timezone.now(), **values)
    project.version += 1
    project.save(update_fields=["version"])
    changes = differences({}, snapshot(result, RECORDED_FIELDS))
    audit(project, by=by, action="record_employment", label="Ghi việc làm sau đào tạo", changes=changes)
    return result


def _check_day(project: Project, values: dict[str, Any]) -> None:
    day = values["surveyed_on"]
    if day > timezone.localdate():
        raise Refused("Ngày khảo sát không thể sau hôm nay.", field="surveyed_on")
    if project.approved_date is not None and day < project.approved_date:
        approved = format_date(project.approved_date)
        raise Refused(f"Ngày khảo sát không thể trước ngày phê duyệt ({approved}).", field="surveyed_on")
    if EmploymentResult.objects.filter(project=project, surveyed_on=day).exists():
        raise Refused("Ngày khảo sát này đã được ghi.", field="surveyed_on")


def _check_counts(values: dict[str, Any]) -> None:
    trained, employed = values["trained_count"], values["employed_count"]
    if trained < 1:
        raise Refused("Số người được đào tạo phải từ 1 trở lên.", field="trained_count")
    if not 0 <= employed <= trained:
        raise Refused(f"Số có việc làm từ 0 đến số được đào tạo ({trained}).", field="employed_count")
    if not 0 <= values["employed_women_count"] <= employed:
        raise Refused(f"Số nữ từ 0 đến số có việc làm ({employed}).", field="employed_women_count")
