"""A voucher, and the reversal of one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from funding.actions.advance import Grounds
from funding.models import Contract, LedgerKind, Source
from funding.queries.money import WHOLE_PROJECT
from khuyencong.formfields import NFCFormCharField, VietnameseDateField, VndField
from programs.models import ProjectBeneficiary


class VoucherFieldsMixin(forms.Form):
    voucher_number = NFCFormCharField(label="Số chứng từ", max_length=100)
    voucher_date = VietnameseDateField(label="Ngày chứng từ")


class LedgerEntryForm(VoucherFieldsMixin):
    source = forms.TypedChoiceField(label="Nguồn vốn", coerce=int, choices=())
    participant = forms.TypedChoiceField(label="Bên nhận", required=False, coerce=int, empty_value=None, choices=())
    amount_vnd = VndField(label="Số tiền")
    treasury_reference = NFCFormCharField(label="Mã giao dịch kho bạc", max_length=100, required=False)
    note = NFCFormCharField(label="Nội dung", max_length=300, required=False)
    contract = forms.TypedChoiceField(
        label="Hợp đồng",
        required=False,
        coerce=int,
        empty_value=None,
        choices=(),
        help_text="Bên nhận chỉ có một hợp đồng thì để trống cũng được.",
    )
    condition_note = NFCFormCharField(
        label="Điều kiện tạm ứng đã kiểm tra", max_length=1000, multiline=True, required=False
    )
    override_reason = NFCFormCharField(
        label="Lý do vượt mức tạm ứng",
        max_length=1000,
        multiline=True,
        required=False,
        help_text="Chỉ ghi khi vượt mức và mức đó chưa bắt buộc.",
    )
    year = forms.TypedChoiceField(
        label="Năm ngân sách",
        coerce=int,
        choices=(),
        help_text="Kinh phí năm trước chuyển sang ghi vào năm được chuyển.",
    )

    field_order = (
        "year",
        "source",
        "participant",
        "contract",
        "amount_vnd",
        "voucher_number",
        "voucher_date",
        "treasury_reference",
        "note",
        "condition_note",
        "override_reason",
    )

    def __init__(
        self,
        *args: Any,
        sources: Sequence[Source],
        participants: Sequence[ProjectBeneficiary],
        years: Sequence[int],
        contracts: Sequence[Contract] = (),
        kind: LedgerKind = LedgerKind.PAYMENT,
        **kwargs: Any,
    ) -> None:
        """`years`: the budget years to choose from, oldest first; one is no choice and is not asked for.

        `contracts`: those of the project; what is said of a limit is asked for an advance only.
        """
        super().__init__(*args, **kwargs)
        self._offer_years(years)
        self._offer_contracts(contracts)
        if kind is not LedgerKind.ADVANCE:
            del self.fields["condition_note"], self.fields["override_reason"]
        source: Any = self.fields["source"]
        source.choices = [(one.pk, one.name) for one in sources]
        participant: Any = self.fields["participant"]
        participant.choices = [("", WHOLE_PROJECT), *((payee.pk, str(payee)) for payee in participants)]

    def _offer_years(self, years: Sequence[int]) -> None:
        if len(years) < 2:
            del self.fields["year"]
            return
        year: Any = self.fields["year"]
        year.choices, year.initial = [(one, str(one)) for one in years], years[-1]

    def _offer_contracts(self, contracts: Sequence[Contract]) -> None:
        if not contracts:
            del self.fields["contract"]
            return
        field: Any = self.fields["contract"]
        named = [(one.pk, f"{one.number} ({one.participant or WHOLE_PROJECT})") for one in contracts]
        field.choices = [("", "Theo bên nhận"), *named]

    def grounds(self) -> Grounds:
        """What is said of an advance, after `is_valid`."""
        values = self.cleaned_data
        return Grounds(values.get("condition_note", ""), values.get("override_reason", ""))


class ReversalForm(VoucherFieldsMixin):
    reason = NFCFormCharField(label="Lý do hủy", max_length=300)
