"""Stopping a project: what each payee keeps of the money that is out, and what must come back."""

import datetime
from collections.abc import Mapping

from django.db import transaction

from funding import policies
from funding.actions.wording import dong
from funding.models import RecoveryDemand
from funding.queries.recovery import OutRow, out_rows
from funding.rules.ceiling import Amounts, LineKey, cell_name
from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs.actions.project import Paper, audit, check_paper, lock_project, move
from programs.models import Project
from programs.workflow import Action


@transaction.atomic
def stop_project(
    *,
    project_id: int,
    kept: Amounts,
    due_date: datetime.date | None,
    by: User,
    version: int,
    paper: Paper,
    reason: str,
) -> Project:
    """Stop the project by the decision `paper`; each payee keeps `kept` (whole đồng, by default 0) of what is out.

    The rest is demanded back until `due_date`. What is out is read from the ledger under the project's lock: the
    demands cover what was really paid. Errors: NotAllowed; Overtaken; Refused on the paper, an amount, or the date.
    """
    project = lock_project(project_id, version)
    check_paper(policies.check_can_stop(by, project), paper, reason)
    rows = out_rows(project)
    keeps = _check_kept(rows, kept)
    _check_due_date(rows, keeps, due_date, paper.date)
    demands = [_demand(project, row, keeps[row.key], due_date) for row in rows]
    RecoveryDemand.objects.bulk_create(demands)
    if demands:
        changes = _changes(rows, demands)
        audit(project, by=by, action="demand_recovery", label="Yêu cầu thu hồi kinh phí", changes=changes, paper=paper)
    return move(project_id=project_id, action=Action.STOP, by=by, version=version, paper=paper, reason=reason)


def _check_kept(rows: list[OutRow], kept: Amounts) -> Mapping[LineKey, int]:
    """What each payee keeps, 0 where nothing is said; 0 ≤ kept ≤ out."""
    foreign = {key for key, vnd in kept.items() if vnd} - {row.key for row in rows}
    if foreign:
        raise Refused("Có dòng không còn tiền đã chi. Hãy xem lại số đã chi rồi nhập lại.")
    for row in rows:
        vnd = kept.get(row.key, 0)
        if not 0 <= vnd <= row.out_vnd:
            raise Refused(
                f"{row.payee}, {row.source.name}: được giữ lại {dong(vnd)}, phải từ 0 đến số đã chi "
                f"{dong(row.out_vnd)}.",
                field=cell_name(row.key),
            )
    return {row.key: kept.get(row.key, 0) for row in rows}


def _check_due_date(
    rows: list[OutRow], keeps: Mapping[LineKey, int], due_date: datetime.date | None, decided_on: datetime.date | None
) -> None:
    """A day to hand back the money is set when there is money to hand back."""
    if all(keeps[row.key] == row.out_vnd for row in rows):
        return
    if due_date is None:
        raise Refused("Còn tiền phải nộp lại: nhập hạn nộp lại.", field="due_date")
    if decided_on is not None and due_date < decided_on:
        raise Refused(f"Hạn nộp lại không thể trước ngày quyết định {format_date(decided_on)}.", field="due_date")


def _demand(project: Project, row: OutRow, kept_vnd: int, due_date: datetime.date | None) -> RecoveryDemand:
    return RecoveryDemand(
        project=project,
        participant_id=row.key[0],
        source=row.source,
        out_vnd=row.out_vnd,
        kept_vnd=kept_vnd,
        due_date=due_date if kept_vnd < row.out_vnd else None,
    )


def _changes(rows: list[OutRow], demands: list[RecoveryDemand]) -> dict[str, tuple[None, str]]:
    changes: dict[str, tuple[None, str]] = {}
    for row, demand in zip(rows, demands, strict=True):
        until = f", hạn {format_date(demand.due_date)}" if demand.due_date else ""
        changes[f"{row.payee}, {row.source.name}"] = (
            None,
            f"đã chi {dong(demand.out_vnd)}, giữ lại {dong(demand.kept_vnd)}, "
            f"phải nộp lại {dong(demand.demanded_vnd)}{until}",
        )
    return changes
