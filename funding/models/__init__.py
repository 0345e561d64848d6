"""Every đồng: sources, budget plans, norms, amounts per source, contracts, the ledger."""

from funding.models.amount import Approval, Contract, FundingLine
from funding.models.budget import Budget, BudgetEntry, Source, SourceKind
from funding.models.ledger import LedgerEntry, LedgerKind
from funding.models.norm import AdvanceLimit, Certainty, Norm

__all__ = [
    "AdvanceLimit",
    "Approval",
    "Budget",
    "BudgetEntry",
    "Certainty",
    "Contract",
    "FundingLine",
    "LedgerEntry",
    "LedgerKind",
    "Norm",
    "Source",
    "SourceKind",
]
