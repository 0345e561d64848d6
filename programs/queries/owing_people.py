"""Who is to be told about a project: those whose turn it is, and the leaders of its area."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission, Role
from khuyencong.localities.models import UnitCover
from programs.models import Project
from programs.queues import owed_permissions

NAMES_SHOWN = 3


@dataclass(frozen=True)
class AreaPeople:
    """Active people, and which places lie in whose area."""

    people: list[User]
    covers: dict[int, set[int]]

    def movers(self, project: Project) -> list[User]:
        """Those who may take the project on; those of its own commune first."""
        wanted = owed_permissions(project.state, project.track_kind)
        able = [user for user in self._around(project) if wanted & user.portal_permissions]
        return sorted(able, key=lambda user: user.area_id != project.place_id)

    def leaders(self, project: Project) -> list[User]:
        return [
            user
            for user in self._around(project)
            if user.role == Role.LEADER.value and user.has_permission(Permission.PROJECT_VIEW)
        ]

    def movers_in_words(self, project: Project) -> str:
        """ "Nguyễn Văn A (Phòng Kinh tế xã B); … và 2 người khác"."""
        movers = self.movers(project)
        if not movers:
            return "chưa có tài khoản nào làm được bước tiếp theo"
        shown = "; ".join(f"{user} ({user.organisation})" for user in movers[:NAMES_SHOWN])
        more = len(movers) - NAMES_SHOWN
        return f"{shown} và {more} người khác" if more > 0 else shown

    def _around(self, project: Project) -> list[User]:
        return [user for user in self.people if user.area_id and project.place_id in self.covers[user.area_id]]


def people_around(projects: Iterable[Project]) -> AreaPeople:
    """The people of the areas in which these projects lie; two queries."""
    places = {project.place_id for project in projects}
    people = list(User.objects.filter(is_active=True).select_related("organisation").order_by("pk"))
    areas = {user.area_id for user in people if user.area_id is not None}
    covers: dict[int, set[int]] = defaultdict(set)
    rows = UnitCover.objects.filter(area_id__in=areas, unit_id__in=places)
    for area_id, unit_id in rows.values_list("area_id", "unit_id"):
        covers[area_id].add(unit_id)
    return AreaPeople(people, covers)
