"""What the comparison with plan and same period is asked for: a period, which money, which of the two budgets."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

from django import forms
from django.db.models import Q, TextChoices

from khuyencong.localities.models import UnitLevel, covered_unit_ids
from programs.models import BudgetSide
from reports.definitions.base import SIDES
from reports.definitions.comparison_periods import plan_year, same_period_before, year_so_far
from reports.definitions.funding import KIND_OF_SIDE
from reports.forms import FundingForm
from reports.parameters import PeriodParameters
from reports.periods import Period

NOW, UNTIL, BEFORE = "now", "until", "before"


class Budgets(TextChoices):
    """Which of the two budgets of the yearly forms is counted."""

    BOTH = "both", "Cả hai nguồn"
    CENTRAL = BudgetSide.CENTRAL.value, "KCQG"
    PROVINCIAL = BudgetSide.PROVINCIAL.value, "KCĐP"

    @property
    def sides(self) -> tuple[str, ...]:
        """As results name the budgets."""
        return SIDES if self is Budgets.BOTH else (self.value,)

    @property
    def kinds(self) -> list[str]:
        """As sources of money name them."""
        return [KIND_OF_SIDE[side].value for side in self.sides]


@dataclass(frozen=True)
class ComparisonParameters(PeriodParameters):
    budget: Budgets = Budgets.BOTH

    @property
    def span(self) -> str:
        return f"{super().span}. Nguồn kinh phí: {self.budget.label}"

    @property
    def file_part(self) -> str:
        of_budget = "" if self.budget is Budgets.BOTH else f"-{self.budget.label.lower().replace('đ', 'd')}"
        return f"{super().file_part}{of_budget}"

    def as_query(self) -> dict[str, Any]:
        return {**super().as_query(), "budget": self.budget.value}

    @property
    def plan_year(self) -> int:
        return plan_year(self.period)

    @property
    def periods(self) -> dict[str, Period]:
        """Column → the days that it counts."""
        return {NOW: self.period, UNTIL: year_so_far(self.period), BEFORE: same_period_before(self.period)}

    def over(self, period: Period) -> Self:
        """The same question about other days."""
        return replace(self, period=period)

    @property
    def has_budget(self) -> bool:
        """Whether the area is one that budgets are assigned to, for a person who answers for such an area."""
        own = self.user.organisation
        assert own is not None, "a user without an organisation has no permission to be here"
        return self.area.level == own.area.level == UnitLevel.PROVINCE

    def covers(self, area_path: str) -> Q:
        """Rows of an area, such as a budget's province, that lies in the chosen area and in the person's own."""
        chosen = Q(**{f"{area_path}__in": covered_unit_ids(self.area.pk)})
        return chosen & Q(**{f"{area_path}__in": covered_unit_ids(self.user.area_id)})


class ComparisonForm(FundingForm):
    """A period, which money, and which of the two budgets."""

    budget = forms.ChoiceField(
        label="Nguồn kinh phí",
        choices=Budgets.choices,
        error_messages={"invalid_choice": "Chọn một nguồn trong danh sách."},
    )

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "budget": Budgets.BOTH.value}

    def asked(self) -> ComparisonParameters:
        return _with_budget(super().asked(), Budgets(self.cleaned_data["budget"]))

    def defaults(self) -> ComparisonParameters:
        return _with_budget(super().defaults(), Budgets.BOTH)


def _with_budget(asked: PeriodParameters, budget: Budgets) -> ComparisonParameters:
    known = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return ComparisonParameters(**known, budget=budget)
