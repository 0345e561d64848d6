"""Vouchers: advances, payments, recoveries, and the reversal of a mistake. Rows are only ever added."""

import datetime

from django.db import transaction

from funding import policies
from funding.actions.advance import NO_GROUNDS, Grounds, keep_check
from funding.actions.open_year import hold_year
from funding.actions.voucher import Voucher, entry_event, judge_reversal, judge_voucher
from funding.models import LedgerEntry, LedgerKind, Source
from funding.queries.project_ledger import ProjectLedger, ledger_of
from khuyencong.accounts.models import User
from khuyencong.audit.record import record, record_many
from programs.actions.project import lock_project


@transaction.atomic
def record_entry(
    *,
    project_id: int,
    kind: LedgerKind,
    source_id: int,
    participant_id: int | None,
    amount_vnd: int,
    voucher_number: str,
    voucher_date: datetime.date,
    by: User,
    treasury_reference: str = "",
    note: str = "",
    year: int | None = None,
    contract_id: int | None = None,
    grounds: Grounds = NO_GROUNDS,
) -> LedgerEntry:
    """One voucher over `amount_vnd` (whole đồng) of state money; it counts for the budget `year`.

    By default that is the last year that the project has money of: its plan year, or the one it was carried into.
    The contract is chosen by itself where the payee has one. `grounds`: what is said of an advance and its limit.

    The project's row is locked, so that two vouchers cannot both pass the ceiling. Errors: NotAllowed; Refused on the
    project's status, the amount, the source, the voucher, a closed year, the advance limit, or a sum above what was
    approved, contracted or accepted, or below zero.
    """
    project, kind = lock_project(project_id), LedgerKind(kind)
    policies.check_can_record(by, project, kind)
    ledger, source = ledger_of(project), Source.objects.filter(pk=source_id).first()
    voucher = Voucher(
        kind,
        source,
        participant_id,
        amount_vnd,
        voucher_number,
        voucher_date,
        treasury_reference,
        note,
        year,
        contract_id,
        grounds,
    )
    judged = judge_voucher(ledger, voucher, by=by, open_year=hold_open)
    judged.entry.save(force_insert=True)
    if judged.advance is not None:
        keep_check(judged.advance, judged.entry)
    _record(ledger, judged.entry, by=by, action=f"record_{kind.value}", label=f"Ghi {kind.label.lower()}", note=note)
    return judged.entry


@transaction.atomic
def reverse_entry(
    *, entry_id: int, reason: str, by: User, voucher_number: str, voucher_date: datetime.date
) -> LedgerEntry:
    """A second entry of the same kind, amount and contract that takes the first one back; once only.

    Errors: NotAllowed; Refused when the sums would no longer hold: taking back a payment that was already recovered,
    or a recovery whose money has been paid out again; when the entry's budget year is closed.
    """
    project_id = LedgerEntry.objects.values_list("project_id", flat=True).get(pk=entry_id)
    project = lock_project(project_id)
    entry = LedgerEntry.objects.select_related("project", "source", "contract").get(pk=entry_id)
    policies.check_can_reverse(by, entry)
    ledger = ledger_of(project)
    reversal = judge_reversal(
        ledger, entry, number=voucher_number, date=voucher_date, reason=reason, by=by, open_year=hold_open
    )
    reversal.save(force_insert=True)
    label = f"Hủy {LedgerKind(entry.kind).label.lower()} {entry.voucher_number}"
    _record(ledger, reversal, by=by, action="reverse_entry", label=label, note=reason)
    return reversal


def hold_open(ledger: ProjectLedger, year: int) -> None:
    """The province of the project's approval keeps that year open until this transaction ends. Errors: Refused."""
    if ledger.province is not None:
        hold_year(ledger.province, year)


@transaction.atomic
def record_export(*, by: User, row_count: int, condition: str) -> None:
    """That the person took a list of `row_count` vouchers out of the portal, and how it was filtered."""
    record(
        by=by,
        action="disbursement_export",
        action_label="Tải danh sách giải ngân ra Excel",
        obj=by,
        place_id=by.area_id,
        changes={"Số dòng": (None, row_count), "Điều kiện lọc": (None, condition)},
    )


def _record(ledger: ProjectLedger, entry: LedgerEntry, *, by: User, action: str, label: str, note: str) -> None:
    before = ledger.state.total_out_vnd
    event = entry_event(ledger, entry, out_before_vnd=before, action=action, label=label, note=note)
    record_many([event], by=by)
