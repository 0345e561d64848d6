"""The one decision behind a list of approvals."""

from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField


class ApprovalListForm(DocumentFieldsMixin):
    reason = NFCFormCharField(label="Ý kiến", max_length=2000, multiline=True, required=False)
