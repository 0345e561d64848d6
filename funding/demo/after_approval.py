"""How the demo stops a project that has money out, and carries over what another has not spent."""

import datetime

from funding.actions.carry_over import carry_over
from funding.actions.stop import stop_project
from funding.queries.carry_over import carry_rows
from funding.queries.recovery import out_rows
from khuyencong.accounts.models import User
from programs.actions.project import Paper
from programs.models import ILLUSTRATION_NOTE, Project

# Of what is out when a project is stopped: the part that its payee keeps for accepted work.
KEPT_PERCENT = 40
DAYS_TO_HAND_BACK = 60


def stop_with_debts(project: Project, *, by: User, paper: Paper, reason: str) -> None:
    assert paper.date is not None
    stop_project(
        project_id=project.pk,
        kept={row.key: row.out_vnd * KEPT_PERCENT // 100 for row in out_rows(project)},
        due_date=paper.date + datetime.timedelta(DAYS_TO_HAND_BACK),
        by=by,
        version=_version(project),
        paper=paper,
        reason=reason,
    )


def carry_over_rest(project: Project, *, by: User, paper: Paper) -> None:
    rows = carry_rows(Project.objects.get(pk=project.pk))
    carry_over(
        project_id=project.pk,
        amounts={row.source.pk: row.years.unspent_vnd for row in rows},
        by=by,
        version=_version(project),
        paper=paper,
        note=ILLUSTRATION_NOTE,
    )


def _version(project: Project) -> int:
    return Project.objects.values_list("version", flat=True).get(pk=project.pk)
