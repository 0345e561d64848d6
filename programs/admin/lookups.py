"""Looking up projects and establishments; both are written by the portal's own pages only."""

from django.contrib import admin

from khuyencong.accounts.permissions import Permission
from khuyencong.ui.modeladmin import LookupAdmin
from khuyencong.vietnamese.codes import mask
from programs.models import Beneficiary, Project


@admin.register(Project)
class ProjectAdmin(LookupAdmin):
    view_permissions = (Permission.ADMIN_SITE, Permission.PROJECT_VIEW)
    list_display = ("code", "year", "name", "track", "status", "place", "implementer")
    list_filter = ("year", "track", "status")
    list_select_related = ("place", "implementer")
    search_fields = ("folded",)
    exclude = ("beneficiaries",)


@admin.register(Beneficiary)
class BeneficiaryAdmin(LookupAdmin):
    view_permissions = (Permission.ADMIN_SITE, Permission.BENEFICIARY_VIEW)
    list_display = ("name", "kind", "tax_code", "place", "masked_phone")
    list_filter = ("kind",)
    list_select_related = ("place",)
    search_fields = ("folded",)
    fields = (
        "name",
        "kind",
        "tax_code",
        "owner_name",
        "masked_citizen_id",
        "masked_phone",
        "address",
        "place",
        "sector",
        "founded_year",
        "note",
    )
    readonly_fields = ("masked_citizen_id", "masked_phone")

    @admin.display(description="Số định danh người đại diện")
    def masked_citizen_id(self, obj: Beneficiary) -> str:
        return mask(obj.owner_citizen_id)

    @admin.display(description="Điện thoại")
    def masked_phone(self, obj: Beneficiary) -> str:
        return mask(obj.phone)
