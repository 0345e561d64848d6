"""Reading projects: rows of lists, choices of filters."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.localities.models import AdministrativeUnit, UnitCover, UnitLevel, covered_unit_ids
from programs.models import Programme, Project, ProjectBeneficiary, SupportItem

PAGE_RELATIONS = (
    "place__parent__parent",
    "programme",
    "support_item",
    "implementer",
    "created_by__organisation",
    "appraiser",
)


def project_rows(user: User) -> QuerySet[Project]:
    """Projects that the user sees, each with `participant_count`; as light as a list needs."""
    counted = (
        ProjectBeneficiary.objects.filter(project=OuterRef("pk"))
        .order_by()
        .values("project")
        .annotate(rows=Count("pk"))
    )
    return (
        Project.objects.visible_to(user)
        .select_related("place", "support_item", "appraiser")
        .defer("objective", "folded", "sort_key", "note")
        .annotate(participant_count=Coalesce(Subquery(counted.values("rows"), output_field=IntegerField()), 0))
    )


def year_choices(user: User) -> list[tuple[int, str]]:
    years = Project.objects.visible_to(user).order_by("-year").values_list("year", flat=True).distinct()
    return [(year, str(year)) for year in years]


def item_choices() -> list[tuple[int, str]]:
    return [(item.pk, str(item)) for item in SupportItem.objects.all()]


def place_choices(user: User) -> list[tuple[int, str]]:
    """The communes of today within the user's area, then the districts of before; nothing to choose from one."""
    units = AdministrativeUnit.objects.covered_by(user.area_id).filter(
        Q(level=UnitLevel.COMMUNE, valid_to__isnull=True) | Q(level=UnitLevel.DISTRICT)
    )
    choices = [(unit.pk, str(unit)) for unit in units.order_by("-level", "sort_key", "pk")]
    return sorted(choices, key=lambda choice: choice[1].endswith("(cũ)")) if len(choices) > 1 else []


def within_place(projects: QuerySet[Any], unit_id: str) -> QuerySet[Any]:
    """Projects of a unit, of what lies below it and of what was merged into it."""
    return projects.filter(place_id__in=covered_unit_ids(int(unit_id)))


def places_open_to(
    user: User, *, levels: tuple[UnitLevel, ...], kept: int | None = None
) -> QuerySet[AdministrativeUnit]:
    """Where the user may place something today; `kept` is the place that an older record stands on."""
    today = timezone.localdate()
    in_force = AdministrativeUnit.objects.in_force_on(today).covered_by(user.area_id).filter(level__in=levels)
    units = AdministrativeUnit.objects.filter(Q(pk__in=in_force.values("pk")) | Q(pk=kept))
    return units.select_related("parent__parent").order_by("-level", "sort_key", "pk")


def implementers_open_to(user: User, *, kept: int | None = None) -> QuerySet[Organisation]:
    """Offices of today within the user's area, and those whose area holds it."""
    today = timezone.localdate()
    above = UnitCover.objects.filter(unit_id=user.area_id).values("area_id")
    near = Q(area_id__in=covered_unit_ids(user.area_id)) | Q(area_id__in=above)
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return Organisation.objects.filter((near & started & not_ended) | Q(pk=kept)).order_by("name", "pk")


def programmes_open_in(year: int, *, kept: int | None = None) -> QuerySet[Programme]:
    """Programmes that had not ended before `year`."""
    return Programme.objects.filter(Q(end_year__gte=year) | Q(pk=kept))
