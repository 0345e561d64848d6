"""What lists of money are narrowed by beside their drop-downs: the payee, and the days between."""

from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VietnameseDateField


class PeriodForm(forms.Form):
    """Field names are those of the address; both days are included."""

    tu = VietnameseDateField(label="Từ ngày", required=False)
    den = VietnameseDateField(label="Đến ngày", required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("tu"), values.get("den")
        if first and last and last < first:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        return values


class DisbursementFilterForm(PeriodForm):
    ben_nhan = NFCFormCharField(label="Bên nhận", required=False, max_length=100)

    field_order = ("ben_nhan", "tu", "den")
