"""Whether amended amounts still cover what is paid and contracted. Whole đồng."""

from collections import defaultdict
from collections.abc import Sequence

from funding.rules.ceiling import Amounts, LineKey
from funding.rules.ledger import LedgerState


def lowered_below_out(state: LedgerState, after: Amounts) -> LineKey | None:
    """A line that `after` would approve for less than what is out on it, or None.

    `state`: what is approved and out before the amendment. A payee that drew on the project's common line may be given
    a line of its own; one that has its own does not fall back on the common line.
    """
    for key, out_vnd in sorted(state.out.items(), key=lambda item: (item[0][0] or 0, item[0][1])):
        had_own = state.approved.get(key, 0) > 0
        if had_own and after.get(key, 0) < min(out_vnd, state.approved[key]):
            return key
    overspent = LedgerState(after, state.out).overspent_lines()
    return min(overspent, key=lambda key: (key[0] or 0, key[1])) if overspent else None


def contract_excess(approved: Amounts, contracts: Sequence[tuple[int | None, int]]) -> tuple[int | None, int] | None:
    """By how much contracts pass the approved state support, and whose they are (None: of the whole project).

    `contracts`: (payee, support). An establishment without an amount of its own draws on the whole project's. None
    when everything fits.
    """
    by_payee: dict[int | None, int] = defaultdict(int)
    for (payee, _), vnd in approved.items():
        by_payee[payee] += vnd
    wanted: dict[int | None, int] = defaultdict(int)
    for payee, vnd in contracts:
        wanted[payee if by_payee.get(payee) else None] += vnd
    for payee, vnd in wanted.items():
        # One contract for the whole project may also stand for establishments that have lines of their own.
        if payee is not None and vnd > by_payee[payee]:
            return payee, vnd - by_payee[payee]
    total = sum(wanted.values()) - sum(by_payee.values())
    return (None, total) if total > 0 else None
