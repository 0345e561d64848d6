"""One evaluation after support of one establishment."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField, VndField
from khuyencong.vietnamese.money import format_vnd
from khuyencong.vietnamese.text import nfc
from programs.actions.evaluation import RECORDED_FIELDS
from programs.models import SupportEvaluation

MAX_CAPACITY = 10**12
MAX_PERSONS = 1_000_000
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+")
# What an earlier evaluation already says of the time before support.
KEPT_FIELDS = (
    "product",
    "capacity_unit",
    "capacity_before",
    "productivity_vnd_before",
    "value_added_vnd_before",
    "revenue_vnd_before",
    "workers_before",
)


class WholeField(forms.Field):
    """A whole number, typed as 1200 or 1.200; left empty it is not known."""

    widget = forms.TextInput

    def __init__(self, *, limit: int, hint: str = "Nhập ví dụ 25 hoặc 1.200.", **kwargs: Any) -> None:
        self.limit, self.hint = limit, hint
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = nfc(str(value or ""))
        if not text:
            return None
        if text.startswith("-"):
            raise ValidationError("Không nhận số âm.")
        if not _WHOLE.fullmatch(text):
            raise ValidationError(f"“{text[:40]}” không phải là số nguyên. {self.hint}")
        number = int(re.sub("[. ]", "", text))
        if number > self.limit:
            raise ValidationError("Số quá lớn, hãy kiểm tra lại.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return format_vnd(value) if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "maxlength": "40"}


def _capacity(label: str) -> WholeField:
    hint = "Số lẻ thì đổi sang đơn vị nhỏ hơn, ví dụ 2.500 kg/giờ thay cho 2,5 tấn/giờ."
    return WholeField(label=label, limit=MAX_CAPACITY, hint=hint)


def _money(label: str, **kwargs: Any) -> VndField:
    return VndField(label=label, allow_zero=True, required=False, **kwargs)


class EvaluationForm(VersionForm):
    """`edited` is the row being corrected; `last` the establishment's latest one, whose figures before are offered."""

    evaluated_on = VietnameseDateField(label="Ngày đánh giá", help_text="Số liệu sau hỗ trợ là tình hình đến ngày này.")
    product = NFCFormCharField(label="Sản phẩm chính", max_length=200, required=False)
    capacity_unit = NFCFormCharField(
        label="Đơn vị tính công suất", max_length=50, required=False, help_text="Ví dụ: tấn/năm."
    )
    capacity_before = _capacity("Công suất trước hỗ trợ")
    capacity_after = _capacity("Công suất sau hỗ trợ")
    productivity_vnd_before = _money("Năng suất lao động trước hỗ trợ (đồng/người/năm)")
    productivity_vnd_after = _money("Năng suất lao động sau hỗ trợ (đồng/người/năm)")
    value_added_vnd_before = _money("Giá trị gia tăng trước hỗ trợ (đồng/năm)")
    value_added_vnd_after = _money("Giá trị gia tăng sau hỗ trợ (đồng/năm)")
    revenue_vnd_before = _money("Doanh thu trước hỗ trợ (đồng/năm)")
    revenue_vnd_after = _money("Doanh thu sau hỗ trợ (đồng/năm)")
    workers_before = WholeField(label="Lao động trước hỗ trợ (người)", limit=MAX_PERSONS)
    workers_after = WholeField(label="Lao động sau hỗ trợ (người)", limit=MAX_PERSONS)
    mobilised_vnd = _money(
        "Vốn cơ sở huy động thêm (đồng)",
        help_text="Tiền cơ sở tự bỏ ra, vay hoặc góp thêm nhờ được hỗ trợ; không tính tiền khuyến công.",
    )
    source_note = NFCFormCharField(
        label="Nguồn số liệu",
        max_length=300,
        help_text="Ví dụ: báo cáo của cơ sở, tờ khai thuế, phiếu khảo sát ngày …",
        error_messages={"required": "Ghi nguồn của số liệu."},
    )

    def __init__(
        self,
        *args: Any,
        edited: SupportEvaluation | None = None,
        last: SupportEvaluation | None = None,
        initial: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        known, names = (edited, RECORDED_FIELDS) if edited else (last, KEPT_FIELDS)
        offered = {name: getattr(known, name) for name in names} if known else {}
        kwargs["initial"] = {**initial, **offered}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What the action records; call after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in RECORDED_FIELDS}
