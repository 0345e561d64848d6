"""A survey of employment after training."""

from typing import Any

from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField

MAX_PERSONS = 1_000_000


def _count(label: str, missing: str, **values: Any) -> forms.IntegerField:
    errors = {
        "required": missing,
        "invalid": "Nhập số nguyên, ví dụ 25.",
        "min_value": "Không nhận số âm.",
        "max_value": "Số quá lớn, hãy kiểm tra lại.",
    }
    return forms.IntegerField(label=label, min_value=0, max_value=MAX_PERSONS, error_messages=errors, **values)


class EmploymentForm(VersionForm):
    surveyed_on = VietnameseDateField(label="Ngày khảo sát", help_text="Số liệu là tình hình vào ngày này.")
    trained_count = _count("Số người được đào tạo", "Chưa nhập số người được đào tạo.")
    employed_count = _count("Số người có việc làm", "Chưa nhập số người có việc làm; ghi 0 nếu chưa có ai.")
    employed_women_count = _count("Trong đó: nữ", "Chưa nhập số nữ có việc làm; ghi 0 nếu không có.")
    note = NFCFormCharField(
        label="Nguồn số liệu",
        max_length=300,
        required=False,
        help_text="Ví dụ: phiếu khảo sát của Trung tâm, báo cáo của cơ sở đào tạo.",
    )

    def values(self) -> dict[str, Any]:
        """What the action records; call after `is_valid()`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
