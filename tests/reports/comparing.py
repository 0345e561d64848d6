"""What the tests of the comparison form share: its cases by hand, plans of budgets, its figures by row."""

import datetime
import random
from fractions import Fraction

from django.utils import timezone

from funding.models import Budget, BudgetEntry, LedgerEntry
from programs.models import SupportItem
from tests.factories import unit
from tests.reports.asking import form_parameters
from tests.reports.world import area_unit, source_of

D = datetime.date
SLUG = "so-sanh"
KEYS = ("plan", "now", "until", "of_plan", "before", "of_before")
BOTH = ("central", "provincial")
# What is asked for → plan year, days of the period, of the year so far, of the same period; by hand.
CASES = {
    "year": ({}, 2026, (D(2025, 12, 15), D(2026, 12, 14)), (D(2025, 12, 15), D(2026, 12, 14)),
             (D(2024, 12, 15), D(2025, 12, 14))),
    "quarter": ({"part": "quy-1"}, 2026, (D(2025, 12, 15), D(2026, 3, 14)), (D(2025, 12, 15), D(2026, 3, 14)),
                (D(2024, 12, 15), D(2025, 3, 14))),
    "month 1": ({"part": "thang-1"}, 2026, (D(2025, 12, 15), D(2026, 1, 14)), (D(2025, 12, 15), D(2026, 1, 14)),
                (D(2024, 12, 15), D(2025, 1, 14))),
    "own days": ({"start": "01/06/2026", "end": "31/07/2026"}, 2026, (D(2026, 6, 1), D(2026, 7, 31)),
                 (D(2025, 12, 15), D(2026, 7, 31)), (D(2025, 6, 1), D(2025, 7, 31))),
    "two years": ({"start": "01/12/2025", "end": "05/01/2026"}, 2026, (D(2025, 12, 1), D(2026, 1, 5)),
                  (D(2025, 12, 15), D(2026, 1, 5)), (D(2024, 12, 1), D(2025, 1, 5))),
    "calendar": ({"start": "01/01/2026", "end": "31/12/2026"}, 2026, (D(2026, 1, 1), D(2026, 12, 31)),
                 (D(2026, 1, 1), D(2026, 12, 31)), (D(2025, 1, 1), D(2025, 12, 31))),
}  # fmt: skip


def add_plans(world, seed, by):
    """Decisions on the budgets of three provinces: (code of the province, year, kind, row of the item, đồng)."""
    dice, rows = random.Random(seed), []
    provinces = {"96": unit("96"), "95": unit("95", old=True), "foreign": world.places["foreign"].parent}
    for number in range(90):
        code, year = dice.choice(list(provinces)), dice.choice([2025, 2026, 2027])
        kind, row = dice.choice(["central", "provincial", "district"]), dice.choice([None, 1, 9, 10, 12])
        vnd = dice.choice([1, 1, -1]) * dice.randrange(1, 900_000_000)
        budget, _ = Budget.objects.get_or_create(year=year, source=source_of(kind), province=provinces[code])
        BudgetEntry.objects.create(
            budget=budget,
            support_item=SupportItem.objects.get(row=row) if row else None,
            amount_vnd=vnd,
            decision_number=f"{number}/QĐ-UBND",
            decision_date=dice.choice([D(year - 1, 12, 20), D(year, 2, 1), D(year, 12, 20)]),
            recorded_by=by,
            recorded_at=timezone.now(),
        )
        rows.append((code, year, kind, row, vnd))
    return rows


def ask(user, area="province", **more):
    return form_parameters(SLUG, user, area_unit(area), **more)


def money_of(tables):
    """Row → its figures."""
    table = tables[0]
    names = {item.name: item.row for item in SupportItem.objects.all()}
    return {
        names.get(table.value(place, "name"), table.value(place, "name")): [table.value(place, key) for key in KEYS]
        for place in range(len(table.rows))
    }


def with_shares(plan, now, until, before):
    return [
        plan,
        now,
        until,
        Fraction(until, plan) if plan > 0 else "–",
        before,
        Fraction(now, before) if before > 0 else "–",
    ]


def pay(project, by, day, vnd, kind="payment"):
    return LedgerEntry.objects.create(
        kind=kind,
        project=project,
        source=source_of("provincial"),
        amount_vnd=vnd,
        year=day.year,
        voucher_number=f"{day}-{kind}-{vnd}",
        voucher_date=day,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
