"""Registering a project from an earlier one."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, differences, snapshot
from programs import policies
from programs.actions.indicator import figure_label
from programs.actions.project import EDITED_FIELDS, audit, lock_project, new_draft
from programs.copying import CopyJob, copy_parts, on_copy
from programs.models import Beneficiary, IndicatorValue, Project, ProjectBeneficiary


@transaction.atomic
def copy_project(
    *, source_id: int, values: dict[str, Any], parts: Collection[str], by: User, version: int | None = None
) -> Project:
    """A new draft with a code of its own, made from another project, whatever the state of that one.

    `values`: the EDITED_FIELDS as model values; `parts`: keys of `programs.copying`. The status, the documents, the
    decisions and the ledger of the source stay with it. `version`: that of the source as it was shown. Errors:
    NotAllowed for the source or the place, Overtaken when the source was changed since.
    """
    source = lock_project(source_id, version)
    policies.check_can_copy(by, source)
    copy = new_draft(values=values, by=by, copied_from=source)
    taken = copy_parts(CopyJob(source, copy, by, {}), parts)
    changes = differences({}, snapshot(copy, EDITED_FIELDS))
    audit(
        copy,
        by=by,
        action="copy_project",
        label="Lập đề án từ đề án cũ",
        changes={"Chép từ đề án": (None, str(source)), **changes, **taken},
    )
    return copy


@on_copy("beneficiaries", "Cơ sở thụ hưởng", 10)
def copy_participants(job: CopyJob) -> Changes:
    """The establishments that the person may see; one of another area is named as left out."""
    visible = set(
        Beneficiary.objects.visible_to(job.by).filter(participations__project=job.source).values_list("pk", flat=True)
    )
    told: dict[str, tuple[str | None, str | None]] = {}
    for old in job.source.participants.select_related("beneficiary"):
        if old.beneficiary_id not in visible:
            told[old.beneficiary.name] = (None, "Không chép: ngoài địa bàn của đơn vị")
            continue
        job.participants[old.pk] = ProjectBeneficiary.objects.create(
            project=job.copy, beneficiary=old.beneficiary, content=old.content
        )
        told[old.beneficiary.name] = (None, old.content or "Tham gia đề án")
    return told


@on_copy("indicators", "Chỉ tiêu kế hoạch", 20)
def copy_planned_figures(job: CopyJob) -> Changes:
    """Planned figures, each in the year as far from the plan year as it was; what was achieved is not copied."""
    later = job.copy.year - job.source.year
    planned = job.source.indicators.filter(planned_value__isnull=False).select_related("indicator")
    rows = [
        IndicatorValue(
            project=job.copy,
            indicator=row.indicator,
            budget=row.budget,
            year=row.year + later,
            planned_value=row.planned_value,
        )
        for row in planned
    ]
    IndicatorValue.objects.bulk_create(rows)
    return {figure_label(row): (None, row.planned_value) for row in rows}
