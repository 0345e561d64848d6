"""A statement of the Treasury: the file with its period, and what its columns hold where the headings do not say."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from openpyxl.utils import get_column_letter

from funding.models import Source
from funding.rules.treasury_file import LABELS, REQUIRED, Layout, Row
from khuyencong.excel.reading import MAX_BYTES, MAX_ROWS
from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_vnd
from khuyencong.vietnamese.text import nfc

SHOWN = 40  # characters of a cell in a choice or a preview


class StatementPeriodForm(forms.Form):
    source = forms.TypedChoiceField(label="Nguồn vốn", required=False, coerce=int, empty_value=None, choices=())
    from_date = VietnameseDateField(label="Từ ngày")
    to_date = VietnameseDateField(label="Đến ngày")

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [("", "Nhiều nguồn"), *((one.pk, one.name) for one in sources)]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("from_date"), values.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", "Ngày cuối phải từ ngày đầu trở đi.")
        return values


class StatementForm(StatementPeriodForm):
    file = forms.FileField(
        label="Tệp sao kê (.xlsx)",
        allow_empty_file=True,  # the reader says it, with the other reasons against a file
        help_text=f"Tối đa {MAX_BYTES // 1024 // 1024} MB, {format_vnd(MAX_ROWS)} dòng; không đặt mật khẩu.",
        error_messages={"required": "Chưa chọn tệp.", "missing": "Chưa chọn tệp."},
    )

    field_order = ("file", "source", "from_date", "to_date")


class ColumnsForm(StatementPeriodForm):
    """Which row holds the headings, and which column holds what; the file itself is kept since it was sent."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = NFCFormCharField(widget=forms.HiddenInput, max_length=200)
    header = forms.IntegerField(
        label="Dòng tiêu đề", min_value=1, help_text="Số thứ tự của dòng có tên các cột; giao dịch bắt đầu ở dòng dưới."
    )

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_count = len(rows)
        width = max((len(row) for row in rows), default=0)
        columns = [("", "Không có cột này"), *((str(place), _column_name(rows, place)) for place in range(width))]
        for key, label in LABELS.items():
            self.fields[f"column_{key}"] = forms.ChoiceField(
                label=f"Cột {label.lower()}", choices=columns, required=key in REQUIRED
            )

    def clean_header(self) -> int:
        header: int = self.cleaned_data["header"]
        if header >= self.row_count:
            raise forms.ValidationError(f"Tệp chỉ có {self.row_count} dòng.")
        return header

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        chosen = [values.get(f"column_{key}") for key in LABELS]
        used = [place for place in chosen if place]
        if len(set(used)) != len(used):
            raise forms.ValidationError("Mỗi cột của tệp chỉ chọn cho một mục.")
        return values

    def layout(self) -> Layout:
        """After `is_valid`."""
        values = self.cleaned_data
        columns = {key: int(values[f"column_{key}"]) for key in LABELS if values.get(f"column_{key}")}
        return Layout(values["header"] - 1, columns)


def columns_initial(layout: Layout | None) -> dict[str, Any]:
    """What was found, to begin with."""
    if layout is None:
        return {"header": 1}
    return {"header": layout.header + 1} | {f"column_{key}": str(place) for key, place in layout.columns.items()}


def shown_cell(value: object) -> str:
    if isinstance(value, datetime.date):
        return format_date(value)
    return "" if value is None else nfc(str(value))[:SHOWN]


def _column_name(rows: Sequence[Row], place: int) -> str:
    """ "C – Số tiền": the letter, and the first text of the column."""
    texts = (shown_cell(row[place]) for row in rows[:40] if place < len(row) and isinstance(row[place], str))
    first = next((text for text in texts if text), "")
    return f"{get_column_letter(place + 1)} – {first}" if first else get_column_letter(place + 1)


class RemoveStatementForm(forms.Form):
    reason = NFCFormCharField(label="Lý do bỏ", max_length=300)
