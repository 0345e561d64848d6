"""A voucher, and the reversal of one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from funding.models import Source
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
        "amount_vnd",
        "voucher_number",
        "voucher_date",
        "treasury_reference",
        "note",
    )

    def __init__(
        self,
        *args: Any,
        sources: Sequence[Source],
        participants: Sequence[ProjectBeneficiary],
        years: Sequence[int],
        **kwargs: Any,
    ) -> None:
        """`years`: the budget years to choose from, oldest first; one is no choice and is not asked for."""
        super().__init__(*args, **kwargs)
        self._offer_years(years)
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


class ReversalForm(VoucherFieldsMixin):
    reason = NFCFormCharField(label="Lý do hủy", max_length=300)
