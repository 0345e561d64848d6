"""Administrative units with their dates, what became of them, and which units an area covers."""

import datetime

from django.db import models
from django.db.models import Q

from khuyencong.modelfields import FoldedField, NFCCharField, SortKeyField


class UnitLevel(models.TextChoices):
    PROVINCE = "province", "Tỉnh, thành phố"
    DISTRICT = "district", "Huyện, thị xã, thành phố (đến 30/06/2025)"
    COMMUNE = "commune", "Xã, phường, thị trấn, đặc khu"


class AdministrativeUnitQuerySet(models.QuerySet["AdministrativeUnit"]):
    def in_force_on(self, day: datetime.date) -> "AdministrativeUnitQuerySet":
        """Units that exist on that day; an open end counts as always."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def covered_by(self, area_id: int | None) -> "AdministrativeUnitQuerySet":
        """The area itself, all below it on any date, and the units that were merged into those."""
        return self.filter(pk__in=covered_unit_ids(area_id))


class AdministrativeUnit(models.Model):
    """A province, district or commune in the period in which it existed; codes return: (code, start) is the key."""

    code = models.CharField("Mã", max_length=10)
    name = NFCCharField("Tên", max_length=100)
    level = models.CharField("Cấp", max_length=10, choices=UnitLevel.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="Trực thuộc", related_name="children", null=True, blank=True
    )
    valid_from = models.DateField("Từ ngày", null=True, blank=True)
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    folded = FoldedField(sources=("name", "code"))
    sort_key = SortKeyField(sources=("name",))

    objects = AdministrativeUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering = ("sort_key", "pk")
        constraints = [
            models.UniqueConstraint(fields=("code", "valid_from"), name="unit_code_from_unique"),
            models.UniqueConstraint(
                fields=("code",), condition=Q(valid_from__isnull=True), name="unit_code_old_unique"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="unit_period_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (cũ)" if self.valid_to else self.name

    @property
    def full_name(self) -> str:
        """Name with its parents, for a person to tell namesakes apart; load `parent__parent` first."""
        parts, unit = [str(self)], self.parent
        while unit is not None:
            parts.append(unit.name)
            unit = unit.parent
        return ", ".join(parts)


class Succession(models.Model):
    """An old unit that became, whole or in part, a new one."""

    class Part(models.TextChoices):
        FULL = "full", "Toàn bộ"
        PARTIAL = "partial", "Một phần"

    old = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="Đơn vị cũ", related_name="successions")
    new = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="Đơn vị mới", related_name="predecessions")
    part = models.CharField("Phần", max_length=10, choices=Part.choices)
    effective_date = models.DateField("Từ ngày")
    legal_basis = NFCCharField("Căn cứ", max_length=200)

    class Meta:
        verbose_name = "sáp nhập, chia tách"
        verbose_name_plural = "sáp nhập, chia tách"
        ordering = ("effective_date", "old_id", "new_id")
        constraints = [models.UniqueConstraint(fields=("old", "new"), name="succession_unique")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class UnitCover(models.Model):
    """Which unit lies in which area: derived from units and successions by `rebuild_covers`, read by every scope."""

    area = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="covers")
    unit = models.ForeignKey(AdministrativeUnit, models.CASCADE, related_name="covered_by_areas")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("area", "unit"), name="cover_unique")]

    def __str__(self) -> str:
        return f"{self.area_id} ⊇ {self.unit_id}"


def covered_unit_ids(area_id: int | None) -> models.QuerySet:
    """A subquery of the ids of all units that the area covers; empty for None."""
    return UnitCover.objects.filter(area_id=area_id).values("unit_id")
