"""Norms, limits and sources as reference data; the ledger, budgets, amounts and contracts to look at only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from import_export.fields import Field

from funding.models import AdvanceLimit, BudgetEntry, Contract, FundingLine, LedgerEntry, Norm, Source
from khuyencong.accounts.permissions import Permission
from khuyencong.localities.models import covered_unit_ids
from khuyencong.ui.modeladmin import AuditedAdmin, LookupAdmin, vnd_column
from khuyencong.ui.resources import AuditedResource, LookupCell
from programs.models import SupportItem


class SourceResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = Source
        fields = ("code", "name", "kind", "position", "is_active")
        import_id_fields = ("code",)


class NormResource(AuditedResource):
    support_item = Field("support_item", "Nội dung hỗ trợ (TT)", LookupCell(SupportItem, "row"))

    class Meta(AuditedResource.Meta):
        model = Norm
        fields = (
            "support_item",
            "name",
            "track",
            "rate_percent",
            "cap_vnd",
            "per",
            "multiplier_note",
            "valid_from",
            "valid_to",
            "legal_basis",
            "certainty",
        )
        import_id_fields = ("support_item", "name", "track", "legal_basis")


class AdvanceLimitResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = AdvanceLimit
        fields = (
            "applies_to",
            "first_advance_percent",
            "condition",
            "valid_from",
            "valid_to",
            "legal_basis",
            "certainty",
        )
        import_id_fields = ("applies_to", "legal_basis")


@admin.register(Source)
class SourceAdmin(AuditedAdmin):
    list_display = ("code", "name", "kind", "position", "is_active")
    list_filter = ("kind", "is_active")
    resource_classes = [SourceResource]


@admin.register(Norm)
class NormAdmin(AuditedAdmin):
    cap = vnd_column("cap_vnd", "Mức tối đa (đồng)")
    list_display = ("name", "support_item", "track", "rate_percent", "cap", "valid_from", "valid_to", "certainty")
    list_filter = ("track", "certainty")
    list_select_related = ("support_item",)
    search_fields = ("support_item__folded",)
    autocomplete_fields = ("support_item",)
    resource_classes = [NormResource]


@admin.register(AdvanceLimit)
class AdvanceLimitAdmin(AuditedAdmin):
    list_display = ("applies_to", "first_advance_percent", "condition", "valid_from", "valid_to", "certainty")
    list_filter = ("certainty",)
    resource_classes = [AdvanceLimitResource]


class MoneyLookup(LookupAdmin):
    """Money of projects within the person's area."""

    view_permissions = (Permission.ADMIN_SITE, Permission.MONEY_VIEW)

    def within_area(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.filter(project__place_id__in=covered_unit_ids(user.area_id))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(MoneyLookup):
    amount = vnd_column("amount_vnd", "Số tiền (đồng)")
    list_display = ("voucher_number", "voucher_date", "kind", "project", "source", "year", "amount", "reverses")
    list_filter = ("kind", "year", "source")
    list_select_related = ("project", "source", "reverses")
    search_fields = ("project__folded",)
    fields = (
        "kind",
        "project",
        "participant",
        "source",
        "year",
        "amount",
        "voucher_number",
        "voucher_date",
        "treasury_reference",
        "note",
        "reverses",
        "recorded_by",
        "recorded_at",
    )
    readonly_fields = ("amount",)


@admin.register(FundingLine)
class FundingLineAdmin(MoneyLookup):
    requested = vnd_column("requested_vnd", "Đề nghị (đồng)")
    approved = vnd_column("approved_vnd", "Được duyệt (đồng)")
    list_display = ("project", "participant", "source", "requested", "approved")
    list_filter = ("source",)
    list_select_related = ("project", "participant__beneficiary", "source")
    search_fields = ("project__folded",)
    fields = ("project", "participant", "source", "requested", "approved")
    readonly_fields = ("requested", "approved")


@admin.register(Contract)
class ContractAdmin(MoneyLookup):
    support = vnd_column("support_vnd", "Kinh phí hỗ trợ (đồng)")
    list_display = ("number", "signed_date", "project", "participant", "support")
    list_select_related = ("project", "participant__beneficiary")
    search_fields = ("project__folded",)
    fields = ("number", "signed_date", "project", "participant", "support", "recorded_by", "recorded_at")
    readonly_fields = ("support",)


@admin.register(BudgetEntry)
class BudgetEntryAdmin(LookupAdmin):
    view_permissions = (Permission.ADMIN_SITE, Permission.MONEY_VIEW)
    amount = vnd_column("amount_vnd", "Số tiền (đồng)")
    list_display = ("decision_number", "decision_date", "budget", "amount", "note")
    list_filter = ("budget__year", "budget__source")
    list_select_related = ("budget__source",)
    fields = ("budget", "amount", "decision_number", "decision_date", "note", "recorded_by", "recorded_at")
    readonly_fields = ("amount",)

    def within_area(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.filter(budget__province_id__in=covered_unit_ids(user.area_id))
