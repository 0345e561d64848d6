"""Accepting a project (nghiệm thu): its results, what it cost, and the move, together or not at all."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.models import AcceptedCost
from funding.queries.acceptance import CostLine, cost_table
from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.formfields import MAX_FIELD_VND
from khuyencong.vietnamese.money import format_vnd
from programs.actions.acceptance import accept_project
from programs.actions.indicator import Figure
from programs.actions.project import Paper, audit, check_paper, lock_project
from programs.models import Project

Costs = Mapping[int | None, int]
"""Participant id, or None for the project as a whole → accepted cost in whole đồng."""


@transaction.atomic
def accept(
    *,
    project_id: int,
    achieved: Mapping[int, int],
    others: Sequence[Figure],
    costs: Costs,
    by: User,
    version: int,
    paper: Paper,
    reason: str = "",
) -> Project:
    """Write the accepted cost of every payee, and accept the project with its results by the minutes `paper`.

    The cost may lie below or above the plan; every payee with approved state money must have one. `achieved`, `others`:
    as for `accept_project`. Errors: NotAllowed, Overtaken, Refused at the field (`cost_field`).
    """
    project = lock_project(project_id, version)
    check_paper(policies.check_can_accept(by, project), paper, reason)
    lines = {line.participant_id: line for line in cost_table(project).lines}
    _check_costs(lines, costs)
    now = timezone.now()
    AcceptedCost.objects.bulk_create(
        AcceptedCost(project=project, participant_id=payee, accepted_vnd=vnd, recorded_by=by, recorded_at=now)
        for payee, vnd in costs.items()
    )
    if costs:
        changes = {f"{lines[payee].label} (đồng)": (None, format_vnd(vnd)) for payee, vnd in costs.items()}
        audit(
            project, by=by, action="record_accepted_cost", label="Ghi giá trị nghiệm thu", changes=changes, paper=paper
        )
    return accept_project(
        project_id=project_id, achieved=achieved, others=others, by=by, version=version, paper=paper, reason=reason
    )


def cost_field(participant_id: int | None) -> str:
    """The name of the form field for one accepted cost, so that a refusal can point at it."""
    return f"cost_{'all' if participant_id is None else participant_id}"


def _check_costs(lines: Mapping[int | None, CostLine], costs: Costs) -> None:
    for payee, vnd in costs.items():
        if payee not in lines:
            raise Refused("Có cơ sở không có kinh phí được duyệt trong đề án. Hãy tải lại trang rồi nhập lại.")
        if not 0 <= vnd <= MAX_FIELD_VND:
            raise Refused("Số tiền không hợp lệ.", field=cost_field(payee))
    for payee, line in lines.items():
        if line.needs_cost and payee not in costs:
            raise Refused(f"Chưa nhập giá trị nghiệm thu: {line.label}.", field=cost_field(payee))
