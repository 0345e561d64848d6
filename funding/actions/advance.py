"""Holding an advance against the limit in force, and keeping the answer with it."""

import datetime
from dataclasses import dataclass

from funding.actions.wording import dong
from funding.models import AdvanceCheck, LedgerEntry
from funding.queries.advance import LimitInForce
from funding.queries.project_ledger import ProjectLedger
from funding.rules.advance import advance_ceiling
from funding.rules.ceiling import Ceiling, LineKey
from khuyencong.errors import Refused
from khuyencong.vietnamese.text import nfc_multiline


@dataclass(frozen=True)
class Grounds:
    """What the accountant says of an advance: which conditions were seen, why a limit that only warns is passed."""

    condition_note: str = ""
    override_reason: str = ""


NO_GROUNDS = Grounds()


def check_advance(
    ledger: ProjectLedger, key: LineKey, amount_vnd: int, voucher_date: datetime.date, grounds: Grounds = NO_GROUNDS
) -> AdvanceCheck:
    """The row to keep with an advance of `amount_vnd` đồng.

    Errors: Refused when a binding limit is passed, or its conditions are not said to have been checked; when a limit
    that only warns is passed without a reason. Source: Thông tư 36/2013/TT-BCT and what an administrator entered.
    """
    found = ledger.limit_on(voucher_date)
    support, advanced = ledger.support(key)
    ceiling = None
    if found.percent is not None:
        ceiling = advance_ceiling(support.support_vnd, found.percent, advanced, amount_vnd)
        _check_conditions(found, grounds)
        _check_ceiling(found, ceiling, support.support_vnd, grounds)
    is_over = ceiling is not None and not ceiling.fits
    return AdvanceCheck(
        limit=found.limit,
        rule=found.rule,
        is_binding=found.is_binding,
        percent=found.percent,
        support_vnd=support.support_vnd,
        advanced_vnd=advanced + amount_vnd,
        condition_note=nfc_multiline(grounds.condition_note),
        override_reason=nfc_multiline(grounds.override_reason) if is_over else "",
    )


def keep_check(check: AdvanceCheck, entry: LedgerEntry) -> None:
    """Write the row beside its voucher."""
    check.entry = entry
    check.save(force_insert=True)


def _check_conditions(found: LimitInForce, grounds: Grounds) -> None:
    if found.is_binding and found.conditions and not nfc_multiline(grounds.condition_note):
        raise Refused(
            f"Ghi điều kiện tạm ứng đã kiểm tra: {', '.join(found.conditions)}.",
            field="condition_note",
        )


def _check_ceiling(found: LimitInForce, ceiling: Ceiling, support_vnd: int, grounds: Grounds) -> None:
    if ceiling.fits or (not found.is_binding and nfc_multiline(grounds.override_reason)):
        return
    figures = (
        f"tối đa {found.percent_text} % của {dong(support_vnd)} là {dong(ceiling.limit_vnd)}, đã tạm ứng "
        f"{dong(ceiling.used_vnd)}, lần này {dong(ceiling.wanted_vnd)}, vượt {dong(ceiling.excess_vnd)}"
    )
    if found.is_binding:
        raise Refused(f"Vượt mức tạm ứng: {figures}. {found.rule}", field="amount_vnd")
    raise Refused(
        f"Vượt mức tạm ứng: {figures}. {found.rule} Vẫn ghi thì nêu lý do vượt.",
        field="override_reason",
    )
