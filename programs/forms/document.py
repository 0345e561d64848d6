from django import forms

from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from programs.models import DocumentKind
from programs.rules.attachments import ACCEPTED


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label="Loại tài liệu", choices=[("", "Chọn loại tài liệu"), *DocumentKind.choices])
    number = NFCFormCharField(label="Số, ký hiệu", max_length=100, required=False)
    document_date = VietnameseDateField(label="Ngày văn bản", required=False)
    issuer = NFCFormCharField(label="Nơi ban hành", max_length=200, required=False)
    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,  # the action says it in one place, with the other reasons against a file
        help_text=ACCEPTED,
        error_messages={"required": "Chưa chọn tệp.", "missing": "Chưa chọn tệp."},
    )
