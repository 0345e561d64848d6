"""What is typed when a report is locked or unlocked."""

from django import forms

from khuyencong.formfields import NFCFormCharField


class LockForm(forms.Form):
    document_number = NFCFormCharField(
        label="Số báo cáo", max_length=100, required=False, help_text="Số ghi trên bản đã ký, nếu có."
    )
    note = NFCFormCharField(label="Ghi chú", max_length=300, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class UnlockForm(forms.Form):
    reason = NFCFormCharField(
        label="Lý do mở khóa",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Ghi rõ lý do mở khóa."},
    )
