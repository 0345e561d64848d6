"""A form that is asked for by plan year alone: it shows how the year's projects stand now."""

from dataclasses import dataclass
from typing import Any

from reports.forms import ParametersForm, YearField
from reports.parameters import Parameters
from reports.periods import year_of


@dataclass(frozen=True)
class PlanYearParameters(Parameters):
    year: int

    @property
    def span(self) -> str:
        return f"Năm kế hoạch {self.year}"

    @property
    def file_part(self) -> str:
        return str(self.year)

    def as_query(self) -> dict[str, Any]:
        return {"year": self.year, **super().as_query()}


class PlanYearForm(ParametersForm[PlanYearParameters]):
    year = YearField(label="Năm kế hoạch")

    def default_data(self) -> dict[str, Any]:
        return {**super().default_data(), "year": year_of(self.today)}

    def asked(self) -> PlanYearParameters:
        return PlanYearParameters(self.user, self.cleaned_data["area"], self.cleaned_data["year"])

    def defaults(self) -> PlanYearParameters:
        return PlanYearParameters(self.user, self.own_area, year_of(self.today))
