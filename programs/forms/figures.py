"""Figures of indicators as offices type them: counts, or amounts of money."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from khuyencong.formfields import NFCFormCharField, VndField
from khuyencong.vietnamese.money import format_vnd
from programs.models import ResultIndicator

MAX_COUNT = 10**9
_COUNT = re.compile(r"[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+")
_MONEY = VndField(allow_zero=True, required=False)


def parse_figure(text: str, indicator: ResultIndicator) -> int:
    """A count such as 1.200, or whole đồng where the indicator is money. Errors: ValidationError in Vietnamese."""
    if indicator.is_money:
        amount = _MONEY.clean(text)
        if amount is None:
            raise ValidationError("Chưa nhập số tiền.")
        return int(amount)
    if text.startswith("-"):
        raise ValidationError("Không nhận số âm.")
    if not _COUNT.fullmatch(text):
        raise ValidationError(f"“{text[:40]}” không phải là số nguyên. Nhập ví dụ 25 hoặc 1.200.")
    value = int(re.sub("[. ]", "", text))
    if value > MAX_COUNT:
        raise ValidationError("Số quá lớn, hãy kiểm tra lại.")
    return value


def show_figure(value: int | None, indicator: ResultIndicator) -> str:
    """Text that `parse_figure` reads back as the same value."""
    if value is None:
        return ""
    return str(_MONEY.prepare_value(value)) if indicator.is_money else format_vnd(value)


class FigureField(NFCFormCharField):
    """The text of a figure; what it means depends on the indicator, so the form reads it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "off", "class": "kc-figure"}
