"""Forms of the import room: a file, its columns, one row, a press."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import ImportBatch, ImportRow
from khuyencong.importing.reading.limits import DEFAULT_LIMITS, MIB
from khuyencong.importing.settled import Settled, mapping_of, place_field, year_field
from khuyencong.importing.stored import problems_of
from khuyencong.vietnamese.money import Unit, format_vnd
from khuyencong.vietnamese.text import nfc, nfc_multiline

FIRST_YEAR = 1990
LIMITS = (
    f"Tệp .xlsx, .xls, .ods hoặc .csv; nhiều nhất {DEFAULT_LIMITS.file_bytes // MIB} MB, "
    f"{format_vnd(DEFAULT_LIMITS.rows)} dòng, {DEFAULT_LIMITS.columns} cột; không đặt mật khẩu, không có macro."
)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="Loại dữ liệu", error_messages={"required": "Chưa chọn loại dữ liệu.", "invalid_choice": "Chọn lại loại."}
    )
    file = forms.FileField(
        label="Tệp Excel",
        allow_empty_file=True,  # the reader says it, with the other reasons against a file
        max_length=200,
        help_text=LIMITS,
        error_messages={
            "required": "Chưa chọn tệp.",
            "missing": "Chưa chọn tệp.",
            "max_length": "Tên tệp dài quá 200 ký tự. Hãy đặt tên ngắn hơn.",
        },
    )

    def __init__(self, *args: Any, kinds: Sequence[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.slug, one.label) for one in kinds]


class TableForm(VersionForm):
    """Which table of the file."""

    sheet = forms.ChoiceField(label="Trang tính")
    header_row = forms.IntegerField(
        label="Dòng tiêu đề",
        min_value=1,
        required=False,
        help_text="Số thứ tự của dòng đầu tiên có tên các cột. Để trống thì cổng tự tìm.",
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "table_%s")  # beside the other form of its page
        kwargs.setdefault("initial", {"sheet": batch.sheet_name, "version": batch.version})
        super().__init__(*args, **kwargs)
        sheet: Any = self.fields["sheet"]
        sheet.choices = [
            (name, f"{name} ({format_vnd(rows)} dòng)") for name, rows in Settled.from_json(batch.options).sheets
        ]


class MappingForm(VersionForm):
    """What each column of the file is, and what holds for the whole of it. Column 3 is the field `c3`."""

    def __init__(
        self,
        *args: Any,
        batch: ImportBatch,
        import_fields: Sequence[ImportField],
        places: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        settled = Settled.from_json(batch.options)
        mapping = mapping_of(batch.columns)
        kwargs["initial"] = {f"c{place}": name for place, name in mapping.items()} | {
            "version": batch.version,
            "unit": settled.unit,
            "day": datetime.date.fromisoformat(settled.day) if settled.day else None,
            "default_place": settled.default_place,
            "default_year": settled.default_year,
        }
        super().__init__(*args, **kwargs)
        self.import_fields = import_fields
        self.places = range(len(batch.headers))
        choices = [("", "Không dùng cột này"), *((one.name, _marked(one)) for one in import_fields)]
        for place, label in enumerate(batch.headers):
            name = label or f"cột {place + 1}"
            self.fields[f"c{place}"] = forms.ChoiceField(label=f"Cột “{name}” là", choices=choices, required=False)
        self._add_options(settled, places)

    def _add_options(self, settled: Settled, places: Sequence[tuple[int, str]]) -> None:
        if any(one.kind is FieldKind.MONEY for one in self.import_fields):
            stated = Unit[settled.stated_unit].label if settled.stated_unit else ""
            self.fields["unit"] = forms.ChoiceField(
                label="Đơn vị tính của các cột tiền",
                choices=[("", f"Theo tệp: {stated}" if stated else "Theo tên cột; không rõ thì hỏi lại từng ô")]
                + [(unit.name, unit.label) for unit in Unit],
                required=False,
                help_text="Cột nào có ghi đơn vị ngay trong tên cột thì theo tên cột.",
            )
        if place_field(self.import_fields):
            self.fields["default_place"] = forms.TypedChoiceField(
                label="Địa bàn của dòng để trống",
                choices=[("", "Không đặt: dòng để trống thì không nhận"), *places],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields["day"] = VietnameseDateField(
                label="Tên xã, phường ghi theo ngày",
                required=False,
                help_text="Ví dụ 31/12/2024 nếu tệp ghi theo tên xã trước khi sắp xếp. Để trống thì cổng tìm cả tên cũ "
                "và tên mới, trùng tên thì hỏi lại.",
            )
        if year_field(self.import_fields):
            self.fields["default_year"] = forms.IntegerField(
                label="Năm của dòng để trống",
                min_value=FIRST_YEAR,
                max_value=timezone.localdate().year + 1,
                required=False,
            )

    def columns(self) -> dict[int, str]:
        """After `is_valid`: column → field."""
        chosen = {place: self.cleaned_data.get(f"c{place}", "") for place in self.places}
        return {place: name for place, name in chosen.items() if name}

    def chosen(self) -> dict[str, Any]:
        """After `is_valid`: what `Settled` calls by the same names."""
        values = self.cleaned_data
        day = values.get("day")
        return {
            "unit": values.get("unit") or "",
            "day": day.isoformat() if day else "",
            "default_place": values.get("default_place"),
            "default_year": values.get("default_year"),
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        self.cleaned_data = values
        labels = {one.name: one.label for one in self.import_fields}
        seen: dict[str, int] = {}
        for place, name in self.columns().items():
            if name in seen:
                self.add_error(f"c{place}", f"“{labels[name]}” đã chọn cho một cột khác. Mỗi mục chỉ lấy từ một cột.")
            seen.setdefault(name, place)
        settled = {
            field.name
            for field, key in (
                (place_field(self.import_fields), "default_place"),
                (year_field(self.import_fields), "default_year"),
            )
            if field and values.get(key) is not None
        }
        missing = [one.label for one in self.import_fields if one.required and one.name not in seen.keys() | settled]
        if missing:
            raise forms.ValidationError(
                f"Còn thiếu cột bắt buộc: {', '.join(missing)}. Hãy chọn cột có các mục này; nếu tệp không có, "
                "thêm cột vào tệp rồi tải lên lại."
            )
        return values


def _marked(one: ImportField) -> str:
    return f"{one.label} (bắt buộc)" if one.required else one.label


class RowForm(VersionForm):
    """One row: a field for each thing that it may say. A choice is the field `p_…`, a typed text the field `t_…`."""

    def __init__(
        self,
        *args: Any,
        row: ImportRow,
        import_fields: Sequence[ImportField],
        mapping: Mapping[int, str],
        version: int,
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
            keep = ("", f"Theo tệp: {shown}" if shown else "Để trống như trong tệp")
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
