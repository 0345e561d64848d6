"""Which contracts pay a payee, and what is out under each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from funding.models import Contract, LedgerEntry
from funding.rules.ceiling import Ceiling, LineKey
from programs.models import Project

ContractOut = Mapping[tuple[int | None, LineKey], int]
"""(contract id, or None for vouchers under no contract; payee and source) → net out in đồng."""


@dataclass(frozen=True)
class ContractRow:
    """A contract as the money tab shows it."""

    contract: Contract
    ceiling: Ceiling


def contracts_of(project: Project) -> list[Contract]:
    return list(Contract.objects.filter(project=project).select_related("participant__beneficiary").order_by("pk"))


def contracts_among(contracts: Sequence[Contract], participant_id: int | None) -> list[Contract]:
    """The payee's own contracts; an establishment that has none is paid under those of the whole project."""
    own = [contract for contract in contracts if contract.participant_id == participant_id]
    return own or [contract for contract in contracts if contract.participant_id is None]


def contract_out(project: Project) -> ContractOut:
    """Net out per contract, payee and source; one query. Inside a write: lock the project first."""
    entries = LedgerEntry.objects.filter(project=project).with_effect().order_by()
    sums = entries.values_list("contract_id", "participant_id", "source_id").annotate(vnd=Sum("effect_vnd"))
    return {(contract, (payee, source)): vnd for contract, payee, source, vnd in sums}


def contract_ceiling(project: Project, contract: Contract, wanted_vnd: int = 0) -> Ceiling:
    """Net out of the contract, whoever received it, ≤ its support."""
    used = sum(vnd for (pk, _), vnd in contract_out(project).items() if pk == contract.pk)
    return Ceiling(contract.support_vnd, used, wanted_vnd)


def contract_rows(project: Project) -> list[ContractRow]:
    """Every contract with what is out of it; two queries."""
    used: dict[int | None, int] = defaultdict(int)
    for (pk, _), vnd in contract_out(project).items():
        used[pk] += vnd
    return [ContractRow(one, Ceiling(one.support_vnd, used[one.pk])) for one in contracts_of(project)]
