"""The sums behind the panels, each asked for once however many panels use it; the rows are those of the forms."""

import datetime
from collections import Counter
from functools import cached_property

from django.db.models import Q, Sum
from django.utils import timezone

from funding.models import BudgetEntry
from funding.models.budget import BUDGETED_KINDS
from khuyencong.excel.table import Table
from khuyencong.localities.models import AdministrativeUnit
from programs.models import ILLUSTRATION_NOTE, Project
from reports.areas import selectable_units
from reports.dashboard.parameters import DashboardParameters
from reports.definitions.base import SIDES
from reports.definitions.funding import FUNDING, KIND_OF_SIDE, approved, entries
from reports.money import decided_projects
from reports.parameters import Basis
from reports.periods import Period, report_year

SIDE_OF_KIND = {kind: side for side, kind in KIND_OF_SIDE.items()}
Days = dict[datetime.date, int]


class Figures:
    """Whole đồng of an area. Approved and disbursed money is that of the form Kinh phí khuyến công."""

    def __init__(self, parameters: DashboardParameters) -> None:
        self.parameters = parameters
        self.today = timezone.localdate()

    @cached_property
    def plans(self) -> Counter[tuple[int, str, int | None]]:
        """(year, side, row of the support item or None) → plan; empty where the area has no plan of its own."""
        if not self.parameters.has_plan:
            return Counter()
        years = self.parameters.years
        entries = BudgetEntry.objects.filter(
            self.parameters.within("budget__province_id"),
            budget__year__range=(years[0], years[-1]),
            budget__source__kind__in=BUDGETED_KINDS,
        )
        grouped = entries.order_by().values_list("budget__year", "budget__source__kind", "support_item__row")
        return Counter({(year, kind, item): vnd for year, kind, item, vnd in grouped.annotate(vnd=Sum("amount_vnd"))})

    def plan(self, year: int, side: str | None = None) -> int:
        return sum(vnd for (one, kind, _), vnd in self.plans.items() if one == year and side in (None, kind))

    def item_plans(self) -> Counter[int | None]:
        """Row of the support item, None for what is not broken down → plan of the year."""
        sums: Counter[int | None] = Counter()
        for (year, _, item), vnd in self.plans.items():
            if year == self.parameters.year:
                sums[item] += vnd
        return sums

    @cached_property
    def approved_days(self) -> dict[str, Days]:
        """Side → day of decision → approved in the year, in force on its last day."""
        money = approved(self.parameters.own_year)
        sums: dict[str, Days] = {side: {} for side in SIDES}
        for (kind, day), vnd in money.sums("source__kind", "project__approval__decision_date").items():
            sums[SIDE_OF_KIND[kind]][day] = vnd
        return sums

    @cached_property
    def disbursed_days(self) -> dict[str, Days]:
        """Side → day of voucher → đồng, of all the years shown; one query, as many rows as days."""
        grouped = entries(self.parameters.all_years).order_by().values_list("source__kind", "voucher_date")
        sums: dict[str, Days] = {side: {} for side in SIDES}
        for kind, day, vnd in grouped.annotate(vnd=Sum("effect_vnd")):
            sums[SIDE_OF_KIND[kind]][day] = vnd
        return sums

    def disbursed(self, period: Period) -> dict[str, int]:
        """Per side, by the vouchers of the period."""
        return {side: _between(self.disbursed_days[side], period) for side in SIDES}

    def approved(self, year: int) -> dict[str, int]:
        """Per side, by the decisions of a report year, in force on its last day."""
        if year == self.parameters.year:
            return {side: sum(days.values()) for side, days in self.approved_days.items()}
        sums = approved(self.parameters.during(report_year(year), year)).sums("source__kind")
        return {side: sums.get((kind,), 0) for side, kind in KIND_OF_SIDE.items()}

    def approved_until(self, day: datetime.date) -> int:
        """Both sides, by the decisions of the year up to the day."""
        return sum(vnd for days in self.approved_days.values() for one, vnd in days.items() if one <= day)

    @cached_property
    def last_day(self) -> datetime.date:
        """Today, or the latest day of a decision or voucher of the year where that lies ahead."""
        end = self.parameters.period.end
        every = (*self.approved_days.values(), *self.disbursed_days.values())
        return max([self.today, *(day for days in every for day in days if day <= end)])

    def form(self, basis: Basis) -> Table:
        """The form Kinh phí khuyến công of the year."""
        [table] = FUNDING.build(self.parameters.during(self.parameters.period, self.parameters.year, basis))
        return table

    @cached_property
    def own_units(self) -> list[AdministrativeUnit]:
        """Every unit that this person may ask a form for, in Vietnamese order."""
        return selectable_units(self.parameters.user)

    @cached_property
    def is_illustrated(self) -> bool:
        """Whether an invented project is among those whose money of the years is counted."""
        years = self.parameters.all_years
        decided = Q(pk__in=decided_projects(years).order_by().values("pk"))
        paid = Q(pk__in=entries(years).order_by().values("project"))
        return Project.objects.filter(decided | paid, note=ILLUSTRATION_NOTE).exists()


def _between(days: Days, period: Period) -> int:
    return sum(vnd for day, vnd in days.items() if period.start <= day <= period.end)
