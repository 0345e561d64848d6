"""Statements of the Treasury, and what comes of holding them against the ledger. Nothing of it is stored."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from funding.models import LedgerEntry, TreasuryLine, TreasuryStatement
from funding.queries.ledger import disbursements
from funding.rules.treasury_file import RowError, StatementLine
from funding.rules.treasury_match import Outcome, Pair, Transaction, match
from khuyencong.accounts.models import Organisation, User

# A voucher of the last day of a period reaches the Treasury in the next: both sides are looked for this far outside.
MARGIN = datetime.timedelta(days=31)


@dataclass(frozen=True)
class ReconciledRow:
    """A line of a statement, an entry of the ledger, or both, and what the comparison says."""

    pair: Pair
    line: TreasuryLine | None
    entry: LedgerEntry | None

    @property
    def outcome(self) -> Outcome:
        return self.pair.outcome

    @property
    def treasury_vnd(self) -> int | None:
        return self.pair.treasury.amount_vnd if self.pair.treasury else None

    @property
    def ledger_vnd(self) -> int | None:
        return self.pair.ledger.amount_vnd if self.pair.ledger else None

    @property
    def difference_vnd(self) -> int:
        """The Treasury's amount less the ledger's."""
        return (self.treasury_vnd or 0) - (self.ledger_vnd or 0)

    @property
    def told(self) -> str:
        """In what the sides differ, as a sentence; "" when in nothing."""
        return ", ".join(self.pair.differences).capitalize()


@dataclass(frozen=True)
class GroupTotal:
    outcome: Outcome
    count: int
    treasury_vnd: int
    ledger_vnd: int


def statement_list(user: User) -> QuerySet[TreasuryStatement]:
    """Statements of the user's area with the number and the sum of their lines."""
    statements = TreasuryStatement.objects.visible_to(user).select_related("organisation", "source", "uploaded_by")
    return statements.annotate(line_count=Count("lines"), total_vnd=Sum("lines__amount_vnd", default=0))


def newest_period(user: User) -> tuple[datetime.date, datetime.date]:
    """The period of the newest statement, or else this year until today."""
    statement = TreasuryStatement.objects.visible_to(user).first()
    today = timezone.localdate()
    return (statement.from_date, statement.to_date) if statement else (today.replace(month=1, day=1), today)


def reconcile(
    user: User, first_day: datetime.date, last_day: datetime.date, source_id: int | None = None
) -> list[ReconciledRow]:
    """Every statement line and ledger entry of the user's area in the period, once. Two queries.

    A statement that names no source is held against every source.
    """
    near = (first_day - MARGIN, last_day + MARGIN)
    lines = {line.pk: line for line in _lines(user, near, source_id)}
    entries = {entry.pk: entry for entry in _entries(user, near, source_id)}
    pairs = match(map(_of_line, lines.values()), map(_of_entry, entries.values()))
    return [
        ReconciledRow(
            pair,
            lines[pair.treasury.pk] if pair.treasury else None,
            entries[pair.ledger.pk] if pair.ledger else None,
        )
        for pair in pairs
        if any(side and first_day <= side.day <= last_day for side in (pair.treasury, pair.ledger))
    ]


def group_totals(rows: Sequence[ReconciledRow]) -> list[GroupTotal]:
    """Number and đồng of each outcome, those without rows too."""
    groups: dict[Outcome, list[ReconciledRow]] = {outcome: [] for outcome in Outcome}
    for row in rows:
        groups[row.outcome].append(row)
    return [
        GroupTotal(
            outcome,
            len(found),
            sum(row.treasury_vnd or 0 for row in found),
            sum(row.ledger_vnd or 0 for row in found),
        )
        for outcome, found in groups.items()
    ]


def repeated_rows(office: Organisation, lines: Sequence[StatementLine]) -> list[RowError]:
    """Lines whose number, day and amount another statement of the office has already. One query."""
    days = [line.paid_date for line in lines]
    recorded = TreasuryLine.objects.filter(
        statement__organisation=office, paid_date__gte=min(days), paid_date__lte=max(days)
    )
    known = set(recorded.order_by().values_list("reference", "voucher_number", "paid_date", "amount_vnd"))
    return [
        RowError(line.row_number, "Giao dịch này đã có trong sao kê khác của đơn vị")
        for line in lines
        if (line.reference or line.voucher_number)
        and (line.reference, line.voucher_number, line.paid_date, line.amount_vnd) in known
    ]


def _lines(user: User, days: tuple[datetime.date, datetime.date], source_id: int | None) -> QuerySet[TreasuryLine]:
    lines = TreasuryLine.objects.filter(
        statement__in=TreasuryStatement.objects.visible_to(user), paid_date__range=days
    ).select_related("statement")
    if source_id is not None:
        lines = lines.filter(Q(statement__source_id=source_id) | Q(statement__source__isnull=True))
    return lines


def _entries(user: User, days: tuple[datetime.date, datetime.date], source_id: int | None) -> QuerySet[LedgerEntry]:
    reversals = LedgerEntry.objects.filter(reverses=OuterRef("pk"))
    entries = disbursements(user).filter(voucher_date__range=days).annotate(was_reversed=Exists(reversals))
    return entries.filter(source_id=source_id) if source_id is not None else entries


def _of_line(line: TreasuryLine) -> Transaction:
    return Transaction(line.pk, line.reference, line.voucher_number, line.paid_date, line.amount_vnd)


def _of_entry(entry: LedgerEntry) -> Transaction:
    return Transaction(
        entry.pk,
        entry.treasury_reference,
        entry.voucher_number,
        entry.voucher_date,
        entry.effect_vnd,  # type: ignore[attr-defined]  # with_effect
        is_cancelled=entry.reverses_id is not None or entry.was_reversed,  # type: ignore[attr-defined]
    )
