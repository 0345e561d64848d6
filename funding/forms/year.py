"""Closing and reopening a budget year."""

from django import forms

from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField


class YearVersionForm(forms.Form):
    """How many times the year had been closed or opened when the page was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class YearCloseForm(DocumentFieldsMixin, YearVersionForm):
    """The document, where there is one, and a note."""

    reason = NFCFormCharField(label="Ghi chú", max_length=1000, multiline=True, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("document_number", "document_date"):
            self.fields[name].required = False


class YearReopenForm(DocumentFieldsMixin, YearVersionForm):
    """The document and the reason, both needed."""

    reason = NFCFormCharField(label="Lý do mở lại sổ", max_length=1000, multiline=True)
