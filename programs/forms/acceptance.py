"""The acceptance minutes and what was achieved."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from khuyencong.formfields import PaperForm
from programs.forms.figures import FigureField, parse_figure
from programs.forms.indicator import OtherResultsFormSet, row_choices
from programs.models import IndicatorValue, Project


class AcceptanceForm(PaperForm):
    """Number and date of the minutes, and one field for each planned figure, named by the server."""

    def __init__(self, *args: Any, values: list[IndicatorValue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = {f"achieved_{row.pk}": row for row in values}
        self.fields["document_number"].label = "Số biên bản nghiệm thu"
        self.fields["document_date"].label = "Ngày biên bản"
        self.fields["reason"].label = "Ý kiến, kiến nghị"
        for name, row in self.values.items():
            required = {"required": "Chưa nhập kết quả; ghi 0 nếu không đạt được gì."}
            self.fields[name] = FigureField(label=row.indicator.name, error_messages=required)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, row in self.values.items():
            if data.get(name):
                try:
                    data[name] = parse_figure(data[name], row.indicator)
                except ValidationError as error:
                    self.add_error(name, error)
        return data

    @property
    def rows(self) -> list[tuple[IndicatorValue, BoundField]]:
        """Each planned figure beside the field for what was achieved."""
        return [(row, self[name]) for name, row in self.values.items()]

    @property
    def paper_fields(self) -> list[BoundField]:
        return [self[name] for name in ("document_number", "document_date", "reason")]

    def achieved(self) -> dict[int, int]:
        """IndicatorValue id → value; call after `is_valid()`."""
        return {row.pk: self.cleaned_data[name] for name, row in self.values.items()}


def other_results_formset(project: Project, values: list[IndicatorValue], data: Any = None) -> Any:
    """Rows for results that nobody had planned."""
    choices = row_choices(project, values)
    return OtherResultsFormSet(data, prefix="others", form_kwargs={"choices": choices, "value_label": "Thực hiện"})
