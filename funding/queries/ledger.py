"""The ledger as the pages and the rules read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Lower

from funding.models import FundingLine, LedgerEntry, LedgerKind
from funding.models.budget import LEDGER_KINDS
from funding.rules.ledger import LedgerState
from khuyencong.accounts.models import User
from khuyencong.localities.models import covered_unit_ids
from khuyencong.vietnamese.text import fold
from programs.models import Project


def ledger_state(project_id: int) -> LedgerState:
    """Approved and out per payee and source, of state money. Inside a write: lock the project first."""
    lines = FundingLine.objects.filter(project_id=project_id, source__kind__in=LEDGER_KINDS)
    approved = {(line.participant_id, line.source_id): line.approved_vnd or 0 for line in lines}
    grouped = LedgerEntry.objects.filter(project_id=project_id).with_effect().order_by()
    sums = grouped.values_list("participant_id", "source_id").annotate(vnd=Sum("effect_vnd"))
    return LedgerState(approved, {(participant, source): vnd for participant, source, vnd in sums})


@dataclass(frozen=True)
class RunningEntry:
    """An entry, and the money that is out of the project after it."""

    entry: LedgerEntry
    effect_vnd: int
    balance_vnd: int
    can_be_reversed: bool


def running_ledger(project: Project) -> list[RunningEntry]:
    """The project's entries in the order of their vouchers, with the running balance."""
    entries = LedgerEntry.objects.filter(project=project).with_effect().order_by("voucher_date", "pk")
    related = ("source", "participant__beneficiary", "recorded_by", "reverses", "reversed_by")
    return _run(entries.select_related(*related, "contract", "advance_check"))


def _run(entries: Iterable[LedgerEntry]) -> list[RunningEntry]:
    balance, rows = 0, []
    for entry in entries:
        effect = entry.effect_vnd  # type: ignore[attr-defined]
        balance += effect
        untouched = entry.reverses_id is None and not hasattr(entry, "reversed_by")
        rows.append(RunningEntry(entry, effect, balance, untouched))
    return rows


def disbursements(user: User) -> QuerySet[LedgerEntry]:
    """Every entry on projects within the user's area, with what a list shows of it.

    `voucher_lower` is for the search, which compares in lower case.
    """
    entries = LedgerEntry.objects.filter(project__place_id__in=covered_unit_ids(user.area_id))
    related = entries.select_related("project", "source", "contract", "participant__beneficiary", "reverses")
    return related.with_effect().annotate(voucher_lower=Lower("voucher_number"))


def narrowed(entries: QuerySet[LedgerEntry], wanted: Mapping[str, Any]) -> QuerySet[LedgerEntry]:
    """Entries to a payee (`ben_nhan`), between two days (`tu`, `den`, both included)."""
    if wanted.get("ben_nhan"):
        entries = entries.filter(participant__beneficiary__folded__contains=fold(wanted["ben_nhan"]))
    if wanted.get("tu"):
        entries = entries.filter(voucher_date__gte=wanted["tu"])
    if wanted.get("den"):
        entries = entries.filter(voucher_date__lte=wanted["den"])
    return entries


def disbursement_sums(entries: QuerySet[LedgerEntry]) -> dict[str, int]:
    """Đồng per kind over `disbursements`, reversals taken off, and what is out in all. One query."""
    by_kind = {kind.value: Sum("effect_vnd", filter=Q(kind=kind.value), default=0) for kind in LedgerKind}
    sums: dict[str, int] = entries.order_by().aggregate(**by_kind)
    out = sum(sums.values())
    return sums | {"recovery": -sums["recovery"], "out": out}


def ledger_years(user: User) -> list[int]:
    """Budget years that have entries within the user's area, newest first."""
    entries = LedgerEntry.objects.filter(project__place_id__in=covered_unit_ids(user.area_id))
    return list(entries.order_by("-year").values_list("year", flat=True).distinct())
