"""Settlement (quyết toán) of a liquidated project: what was due, what went out, and why less, kept line by line."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.wording import dong
from funding.models import SettlementLine
from funding.queries.carry_over import budget_years_of
from funding.queries.settlement import Settlement, SettlementRow, settlement_of
from funding.rules.ceiling import LineKey
from funding.settlement_checks import check_costs_known, check_nothing_to_recover
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from khuyencong.vietnamese.text import nfc_multiline
from programs.actions.project import Paper, audit, check_paper, lock_project, move
from programs.models import Project
from programs.workflow import Action

Reasons = Mapping[LineKey, str]
"""Why less than what is due was paid, per line."""


@transaction.atomic
def settle_project(
    *,
    project_id: int,
    by: User,
    version: int,
    paper: Paper,
    reason: str = "",
    unpaid_reasons: Reasons | None = None,
) -> Project:
    """Close the project's money by the settlement document; no advance or payment is recorded after it.

    What is out is read from the ledger under the project's lock. Of each line it equals what is due, or lies below it
    for the written reason. Errors: NotAllowed; Overtaken; Refused on the paper, while money has still to come back, at
    the reason (`reason_field`) that is missing, or when nothing was paid of what is due.
    """
    project = lock_project(project_id, version)
    check_paper(policies.check_can_settle(by, project), paper, reason)
    table = settlement_of(project)
    check_costs_known(table)
    check_nothing_to_recover(table)
    reasons = {key: nfc_multiline(text) for key, text in (unpaid_reasons or {}).items()}
    _check_reasons(table, reasons)
    year, now = budget_years_of(project)[-1], timezone.now()
    lines = [_line(project, row, year, reasons) for row in table.rows if row.approved_vnd]
    for line in lines:
        line.recorded_at = now
    SettlementLine.objects.bulk_create(lines)
    changes = {row.name: (None, _in_words(row, reasons)) for row in table.rows}
    audit(project, by=by, action="settle_money", label="Quyết toán kinh phí", changes=changes, paper=paper)
    return move(project_id=project_id, action=Action.SETTLE, by=by, version=version, paper=paper, reason=reason)


@transaction.atomic
def record_settlement_export(*, by: User, row_count: int, condition: str) -> None:
    """That the person took the settlement list of `row_count` projects out of the portal, and how it was filtered."""
    record(
        by=by,
        action="settlement_export",
        action_label="Tải danh sách quyết toán ra Excel",
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )


def reason_field(key: LineKey) -> str:
    """The name of the form field for the reason of one line, so that a refusal can point at it."""
    payee, source = key
    return f"unpaid_{'all' if payee is None else payee}_{source}"


def _check_reasons(table: Settlement, reasons: Reasons) -> None:
    for row in table.rows:
        if row.money.to_pay_vnd and not reasons.get(row.key):
            raise Refused(
                f"{row.name}: được hỗ trợ {dong(row.money.due_vnd)}, đã chi {dong(row.money.out_vnd)}, còn "
                f"{dong(row.money.to_pay_vnd)} chưa chi. Thanh toán tiếp, hoặc ghi lý do không chi hết.",
                field=reason_field(row.key),
            )


def _line(project: Project, row: SettlementRow, year: int, reasons: Reasons) -> SettlementLine:
    return SettlementLine(
        project=project,
        participant_id=row.key[0],
        source=row.source,
        year=year,
        accepted_vnd=row.accepted_vnd or 0,
        rate_percent=row.rate_percent,
        cap_vnd=row.cap_vnd,
        approved_vnd=row.approved_vnd,
        due_vnd=row.money.due_vnd,
        advanced_vnd=row.money.advanced_vnd,
        paid_vnd=row.money.paid_vnd,
        recovered_vnd=row.money.recovered_vnd,
        unpaid_reason=reasons.get(row.key, "") if row.money.to_pay_vnd else "",
    )


def _in_words(row: SettlementRow, reasons: Reasons) -> str:
    text = f"được hỗ trợ {dong(row.money.due_vnd)}, đã chi {dong(row.money.out_vnd)}"
    return f"{text}; không chi hết: {reasons[row.key]}" if row.money.to_pay_vnd else text
