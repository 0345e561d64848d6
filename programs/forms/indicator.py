"""Rows of planned figures, and of figures that were achieved without having been planned."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from khuyencong.formfields import VersionForm
from programs.actions.indicator import Figure
from programs.forms.figures import FigureField, parse_figure, show_figure
from programs.models import BudgetSide, IndicatorValue, Project, ResultIndicator
from programs.workflow import Track

MAX_ROWS = 100
DEFAULT_BUDGETS = {Track.NATIONAL: BudgetSide.CENTRAL, Track.LOCAL: BudgetSide.PROVINCIAL}


@dataclass(frozen=True)
class RowChoices:
    """What the rows of one project choose from: read once, however many rows there are."""

    indicators: dict[int, ResultIndicator]
    years: list[int]
    budget: str
    year: int

    @property
    def indicator_choices(self) -> list[tuple[Any, str]]:
        named = [(pk, f"{one} ({'đồng' if one.is_money else one.unit})") for pk, one in self.indicators.items()]
        return [("", "Chọn chỉ tiêu"), *named]


def row_choices(project: Project, values: list[IndicatorValue]) -> RowChoices:
    years = {project.year, *range(project.start_date.year, project.end_date.year + 1), *(row.year for row in values)}
    return RowChoices(
        indicators={one.pk: one for one in ResultIndicator.objects.all()},
        years=sorted(years),
        budget=DEFAULT_BUDGETS[project.track_kind].value,
        year=project.year,
    )


class FigureRowForm(forms.Form):
    """One row: indicator, budget, year and its figure."""

    indicator = forms.TypedChoiceField(label="Chỉ tiêu", coerce=int)
    budget = forms.ChoiceField(label="Nguồn", choices=BudgetSide.choices)
    year = forms.TypedChoiceField(label="Năm", coerce=int)
    value = FigureField(label="Kế hoạch", error_messages={"required": "Chưa nhập số."})

    def __init__(self, *args: Any, choices: RowChoices, value_label: str = "Kế hoạch", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = choices.indicators
        fields: dict[str, Any] = self.fields
        fields["indicator"].choices = choices.indicator_choices
        fields["budget"].initial = choices.budget
        fields["year"].choices = [(year, str(year)) for year in choices.years]
        fields["year"].initial = choices.year
        fields["value"].label = value_label

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        indicator = self.indicators.get(data.get("indicator") or 0)
        if indicator is not None and data.get("value"):
            try:
                data["figure"] = parse_figure(data["value"], indicator)
            except ValidationError as error:
                self.add_error("value", error)
        return data


class _BaseFigureFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        """Refuses, in its row, a figure that an earlier row gives already."""
        seen = set()
        for form in self._filled():
            key = tuple(form.cleaned_data.get(name) for name in ("indicator", "budget", "year"))
            if None not in key and key in seen:
                form.add_error("indicator", "Chỉ tiêu này đã ghi ở dòng trên, cùng nguồn và năm.")
            seen.add(key)

    def figures(self) -> list[Figure]:
        """The rows as typed; call after `is_valid()`."""
        rows = [form.cleaned_data for form in self._filled()]
        return [Figure(row["indicator"], row["budget"], row["year"], row["figure"]) for row in rows]

    def _filled(self) -> list[forms.Form]:
        rows = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        return [form for form in rows if not form.cleaned_data.get("DELETE")]


_figure_formset = partial(
    forms.formset_factory,
    FigureRowForm,
    formset=_BaseFigureFormSet,
    can_delete=True,
    max_num=MAX_ROWS,
    validate_max=True,
)
PlannedFormSet = _figure_formset(extra=3)
OtherResultsFormSet = _figure_formset(extra=1)


def planned_formset(project: Project, values: list[IndicatorValue], data: Any = None) -> Any:
    """The planned figures of a project as rows, with a few empty ones."""
    choices = row_choices(project, values)
    initial = [
        {
            "indicator": row.indicator_id,
            "budget": row.budget,
            "year": row.year,
            "value": show_figure(row.planned_value, row.indicator),
        }
        for row in values
    ]
    return PlannedFormSet(data, prefix="rows", initial=initial, form_kwargs={"choices": choices})


class IndicatorsForm(VersionForm):
    """Carries the version that the rows were shown at."""
