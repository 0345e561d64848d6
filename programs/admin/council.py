"""What councils judge projects by: dated rows that an administrator keeps."""

from django.contrib import admin

from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource
from programs.models import Criterion


class CriterionResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = Criterion
        fields = ("name", "track", "position", "valid_from", "valid_to", "legal_basis", "certainty")
        import_id_fields = ("name", "track", "valid_from")


@admin.register(Criterion)
class CriterionAdmin(AuditedAdmin):
    list_display = ("name", "track", "position", "legal_basis", "certainty", "valid_from", "valid_to")
    list_filter = ("track", "certainty")
    resource_classes = [CriterionResource]
