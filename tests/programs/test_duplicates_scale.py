"""Signs of a second support among many: one and the same number of queries, whatever there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.checks import problems_before
from programs.models import Project, ProjectBeneficiary
from programs.queries.duplicates import hard_signs, read_signs_together, soft_signs
from programs.workflow import Action, Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.programs.test_duplicates import kinds, machine, part

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.CONFIRMED.value)


@pytest.fixture
def owner():
    return make_beneficiary(name="Cơ sở bánh tráng Thuận Phát")


def _crowd(project, by, size, start):
    """Establishments with machines, each with a near namesake that was supported before."""
    numbers = range(start, start + size)
    for number in numbers:
        values = {"name": f"Cơ sở Thuận Phát {number}", "phone": f"09{number:08d}", "address": f"{number} Trần Phú"}
        machine(add_participant(project, make_beneficiary(**values)), f"SN-{number}", f"{number}")
        machine(part(by, make_beneficiary(**values)), f"SN-{number}", f"{number}")


def test_the_number_of_queries_does_not_grow(local_officer, project):
    counts = []
    for size, start in ((20, 100), (180, 200)):
        _crowd(project, local_officer, size, start)
        with CaptureQueriesContext(connection) as queries:
            signs = [*hard_signs(project), *soft_signs(project)]
        counts.append(len(queries))
    assert len(signs) == 200 * 3  # serial, phone, name or address
    assert counts[0] == counts[1] <= 8


def test_a_group_of_any_size_is_looked_through(local_officer, project):
    words = " ".join(f"tu{chr(97 + number)}" for number in range(24))
    owners = [make_beneficiary(name=f"{words} {chr(97 + number)}z") for number in range(26)]
    ProjectBeneficiary.objects.bulk_create(
        ProjectBeneficiary(project=project, beneficiary=owner) for owner in [*owners, *_many(400)]
    )
    assert soft_signs(project) == []


def _many(size):
    return [make_beneficiary(name=f"xưởng {chr(97 + n % 26)}x{chr(97 + n // 26)}q ngọc lan hương") for n in range(size)]


def test_many_projects_are_read_together(local_officer, owner):
    def ahead(size):
        projects = [make_project(created_by=local_officer, status=Status.CONFIRMED.value) for _ in range(size)]
        for one in projects:
            machine(add_participant(one, owner), f"S{one.pk}")
        projects = list(Project.objects.filter(pk__in=[one.pk for one in projects]))
        with CaptureQueriesContext(connection) as queries, read_signs_together(projects):
            found = [problems_before(Action.APPRAISE, one) for one in projects]
            assert all(any("giải trình" in text for text in problems) for problems in found)
            signs = {one.pk: kinds(one) for one in projects}
        assert signs == {one.pk: kinds(one) for one in projects}
        return sum("duplicate" in query["sql"] or "equipment" in query["sql"] for query in queries)

    assert ahead(3) == ahead(30)
