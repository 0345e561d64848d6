"""After acceptance money goes out up to what is due by the accepted cost."""

from funding.actions.wording import dong
from funding.queries.project_ledger import ACCEPTED, ProjectLedger
from funding.rules.ceiling import Ceiling, LineKey
from khuyencong.errors import Refused


def check_payment_due(ledger: ProjectLedger, key: LineKey, amount_vnd: int) -> None:
    """Once accepted: Σ net out of the line, this payment (đồng) included, ≤ what it is due.

    Nothing is asked before the acceptance, and of a project whose cost was never recorded. Errors: Refused.
    """
    if ledger.project.state not in ACCEPTED or ledger.settlement is None:
        return
    row = ledger.settlement.row_of(key)
    if row is None or row.accepted_vnd is None:
        return
    ceiling = Ceiling(row.money.due_vnd, ledger.state.line_out(row.key), amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Vượt số được hỗ trợ sau nghiệm thu của {row.name}: giá trị nghiệm thu {dong(row.accepted_vnd)}, được hỗ "
            f"trợ {dong(ceiling.limit_vnd)}, đã chi {dong(ceiling.used_vnd)}, chi thêm {dong(amount_vnd)}, "
            f"vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )
