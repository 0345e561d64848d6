"""How far back a likely second support is looked for: a dated row that an administrator keeps."""

from django.contrib import admin

from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource
from programs.models import DuplicateRule


class DuplicateRuleResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = DuplicateRule
        fields = ("years", "valid_from", "valid_to", "legal_basis", "certainty")
        import_id_fields = ("valid_from",)


@admin.register(DuplicateRule)
class DuplicateRuleAdmin(AuditedAdmin):
    list_display = ("years", "valid_from", "valid_to", "legal_basis", "certainty")
    list_filter = ("certainty",)
    resource_classes = [DuplicateRuleResource]
