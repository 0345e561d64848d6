"""The people and associations around the programme."""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from import_export.fields import Field

from khuyencong.localities.models import covered_unit_ids
from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource, UnitCell
from khuyencong.vietnamese.dates import parse_date
from programs.models import Collaborator, Partner


def _last_day(row: dict[str, Any]) -> datetime.date:
    last = row.get("Đến ngày")
    return parse_date(last) if last else timezone.localdate()


class PartnerResource(AuditedResource):
    class Meta(AuditedResource.Meta):
        model = Partner
        fields = ("name", "contact", "phone")
        import_id_fields = ("name",)


class CollaboratorResource(AuditedResource):
    place = Field("place", "Mã địa bàn", UnitCell(_last_day))

    class Meta(AuditedResource.Meta):
        model = Collaborator
        fields = ("full_name", "place", "phone", "valid_from", "valid_to")
        import_id_fields = ("full_name", "place", "valid_from")


@admin.register(Partner)
class PartnerAdmin(AuditedAdmin):
    list_display = ("name", "contact", "phone")
    search_fields = ("folded",)
    resource_classes = [PartnerResource]


@admin.register(Collaborator)
class CollaboratorAdmin(AuditedAdmin):
    list_display = ("full_name", "place", "valid_from", "valid_to")
    list_select_related = ("place",)
    search_fields = ("folded", "place__folded")
    autocomplete_fields = ("place",)
    resource_classes = [CollaboratorResource]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collaborator]:
        user: Any = request.user
        return super().get_queryset(request).filter(place_id__in=covered_unit_ids(user.area_id))
