"""No form counts anything outside the person's own area, whatever area its parameters name."""

from dataclasses import replace

import pytest

from reports.definitions import DEFINITIONS
from tests.reports.asking import build, form_parameters
from tests.reports.more_world import add_more
from tests.reports.world import area_unit, make_world

pytestmark = pytest.mark.django_db


def cells(tables):
    return [
        [table.value(place, column.key) for column in table.columns]
        for table in tables
        for place in range(len(table.rows))
    ]


@pytest.mark.parametrize("slug", list(DEFINITIONS))
def test_a_wider_area_adds_nothing_for_a_commune(slug, department_officer, local_officer):
    add_more(make_world(1, department_officer), 1, department_officer)
    own = form_parameters(slug, local_officer, area_unit("commune"))
    wide = replace(own, area=area_unit("province"))
    everything = replace(wide, user=department_officer)
    assert cells(build(slug, wide)) == cells(build(slug, own))
    assert cells(build(slug, everything)) != cells(build(slug, own))
