"""After acceptance money goes out up to what is due by the accepted cost."""

from funding.actions.wording import dong
from funding.queries.settlement import settlement_of
from funding.rules.ceiling import Ceiling, LineKey
from khuyencong.errors import Refused
from programs.models import Project
from programs.workflow import Status

ACCEPTED = frozenset({Status.ACCEPTED, Status.LIQUIDATED})


def check_payment_due(project: Project, key: LineKey, amount_vnd: int) -> None:
    """Once accepted: Σ net out of the line, this payment (đồng) included, ≤ what it is due. Lock the project first.

    Nothing is asked before the acceptance, and of a project whose cost was never recorded. Errors: Refused.
    """
    if project.state not in ACCEPTED:
        return
    row = settlement_of(project).row_of(key)
    if row is None or row.accepted_vnd is None:
        return
    ceiling = Ceiling(row.money.due_vnd, row.money.out_vnd, amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Vượt số được hỗ trợ sau nghiệm thu của {row.name}: giá trị nghiệm thu {dong(row.accepted_vnd)}, được hỗ "
            f"trợ {dong(ceiling.limit_vnd)}, đã chi {dong(ceiling.used_vnd)}, chi thêm {dong(amount_vnd)}, "
            f"vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )
