"""A machine of one of the project's establishments."""

from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField
from programs.actions.equipment import EDITED_FIELDS, NUMBER_FIELDS
from programs.models import Equipment, Project, ProjectBeneficiary


class EquipmentForm(VersionForm):
    """`edited` is the row being changed; `numbers_only` once the project is approved and under way."""

    participant = forms.ModelChoiceField(
        label="Cơ sở",
        queryset=ProjectBeneficiary.objects.none(),
        empty_label="Chọn cơ sở",
        error_messages={"required": "Chưa chọn cơ sở.", "invalid_choice": "Cơ sở này không còn trong đề án."},
    )
    name = NFCFormCharField(
        label="Tên máy móc, thiết bị",
        max_length=300,
        error_messages={"required": "Nhập tên máy móc, thiết bị."},
    )
    serial_number = NFCFormCharField(
        label="Số máy (serial)",
        max_length=100,
        required=False,
        help_text="Ghi như trên nhãn máy. Chưa mua thì để trống, ghi sau khi ký hợp đồng.",
    )
    invoice_number = NFCFormCharField(label="Số hóa đơn", max_length=100, required=False)
    invoice_date = VietnameseDateField(label="Ngày hóa đơn", required=False)

    def __init__(
        self,
        *args: Any,
        project: Project,
        edited: Equipment | None = None,
        numbers_only: bool = False,
        **kwargs: Any,
    ) -> None:
        initial = {name: getattr(edited, name) for name in EDITED_FIELDS} if edited else {}
        kwargs["initial"] = {"version": project.version, **initial}
        super().__init__(*args, **kwargs)
        if numbers_only:
            del self.fields["participant"], self.fields["name"]
            return
        participant: Any = self.fields["participant"]
        participant.queryset = project.participants.select_related("beneficiary")
        parts = list(participant.queryset[:2])
        if len(parts) == 1:
            participant.initial = parts[0]

    def values(self) -> dict[str, Any]:
        """What the action records; call after `is_valid()`."""
        names = EDITED_FIELDS if "name" in self.fields else NUMBER_FIELDS
        return {name: self.cleaned_data[name] for name in names}
