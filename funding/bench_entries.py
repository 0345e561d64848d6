"""The two long tables of `bench_data`: vouchers and results, to a volume that is asked for."""

import datetime
import random
from collections.abc import Sequence

from django.utils import timezone

from funding.models import FundingLine, LedgerEntry, LedgerKind
from khuyencong.accounts.models import User
from programs.models import BudgetSide, IndicatorValue, Project
from programs.workflow import APPROVED_ON, Status, Track

PAYMENTS, VALUES = 5, 3  # of a project, where no volume is asked for
FIRST, DAYS = datetime.timedelta(days=40), 280  # vouchers lie from 10 February to November


def volume(projects: int, rows: int, statuses: Sequence[Status], indicators: int) -> tuple[int, int]:
    """(payments of a line, values of a project) that make about `rows` vouchers and values over the projects.

    A quarter of the rows are values, as far as there are indicators; 0 rows leave both as they are.
    """
    if not rows:
        return PAYMENTS, VALUES
    values = min(indicators, max(VALUES, rows // (4 * projects)))
    paid = projects * sum(status in APPROVED_ON for status in statuses) / len(statuses)
    vouchers = round((rows - projects * values) / paid)
    return max(vouchers - 1, PAYMENTS), values


def entries_of(line: FundingLine, by: User, payments: int) -> list[LedgerEntry]:
    """An advance of 70 % and payments that together make up the rest, spread over the year."""
    approved = line.approved_vnd or 0
    advance = approved * 7 // 10
    rest = approved - advance
    shares = [rest // payments] * (payments - 1)
    amounts = [advance, *shares, rest - sum(shares)]
    year, now = line.project.year, timezone.now()
    first = datetime.date(year, 1, 1) + FIRST
    return [
        LedgerEntry(
            kind=LedgerKind.PAYMENT if number else LedgerKind.ADVANCE,
            project=line.project,
            participant=line.participant,
            source=line.source,
            year=year,
            amount_vnd=amount,
            voucher_number=f"{line.project.code}-{number}",
            voucher_date=first + datetime.timedelta(days=DAYS * number // (payments + 1)),
            recorded_by=by,
            recorded_at=now,
        )
        for number, amount in enumerate(amounts)
        if amount
    ]


def values_of(project: Project, indicators: Sequence[int], rng: random.Random, count: int) -> list[IndicatorValue]:
    """Planned figures of that many indicators, achieved where the project is accepted."""
    budget = BudgetSide.CENTRAL if project.track == Track.NATIONAL else BudgetSide.PROVINCIAL
    return [
        IndicatorValue(
            project=project,
            indicator_id=indicator,
            budget=budget,
            year=project.year,
            planned_value=planned,
            achieved_value=planned if project.accepted_date else None,
            achieved_date=project.accepted_date,
        )
        for indicator, planned in ((pk, rng.randrange(1, 90)) for pk in rng.sample(indicators, count))
    ]
