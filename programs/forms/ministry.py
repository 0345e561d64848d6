"""The letter that sends projects up to the Ministry, and the document that comes back."""

from typing import Any

from django import forms

from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField, VersionForm
from programs.actions.ministry import Answer
from programs.actions.project import Paper
from programs.models import MinistryResult

NOTE_LENGTH, OPINION_LENGTH = 300, 2000


class MinistryBatchForm(DocumentFieldsMixin, forms.Form):
    """The letter of a batch."""

    note = NFCFormCharField(label="Ghi chú", max_length=NOTE_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_number"].label = "Số công văn"
        self.fields["document_date"].label = "Ngày công văn"

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["document_number"], self.cleaned_data["document_date"])


class MinistryResultForm(DocumentFieldsMixin, forms.Form):
    """One document of the Ministry, for every ticked project."""

    result = forms.ChoiceField(label="Kết quả", choices=[("", "Chọn kết quả"), *MinistryResult.choices])
    reason = NFCFormCharField(
        label="Ý kiến của Bộ",
        max_length=OPINION_LENGTH,
        multiline=True,
        required=False,
        help_text="Bắt buộc khi Bộ yêu cầu bổ sung hoặc không chấp thuận: người đăng ký sẽ đọc ý kiến này.",
    )
    field_order = ("result", "document_number", "document_date", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_number"].label = "Số văn bản của Bộ"
        self.fields["document_date"].label = "Ngày văn bản của Bộ"

    def answer(self) -> Answer:
        data = self.cleaned_data
        paper = Paper(data["document_number"], data["document_date"])
        return Answer(MinistryResult(data["result"]), paper, data["reason"])


class MinistryCorrectionForm(MinistryResultForm, VersionForm):
    """The result as it should have been recorded, and why it is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label, reason.required = "Lý do sửa, ý kiến của Bộ", True
        reason.help_text = "Ghi vì sao kết quả đã ghi chưa đúng. Kết quả cũ và mới đều được giữ trong nhật ký."
