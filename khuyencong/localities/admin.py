"""Administrative units and what became of them. Every change rebuilds the table of areas that all scopes read."""

import datetime
from typing import Any

from django.contrib import admin
from django.utils import timezone
from import_export.fields import Field

from khuyencong.localities.covers import rebuild_covers
from khuyencong.localities.models import AdministrativeUnit, Succession
from khuyencong.ui.modeladmin import AuditedAdmin
from khuyencong.ui.resources import AuditedResource, UnitCell
from khuyencong.vietnamese.dates import parse_date


def _unit_day(row: dict[str, Any]) -> datetime.date:
    """A day on which the row's unit, and so its parent, existed."""
    given = row.get("Từ ngày") or row.get("Đến hết ngày")
    return parse_date(given) if given else timezone.localdate()


def _day_after(row: dict[str, Any]) -> datetime.date:
    return parse_date(row.get("Từ ngày") or "")


def _day_before(row: dict[str, Any]) -> datetime.date:
    return _day_after(row) - datetime.timedelta(days=1)


class AdministrativeUnitResource(AuditedResource):
    parent = Field("parent", "Mã đơn vị trực thuộc", UnitCell(_unit_day))

    class Meta(AuditedResource.Meta):
        model = AdministrativeUnit
        fields = ("code", "name", "level", "parent", "valid_from", "valid_to")
        import_id_fields = ("code", "valid_from")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("parent")

    def after_rows(self) -> None:
        rebuild_covers()


class SuccessionResource(AuditedResource):
    old = Field("old", "Mã đơn vị cũ", UnitCell(_day_before))
    new = Field("new", "Mã đơn vị mới", UnitCell(_day_after))

    class Meta(AuditedResource.Meta):
        model = Succession
        fields = ("old", "new", "part", "effective_date", "legal_basis")
        import_id_fields = ("old", "new")

    def after_rows(self) -> None:
        rebuild_covers()


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(AuditedAdmin):
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level", "valid_from")
    list_select_related = ("parent",)
    search_fields = ("folded",)
    autocomplete_fields = ("parent",)
    ordering = ("sort_key", "pk")
    resource_classes = [AdministrativeUnitResource]

    def after_write(self) -> None:
        rebuild_covers()


@admin.register(Succession)
class SuccessionAdmin(AuditedAdmin):
    list_display = ("old", "new", "part", "effective_date", "legal_basis")
    list_filter = ("part", "effective_date")
    list_select_related = ("old", "new")
    search_fields = ("old__folded", "new__folded")
    autocomplete_fields = ("old", "new")
    resource_classes = [SuccessionResource]

    def after_write(self) -> None:
        rebuild_covers()
