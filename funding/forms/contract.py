"""Contracts, a row each."""

from collections.abc import Sequence
from typing import Any

from django import forms

from funding.actions.contract import NUMBER_LENGTH, NewContract
from funding.models import ContractKind
from funding.queries.money import WHOLE_PROJECT
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from programs.models import ProjectBeneficiary


class ContractForm(forms.Form):
    participant = forms.TypedChoiceField(
        label="Bên được hỗ trợ", required=False, coerce=int, empty_value=None, choices=()
    )
    kind = forms.ChoiceField(
        label="Loại hợp đồng", required=False, choices=[("", "Theo bên được hỗ trợ"), *ContractKind.choices]
    )
    number = NFCFormCharField(label="Số hợp đồng", max_length=NUMBER_LENGTH)
    signed_date = VietnameseDateField(label="Ngày ký")
    support_vnd = VndField(label="Kinh phí hỗ trợ (đồng)")

    def __init__(self, *args: Any, participants: Sequence[ProjectBeneficiary], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["participant"]
        field.choices = [("", WHOLE_PROJECT), *((payee.pk, str(payee)) for payee in participants)]


class BaseContractFormSet(forms.BaseFormSet):
    def contracts(self) -> list[NewContract]:
        """The rows that are filled in and not marked for deletion, after `is_valid`."""
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [
            NewContract(
                participant_id=form.cleaned_data["participant"],
                number=form.cleaned_data["number"],
                signed_date=form.cleaned_data["signed_date"],
                support_vnd=form.cleaned_data["support_vnd"],
                kind=ContractKind(form.cleaned_data["kind"]) if form.cleaned_data["kind"] else None,
            )
            for form in kept
        ]


ContractFormSet = forms.formset_factory(
    ContractForm, formset=BaseContractFormSet, extra=0, can_delete=True, max_num=200, validate_max=True
)
