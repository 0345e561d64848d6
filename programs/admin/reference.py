"""Legal texts, programmes and the taxonomies of the yearly forms."""

from typing import Any

from django.contrib import admin
from import_export.fields import Field

from khuyencong.ui.modeladmin import AuditedAdmin, AuditedInline
from khuyencong.ui.resources import AuditedResource, LookupCell
from programs.models import LegalDocument, Programme, ProgrammeTarget, ResultIndicator, Sector, SupportItem


class LegalDocumentResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = LegalDocument
        fields = ("number", "kind", "title", "issuer", "issued_date", "valid_from", "valid_to", "note")
        import_id_fields = ("number",)


class ProgrammeResource(AuditedResource):
    legal_basis = Field("legal_basis", "Quyết định", LookupCell(LegalDocument, "number"))

    class Meta(AuditedResource.Meta):
        model = Programme
        fields = ("code", "name", "track", "start_year", "end_year", "legal_basis", "goal", "note")
        import_id_fields = ("code",)


class SupportItemResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = SupportItem
        fields = ("row", "name", "is_active")
        import_id_fields = ("row",)


class ResultIndicatorResource(AuditedResource):
    parent = Field("parent", "Thuộc chỉ tiêu (TT)", LookupCell(ResultIndicator, "code"))

    class Meta(AuditedResource.Meta):
        model = ResultIndicator
        fields = ("code", "position", "parent", "name", "unit", "is_money")
        import_id_fields = ("code",)

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("parent")


class SectorResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = Sector
        fields = ("name", "is_priority")
        import_id_fields = ("name",)


@admin.register(LegalDocument)
class LegalDocumentAdmin(AuditedAdmin):
    list_display = ("number", "kind", "title", "issuer", "issued_date", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("folded",)
    resource_classes = [LegalDocumentResource]


class ProgrammeTargetInline(AuditedInline):
    model = ProgrammeTarget
    fields = ("name", "indicator", "unit", "value")
    autocomplete_fields = ("indicator",)


@admin.register(Programme)
class ProgrammeAdmin(AuditedAdmin):
    list_display = ("code", "name", "track", "start_year", "end_year", "legal_basis")
    list_filter = ("track",)
    list_select_related = ("legal_basis",)
    search_fields = ("folded",)
    autocomplete_fields = ("legal_basis",)
    inlines = [ProgrammeTargetInline]
    resource_classes = [ProgrammeResource]


@admin.register(SupportItem)
class SupportItemAdmin(AuditedAdmin):
    list_display = ("row", "name", "is_active")
    search_fields = ("folded",)
    resource_classes = [SupportItemResource]


@admin.register(ResultIndicator)
class ResultIndicatorAdmin(AuditedAdmin):
    list_display = ("code", "name", "unit", "parent", "is_money", "position")
    list_select_related = ("parent",)
    search_fields = ("folded",)
    autocomplete_fields = ("parent",)
    resource_classes = [ResultIndicatorResource]


@admin.register(Sector)
class SectorAdmin(AuditedAdmin):
    list_display = ("name", "is_priority")
    search_fields = ("folded",)
    resource_classes = [SectorResource]
