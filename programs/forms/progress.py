from django import forms

from khuyencong.formfields import NFCFormCharField, VersionForm, VietnameseDateField


class ProgressForm(VersionForm):
    report_date = VietnameseDateField(label="Ngày báo cáo")
    percent_done = forms.IntegerField(
        label="Khối lượng hoàn thành (%)",
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Chưa nhập khối lượng hoàn thành.",
            "invalid": "Nhập số nguyên từ 0 đến 100.",
            "min_value": "Khối lượng hoàn thành từ 0 đến 100.",
            "max_value": "Khối lượng hoàn thành từ 0 đến 100.",
        },
    )
    content = NFCFormCharField(
        label="Nội dung", max_length=4000, multiline=True, help_text="Việc đã làm, vướng mắc, kiến nghị."
    )
