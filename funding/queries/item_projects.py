"""The projects behind a figure of the board by support item."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from funding.models import FundingLine, LedgerEntry
from funding.models.budget import LEDGER_KINDS
from khuyencong.accounts.models import User
from programs.models import Project
from programs.workflow import Status


def item_projects(user: User, source_id: int | None) -> QuerySet[Project]:
    """Approved projects of the user's area that hold state money, of one source where it is given.

    Adds `held_vnd` as the board counts it (approved, or what is out of a stopped project) and `out_vnd`, of the plan
    year.
    """
    chosen = {"source_id": source_id} if source_id is not None else {"source__kind__in": LEDGER_KINDS}
    lines = FundingLine.objects.filter(project=OuterRef("pk"), **chosen).order_by().values("project")
    entries = LedgerEntry.objects.filter(project=OuterRef("pk"), **chosen).with_effect().order_by().values("project")
    own_year = entries.filter(year__lte=F("project__year"))
    projects = Project.objects.visible_to(user).approved_on().select_related("place", "support_item")
    return (
        projects.annotate(
            approved_vnd=_first(lines.annotate(vnd=Sum("approved_vnd", default=0))),
            all_out_vnd=_first(entries.annotate(vnd=Sum("effect_vnd"))),
            out_vnd=_first(own_year.annotate(vnd=Sum("effect_vnd"))),
        )
        .annotate(held_vnd=Case(When(status=Status.STOPPED.value, then=F("all_out_vnd")), default=F("approved_vnd")))
        .filter(~Q(held_vnd=0) | ~Q(out_vnd=0))
        .defer("objective", "note")
    )


def item_project_sums(projects: QuerySet[Any]) -> dict[str, int]:
    """Đồng over every row that a list holds. One query."""
    return projects.order_by().aggregate(held=Sum("held_vnd", default=0), out=Sum("out_vnd", default=0))


def _first(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("vnd")), Value(0), output_field=BigIntegerField())
