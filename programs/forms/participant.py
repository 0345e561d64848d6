from typing import Any

from django import forms

from khuyencong.accounts.models import User
from khuyencong.formfields import NFCFormCharField
from programs.models import Beneficiary


class ParticipantAddForm(forms.Form):
    """Establishments ticked in the search results; only those that the person may see are known here."""

    beneficiaries = forms.ModelMultipleChoiceField(
        Beneficiary.objects.none(),
        label="Cơ sở",
        error_messages={
            "required": "Chưa chọn cơ sở nào trong danh sách.",
            "invalid_choice": "Cơ sở đã chọn không có trong phạm vi của đơn vị bạn.",
            "invalid_pk_value": "Cơ sở đã chọn không hợp lệ.",
        },
    )
    content = NFCFormCharField(label="Nội dung được hỗ trợ", max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["beneficiaries"].queryset = Beneficiary.objects.visible_to(user)  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[str]:
        """Ids ticked in what was sent, to tick them again."""
        return set(self.data.getlist("beneficiaries")) if self.is_bound else set()  # type: ignore[attr-defined]
