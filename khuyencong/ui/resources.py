"""Reference data in and out of Excel: Vietnamese column names, and an audit event for every row that changes."""

import datetime
import zipfile
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

import openpyxl
import tablib
from django.db import models
from import_export import resources, widgets
from import_export.formats.base_formats import XLSX

from khuyencong.audit.personal import PERSONAL_FIELDS, without_personal_numbers
from khuyencong.audit.record import differences, record, snapshot
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.codes import mask
from khuyencong.vietnamese.dates import format_date, parse_date
from khuyencong.vietnamese.text import fold, nfc

ROW_LIMIT = 5_000
COLUMN_LIMIT = 60
UNPACKED_LIMIT_BYTES = 50 * 1024 * 1024
LAST_OLD_DAY = datetime.date(2025, 6, 30)
UNAUDITED = frozenset({"password", "last_login", "date_joined", "is_staff", "is_superuser"})


def audited_fields(model: type[models.Model]) -> list[str]:
    """The columns that people fill in: not the key, not what is derived, never a password."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in UNAUDITED
    ]


class WorkbookFormat(XLSX):
    """Excel workbooks; reading stops at limits, since a file of 5 KB can unpack to gigabytes."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        with zipfile.ZipFile(BytesIO(in_stream)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT_BYTES:
                raise ValueError("Tệp quá lớn khi giải nén.")
        book = openpyxl.load_workbook(BytesIO(in_stream), read_only=True, data_only=True)
        rows = book.active.iter_rows(max_row=ROW_LIMIT + 2, max_col=COLUMN_LIMIT, values_only=True)
        headers = [nfc(str(value)) for value in next(rows, ()) if value is not None]
        dataset = tablib.Dataset(headers=headers)
        for row in rows:
            if any(value not in (None, "") for value in row):
                dataset.append([*row, *[None] * len(headers)][: len(headers)])
        book.close()
        if len(dataset) > ROW_LIMIT:
            raise ValueError(f"Tệp có hơn {ROW_LIMIT} dòng; hãy chia nhỏ.")
        return dataset


class TextWidget(widgets.CharWidget):
    """Text, a code that Excel has turned into a number included."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        return nfc(str(super().clean(whole, row, **kwargs)))


class PersonalCell(TextWidget):
    """A personal number: it leaves the portal masked, and comes in whole or, left as it went out, not at all."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value, row, **kwargs)
        if "*" in text:
            raise ValueError("Số đã che: ghi số đầy đủ, hoặc giữ nguyên ô như khi xuất ra.")
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return mask(value or "")


class DateCell(widgets.Widget):
    """dd/mm/yyyy, or a date cell of Excel."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        return parse_date(value) if value not in (None, "") else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return format_date(value)


class DecimalCell(widgets.Widget):
    """A number with a decimal comma, or a number cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = str(value).strip().replace(",", ".") if value is not None else ""
        try:
            return Decimal(text) if text else None
        except InvalidOperation as error:
            raise ValueError(f"“{value}” không phải là số.") from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value).replace(".", ",")


class WholeCell(DecimalCell):
    """A whole number; thousands may be grouped by dots or spaces."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.replace(".", "").replace(" ", "")
        number = super().clean(value, row, **kwargs)
        if number is not None and number != int(number):
            raise ValueError(f"“{value}” phải là số nguyên.")
        return None if number is None else int(number)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class YesNoCell(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = fold(str(value if value is not None else ""))
        if text in ("co", "x", "1", "true"):
            return True
        if text in ("", "khong", "0", "false"):
            return False
        raise ValueError(f"“{value}”: ghi Có hoặc Không.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "Có" if value else "Không"


class ChoiceCell(widgets.Widget):
    """The label that people see, with or without its accents; the stored value is accepted too."""

    def __init__(self, choices: list[tuple[Any, Any]]) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices}
        self.values = {fold(label): value for value, label in self.labels.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = nfc(str(value or ""))
        if not text or text in self.labels:
            return text
        if fold(text) not in self.values:
            raise ValueError(f"“{text}” không có trong: {', '.join(self.labels.values())}.")
        return self.values[fold(text)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, "")


class LookupCell(widgets.ForeignKeyWidget):
    """Another row of reference data by its own key."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = TextWidget().clean(value)
        if not text:
            return None
        try:
            return self.model._default_manager.get(**{self.field: text})
        except (self.model.DoesNotExist, ValueError) as error:
            raise ValueError(f"Không có {self.model._meta.verbose_name} “{text}”.") from error


class UnitCell(widgets.Widget):
    """An administrative unit by its code as it was on a day of the row: codes are re-used with a new meaning."""

    def __init__(self, day_of: Callable[[dict[str, Any]], datetime.date]) -> None:
        super().__init__()
        self.day_of = day_of

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> AdministrativeUnit | None:
        code = TextWidget().clean(value)
        if not code:
            return None
        day = self.day_of(row or {})
        unit = AdministrativeUnit.objects.in_force_on(day).filter(code=code).first()
        if unit is None:
            raise ValueError(f"Không có đơn vị hành chính mã {code} vào ngày {format_date(day)}.")
        return unit

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


def widget_for(field: Any) -> widgets.Widget | None:
    """How a column of this kind is read from and written to a sheet."""
    if field.choices:
        return ChoiceCell(list(field.choices))
    if field.name in PERSONAL_FIELDS:
        return PersonalCell()
    kinds: list[tuple[type[Any], type[widgets.Widget]]] = [
        (models.DateField, DateCell),
        (models.DecimalField, DecimalCell),
        (models.BooleanField, YesNoCell),
        (models.IntegerField, WholeCell),
        (models.CharField, TextWidget),
        (models.TextField, TextWidget),
    ]
    return next((widget() for kind, widget in kinds if isinstance(field, kind)), None)


class AuditedResource(resources.ModelResource):
    """`Meta` names the model, the fields and the natural key; each row that changes leaves an event."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Any:
        field = super().field_from_django_field(field_name, django_field, readonly)
        field.column_name = str(django_field.verbose_name)
        field.widget = widget_for(django_field) or field.widget
        return field

    def place_of(self, instance: Any) -> int | None:
        return getattr(instance, "place_id", None)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        wanted = [self.fields[name].column_name for name in self.get_import_id_fields()]
        missing = [name for name in wanted if name not in (dataset.headers or [])]
        if missing:
            raise ValueError(f"Tệp thiếu cột: {', '.join(missing)}.")

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        is_personal = isinstance(field.widget, PersonalCell)
        if is_personal and row.get(field.column_name) == field.widget.render(getattr(instance, field.attribute)):
            return  # as it was taken out: the number that is stored stays
        super().import_field(field, instance, row, is_m2m=is_m2m, **kwargs)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self._before = {} if new else snapshot(instance, audited_fields(type(instance)))

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if kwargs["dry_run"]:
            return
        changes = differences(self._before, snapshot(instance, audited_fields(type(instance))))
        record(
            by=kwargs["user"],
            action="admin_import",
            action_label="Nhập danh mục từ Excel",
            obj=instance,
            changes=without_personal_numbers(type(instance), changes),
            place_id=self.place_of(instance),
        )

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        if not kwargs.get("dry_run"):
            self.after_rows()

    def after_rows(self) -> None:
        """What else must follow once the rows are in."""
