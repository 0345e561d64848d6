from django import forms


class WordTemplateForm(forms.Form):
    file = forms.FileField(
        label="Tệp mẫu",
        allow_empty_file=True,  # the action says it in one place, with the other reasons against a file
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text="Tệp Word (.docx), tối đa 2 MB. Các ô điền tự động viết trong hai dấu ngoặc nhọn.",
        error_messages={"required": "Chưa chọn tệp.", "missing": "Chưa chọn tệp."},
    )
