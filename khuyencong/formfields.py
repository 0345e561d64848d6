"""Form fields for what offices type: money, dates, text in one Unicode form; and the paper behind an act."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.vietnamese.dates import DateError, format_date, parse_date
from khuyencong.vietnamese.money import MoneyError, Unit, format_vnd, parse_vnd
from khuyencong.vietnamese.text import nfc, nfc_multiline

# A hundred thousand tỷ: above any budget, and sums of many such amounts still fit a 64-bit column.
MAX_FIELD_VND = 10**14


class VndField(forms.Field):
    """An amount in whole đồng, typed as 1.234.567, "120 triệu" or "6 tỷ 788,9 triệu"; never negative.

    `unit` is what a bare number counts; None asks back where the text does not make it certain. `allow_zero` lets 0 in.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": "Chưa nhập số tiền.",
        "zero": "Số tiền phải lớn hơn 0.",
        "too_large": "Số tiền quá lớn, hãy kiểm tra lại.",
    }

    def __init__(self, *, allow_zero: bool = False, unit: Unit | None = None, **kwargs: Any) -> None:
        self.allow_zero = allow_zero
        self.unit = unit
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value is None or (isinstance(value, str) and not nfc(value)):
            return None
        try:
            return parse_vnd(value, unit=self.unit)
        except MoneyError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value == 0 and not self.allow_zero:
            raise ValidationError(self.error_messages["zero"], code="zero")
        if value is not None and value > MAX_FIELD_VND:
            raise ValidationError(self.error_messages["too_large"], code="too_large")

    def prepare_value(self, value: Any) -> Any:
        """A stored amount in the form that reads back as itself; typed text as it was typed."""
        if not isinstance(value, int):
            return value
        small = self.unit is None and 0 < value < Unit.MILLION.value
        in_larger_unit = self.unit not in (None, Unit.DONG) and value
        return f"{format_vnd(value)} đồng" if small or in_larger_unit else format_vnd(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        # An initial number is đồng already; typed text counts the field's unit.
        before = initial if isinstance(initial, int) else self.to_python(initial)
        try:
            return bool(self.to_python(data) != before)
        except ValidationError:
            return True


class VietnameseDateField(forms.DateField):
    """A date typed day first: 05/02/2026 is 5 February. Shown the same way, whatever the browser's language."""

    widget = forms.TextInput
    default_error_messages = {"required": "Chưa nhập ngày."}

    def to_python(self, value: Any) -> datetime.date | None:
        if value is None or (isinstance(value, str) and not nfc(value)):
            return None
        try:
            return parse_date(value)
        except DateError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, datetime.date) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off", "maxlength": "40"}


class NFCFormCharField(forms.CharField):
    """Text brought to the one stored form before anything compares it; `multiline` keeps line breaks."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        cleaned = nfc_multiline(text) if self.multiline else nfc(text)
        return cleaned or self.empty_value or ""


class VersionForm(forms.Form):
    """A form that says which version of the object the person was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DocumentFieldsMixin(forms.Form):
    """Number and date of the document behind an act."""

    document_number = NFCFormCharField(label="Số văn bản", max_length=100)
    document_date = VietnameseDateField(label="Ngày văn bản")


class PaperForm(DocumentFieldsMixin, VersionForm):
    """The paper behind a move, and a reason. What the move does not need may be left empty."""

    reason = NFCFormCharField(label="Lý do, ý kiến", max_length=2000, multiline=True)

    def __init__(self, *args: Any, needs_document: bool = True, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("document_number", "document_date"):
            if name in self.fields:
                self.fields[name].required = needs_document
        if "reason" in self.fields:
            self.fields["reason"].required = needs_reason


def add_refusal(form: forms.BaseForm, refusal: Refused) -> int:
    """Puts a refusal on the form, at its field when the form shows it; returns the HTTP status of the page to send.

    Errors: PermissionDenied when the person lacks the right.
    """
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied(refusal.message)
    visible = refusal.field in form.fields and not form.fields[refusal.field].widget.is_hidden
    form.add_error(refusal.field if visible else None, refusal.message.split("\n"))
    return 409 if isinstance(refusal, Overtaken) else 422
