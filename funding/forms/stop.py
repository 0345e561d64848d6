"""Stopping a project: the decision, and what each payee keeps of the money that is out."""

from collections.abc import Sequence
from typing import Any

from django.forms.boundfield import BoundField

from funding.queries.recovery import OutRow
from funding.rules.ceiling import LineKey, cell_name
from khuyencong.formfields import PaperForm, VietnameseDateField, VndField
from khuyencong.vietnamese.money import Unit


class StopForm(PaperForm):
    """The paper and the reason; with money out one amount per payee and source, and a day to hand back the rest."""

    due_date = VietnameseDateField(label="Hạn nộp lại", required=False, help_text="Bắt buộc khi còn tiền phải nộp lại.")

    def __init__(self, *args: Any, rows: Sequence[OutRow], **kwargs: Any) -> None:
        super().__init__(*args, needs_reason=True, **kwargs)
        self.out_rows = list(rows)
        for row in self.out_rows:
            self.fields[cell_name(row.key)] = VndField(
                label=f"Được giữ lại: {row.payee}, {row.source.name}",
                required=False,
                allow_zero=True,
                unit=Unit.DONG,
            )

    @property
    def rows(self) -> list[tuple[OutRow, BoundField]]:
        """Each payee and source with its field, for the template."""
        return [(row, self[cell_name(row.key)]) for row in self.out_rows]

    @property
    def out_vnd(self) -> int:
        return sum(row.out_vnd for row in self.out_rows)

    def kept(self) -> dict[LineKey, int]:
        """Đồng per payee and source, an empty field counting as 0; after `is_valid`."""
        return {row.key: self.cleaned_data.get(cell_name(row.key)) or 0 for row in self.out_rows}
