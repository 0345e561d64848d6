"""Who may be named to appraise, and what is assigned to whom."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission, Role, permissions_of
from khuyencong.localities.models import UnitCover, covered_unit_ids
from programs.workflow import APPRAISED_IN

MINE, NOBODY = "toi", "chua-giao"
APPRAISING_ROLES = [role.value for role in Role if Permission.PROJECT_APPRAISE in permissions_of(role.value)]


def appraisers_near(user: User) -> QuerySet[User]:
    """Active officers who appraise and whose area holds the user's, or lies within it; by name."""
    today = timezone.localdate()
    above = UnitCover.objects.filter(unit_id=user.area_id).values("area_id")
    near = Q(organisation__area_id__in=above) | Q(organisation__area_id__in=covered_unit_ids(user.area_id))
    started = Q(organisation__valid_from__isnull=True) | Q(organisation__valid_from__lte=today)
    not_ended = Q(organisation__valid_to__isnull=True) | Q(organisation__valid_to__gte=today)
    officers = User.objects.filter(near, started, not_ended, is_active=True, role__in=APPRAISING_ROLES)
    return officers.select_related("organisation").order_by("full_name", "pk")


def appraiser_choices(user: User) -> list[tuple[str, str]]:
    """For the filter of the list: mine, nobody's yet, each officer."""
    mine = [(MINE, "Giao cho tôi")] if user.has_permission(Permission.PROJECT_APPRAISE) else []
    officers = [(str(officer.pk), str(officer)) for officer in appraisers_near(user)]
    return [*mine, (NOBODY, "Chưa giao"), *officers]


def assigned_to(user: User, projects: QuerySet[Any], value: str) -> QuerySet[Any]:
    """`value` is one of `appraiser_choices`; what waits for an assignment is between submission and approval."""
    if value == NOBODY:
        return projects.filter(appraiser__isnull=True, status__in=APPRAISED_IN)
    return projects.filter(appraiser_id=user.pk if value == MINE else int(value))
