"""A decision on the year's budget."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from funding.models import Source
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from khuyencong.localities.models import AdministrativeUnit

FIRST_YEAR = 2004  # Nghị định 134/2004/NĐ-CP, the first on khuyến công
ASSIGN, REDUCE = "assign", "reduce"


class BudgetEntryForm(forms.Form):
    year = forms.IntegerField(label="Năm", min_value=FIRST_YEAR)
    source = forms.TypedChoiceField(label="Nguồn vốn", coerce=int, choices=())
    province = forms.TypedChoiceField(label="Tỉnh", coerce=int, choices=())
    direction = forms.ChoiceField(
        label="Việc", choices=[(ASSIGN, "Giao, bổ sung dự toán"), (REDUCE, "Giảm, thu hồi dự toán")], initial=ASSIGN
    )
    amount_vnd = VndField(label="Số tiền")
    decision_number = NFCFormCharField(label="Số quyết định", max_length=100)
    decision_date = VietnameseDateField(label="Ngày quyết định")
    note = NFCFormCharField(label="Ghi chú", max_length=300, required=False)

    def __init__(
        self, *args: Any, sources: Sequence[Source], provinces: Sequence[AdministrativeUnit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [(one.pk, one.name) for one in sources]
        province: Any = self.fields["province"]
        province.choices = [(one.pk, str(one)) for one in provinces]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > timezone.localdate().year + 1:
            raise forms.ValidationError("Chỉ ghi dự toán đến năm sau.")
        return year

    def signed_amount_vnd(self) -> int:
        """+ for money assigned, − for money taken back; after `is_valid`."""
        amount: int = self.cleaned_data["amount_vnd"]
        return -amount if self.cleaned_data["direction"] == REDUCE else amount
