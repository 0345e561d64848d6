"""Offices and accounts."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from import_export.fields import Field

from khuyencong.accounts.actions import record_password_set
from khuyencong.accounts.forms import AccountCreateForm, AccountEditForm, AccountPasswordForm
from khuyencong.accounts.models import Organisation, Signatory, User
from khuyencong.accounts.signatories import period_problem
from khuyencong.localities.models import covered_unit_ids
from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource, LookupCell, UnitCell
from khuyencong.vietnamese.dates import parse_date


def _office_day(row: dict[str, Any]) -> datetime.date:
    """A day on which the office's area existed: the last of a closed office, today for the others."""
    last = row.get("Đến hết ngày")
    return parse_date(last) if last else timezone.localdate()


class OrganisationResource(AuditedResource):
    area = Field("area", "Mã địa bàn", UnitCell(_office_day))

    class Meta(AuditedResource.Meta):
        model = Organisation
        fields = ("code", "name", "parent_name", "kind", "area", "valid_from", "valid_to")
        import_id_fields = ("code",)

    def place_of(self, instance: Organisation) -> int:
        return instance.area_id


class UserResource(AuditedResource):
    organisation = Field("organisation", "Mã đơn vị", LookupCell(Organisation, "code"))

    class Meta(AuditedResource.Meta):
        model = User
        fields = ("username", "full_name", "job_title", "email", "role", "organisation", "is_active")
        import_id_fields = ("username",)

    def init_instance(self, row: Any = None) -> User:
        """A new account cannot sign in until an administrator has given it a password."""
        user = User()
        user.set_unusable_password()
        return user

    def place_of(self, instance: User) -> int | None:
        return instance.area_id


class SignatoryForm(forms.ModelForm):
    """One person for each role of an office on each day."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        names = ("organisation", "role", "valid_from", "valid_to")
        if not self.errors and cleaned is not None:
            row = Signatory(pk=self.instance.pk, **{name: cleaned.get(name) for name in names})
            in_order = row.valid_to is None or row.valid_to >= row.valid_from
            if in_order and (problem := period_problem(row)):
                self.add_error("valid_from", problem)
        return cleaned


class SignatoryResource(AuditedResource):
    organisation = Field("organisation", "Mã đơn vị", LookupCell(Organisation, "code"))

    class Meta(AuditedResource.Meta):
        model = Signatory
        fields = ("organisation", "role", "authority", "job_title", "full_name", "valid_from", "valid_to")
        import_id_fields = ("organisation", "role", "valid_from")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.areas = set(covered_unit_ids(kwargs["user"].area_id).values_list("unit_id", flat=True))

    def validate_instance(
        self, instance: Signatory, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        super().validate_instance(instance, import_validation_errors, validate_unique)
        if instance.organisation.area_id not in self.areas:
            raise ValidationError({"organisation": "Đơn vị này không thuộc địa bàn của bạn."})
        if problem := period_problem(instance):
            raise ValidationError({"valid_from": problem})

    def place_of(self, instance: Signatory) -> int:
        return instance.organisation.area_id


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    list_display = ("code", "name", "kind", "area", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("area",)
    search_fields = ("folded",)
    autocomplete_fields = ("area",)
    resource_classes = [OrganisationResource]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Organisation]:
        user: Any = request.user
        return super().get_queryset(request).filter(area_id__in=covered_unit_ids(user.area_id))

    def place_of(self, obj: Organisation) -> int:
        return obj.area_id


@admin.register(Signatory)
class SignatoryAdmin(AuditedAdmin):
    """Whose names stand under the reports of the offices in the administrator's own area."""

    form = SignatoryForm
    list_display = ("full_name", "organisation", "role", "authority", "job_title", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("organisation",)
    search_fields = ("folded", "organisation__folded")
    resource_classes = [SignatoryResource]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Signatory]:
        user: Any = request.user
        return super().get_queryset(request).filter(organisation__area_id__in=covered_unit_ids(user.area_id))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            user: Any = request.user
            kwargs["queryset"] = Organisation.objects.filter(area_id__in=covered_unit_ids(user.area_id))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def place_of(self, obj: Signatory) -> int:
        return obj.organisation.area_id


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    """Accounts of the offices in the administrator's own area, and those that have no office yet."""

    form = AccountEditForm
    add_form = AccountCreateForm
    change_password_form = AccountPasswordForm
    add_form_template = "admin/change_form.html"
    change_user_password_template = "admin/account_password.html"
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("Người dùng", {"fields": ("full_name", "job_title", "phone", "email")}),
        ("Công việc", {"fields": ("role", "organisation")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),
        ("Công việc", {"fields": ("full_name", "role", "organisation")}),
    )
    list_display = ("username", "full_name", "role", "organisation", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("organisation",)
    search_fields = ("username", "full_name", "organisation__folded")
    ordering = ("username",)
    filter_horizontal = ()
    resource_classes = [UserResource]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        user: Any = request.user
        own = Q(organisation__area_id__in=covered_unit_ids(user.area_id)) | Q(organisation__isnull=True)
        return super().get_queryset(request).filter(own)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            user: Any = request.user
            kwargs["queryset"] = Organisation.objects.filter(area_id__in=covered_unit_ids(user.area_id))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes the account that they are signed in with."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def place_of(self, obj: User) -> int | None:
        return obj.area_id

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user: Any = request.user
            record_password_set(user=User.objects.get(pk=id), by=user)
        return response
