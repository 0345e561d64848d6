"""The one decision behind a list of approvals."""

from funding.forms.norms import NormReasonForm
from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField


class ApprovalListForm(NormReasonForm, DocumentFieldsMixin):
    reason = NFCFormCharField(label="Ý kiến", max_length=2000, multiline=True, required=False)
