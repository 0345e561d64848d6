"""What every voucher is held against, whether a form brings it or a file; nothing is stored here."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from funding import policies
from funding.actions.advance import NO_GROUNDS, Grounds, check_advance
from funding.actions.carry_over import check_year_ceiling, choose_budget_year
from funding.actions.contract_ceiling import check_back_under, check_contract_ceiling, choose_contract
from funding.actions.recovery import check_giving_again, check_taking_back
from funding.actions.support_due import check_payment_due
from funding.actions.wording import dong, over_limit
from funding.models import AdvanceCheck, Contract, LedgerEntry, LedgerKind, Source
from funding.queries.project_ledger import Posting, ProjectLedger, number_key
from funding.rules.ceiling import LineKey
from khuyencong.accounts.models import User
from khuyencong.audit.record import Entry
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc

OpenYear = Callable[[ProjectLedger, int], None]
"""Raises Refused when the budget year of the project's province is closed."""
REVERSED_AS_IT_IS = ("kind", "participant_id", "contract", "source", "year", "amount_vnd")


@dataclass(frozen=True)
class Voucher:
    """What is said of a voucher over `amount_vnd` (whole đồng).

    `year`: the budget year, by default the last one that the project has money in. `contract_id`: by default the
    payee's only one. `grounds`: what is said of an advance and its limit.
    """

    kind: LedgerKind
    source: Source | None
    participant_id: int | None
    amount_vnd: int
    number: str
    date: datetime.date
    treasury_reference: str = ""
    note: str = ""
    year: int | None = None
    contract_id: int | None = None
    grounds: Grounds = NO_GROUNDS


@dataclass(frozen=True)
class Judged:
    """A voucher that may be recorded: its entry, and for an advance what it was held against; neither is stored."""

    entry: LedgerEntry
    advance: AdvanceCheck | None = None


