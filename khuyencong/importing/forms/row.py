"""One row before it is written: what stands in place of its cells."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.models import ImportRow
from khuyencong.importing.stored import problems_of
from khuyencong.vietnamese.text import nfc, nfc_multiline


class RowForm(VersionForm):
    """One row: a field for each thing that it may say. A choice is the field `p_…`, a typed text the field `t_…`."""

    def __init__(
        self,
        *args: Any,
        row: ImportRow,
        import_fields: Sequence[ImportField],
        mapping: Mapping[int, str],
        version: int,
        may_repeat: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"version": version}
        super().__init__(*args, **kwargs)
        self.row, self.import_fields = row, import_fields
        columns = {name: place for place, name in mapping.items()}
        self.cells = {
            one.name: row.raw[columns[one.name]] if columns.get(one.name, len(row.raw)) < len(row.raw) else ""
            for one in import_fields
        }
        self.problems = problems_of(row)
        self.offered = {one.name: self._choices(one) for one in import_fields}
        for one in import_fields:
            self._add(one)
        if may_repeat and any(self.cells[name] for name in self.problems if name in self.cells):
            self.fields["everywhere"] = forms.BooleanField(
                label="Sửa giống vậy ở các dòng khác có cùng nội dung ô và cũng bị hỏi",
                required=False,
            )

    def _choices(self, one: ImportField) -> dict[str, str]:
        """What the problems of the field offer, what was chosen before, then the field's own."""
        offered = {key: label for found in self.problems.get(one.name, ()) for key, label in found["choices"]}
        fix = self.row.fixes.get(one.name)
        if fix and not isinstance(fix, str):
            offered.setdefault(str(fix["value"]), fix["label"])
        return offered | {key: label for key, label in one.choices.items() if key not in offered}

    def _add(self, one: ImportField) -> None:
        fix, cell = self.row.fixes.get(one.name), self.cells[one.name]
        shown = "•••" if one.is_personal and cell else cell
        offered = self.offered[one.name]
        if offered:
            keep = ("", f"Theo tệp: {shown}" if shown else "Chưa chọn (ô trong tệp để trống)")
            initial = fix if isinstance(fix, str) else str(fix["value"]) if fix else ""
            self.fields[f"p_{one.name}"] = forms.ChoiceField(
                label=one.label,
                choices=[keep, *offered.items()],
                required=False,
                initial=initial if initial in offered else "",
            )
        if not one.choices:
            typed = fix if isinstance(fix, str) and fix not in offered else None
            self.fields[f"t_{one.name}"] = NFCFormCharField(
                label=f"{one.label}, ghi khác" if offered else one.label,
                required=False,
                max_length=2000,
                multiline=one.kind is FieldKind.LONG_TEXT,
                initial="" if one.is_personal or (offered and typed is None) else cell if typed is None else typed,
                help_text=self._help(one, fix or cell),
            )

    def _help(self, one: ImportField, present: Any) -> str:
        if one.is_personal and present:
            return "Số đang có được che. Để trống thì giữ nguyên; nhập số mới nếu cần sửa."
        return one.help_text

    def fixes(self) -> dict[str, Any]:
        """After `is_valid`: what stands in place of cells, by field; a value like the cell's is no fix."""
        fixes: dict[str, Any] = {}
        for one in self.import_fields:
            fix = self._fix(one)
            if fix is not None:
                fixes[one.name] = fix
        return fixes

    def _fix(self, one: ImportField) -> Any:
        offered = self.offered[one.name]
        picked = self.cleaned_data.get(f"p_{one.name}", "")
        typed = self.cleaned_data.get(f"t_{one.name}", "")
        if typed and (offered or one.is_personal):
            return typed
        if picked:
            return picked if picked in one.choices else {"value": _value(one, picked), "label": offered[picked]}
        if one.is_personal:
            return self.row.fixes.get(one.name)
        if offered:
            return None
        tidy = nfc_multiline if one.kind is FieldKind.LONG_TEXT else nfc
        return typed if typed != tidy(self.cells[one.name]) else None


def _value(one: ImportField, picked: str) -> Any:
    numbers = (FieldKind.MONEY, FieldKind.COUNT, FieldKind.YEAR, FieldKind.PLACE)
    return int(picked) if one.kind in numbers else picked
