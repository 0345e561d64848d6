"""Papers of a dossier: dated law that an administrator keeps."""

from django.contrib import admin
from import_export.fields import Field

from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource, LookupCell
from programs.models import DossierRequirement, SupportItem


class DossierRequirementResource(AuditedResource):
    support_item = Field("support_item", "Nội dung hỗ trợ (TT trong biểu)", LookupCell(SupportItem, "row"))

    class Meta(AuditedResource.Meta):
        model = DossierRequirement
        fields = (
            "document_kind",
            "support_item",
            "track",
            "before_action",
            "supplied_by",
            "per_beneficiary",
            "note",
            "valid_from",
            "valid_to",
            "legal_basis",
            "certainty",
        )
        import_id_fields = ("document_kind", "support_item", "track", "before_action", "valid_from")


@admin.register(DossierRequirement)
class DossierRequirementAdmin(AuditedAdmin):
    list_display = (
        "document_kind",
        "before_action",
        "supplied_by",
        "per_beneficiary",
        "support_item",
        "track",
        "certainty",
        "valid_from",
        "valid_to",
    )
    list_filter = ("before_action", "track", "certainty")
    list_select_related = ("support_item",)
    autocomplete_fields = ("support_item",)
    resource_classes = [DossierRequirementResource]
