"""The audit trail to look at; rows are added by actions and changed by nobody."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from khuyencong.accounts.permissions import Permission
from khuyencong.audit.history import shown_changes
from khuyencong.audit.models import AuditEvent
from khuyencong.ui.modeladmin import LookupAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(LookupAdmin):
    view_permissions = (Permission.ADMIN_SITE, Permission.AUDIT_VIEW)
    list_display = ("at", "actor_name", "actor_role", "action_label", "object_label")
    list_filter = ("actor_role",)
    fields = (
        "at",
        "actor_name",
        "actor_role",
        "organisation_name",
        "action_label",
        "object_label",
        "changes_in_words",
        "reason",
        "document_number",
        "document_date",
        "hash",
    )
    readonly_fields = ("changes_in_words",)

    @admin.display(description="Thay đổi")
    def changes_in_words(self, obj: AuditEvent) -> SafeString:
        return format_html_join("", "<div>{}: {} → {}</div>", shown_changes(obj))
