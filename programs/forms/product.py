"""Forms of a product and of an award event."""

from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from programs.actions.product import EDITED_FIELDS
from programs.actions.registers import fingerprint
from programs.models import AwardLevel, Product, ProductAwardKind, ProductGroup


class ProductForm(forms.Form):
    name = NFCFormCharField(label="Tên sản phẩm", max_length=200)
    group = forms.ChoiceField(label="Nhóm", choices=[("", "Chọn nhóm"), *ProductGroup.choices])
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        if product is not None:
            initial = {name: getattr(product, name) for name in EDITED_FIELDS}
            kwargs["initial"] = {**initial, "version": fingerprint(product, EDITED_FIELDS)}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITED_FIELDS}


class ProductAwardForm(forms.Form):
    level = forms.ChoiceField(label="Cấp", choices=AwardLevel.choices, initial=AwardLevel.PROVINCE)
    kind = forms.ChoiceField(label="Việc", choices=ProductAwardKind.choices)
    event_date = VietnameseDateField(label="Ngày")
    decision_number = NFCFormCharField(
        label="Số quyết định",
        max_length=100,
        required=False,
        help_text="Bắt buộc khi cấp hoặc thu hồi giấy chứng nhận.",
    )
