"""What each payee's work is recognised to have cost."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from funding.actions.acceptance import cost_field
from funding.queries.acceptance import CostLine, CostTable
from khuyencong.formfields import VndField
from khuyencong.vietnamese.money import Unit


class AcceptedCostForm(forms.Form):
    """One money field per payee; required where state money was approved."""

    def __init__(self, *args: Any, table: CostTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        for line in table.lines:
            self.fields[cost_field(line.participant_id)] = VndField(
                label=f"Giá trị nghiệm thu, {line.label}",
                required=line.needs_cost,
                allow_zero=True,
                unit=Unit.DONG,
                error_messages={"required": "Chưa nhập giá trị nghiệm thu; ghi 0 nếu không được nghiệm thu đồng nào."},
            )

    @property
    def rows(self) -> list[tuple[CostLine, BoundField]]:
        """Each line beside its field."""
        return [(line, self[cost_field(line.participant_id)]) for line in self.table.lines]

    def costs(self) -> dict[int | None, int]:
        """Đồng per payee, without those left empty; call after `is_valid()`."""
        typed = {line.participant_id: self.cleaned_data[cost_field(line.participant_id)] for line in self.table.lines}
        return {payee: vnd for payee, vnd in typed.items() if vnd is not None}
