"""The form of a registration round."""

from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from programs.actions.registers import fingerprint
from programs.actions.registration_round import EDITED_FIELDS
from programs.models import Programme, RegistrationRound
from programs.workflow import TRACK_CHOICES

FIRST_YEAR = 2005
YEARS_AHEAD = 5


class RegistrationRoundForm(forms.Form):
    year = forms.IntegerField(label="Năm kế hoạch", min_value=FIRST_YEAR)
    track = forms.ChoiceField(label="Cấp khuyến công", choices=[("", "Chọn cấp"), *TRACK_CHOICES])
    programme = forms.ModelChoiceField(
        Programme.objects.all(), label="Chương trình", required=False, empty_label="Không thuộc"
    )
    opens_on = VietnameseDateField(label="Mở từ ngày")
    closes_on = VietnameseDateField(
        label="Đến hết ngày", help_text="Đề án trình sau ngày này vẫn được nhận và được ghi là nộp sau hạn."
    )
    decision_number = NFCFormCharField(label="Số văn bản", max_length=100, required=False)
    note = NFCFormCharField(label="Ghi chú", max_length=300, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, edited: RegistrationRound | None = None, **kwargs: Any) -> None:
        if edited is not None:
            initial = {name: getattr(edited, name) for name in EDITED_FIELDS}
            kwargs["initial"] = {**initial, "version": fingerprint(edited, EDITED_FIELDS)}
        super().__init__(*args, **kwargs)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        last = timezone.localdate().year + YEARS_AHEAD
        if year > last:
            raise forms.ValidationError(f"Năm kế hoạch từ {FIRST_YEAR} đến {last}.")
        return year

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITED_FIELDS}
