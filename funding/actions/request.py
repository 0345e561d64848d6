"""What a project asks for, per beneficiary and source."""

from django.db import transaction

from funding import policies
from funding.actions.lines import check_cells, describe_changes, lines_of
from funding.actions.norms import Bases, write_bases
from funding.models import FundingLine
from funding.rules.ceiling import Amounts
from khuyencong.accounts.models import User
from programs.actions.project import audit, lock_project
from programs.models import Project


@transaction.atomic
def set_requested(*, project_id: int, amounts: Amounts, by: User, version: int, bases: Bases | None = None) -> Project:
    """Make `amounts` (whole đồng) the whole request: lines that are not named, or are 0, are taken away.

    `bases`: what the norm of each payee with money is reckoned from; None leaves what is stored. Errors: NotAllowed;
    Refused unless the project is a draft or returned; Overtaken when changed since `version`.
    """
    project = lock_project(project_id, version)
    policies.check_can_set_requested(by, project)
    wanted = check_cells(project, amounts)
    lines = lines_of(project)
    before = {key: line.requested_vnd for key, line in lines.items()}
    FundingLine.objects.filter(pk__in=[line.pk for key, line in lines.items() if key not in wanted]).delete()
    for key, vnd in wanted.items():
        line = lines.get(key) or FundingLine(project=project, participant_id=key[0], source_id=key[1])
        line.requested_vnd = vnd
        line.save()
    project.version += 1
    project.save(update_fields=["version"])
    told = write_bases(project, bases, {payee for payee, _ in wanted})
    changes = {**describe_changes(project, before, wanted, "Đề nghị"), **told}
    audit(project, by=by, action="set_requested", label="Nhập kinh phí đề nghị", changes=changes)
    return project
