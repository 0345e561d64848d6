"""What each column of a file is, and what holds for the whole of it."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from khuyencong.formfields import VersionForm
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.settled import (
    ANY_TIME,
    OF_FIELD,
    TODAY,
    WHOLE_FILE,
    YEAR,
    Settled,
    mapping_of,
    place_field,
    year_field,
)
from khuyencong.vietnamese.dates import DateError, parse_date
from khuyencong.vietnamese.money import Unit
from khuyencong.vietnamese.text import nfc

FIRST_YEAR = 1990
_YEAR = re.compile(r"(?:năm\s*)?(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class DayOrYearField(forms.CharField):
    """31/12/2024, or 2024 alone; cleaned as "2024-12-31" or "2024"."""

    def to_python(self, value: Any) -> str:
        text = nfc(super().to_python(value) or "")
        if not text:
            return ""
        if match := _YEAR.fullmatch(text):
            year = int(match[1])
            if FIRST_YEAR <= year <= timezone.localdate().year + 1:
                return str(year)
            raise ValidationError(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{timezone.localdate().year + 1}.")
        try:
            return parse_date(text).isoformat()
        except DateError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        match = _ISO.fullmatch(value or "")
        return f"{match[3]}/{match[2]}/{match[1]}" if match else value


class MappingForm(VersionForm):
    """What each column of the file is, and what holds for the whole of it. Column 3 is the field `c3`."""

    def __init__(
        self,
        *args: Any,
        batch: ImportBatch,
        import_fields: Sequence[ImportField],
        places: Sequence[tuple[int, str]],
        day_field: str = "",
        **kwargs: Any,
    ) -> None:
        """`day_field`: what says when a place existed, by the kind's own choice."""
        settled = Settled.from_json(batch.options)
        mapping = mapping_of(batch.columns)
        kwargs["initial"] = {f"c{place}": name for place, name in mapping.items()} | {
            "version": batch.version,
            "unit": settled.unit,
            "dated_by": settled.dated_by or _proposed(settled, mapping.values(), day_field),
            "day": settled.day,
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
            self._add_places(places)
        if year_field(self.import_fields):
            self.fields["default_year"] = forms.IntegerField(
                label="Năm của dòng để trống",
                min_value=FIRST_YEAR,
                max_value=timezone.localdate().year + 1,
                required=False,
            )

    def _add_places(self, places: Sequence[tuple[int, str]]) -> None:
        dates = [one for one in self.import_fields if one.kind in (FieldKind.DATE, FieldKind.YEAR)]
        self.fields["dated_by"] = forms.ChoiceField(
            label="Địa bàn ghi theo",
            choices=[
                (ANY_TIME, "Cả tên cũ và tên mới; trùng tên thì hỏi lại"),
                (TODAY, "Tên hiện nay"),
                *((f"{OF_FIELD}{one.name}", f"Tên vào lúc ghi ở cột “{one.label}” của từng dòng") for one in dates),
                (WHOLE_FILE, "Tên vào một ngày hoặc một năm, chung cho cả tệp (ghi ở ô dưới)"),
            ],
            required=False,
            help_text="Xã, phường đổi tên và sáp nhập nhiều lần, nên cùng một tên có thể chỉ hai nơi khác nhau.",
        )
        self.fields["day"] = DayOrYearField(
            label="Ngày hoặc năm của tên địa bàn, chung cho cả tệp",
            required=False,
            max_length=40,
            help_text="Ví dụ 31/12/2024 hoặc 2013. Chỉ dùng khi chọn “chung cho cả tệp” ở trên.",
        )
        self.fields["default_place"] = forms.TypedChoiceField(
            label="Địa bàn của dòng để trống",
            choices=[("", "Không đặt: dòng để trống thì không nhận"), *places],
            coerce=int,
            empty_value=None,
            required=False,
        )

    def columns(self) -> dict[int, str]:
        """After `is_valid`: column → field."""
        chosen = {place: self.cleaned_data.get(f"c{place}", "") for place in self.places}
        return {place: name for place, name in chosen.items() if name}

    def chosen(self) -> dict[str, Any]:
        """After `is_valid`: what `Settled` calls by the same names."""
        values = self.cleaned_data
        return {
            "unit": values.get("unit") or "",
            "dated_by": values.get("dated_by") or "",
            "day": values.get("day") or "",
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
        known = seen.keys() | self._settled_names()
        self._check_dating(known, labels)
        missing = [one.label for one in self.import_fields if one.required and one.name not in known]
        if missing:
            raise forms.ValidationError(
                f"Còn thiếu cột bắt buộc: {', '.join(missing)}. Hãy chọn cột có các mục này; nếu tệp không có, "
                "thêm cột vào tệp rồi tải lên lại."
            )
        return values

    def _settled_names(self) -> set[str]:
        """Fields that every row has, by what was settled for the whole file."""
        pairs = ((place_field(self.import_fields), "default_place"), (year_field(self.import_fields), "default_year"))
        return {field.name for field, key in pairs if field and self.cleaned_data.get(key) is not None}

    def _check_dating(self, known: set[str], labels: dict[str, str]) -> None:
        how, day = self.cleaned_data.get("dated_by", ""), self.cleaned_data.get("day", "")
        name = how.removeprefix(OF_FIELD)
        if how.startswith(OF_FIELD) and name not in known:
            self.add_error("dated_by", f"Chưa ghép cột nào là “{labels[name]}”. Hãy ghép cột đó hoặc chọn cách khác.")
        if how == WHOLE_FILE and not day and "day" not in self.errors:
            self.add_error("day", "Chưa ghi ngày hoặc năm của tên địa bàn.")
        if day and how and how != WHOLE_FILE:
            self.add_error(
                "day", "Ô này chỉ dùng khi chọn “chung cho cả tệp” ở trên. Hãy chọn như vậy, hoặc xóa ô này."
            )


def _proposed(settled: Settled, mapped: Any, day_field: str) -> str:
    if settled.day:
        return WHOLE_FILE
    is_known = day_field in mapped or (day_field == YEAR and settled.default_year is not None)
    return f"{OF_FIELD}{day_field}" if is_known else ANY_TIME


def _marked(one: ImportField) -> str:
    return f"{one.label} (bắt buộc)" if one.required else one.label
