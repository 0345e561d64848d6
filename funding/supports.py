"""The state money that was approved for an establishment's parts in projects. Registered when the app starts."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count

from funding.models import FundingLine
from programs.models import ProjectBeneficiary
from programs.supports import Amounts, add_amounts


def approved_for(parts: Sequence[ProjectBeneficiary]) -> Amounts:
    """Whole đồng per participant, from two queries; what is approved for a whole project is its only participant's."""
    if not parts:
        return {}
    ids = {part.project_id for part in parts}
    counted = ProjectBeneficiary.objects.filter(project__in=ids).order_by().values_list("project_id")
    alone = {project_id for project_id, parts_there in counted.annotate(parts_there=Count("pk")) if parts_there == 1}
    own = {part.pk: part.pk for part in parts}
    whole = {part.project_id: part.pk for part in parts if part.project_id in alone}
    found: dict[int, int] = defaultdict(int)
    lines = FundingLine.objects.filter(project__in=ids, approved_vnd__isnull=False).select_related("source")
    for line in lines.order_by("pk"):
        part_id = own.get(line.participant_id) if line.participant_id else whole.get(line.project_id)
        if part_id is not None and line.source.is_state_money:
            found[part_id] += line.approved_vnd or 0
    return dict(found)


add_amounts(approved_for)
