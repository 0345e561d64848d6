"""A form that counts an invented project says so; and money indicators are shown to the hundred thousand."""

import pytest
from django.urls import reverse

from programs.models import ILLUSTRATION_NOTE, IndicatorValue, Project, ResultIndicator
from programs.workflow import Status
from reports.definitions.base import ILLUSTRATED
from tests.factories import make_project
from tests.reports.asking import build, form_parameters, years_parameters
from tests.reports.world import DAYS, area_unit, make_world

pytestmark = pytest.mark.django_db
IN_PERIOD = next(day for day in DAYS if day.isoformat() > "2025-12-15")
COUNTING_PROJECTS = [
    "ket-qua",
    "kinh-phi",
    "du-an",
    "nhieu-nam",
    "giai-ngan",
    "dia-ban",
    "chuong-trinh",
    "tong-hop-de-an",
]


def tables_of(slug, user):
    area = area_unit("province")
    if slug == "nhieu-nam":
        return build(slug, years_parameters(user, area, 2024, 2026))
    return build(slug, form_parameters(slug, user, area))


def notes_of(slug, user):
    return [note for table in tables_of(slug, user) for note in table.notes]


@pytest.mark.parametrize("slug", COUNTING_PROJECTS)
def test_a_form_that_counts_an_invented_project_says_so(slug, department_officer):
    make_world(1, department_officer)
    assert ILLUSTRATED not in notes_of(slug, department_officer)
    Project.objects.update(note=f"{ILLUSTRATION_NOTE} cũ")
    assert ILLUSTRATED not in notes_of(slug, department_officer)
    Project.objects.update(note=ILLUSTRATION_NOTE)
    assert ILLUSTRATED in notes_of(slug, department_officer)


@pytest.mark.parametrize("slug", COUNTING_PROJECTS)
def test_an_invented_project_that_is_not_counted_is_not_mentioned(slug, department_officer):
    make_world(1, department_officer)
    make_project(created_by=department_officer, status=Status.DRAFT.value, note=ILLUSTRATION_NOTE)
    assert ILLUSTRATED not in notes_of(slug, department_officer)


def test_money_indicators_are_shown_in_million_with_one_decimal(client, department_officer):
    project = make_project(created_by=department_officer, status=Status.ACCEPTED.value, year=2026)
    for code, value in (("9.1", 1_249_900_000), ("10.1", 50_000), ("1", 1_250)):
        IndicatorValue.objects.create(
            project=project,
            indicator=ResultIndicator.objects.get(code=code),
            budget="central",
            year=2026,
            achieved_value=value,
            achieved_date=IN_PERIOD,
        )
    client.force_login(department_officer)
    asked = {"year": "2026", "start": "15/12/2025", "end": "14/12/2026"}
    page = client.get(reverse("reports:form-page", args=["ket-qua"]), asked)
    [table] = page.context["tables"]
    shown = {row.cells[0].text: row.cells[3].text for row in table.rows}
    assert (shown["9.1"], shown["10.1"], shown["1"]) == ("1.249,9", "0,1", "1.250")
    assert "làm tròn" not in page.content.decode()
