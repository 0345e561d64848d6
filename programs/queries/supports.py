"""Every support that an establishment has received or asked for, as one person may see it."""

from dataclasses import dataclass

from khuyencong.accounts.models import User
from khuyencong.accounts.permissions import Permission
from programs.models import Beneficiary, Project, ProjectBeneficiary
from programs.queries.duplicates import NOT_COUNTED
from programs.supports import amounts_of


@dataclass(frozen=True)
class Support:
    """A part in a project. Of a project outside the person's area only code, year, place and status are shown."""

    project: Project
    content: str
    is_visible: bool
    approved_vnd: int | None


def supports_of(beneficiary: Beneficiary, user: User) -> list[Support]:
    """Over all years and both tracks, newest first; drafts and what came to nothing only within the person's area."""
    parts = list(
        ProjectBeneficiary.objects.filter(beneficiary=beneficiary)
        .select_related("project__support_item", "project__place")
        .order_by("-project__year", "project__code", "pk")
    )
    ids = [part.project_id for part in parts]
    visible = set(Project.objects.visible_to(user).filter(pk__in=ids).order_by().values_list("pk", flat=True))
    sees_money = user.has_permission(Permission.MONEY_VIEW)
    amounts = amounts_of([part for part in parts if part.project_id in visible]) if sees_money else {}
    return [
        Support(part.project, part.content, part.project_id in visible, amounts.get(part.pk))
        for part in parts
        if part.project_id in visible or part.project.state not in NOT_COUNTED
    ]
