"""A report year and an area: what the dashboard is asked for."""

from dataclasses import dataclass
from typing import Any

from khuyencong.localities.models import UnitLevel
from reports.definitions.plan_year import PlanYearParameters
from reports.forms import ParametersForm, YearField
from reports.parameters import Basis, Parameters, PeriodParameters
from reports.periods import FIRST_YEAR, Period, report_year, several_years, year_of

YEARS_SHOWN = 6


@dataclass(frozen=True)
class DashboardParameters(Parameters):
    year: int

    @property
    def period(self) -> Period:
        return report_year(self.year)

    @property
    def span(self) -> str:
        return f"{self.period.label} ({self.period.spelled})"

    @property
    def file_part(self) -> str:
        return str(self.year)

    def as_query(self) -> dict[str, Any]:
        return {"year": self.year, **super().as_query()}

    @property
    def years(self) -> range:
        """The year and those before it that stand beside it."""
        return range(max(FIRST_YEAR, self.year - YEARS_SHOWN + 1), self.year + 1)

    @property
    def has_plan(self) -> bool:
        """Plans are a province's; a smaller area has none of its own."""
        return self.area.level == UnitLevel.PROVINCE

    @property
    def own_year(self) -> PeriodParameters:
        """The same question, as a form of a period asks it."""
        return self.during(self.period, self.year)

    @property
    def all_years(self) -> PeriodParameters:
        return self.during(several_years(self.years[0], self.year), self.year)

    def during(self, period: Period, year: int, basis: Basis | None = None) -> PeriodParameters:
        return PeriodParameters(self.user, self.area, year, period, basis)

    @property
    def plan_year(self) -> PlanYearParameters:
        return PlanYearParameters(self.user, self.area, self.year)


class DashboardForm(ParametersForm[DashboardParameters]):
    year = YearField(label="Năm")

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "year": year_of(self.today)}

    def asked(self) -> DashboardParameters:
        return DashboardParameters(self.user, self.cleaned_data["area"], self.cleaned_data["year"])

    def defaults(self) -> DashboardParameters:
        return DashboardParameters(self.user, self.own_area, year_of(self.today))
