from collections.abc import Mapping
from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VietnameseDateField
from programs.models import DocumentKind, Project, ProjectBeneficiary
from programs.rules.attachments import ACCEPTED


class DocumentForm(forms.Form):
    """A paper of the whole project, or of one of its establishments; only those of `project` are offered."""

    kind = forms.ChoiceField(label="Loại tài liệu", choices=[("", "Chọn loại tài liệu"), *DocumentKind.choices])
    participant = forms.ModelChoiceField(
        ProjectBeneficiary.objects.none(),
        label="Của cơ sở",
        required=False,
        empty_label="Chung cả đề án",
        error_messages={"invalid_choice": "Cơ sở này không còn trong đề án. Hãy chọn lại."},
    )
    number = NFCFormCharField(label="Số, ký hiệu", max_length=100, required=False)
    document_date = VietnameseDateField(label="Ngày văn bản", required=False)
    issuer = NFCFormCharField(label="Nơi ban hành", max_length=200, required=False)
    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,  # the action says it in one place, with the other reasons against a file
        help_text=ACCEPTED,
        error_messages={"required": "Chưa chọn tệp.", "missing": "Chưa chọn tệp."},
    )

    def __init__(self, *args: Any, project: Project, asked: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """`asked`: the address of the page, which may name kind (`loai`), establishment (`co_so`), number (`so`)."""
        super().__init__(*args, **kwargs)
        participants: Any = self.fields["participant"]
        participants.queryset = project.participants.select_related("beneficiary")
        if asked:
            self.initial = {"kind": asked.get("loai", ""), "participant": asked.get("co_so", "")}
            self.initial["number"] = asked.get("so", "")
