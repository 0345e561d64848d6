"""A file, and which table of it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from khuyencong.formfields import VersionForm
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.reading.limits import DEFAULT_LIMITS, MIB
from khuyencong.importing.settled import Settled
from khuyencong.vietnamese.money import format_vnd

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
