"""The form of an establishment."""

from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.formfields import NFCFormCharField
from khuyencong.vietnamese.codes import check_citizen_id, check_tax_code, normalize_phone
from programs.actions.beneficiary import EDITED_FIELDS
from programs.actions.registers import fingerprint
from programs.forms.places import PlaceField
from programs.models import Beneficiary, BeneficiaryKind, Sector
from programs.rules.register_values import FIRST_FOUNDED_YEAR, founded_year_problem


class BeneficiaryForm(forms.Form):
    """`beneficiary` is the one being edited; without it the form adds one."""

    name = NFCFormCharField(label="Tên cơ sở", max_length=250)
    kind = forms.ChoiceField(label="Loại hình", choices=[("", "Chọn loại hình"), *BeneficiaryKind.choices])
    tax_code = NFCFormCharField(
        label="Mã số thuế", max_length=20, required=False, help_text="10 số, 13 số hoặc số định danh 12 số."
    )
    owner_name = NFCFormCharField(label="Người đại diện", max_length=150, required=False)
    owner_citizen_id = NFCFormCharField(label="Số định danh người đại diện", max_length=20, required=False)
    phone = NFCFormCharField(label="Điện thoại", max_length=30, required=False)
    address = NFCFormCharField(label="Địa chỉ", max_length=300, required=False)
    place = PlaceField(label="Xã, phường", empty_label="Chọn xã, phường")
    sector = forms.ModelChoiceField(Sector.objects.all(), label="Ngành nghề", required=False, empty_label="Chưa rõ")
    founded_year = forms.IntegerField(label="Năm thành lập", required=False, min_value=FIRST_FOUNDED_YEAR)
    note = NFCFormCharField(label="Ghi chú", max_length=2000, required=False, multiline=True)
    accept_similar = forms.BooleanField(label="Vẫn ghi: đây là một cơ sở khác", required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, beneficiary: Beneficiary | None = None, **kwargs: Any) -> None:
        if beneficiary is not None:
            initial = {name: getattr(beneficiary, name) for name in EDITED_FIELDS}
            kwargs["initial"] = {**initial, "version": fingerprint(beneficiary, EDITED_FIELDS)}
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.offer(user, kept=beneficiary.place_id if beneficiary else None)

    @property
    def asks_about_similar(self) -> bool:
        """The box appears only once there is something to accept."""
        return "accept_similar" in self.errors or bool(self.data.get("accept_similar"))

    def clean_tax_code(self) -> str:
        return check_tax_code(self.cleaned_data["tax_code"]).normalized

    def clean_owner_citizen_id(self) -> str:
        return check_citizen_id(self.cleaned_data["owner_citizen_id"]).normalized

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def clean_founded_year(self) -> int | None:
        year: int | None = self.cleaned_data["founded_year"]
        if problem := founded_year_problem(year, timezone.localdate()):
            raise forms.ValidationError(problem)
        return year

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITED_FIELDS}

    def doubts(self) -> list[str]:
        """Codes that look wrong: kept as written, and said after saving."""
        data = self.cleaned_data
        checks = (check_tax_code(data["tax_code"]), check_citizen_id(data["owner_citizen_id"]))
        return [check.warning for check in checks if check.warning]
