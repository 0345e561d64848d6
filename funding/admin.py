"""Norms, limits and sources as reference data; the ledger, budgets, amounts and contracts to look at only."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from import_export.fields import Field

from funding.models import AdvanceLimit, BudgetEntry, Contract, FundingLine, LedgerEntry, Norm, Source
from funding.queries.dated_rules import period_problem
from khuyencong.accounts.permissions import Permission
from khuyencong.localities.models import AdministrativeUnit, UnitLevel, covered_unit_ids
from khuyencong.ui.modeladmin import AuditedAdmin, LookupAdmin, vnd_column
from khuyencong.ui.resources import AuditedResource, LookupCell, UnitCell
from khuyencong.vietnamese.dates import parse_date
from programs.models import SupportItem


class SourceResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = Source
        fields = ("code", "name", "kind", "position", "is_active")
        import_id_fields = ("code",)


class DatedRuleForm(forms.ModelForm):
    """Days in order, and no two dated rows of one rule on the same day."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            row = self._meta.model(**{name: self.cleaned_data[name] for name in self._rule_fields()})
            row.pk = self.instance.pk
            if problem := period_problem(row):
                self.add_error("valid_from", problem)
        return cleaned

    def _rule_fields(self) -> list[str]:
        plain = {field.name for field in self._meta.model._meta.concrete_fields}
        return [name for name in self.cleaned_data if name in plain]


class DatedRuleResource(AuditedResource):
    """The same of rows that come from a sheet."""

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        super().validate_instance(instance, import_validation_errors, validate_unique)
        if problem := period_problem(instance):
            raise ValidationError({"valid_from": problem})


class NormResource(DatedRuleResource):
    support_item = Field("support_item", "Nội dung hỗ trợ (TT)", LookupCell(SupportItem, "row"))
    province = Field("province", "Tỉnh ban hành (mã)", UnitCell(lambda row: _first_day(row)))

    class Meta(AuditedResource.Meta):
        model = Norm
        fields = (
            "support_item",
            "name",
            "track",
            "rate_percent",
            "cap_vnd",
            "per",
            "multiplier",
            "multiplier_note",
            "province",
            "valid_from",
            "valid_to",
            "legal_basis",
            "certainty",
        )
        import_id_fields = ("support_item", "name", "track", "legal_basis")


def _first_day(row: dict[str, Any]) -> datetime.date:
    """The day on which a row's province is looked up: its first, or today while that is unknown."""
    cell = row.get("Áp dụng từ")
    return parse_date(cell) if cell else timezone.localdate()


class AdvanceLimitResource(DatedRuleResource):
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
    form = DatedRuleForm

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "province":
            kwargs["queryset"] = AdministrativeUnit.objects.filter(level=UnitLevel.PROVINCE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    cap = vnd_column("cap_vnd", "Mức tối đa (đồng)")
    list_display = ("name", "support_item", "track", "rate_percent", "cap", "valid_from", "valid_to", "certainty")
    list_filter = ("track", "certainty")
    list_select_related = ("support_item",)
    search_fields = ("support_item__folded",)
    autocomplete_fields = ("support_item",)
    resource_classes = [NormResource]


@admin.register(AdvanceLimit)
class AdvanceLimitAdmin(AuditedAdmin):
    form = DatedRuleForm
    list_display = ("applies_to", "first_advance_percent", "condition", "valid_from", "valid_to", "certainty")
    list_filter = ("certainty",)
    resource_classes = [AdvanceLimitResource]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Which support items a limit rules is a table of its own, and told in the journal like the rest."""
        before = self._items(form.instance)
        super().save_related(request, form, formsets, change)
        after = self._items(form.instance)
        if before != after:
            label = "Nội dung hỗ trợ (TT)"
            self.audit(request, form.instance, "change", {label: before}, {label: after})

    def _items(self, limit: AdvanceLimit) -> str:
        return ", ".join(str(row) for row in limit.support_items.order_by("row").values_list("row", flat=True))


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
