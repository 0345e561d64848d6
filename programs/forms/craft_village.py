"""Forms of a craft village, of a decision about it, of its figures in a year."""

from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from programs.actions.craft_village import EDITED_FIELDS
from programs.actions.registers import fingerprint
from programs.forms.places import PlaceField
from programs.models import CraftRecognitionKind, CraftVillage, CraftVillageEventKind, LegalDocument
from programs.rules.register_values import (
    FIRST_FIGURES_YEAR,
    MAX_COUNT,
    craft_figure_problems,
    figures_year_problem,
)


class CraftVillageForm(forms.Form):
    name = NFCFormCharField(label="Tên làng nghề, nghề", max_length=200)
    craft = NFCFormCharField(label="Nghề", max_length=150)
    place = PlaceField(label="Địa bàn", empty_label="Chọn xã, phường")
    source_note = NFCFormCharField(label="Nguồn thông tin", max_length=2000, required=False, multiline=True)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, village: CraftVillage | None = None, **kwargs: Any) -> None:
        if village is not None:
            initial = {name: getattr(village, name) for name in EDITED_FIELDS}
            kwargs["initial"] = {**initial, "version": fingerprint(village, EDITED_FIELDS)}
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.offer(user, kept=village.place_id if village else None)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITED_FIELDS}


class CraftVillageEventForm(forms.Form):
    kind = forms.ChoiceField(label="Việc", choices=CraftVillageEventKind.choices)
    recognition = forms.ChoiceField(label="Danh hiệu", choices=CraftRecognitionKind.choices)
    decision_number = NFCFormCharField(label="Số quyết định", max_length=100)
    event_date = VietnameseDateField(label="Ngày quyết định")
    regime = forms.ModelChoiceField(
        LegalDocument.objects.all(),
        label="Theo quy định",
        required=False,
        empty_label="Chưa rõ",
        help_text="Văn bản có hiệu lực vào ngày quyết định.",
    )


class CraftVillageYearForm(forms.Form):
    """Figures as reported; a correction is a further report with a later date."""

    year = forms.IntegerField(label="Năm", min_value=FIRST_FIGURES_YEAR)
    reported_date = VietnameseDateField(label="Ngày báo cáo")
    source = NFCFormCharField(label="Nguồn số liệu", max_length=200)
    households = forms.IntegerField(label="Tổng số hộ", min_value=0, max_value=MAX_COUNT)
    craft_households = forms.IntegerField(label="Hộ làm nghề", min_value=0, max_value=MAX_COUNT)
    workers = forms.IntegerField(label="Lao động", min_value=0, max_value=MAX_COUNT)
    women_workers = forms.IntegerField(label="Lao động nữ", min_value=0, max_value=MAX_COUNT)
    khmer_workers = forms.IntegerField(label="Lao động Khmer", min_value=0, max_value=MAX_COUNT)
    revenue_vnd = VndField(label="Doanh thu (đồng)", allow_zero=True)
    income_per_head_vnd = VndField(label="Thu nhập bình quân người/năm (đồng)", allow_zero=True)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if problem := figures_year_problem(year, timezone.localdate()):
            raise forms.ValidationError(problem)
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, message in craft_figure_problems(data).items():
            self.add_error(name, message)
        return data
