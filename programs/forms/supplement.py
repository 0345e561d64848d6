"""What a return asks for, as rows; and the answers to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from khuyencong.formfields import NFCFormCharField, VersionForm
from programs.actions.supplement import POINT_LIMIT, Asked
from programs.models import Section, SupplementPoint

ROWS = 5
PREFIX = "diem"
TEXT_LENGTH = 2000


class PointForm(forms.Form):
    """One row; a row left as it was is none."""

    section = forms.ChoiceField(label="Phần cần bổ sung", choices=[("", "Chọn phần"), *Section.choices], required=False)
    content = NFCFormCharField(
        label="Nội dung cần bổ sung",
        max_length=TEXT_LENGTH,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A row that was begun needs both."""
        data = self.cleaned_data
        if data.get("content") and data.get("section") == "":
            self.add_error("section", "Chọn phần của đề án.")
        if data.get("section") and data.get("content") == "":
            self.add_error("content", "Ghi rõ cần bổ sung gì.")
        return data


class BasePointFormSet(forms.BaseFormSet):
    def initial_form_count(self) -> int:
        """None: what was typed before more rows were asked for may be emptied again."""
        return 0

    def points(self) -> list[Asked]:
        """The rows that were filled in; call after `is_valid()`."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("content")]
        return [Asked(row["section"], row["content"]) for row in rows]


def point_formset(data: QueryDict | None = None, *, more: bool = False) -> Any:
    """Five empty rows, or the rows that were sent; `more`: the rows as typed, unchecked, and five empty ones."""
    typed = _typed_rows(data) if data is not None and more else []
    made = forms.formset_factory(
        PointForm,
        formset=BasePointFormSet,
        extra=min(len(typed) + ROWS, POINT_LIMIT),
        max_num=POINT_LIMIT,
        absolute_max=POINT_LIMIT,
        validate_max=True,
    )
    return made(None if more else data, prefix=PREFIX, initial=typed or None)


def _typed_rows(data: QueryDict) -> list[dict[str, str]]:
    """The rows in what was sent, without those left empty."""
    rows = [
        {name: data.get(f"{PREFIX}-{place}-{name}", "") for name in ("section", "content")}
        for place in range(POINT_LIMIT)
    ]
    return [row for row in rows if row["section"] or row["content"].strip()]


class AnswersForm(VersionForm):
    """A box for each point of the last return, with the answer that it has."""

    def __init__(self, *args: Any, points: Sequence[SupplementPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            self.fields[_field_name(point)] = NFCFormCharField(
                label="Giải trình, bổ sung",
                max_length=TEXT_LENGTH,
                multiline=True,
                required=False,
                initial=point.answer,
            )

    def rows(self) -> list[tuple[SupplementPoint, forms.BoundField]]:
        return [(point, self[_field_name(point)]) for point in self.points]

    def answers(self) -> dict[int, str]:
        """Point's pk → what was typed, an empty box left out; call after `is_valid()`."""
        typed = {point.pk: self.cleaned_data[_field_name(point)] for point in self.points}
        return {pk: answer for pk, answer in typed.items() if answer}


def _field_name(point: SupplementPoint) -> str:
    return f"tra_loi_{point.pk}"
