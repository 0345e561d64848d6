"""Vouchers: advances, payments, recoveries, and the reversal of a mistake. Rows are only ever added."""

import datetime

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.advance import NO_GROUNDS, Grounds, check_advance, keep_check
from funding.actions.carry_over import check_year_ceiling, choose_budget_year
from funding.actions.contract_ceiling import check_back_under, check_contract_ceiling, choose_contract
from funding.actions.open_year import hold_year_of
from funding.actions.recovery import check_giving_again, check_taking_back
from funding.actions.support_due import check_payment_due
from funding.actions.wording import dong, over_limit
from funding.models import LedgerEntry, LedgerKind, Source
from funding.queries.ledger import ledger_state
from funding.queries.money import WHOLE_PROJECT
from funding.rules.ceiling import LineKey
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc
from programs.actions.project import Paper, audit, lock_project
from programs.models import Project


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
    project = lock_project(project_id)
    kind = LedgerKind(kind)
    policies.check_can_record(by, project, kind)
    source = _check_target(project, source_id, participant_id)
    if amount_vnd <= 0:
        raise Refused("Số tiền phải lớn hơn 0.", field="amount_vnd")
    check_voucher(project, voucher_number, voucher_date)
    budget_year, key = choose_budget_year(project, source_id, year), (participant_id, source_id)
    hold_year_of(project, budget_year)
    if kind is LedgerKind.RECOVERY:
        _check_money_in(project, key, amount_vnd)
    else:
        _check_money_out(project, key, amount_vnd, budget_year)
    contract = choose_contract(project, kind, key, amount_vnd, contract_id)
    if kind is LedgerKind.PAYMENT:
        check_payment_due(project, key, amount_vnd)
    advance = check_advance(project, key, amount_vnd, voucher_date, grounds) if kind is LedgerKind.ADVANCE else None
    entry = LedgerEntry.objects.create(
        kind=kind.value,
        project=project,
        participant_id=participant_id,
        contract=contract,
        source=source,
        year=budget_year,
        amount_vnd=amount_vnd,
        voucher_number=nfc(voucher_number),
        voucher_date=voucher_date,
        treasury_reference=treasury_reference,
        note=note,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    if advance is not None:
        keep_check(advance, entry)
    _audit_entry(entry, by=by, action=f"record_{kind.value}", label=f"Ghi {kind.label.lower()}", note=note)
    return entry


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
    if not nfc(reason):
        raise Refused("Ghi rõ lý do hủy.", field="reason")
    check_voucher(project, voucher_number, voucher_date, not_before=entry.voucher_date)
    hold_year_of(project, entry.year)
    _check_reversed_money(project, entry)
    reversal = LedgerEntry.objects.create(
        kind=entry.kind,
        project=project,
        participant_id=entry.participant_id,
        contract=entry.contract,
        source=entry.source,
        year=entry.year,
        amount_vnd=entry.amount_vnd,
        voucher_number=nfc(voucher_number),
        voucher_date=voucher_date,
        note=nfc(reason)[:300],
        reverses=entry,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    label = f"Hủy {LedgerKind(entry.kind).label.lower()} {entry.voucher_number}"
    _audit_entry(reversal, by=by, action="reverse_entry", label=label[:120], note=reason)
    return reversal


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


def check_voucher(
    project: Project, number: str, date: datetime.date, *, not_before: datetime.date | None = None
) -> None:
    """Errors: Refused, at the field, on a missing or repeated number, or a date out of place."""
    if not nfc(number):
        raise Refused("Nhập số chứng từ.", field="voucher_number")
    if LedgerEntry.objects.filter(project=project, voucher_number__iexact=nfc(number)).exists():
        raise Refused(f"Số chứng từ {nfc(number)} đã có trong sổ của đề án.", field="voucher_number")
    if date > timezone.localdate():
        raise Refused("Ngày chứng từ không thể sau hôm nay.", field="voucher_date")
    if project.approved_date and date < project.approved_date:
        raise Refused(
            f"Ngày chứng từ không thể trước ngày phê duyệt {format_date(project.approved_date)}.", field="voucher_date"
        )
    if not_before and date < not_before:
        raise Refused(f"Ngày hủy không thể trước ngày chứng từ gốc {format_date(not_before)}.", field="voucher_date")


def _check_target(project: Project, source_id: int, participant_id: int | None) -> Source:
    source = Source.objects.filter(pk=source_id).first()
    if source is None or not source.is_state_money:
        raise Refused("Sổ chỉ ghi tiền ngân sách; nguồn này không chi qua sổ.", field="source")
    if participant_id is not None and not project.participants.filter(pk=participant_id).exists():
        raise Refused("Cơ sở này không thuộc đề án.", field="participant")
    return source


def _check_reversed_money(project: Project, entry: LedgerEntry) -> None:
    """What the reversal puts out again, or brings back, keeps every sum."""
    key: LineKey = (entry.participant_id, entry.source_id)
    if entry.kind == LedgerKind.RECOVERY:
        _check_money_out(project, key, entry.amount_vnd, entry.year)
        if entry.contract is not None:
            check_contract_ceiling(project, entry.contract, entry.amount_vnd)
        check_giving_again(project, key, entry.amount_vnd)
        return
    _check_money_in(project, key, entry.amount_vnd)
    if entry.contract is not None:
        check_back_under(project, entry.contract, key, entry.amount_vnd)


def _check_money_out(project: Project, key: LineKey, amount_vnd: int, year: int) -> None:
    state = ledger_state(project.pk)
    by_source = state.source_ceiling(key[1], amount_vnd)
    if not by_source.fits:
        message = over_limit("Vượt kinh phí được duyệt của nguồn vốn", by_source, "đã chi", "chi thêm")
        raise Refused(message, field="amount_vnd")
    by_line = state.line_ceiling(key, amount_vnd)
    if not by_line.fits:
        message = over_limit("Vượt kinh phí được duyệt của cơ sở", by_line, "đã chi", "chi thêm")
        raise Refused(message, field="amount_vnd")
    check_year_ceiling(project, key[1], year, amount_vnd)


def _check_money_in(project: Project, key: LineKey, amount_vnd: int) -> None:
    ceiling = ledger_state(project.pk).recovery_ceiling(key, amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Không thể thu về nhiều hơn số đang chi: đang chi {dong(ceiling.limit_vnd)}, "
            f"thu về {dong(amount_vnd)}, vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )
    check_taking_back(project, key, amount_vnd)


def _audit_entry(entry: LedgerEntry, *, by: User, action: str, label: str, note: str) -> None:
    project = entry.project
    after = ledger_state(project.pk).total_out_vnd
    brings_back = (entry.kind == LedgerKind.RECOVERY) != (entry.reverses_id is not None)
    effect = -entry.amount_vnd if brings_back else entry.amount_vnd
    payee = str(entry.participant) if entry.participant else WHOLE_PROJECT
    audit(
        project,
        by=by,
        action=action,
        label=label,
        changes={
            "Số tiền": (None, dong(entry.amount_vnd)),
            "Nguồn vốn": (None, entry.source.name),
            "Bên nhận": (None, payee),
            **({"Hợp đồng": (None, entry.contract.number)} if entry.contract else {}),
            "Đã chi cho đề án": (dong(after - effect), dong(after)),
        },
        paper=Paper(entry.voucher_number, entry.voucher_date),
        reason=note,
    )
