"""Batches and their rows as pages show them."""

from collections.abc import Sequence

from khuyencong.accounts.models import User
from khuyencong.importing.kinds import kinds_for
from khuyencong.importing.models import ImportBatch, ImportBatchQuerySet
from khuyencong.localities.models import AdministrativeUnit, UnitLevel


def batches_for(user: User) -> ImportBatchQuerySet:
    """Those of the user's area whose kind the user may bring in."""
    kinds = [kind.slug for kind in kinds_for(user)]
    rows = ImportBatch.objects.visible_to(user).filter(kind__in=kinds)
    return rows.select_related("area", "uploaded_by__organisation", "applied_by", "undone_by")


def place_choices(user: User) -> list[tuple[int, str]]:
    """Communes of today within the user's area, with what they lie in."""
    units = AdministrativeUnit.objects.covered_by(user.area_id).filter(level=UnitLevel.COMMUNE, valid_to__isnull=True)
    return [(unit.pk, unit.full_name) for unit in units.select_related("parent__parent").order_by("sort_key", "pk")]


def place_names(ids: Sequence[int]) -> dict[int, str]:
    units = AdministrativeUnit.objects.filter(pk__in=ids).select_related("parent__parent")
    return {unit.pk: unit.full_name for unit in units}
