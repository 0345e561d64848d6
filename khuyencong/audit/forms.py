"""What the list of events may be narrowed by."""

from django import forms

from khuyencong.formfields import NFCFormCharField, VietnameseDateField


class EventFilterForm(forms.Form):
    """Field names are those of the address."""

    tu = VietnameseDateField(label="Từ ngày", required=False)
    den = VietnameseDateField(label="Đến ngày", required=False)
    nguoi = NFCFormCharField(label="Người thực hiện", required=False, max_length=100)
    viec = NFCFormCharField(label="Việc", required=False, max_length=100)
    ho_so = NFCFormCharField(label="Hồ sơ", required=False, max_length=100, help_text="")
