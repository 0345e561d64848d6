"""Every đồng: sources, budget plans, norms, amounts per source, contracts, the ledger."""

from funding.models.after_approval import AcceptedCost, AmendedLine, CarryOver, RecoveryDemand
from funding.models.amount import Approval, Contract, ContractKind, FundingLine
from funding.models.budget import Budget, BudgetEntry, Source, SourceKind
from funding.models.decision import AdvanceCheck, CostBasis, NormCheck, SettlementLine
from funding.models.ledger import LedgerEntry, LedgerKind
from funding.models.norm import AdvanceLimit, Norm
from funding.models.treasury import TreasuryLine, TreasuryStatement
from funding.models.year import BudgetYear, BudgetYearEvent

__all__ = [
    "AcceptedCost",
    "AdvanceCheck",
    "AdvanceLimit",
    "AmendedLine",
    "Approval",
    "Budget",
    "BudgetEntry",
    "BudgetYear",
    "BudgetYearEvent",
    "CarryOver",
    "Contract",
    "ContractKind",
    "CostBasis",
    "FundingLine",
    "LedgerEntry",
    "LedgerKind",
    "Norm",
    "NormCheck",
    "RecoveryDemand",
    "SettlementLine",
    "Source",
    "SourceKind",
    "TreasuryLine",
    "TreasuryStatement",
]