def judge_voucher(ledger: ProjectLedger, voucher: Voucher, *, by: User, open_year: OpenYear) -> Judged:
    """The entry of a voucher, not stored and not yet posted to `ledger`. The person's right is asked before.

    Errors: Refused, at the field, on the project's status, the amount, the source, the voucher, a closed year, the
    advance limit, or a sum above what was approved, contracted or accepted, or below zero.
    """
    policies.check_recordable(ledger.project, voucher.kind)
    source = _check_target(ledger, voucher)
    if voucher.amount_vnd <= 0:
        raise Refused("Số tiền phải lớn hơn 0.", field="amount_vnd")
    check_number_and_date(ledger, voucher.number, voucher.date)
    year, key = choose_budget_year(ledger, source.pk, voucher.year), (voucher.participant_id, source.pk)
    open_year(ledger, year)
    contract, advance = _check_sums(ledger, voucher, key, year)
    entry = LedgerEntry(
        kind=voucher.kind.value,
        project=ledger.project,
        participant=ledger.payees[key[0]] if key[0] else None,
        contract=contract,
        source=source,
        year=year,
        amount_vnd=voucher.amount_vnd,
        voucher_number=nfc(voucher.number),
        voucher_date=voucher.date,
        treasury_reference=nfc(voucher.treasury_reference),
        note=nfc(voucher.note),
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    return Judged(entry, advance)


def judge_reversal(
    ledger: ProjectLedger,
    entry: LedgerEntry,
    *,
    number: str,
    date: datetime.date,
    reason: str,
    by: User,
    open_year: OpenYear,
) -> LedgerEntry:
    """The entry that takes `entry` back, not stored and not yet posted to `ledger`. The right is asked before.

    Errors: Refused when it was settled or taken back, when its budget year is closed, or when a sum would no longer
    hold: a payment that was already recovered, a recovery whose money has been paid out again.
    """
    policies.check_reversible(ledger.project, entry, is_reversed=entry.pk in ledger.reversed_ids)
    if not nfc(reason):
        raise Refused("Ghi rõ lý do hủy.", field="reason")
    check_number_and_date(ledger, number, date, not_before=entry.voucher_date)
    open_year(ledger, entry.year)
    _check_reversed_money(ledger, entry)
    same = {name: getattr(entry, name) for name in REVERSED_AS_IT_IS}
    return LedgerEntry(
        **same,
        project=ledger.project,
        voucher_number=nfc(number),
        voucher_date=date,
        note=nfc(reason)[:300],
        reverses=entry,
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def posting_of(entry: LedgerEntry, *, row: int = 0) -> Posting:
    """As the project's ledger counts it; `row`: of the file that brings it."""
    return Posting(
        entry.kind,
        (entry.participant_id, entry.source_id),
        entry.contract_id,
        entry.year,
        entry.amount_vnd,
        entry.voucher_number,
        entry.voucher_date,
        entry.reverses_id,
        entry.pk or 0,
        row,
    )


def entry_event(
    ledger: ProjectLedger, entry: LedgerEntry, *, out_before_vnd: int, action: str, label: str, note: str
) -> Entry:
    """One event in the project's history; `out_before_vnd`: what was out of the project before the entry, in đồng."""
    after = out_before_vnd + posting_of(entry).effect_vnd
    return Entry(
        action=action,
        action_label=label[:120],
        obj=ledger.project,
        place_id=ledger.project.place_id,
        changes={
            "Số tiền": (None, dong(entry.amount_vnd)),
            "Nguồn vốn": (None, entry.source.name),
            "Bên nhận": (None, ledger.payee_name(entry.participant_id)),
            **({"Hợp đồng": (None, entry.contract.number)} if entry.contract else {}),
            "Đã chi cho đề án": (dong(out_before_vnd), dong(after)),
        },
        reason=note,
        document_number=entry.voucher_number,
        document_date=entry.voucher_date,
    )


def check_number_and_date(
    ledger: ProjectLedger, number: str, date: datetime.date, *, not_before: datetime.date | None = None
) -> None:
    """Errors: Refused, at the field, on a missing or repeated number, or a date out of place.

    The number of a voucher that was reversed is free again: the right entry repeats it.
    """
    approved = ledger.project.approved_date
    if not nfc(number):
        raise Refused("Nhập số chứng từ.", field="voucher_number")
    if number_key(number) in ledger.numbers:
        raise Refused(f"Số chứng từ {nfc(number)} đã có trong sổ của đề án.", field="voucher_number")
    if date > timezone.localdate():
        raise Refused("Ngày chứng từ không thể sau hôm nay.", field="voucher_date")
    if approved and date < approved:
        raise Refused(f"Ngày chứng từ không thể trước ngày phê duyệt {format_date(approved)}.", field="voucher_date")
    if not_before and date < not_before:
        raise Refused(f"Ngày hủy không thể trước ngày chứng từ gốc {format_date(not_before)}.", field="voucher_date")


def _check_target(ledger: ProjectLedger, voucher: Voucher) -> Source:
    if voucher.source is None or not voucher.source.is_state_money:
        raise Refused("Sổ chỉ ghi tiền ngân sách; nguồn này không chi qua sổ.", field="source")
    if voucher.participant_id is not None and voucher.participant_id not in ledger.payees:
        raise Refused("Cơ sở này không thuộc đề án.", field="participant")
    return voucher.source


def _check_sums(
    ledger: ProjectLedger, voucher: Voucher, key: LineKey, year: int
) -> tuple[Contract | None, AdvanceCheck | None]:
    """The contract that the voucher counts for, and for an advance what it was held against."""
    if voucher.kind is LedgerKind.RECOVERY:
        _check_money_in(ledger, key, voucher.amount_vnd)
    else:
        _check_money_out(ledger, key, voucher.amount_vnd, year)
    contract = choose_contract(ledger, voucher.kind, key, voucher.amount_vnd, voucher.contract_id)
    if voucher.kind is LedgerKind.PAYMENT:
        check_payment_due(ledger, key, voucher.amount_vnd)
    if voucher.kind is not LedgerKind.ADVANCE:
        return contract, None
    return contract, check_advance(ledger, key, voucher.amount_vnd, voucher.date, voucher.grounds)


def _check_reversed_money(ledger: ProjectLedger, entry: LedgerEntry) -> None:
    """What the reversal puts out again, or brings back, keeps every sum."""
    key: LineKey = (entry.participant_id, entry.source_id)
    if entry.kind == LedgerKind.RECOVERY:
        _check_money_out(ledger, key, entry.amount_vnd, entry.year)
        if entry.contract is not None:
            check_contract_ceiling(ledger, entry.contract, entry.amount_vnd)
        check_giving_again(ledger, key, entry.amount_vnd)
        return
    _check_money_in(ledger, key, entry.amount_vnd)
    if entry.contract is not None:
        check_back_under(ledger, entry.contract, key, entry.amount_vnd)


def _check_money_out(ledger: ProjectLedger, key: LineKey, amount_vnd: int, year: int) -> None:
    state = ledger.state
    by_source = state.source_ceiling(key[1], amount_vnd)
    if not by_source.fits:
        message = over_limit("Vượt kinh phí được duyệt của nguồn vốn", by_source, "đã chi", "chi thêm")
        raise Refused(message, field="amount_vnd")
    by_line = state.line_ceiling(key, amount_vnd)
    if not by_line.fits:
        message = over_limit("Vượt kinh phí được duyệt của cơ sở", by_line, "đã chi", "chi thêm")
        raise Refused(message, field="amount_vnd")
    check_year_ceiling(ledger, key[1], year, amount_vnd)


def _check_money_in(ledger: ProjectLedger, key: LineKey, amount_vnd: int) -> None:
    ceiling = ledger.state.recovery_ceiling(key, amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Không thể thu về nhiều hơn số đang chi: đang chi {dong(ceiling.limit_vnd)}, "
            f"thu về {dong(amount_vnd)}, vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )
    check_taking_back(ledger, key, amount_vnd)
