"""Deadlines: dated law that an administrator keeps."""

from typing import Any

from django import forms
from django.contrib import admin
from import_export import widgets
from import_export.fields import Field

from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource
from khuyencong.vietnamese.text import fold, nfc
from programs.models import DeadlineRule
from programs.workflow import STATUS_CHOICES, STATUS_LABELS, Status


class StatusesCell(widgets.Widget):
    """Statuses by the names that people see, separated by semicolons."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        known = {fold(label): status.value for status, label in STATUS_LABELS.items()}
        names = [nfc(part) for part in str(value or "").split(";") if nfc(part)]
        unknown = [name for name in names if fold(name) not in known]
        if unknown:
            raise ValueError(f"Không có trạng thái: {', '.join(unknown)}.")
        return ",".join(known[fold(name)] for name in names)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(Status(one).label for one in str(value or "").split(",") if one)


class StatusesField(forms.MultipleChoiceField):
    """Several statuses in one column, separated by commas."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return ",".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class DeadlineRuleForm(forms.ModelForm):
    owed_by = StatusesField(
        label="Còn nợ ở trạng thái",
        choices=STATUS_CHOICES,
        help_text="Đề án bị trả lại còn nợ việc của bước đã trả lại nó.",
    )

    class Meta:
        model = DeadlineRule
        fields = "__all__"  # noqa: DJ007  (an administrator keeps the whole row)


class DeadlineRuleResource(AuditedResource):
    owed_by = Field("owed_by", "Còn nợ ở trạng thái", StatusesCell())

    class Meta(AuditedResource.Meta):
        model = DeadlineRule
        fields = (
            "key",
            "name",
            "kind",
            "year_offset",
            "month",
            "day",
            "days",
            "after_action",
            "track",
            "owed_by",
            "warn_days",
            "escalate_days",
            "valid_from",
            "valid_to",
            "legal_basis",
            "certainty",
        )
        import_id_fields = ("key", "valid_from")


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(AuditedAdmin):
    form = DeadlineRuleForm
    list_display = ("name", "track", "kind", "legal_basis", "certainty", "escalate_days", "valid_from", "valid_to")
    list_filter = ("track", "certainty")
    resource_classes = [DeadlineRuleResource]
