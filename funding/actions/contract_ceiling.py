"""Money goes out under a contract, up to its support, and comes back under the same one."""

from collections.abc import Mapping, Sequence

from funding.actions.wording import dong
from funding.models import Contract, LedgerKind
from funding.queries.contract import contract_ceiling
from funding.queries.project_ledger import ProjectLedger
from funding.rules.ceiling import LineKey
from khuyencong.errors import Refused
from programs.models import Project


def choose_contract(
    ledger: ProjectLedger, kind: LedgerKind, key: LineKey, amount_vnd: int, contract_id: int | None
) -> Contract | None:
    """The contract of a voucher over `amount_vnd` đồng; None where its payee has none.

    One that is not named is chosen by itself when there is exactly one. Errors: Refused, at the contract.
    """
    offered = ledger.contracts_for(key[0])
    if kind is LedgerKind.RECOVERY:
        return _contract_to_recover(ledger, offered, key, amount_vnd, contract_id)
    if contract_id is None and len(offered) > 1:
        numbers = ", ".join(contract.number for contract in offered)
        raise Refused(f"Bên nhận có {len(offered)} hợp đồng ({numbers}): chọn một hợp đồng.", field="contract")
    contract = _named(offered, contract_id) if contract_id is not None else next(iter(offered), None)
    if contract is not None:
        check_contract_ceiling(ledger, contract, amount_vnd)
    return contract


def check_contract_ceiling(ledger: ProjectLedger, contract: Contract, amount_vnd: int) -> None:
    """Σ net out of the contract, this amount (đồng) included, ≤ its support. Errors: Refused, at the amount."""
    ceiling = ledger.contract_ceiling(contract, amount_vnd)
    if not ceiling.fits:
        raise Refused(
            f"Vượt kinh phí của hợp đồng {contract.number}: hợp đồng {dong(ceiling.limit_vnd)}, đã chi "
            f"{dong(ceiling.used_vnd)}, chi thêm {dong(amount_vnd)}, vượt {dong(ceiling.excess_vnd)}.",
            field="amount_vnd",
        )


def check_back_under(ledger: ProjectLedger, contract: Contract | None, key: LineKey, amount_vnd: int) -> None:
    """What comes back (đồng) ≤ what is out to the payee under that contract, or under none. Errors: Refused."""
    out = ledger.contract_out.get((contract.pk if contract else None, key), 0)
    if amount_vnd > out:
        under = f"theo hợp đồng {contract.number}" if contract else "ngoài hợp đồng"
        raise Refused(
            f"Không thể thu về nhiều hơn số đang chi {under}: đang chi {dong(out)}, thu về {dong(amount_vnd)}, "
            f"vượt {dong(amount_vnd - out)}.",
            field="amount_vnd",
        )


def check_contracts_keep_what_is_out(
    project: Project, contracts: Sequence[Contract], wanted: Mapping[int, int]
) -> None:
    """`wanted`: contract id → its support from now on, in đồng. Errors: Refused, at the contract's field."""
    for contract in contracts:
        support = wanted.get(contract.pk, contract.support_vnd)
        out = contract_ceiling(project, contract).used_vnd if support < contract.support_vnd else 0
        if support < out:
            raise Refused(
                f"Hợp đồng {contract.number}: đã chi {dong(out)}, không giảm kinh phí hợp đồng xuống dưới số đó được.",
                field=f"contract_{contract.pk}",
            )


def _contract_to_recover(
    ledger: ProjectLedger, offered: list[Contract], key: LineKey, amount_vnd: int, contract_id: int | None
) -> Contract | None:
    """The contract whose money comes back; vouchers from before the contract come back under none."""
    if contract_id is not None:
        contract: Contract | None = _named(offered, contract_id)
    else:
        out = ledger.contract_out
        covers: list[Contract | None] = [one for one in offered if out.get((one.pk, key), 0) >= amount_vnd]
        if out.get((None, key), 0) >= amount_vnd:
            covers.append(None)
        if len(covers) > 1 or (not covers and len(offered) > 1):
            raise Refused("Chọn hợp đồng của khoản tiền nộp lại.", field="contract")
        contract = covers[0] if covers else next(iter(offered), None)
    if contract is not None:
        check_back_under(ledger, contract, key, amount_vnd)
    return contract


def _named(offered: list[Contract], contract_id: int) -> Contract:
    found = next((contract for contract in offered if contract.pk == contract_id), None)
    if found is None:
        raise Refused("Hợp đồng này không phải của bên nhận.", field="contract")
    return found
