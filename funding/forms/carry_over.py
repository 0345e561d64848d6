"""Carrying money into the next year: an amount per source, and the decision."""

from collections.abc import Sequence
from typing import Any

from django.forms.boundfield import BoundField

from funding.actions.carry_over import NOTE_LENGTH
from funding.queries.carry_over import CarryRow
from funding.rules.ceiling import cell_name
from khuyencong.formfields import DocumentFieldsMixin, NFCFormCharField, VersionForm, VndField
from khuyencong.vietnamese.money import Unit


class CarryOverForm(DocumentFieldsMixin, VersionForm):
    """One amount per state source of the project; an empty one carries nothing over."""

    note = NFCFormCharField(label="Ghi chú", max_length=NOTE_LENGTH, required=False)

    def __init__(self, *args: Any, rows: Sequence[CarryRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carry_rows = list(rows)
        self.fields["document_number"].label = "Số quyết định"
        self.fields["document_date"].label = "Ngày quyết định"
        for row in self.carry_rows:
            self.fields[_name(row)] = VndField(
                label=f"Số chuyển: {row.source.name}", required=False, allow_zero=True, unit=Unit.DONG
            )

    @property
    def rows(self) -> list[tuple[CarryRow, BoundField]]:
        """Each source with its field, for the template."""
        return [(row, self[_name(row)]) for row in self.carry_rows]

    def amounts(self) -> dict[int, int]:
        """Source id → đồng, after `is_valid`."""
        return {row.source.pk: self.cleaned_data.get(_name(row)) or 0 for row in self.carry_rows}


def _name(row: CarryRow) -> str:
    return cell_name((None, row.source.pk))
