"""Every đồng: sources, budget plans, norms, amounts per source, contracts, the ledger."""

from funding.models.after_approval import AcceptedCost, AmendedLine, CarryOver, RecoveryDemand
from funding.models.amount import Approval, Contract, ContractKind, FundingLine
from funding.models.budget import Budget, BudgetEntry, Source, SourceKind
from funding.models.ledger import LedgerEntry, LedgerKind
from funding.models.norm import AdvanceLimit, Norm

__all__ = [
    "AcceptedCost",
    "AdvanceLimit",
    "AmendedLine",
    "Approval",
    "Budget",
    "BudgetEntry",
    "CarryOver",
    "Contract",
    "ContractKind",
    "FundingLine",
    "LedgerEntry",
    "LedgerKind",
    "Norm",
    "RecoveryDemand",
    "Source",
    "SourceKind",
]
