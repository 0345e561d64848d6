"""Settling a project: its document, and a reason for each line that is not paid in full."""

from typing import Any

from django.forms.boundfield import BoundField

from funding.actions.settlement import reason_field
from funding.queries.settlement import Settlement, SettlementRow
from funding.rules.ceiling import LineKey
from khuyencong.formfields import NFCFormCharField, PaperForm


class SettlementForm(PaperForm):
    """A reason is offered for each line with money still to pay; the action says which of them it needs."""

    def __init__(self, *args: Any, table: Settlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        for row in table.rows:
            if row.money.to_pay_vnd:
                self.fields[reason_field(row.key)] = NFCFormCharField(
                    label=f"Lý do không chi hết: {row.name}", max_length=500, required=False
                )

    @property
    def rows(self) -> list[tuple[SettlementRow, BoundField | None]]:
        """Each line with its field, for the template."""
        return [(row, self._field(row)) for row in self.table.rows]

    def unpaid_reasons(self) -> dict[LineKey, str]:
        """After `is_valid`."""
        return {row.key: self.cleaned_data.get(reason_field(row.key), "") for row in self.table.rows}

    def _field(self, row: SettlementRow) -> BoundField | None:
        name = reason_field(row.key)
        return self[name] if name in self.fields else None
