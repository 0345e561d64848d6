"""Admin classes that ask the role table and write the audit trail: for reference data, and for looking things up."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Field
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from import_export.admin import ImportExportMixin
from import_export.results import Result

from khuyencong.accounts.permissions import Permission
from khuyencong.audit.history import history_entries
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.personal import without_personal_numbers
from khuyencong.audit.record import differences, record, snapshot, subject_of
from khuyencong.formfields import VietnameseDateField, VndField
from khuyencong.ui.resources import WorkbookFormat, audited_fields
from khuyencong.vietnamese.money import Unit, format_vnd
from khuyencong.vietnamese.text import fold

HISTORY_LENGTH = 200
LABELS = {"add": "Thêm danh mục", "change": "Sửa danh mục", "delete": "Xóa danh mục"}


def holds(request: HttpRequest, permission: Permission) -> bool:
    user: Any = request.user
    return user.is_authenticated and user.has_permission(permission)


def vnd_column(name: str, label: str) -> Callable[[Any, Any], str]:
    """A column or read-only line that prints an amount of money as the portal does."""

    @admin.display(description=label, ordering=name)
    def show(self: Any, obj: Any) -> str:
        value = getattr(obj, name)
        return "" if value is None else format_vnd(value)

    return show


class RoleTablePermissions:
    """Viewing for whoever may open the admin; changing for keepers of reference data."""

    view_permissions: tuple[Permission, ...] = (Permission.ADMIN_SITE,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return all(holds(request, permission) for permission in self.view_permissions)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def may_edit(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and holds(request, Permission.REFERENCE_EDIT)


class PortalModelAdmin(RoleTablePermissions, admin.ModelAdmin):
    """What every page of the admin shares: folded search, Vietnamese dates and money, history from the audit trail."""

    asks_role_table = True
    list_per_page = 50
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return vietnamese_formfield(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        events = AuditEvent.objects.visible_to(request.user).about(subject_of(obj))[:HISTORY_LENGTH]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Lịch sử: {obj}",
            "entries": history_entries(events),
            "opts": self.opts,
            "object": obj,
        }
        return render(request, "admin/object_history.html", context)

    # The audit trail is the one history: Django's own log, which can be edited, is not kept beside it.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...


class LookupAdmin(PortalModelAdmin):
    """For looking at what the portal's own pages write: nothing is added, changed or deleted here, by anybody."""

    actions = None

    def may_edit(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows within the person's area; every look-up says how it knows the area."""
        return self.within_area(super().get_queryset(request), request.user)

    def within_area(
        self, queryset: models.QuerySet[Any], user: AbstractBaseUser | AnonymousUser
    ) -> models.QuerySet[Any]:
        scoped: Any = queryset
        return scoped.visible_to(user)


class AuditedAdmin(ImportExportMixin, PortalModelAdmin):
    """Reference data: every row added, changed, deleted or imported leaves an audit event in the same transaction."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    formats = [WorkbookFormat]
    skip_export_form = True
    skip_admin_log = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        relations: Any = self.list_select_related or ()
        queryset = super().get_queryset(request)
        return queryset.select_related(*relations) if relations else queryset

    def place_of(self, obj: Any) -> int | None:
        """The administrative unit that the event belongs to; None for data that all provinces share."""
        return getattr(obj, "place_id", None)

    def after_write(self) -> None:
        """What else must follow a change, in its transaction."""

    def audit(self, request: HttpRequest, obj: Any, kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        changes = differences(before, after)
        if not changes and kind == "change":
            return
        record(
            by=request.user,
            action=f"admin_{kind}",
            action_label=LABELS[kind],
            obj=obj,
            changes=without_personal_numbers(self.model, changes),
            place_id=self.place_of(obj),
        )

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self.stored(obj) if change else {}
        super().save_model(request, obj, form, change)
        self.audit(request, obj, "change" if change else "add", before, self.stored(obj))
        self.after_write()

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.audit(request, obj, "delete", self.stored(obj), {})
        super().delete_model(request, obj)
        self.after_write()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            self.audit(request, obj, "delete", self.stored(obj), {})
        super().delete_queryset(request, queryset)
        self.after_write()

    @transaction.atomic
    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows of an inline table: one event on the parent that tells of them all."""
        before = _inline_rows(formset)
        formset.save()
        after = _inline_rows(formset)
        changes = {
            f"{formset.model._meta.verbose_name} {pk}": (_line(before.get(pk)), _line(after.get(pk)))
            for pk in sorted(before.keys() | after.keys())
            if before.get(pk) != after.get(pk)
        }
        if changes:
            record(
                by=request.user,
                action="admin_change",
                action_label=LABELS["change"],
                obj=form.instance,
                changes=changes,
            )

    def stored(self, obj: Any) -> dict[str, Any]:
        """The row as the database has it now."""
        return snapshot(self.model._default_manager.get(pk=obj.pk), audited_fields(self.model))

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and holds(request, Permission.REPORT_EXPORT)

    @transaction.atomic
    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """The file and its audit event together: who took which list out, and how long it is."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        user: Any = request.user
        changes = {"Danh mục": (None, str(self.opts.verbose_name_plural)), "Số dòng": (None, queryset.count())}
        record(
            by=user,
            action="admin_export",
            action_label="Xuất danh mục ra Excel",
            obj=user,
            changes=changes,
            place_id=user.area_id,
        )
        return data

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        if result.has_errors() or result.has_validation_errors():
            self.message_user(request, "Chưa nhập dòng nào: dữ liệu đã thay đổi từ lúc xem trước. Hãy tải lại tệp.", 40)
        return super().process_result(result, request)

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        if not (result.has_errors() or result.has_validation_errors()):
            totals = result.totals
            text = f"Đã nhập: {totals['new']} dòng mới, {totals['update']} dòng sửa, {totals['skip']} dòng không đổi."
            self.message_user(request, text)

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        form.add_error("import_file", f"Không đọc được tệp. Hãy dùng tệp Excel (.xlsx) có dòng đầu là tên cột. {e}")


class AuditedInline(RoleTablePermissions, admin.TabularInline):
    """Rows edited inside their parent's page, under the same rights."""

    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return vietnamese_formfield(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)


def vietnamese_formfield(db_field: Any) -> Field | None:
    """The portal's own input for dates and money; None for every other field."""
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        return db_field.formfield(form_class=VietnameseDateField)
    if isinstance(db_field, models.BigIntegerField) and db_field.name.endswith("_vnd"):
        return VndField(
            label=db_field.verbose_name.capitalize(), required=not db_field.blank, allow_zero=True, unit=Unit.DONG
        )
    if isinstance(db_field, models.DecimalField):
        return db_field.formfield(localize=True)
    return None


def _inline_rows(formset: Any) -> dict[int, dict[str, Any]]:
    """The rows as the database has them: those of the formset already hold what was typed."""
    rows = formset.model._default_manager.filter(**{formset.fk.name: formset.instance.pk})
    return {row.pk: snapshot(row, audited_fields(formset.model)) for row in rows}


def _line(values: dict[str, Any] | None) -> str | None:
    return (
        None
        if values is None
        else "; ".join(f"{label}: {value}" for label, value in values.items() if value is not None)
    )
