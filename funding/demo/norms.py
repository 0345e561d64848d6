"""How the demo chooses a norm, and what it says where one is passed."""

from django.utils import timezone

from funding.actions.norms import Bases
from funding.queries.norm_series import GivenBasis
from funding.queries.norms import load_facts
from programs.models import ILLUSTRATION_NOTE, Project

PASSED = f"{ILLUSTRATION_NOTE}: định mức trong danh mục chưa rõ ngày áp dụng, số tiền giữ theo hồ sơ của đề án."


def first_norm(project: Project) -> Bases:
    """The first norm on record for every establishment of the project; nothing where there is none."""
    facts = load_facts([project])
    series = facts.series(project, timezone.localdate())
    if not series:
        return {}
    return {payee: GivenBasis(series[0].newest.pk) for payee in facts.payees[project.pk] if payee is not None}
