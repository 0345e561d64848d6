"""What the ledger may do to a stopped project: money comes back as far as it is demanded, and no further."""

from funding.actions.wording import dong
from funding.queries.project_ledger import ProjectLedger
from funding.rules.ceiling import LineKey
from khuyencong.errors import Refused
from programs.workflow import Status


def check_taking_back(ledger: ProjectLedger, key: LineKey, amount_vnd: int) -> None:
    """For a stopped project: what comes back (đồng) ≤ what its payee still owes.

    Errors: Refused, at the amount.
    """
    if ledger.project.state is not Status.STOPPED:
        return
    debt = ledger.debt(key)
    ceiling = debt.taking_back(amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Vượt số còn phải thu hồi theo quyết định ngừng: phải thu {dong(debt.demanded_vnd)}, "
            f"đã thu {dong(debt.recovered_vnd)}, còn phải thu {dong(debt.open_vnd)}, "
            f"thu về {dong(amount_vnd)}, vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )


def check_giving_again(ledger: ProjectLedger, key: LineKey, amount_vnd: int) -> None:
    """For a stopped project: an undone recovery (đồng) puts out no more than there was at the stop.

    Errors: Refused when the recovery was made before the stop: the decision already counted it.
    """
    if ledger.project.state is not Status.STOPPED:
        return
    ceiling = ledger.debt(key).giving_again(amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Khoản thu hồi này đã được tính khi ngừng đề án, không hủy được: khi ngừng đã chi "
            f"{dong(ceiling.limit_vnd)}, nay {dong(ceiling.used_vnd)}, hủy thu hồi {dong(amount_vnd)}, "
            f"vượt {dong(ceiling.excess_vnd)}."
        )
