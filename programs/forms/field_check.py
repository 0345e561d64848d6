"""The minutes of a check at the place."""

from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField
from khuyencong.vietnamese.dates import format_date
from programs.models import ProgressReport, Project


class _ReportField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"Báo cáo ngày {format_date(obj.report_date)}, khai báo {obj.percent_done} %"


class FieldCheckForm(VersionForm):
    minutes_number = NFCFormCharField(
        label="Số biên bản", max_length=100, error_messages={"required": "Nhập số biên bản."}
    )
    checked_on = VietnameseDateField(label="Ngày kiểm tra")
    report = _ReportField(
        label="Kiểm tra báo cáo nào",
        queryset=ProgressReport.objects.none(),
        required=False,
        empty_label="Không theo báo cáo nào",
    )
    verified_percent = forms.IntegerField(
        label="Khối lượng xác minh (%)",
        min_value=0,
        max_value=100,
        help_text="Khối lượng đoàn kiểm tra thấy tại nơi thực hiện, không phải số cơ sở khai báo.",
        error_messages={
            "required": "Chưa nhập khối lượng xác minh.",
            "invalid": "Nhập số nguyên từ 0 đến 100.",
            "min_value": "Khối lượng xác minh từ 0 đến 100.",
            "max_value": "Khối lượng xác minh từ 0 đến 100.",
        },
    )
    checkers = NFCFormCharField(
        label="Thành phần kiểm tra",
        max_length=2000,
        multiline=True,
        help_text="Mỗi người một dòng: họ tên, chức vụ, đơn vị.",
        error_messages={"required": "Ghi thành phần kiểm tra."},
    )
    findings = NFCFormCharField(
        label="Kết quả kiểm tra",
        max_length=4000,
        multiline=True,
        help_text="Việc đã làm được, việc còn thiếu, kiến nghị.",
        error_messages={"required": "Ghi kết quả kiểm tra."},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report: Any = self.fields["report"]
        report.queryset = project.progress.all()

    def values(self) -> dict[str, Any]:
        """What the action records; call after `is_valid()`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
