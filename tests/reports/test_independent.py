"""Every cell of every form against the same form worked out in plain Python over the rows of the tables."""

import datetime
from collections import Counter
from itertools import product, zip_longest

import pytest

from programs.models import Programme, ProgrammeTarget
from reports.definitions import DEFINITIONS
from reports.forms import KnownOnForm
from tests.reports.asking import build, form_parameters
from tests.reports.independent import COMPUTATIONS
from tests.reports.independent.dataset import make_everything
from tests.reports.independent.records import Question, Records
from tests.reports.world import AREAS, area_unit

pytestmark = pytest.mark.django_db
D = datetime.date
CALENDAR = {
    "start": D(2026, 1, 1),
    "end": D(2026, 12, 31),
    "so_far": (D(2026, 1, 1), D(2026, 12, 31)),
    "before": (D(2025, 1, 1), D(2025, 12, 31)),
}
CROSSING = {
    "start": D(2025, 12, 1),
    "end": D(2026, 1, 5),
    "plan_years": (2025, 2026),
    "so_far": (D(2025, 12, 15), D(2026, 1, 5)),
    "before": (D(2024, 12, 1), D(2025, 1, 5)),
}
OLD = {
    "start": D(2024, 12, 15),
    "end": D(2025, 12, 14),
    "year": 2025,
    "plan_years": (2025,),
    "so_far": (D(2024, 12, 15), D(2025, 12, 14)),
    "before": (D(2023, 12, 15), D(2024, 12, 14)),
}
KNOWN_ON = {"known_on": D(2026, 7, 1)}
# What is asked for: as the address says it, and as the question written by hand.
ASKED = {
    "year": ({}, {}),
    "calendar year": ({"start": "01/01/2026", "end": "31/12/2026"}, CALENDAR),
    "over the turn of a year": ({"start": "01/12/2025", "end": "05/01/2026"}, CROSSING),
    "an earlier year": ({"year": "2025", "start": "15/12/2024", "end": "14/12/2025"}, OLD),
    "as known on a day": ({"known_on": "01/07/2026"}, KNOWN_ON),
}
# Other ways of asking for one form.
WAYS = {
    "kinh-phi": [({"basis": "approved"}, {"basis": "approved"})],
    "so-sanh": [
        ({"basis": "approved"}, {"basis": "approved"}),
        ({"budget": "central"}, {"kinds": ("central",)}),
        ({"basis": "approved", "budget": "provincial"}, {"basis": "approved", "kinds": ("provincial",)}),
    ],
    "dia-ban": [({"grouping": "district"}, {"grouping": "district"})],
    "lang-nghe": [({"grouping": "district"}, {"grouping": "district"})],
}


def found_of(slug, user, area, asked):
    tables = build(slug, form_parameters(slug, user, area, **asked))
    return [
        [[table.value(place, column.key) for column in table.columns] for place in range(len(table.rows))]
        for table in tables
    ]


def questions(slug):
    for asked, question in ASKED.values():
        if "known_on" in asked and not issubclass(DEFINITIONS[slug].form_class, KnownOnForm):
            continue
        for way, meant in [({}, {}), *WAYS.get(slug, [])]:
            yield {**asked, **way}, {**question, **meant}


def test_every_form_has_an_independent_computation():
    assert set(COMPUTATIONS) == set(DEFINITIONS)


@pytest.mark.parametrize("seed", [11, 12])
def test_every_cell_of_every_form_is_the_independent_one(seed, department_officer, local_officer):
    make_everything(seed, department_officer)
    asking = [*((department_officer, area) for area in AREAS), (local_officer, "commune")]
    wrong, told = differences(asking)
    assert wrong == []
    assert min(told.values()) > 50, "too few figures to prove anything"


def test_an_empty_province_is_the_same_too(department_officer):
    ProgrammeTarget.objects.all().delete()
    Programme.objects.all().delete()
    wrong, told = differences([(department_officer, "province"), (department_officer, "old_district")])
    assert wrong == []
    assert not any(told.values())


def differences(asking):
    """What is not as worked out independently, for each way of asking; and the figures, not zero, of each form."""
    records, wrong, told = Records(), [], Counter(dict.fromkeys(DEFINITIONS, 0))
    for slug, (user, area) in product(DEFINITIONS, asking):
        place, own = area_unit(area), user.organisation.area
        for asked, question in questions(slug):
            found = found_of(slug, user, place, asked)
            wanted = COMPUTATIONS[slug](records, Question(place, own, **question))
            wrong += [
                (slug, area, asked, *pair)
                for pair in zip_longest(rows_of(found), rows_of(wanted))
                if pair[0] != pair[1]
            ]
            told[slug] += sum(bool(cell) and not isinstance(cell, str) for _, row in rows_of(found) for cell in row)
    return wrong, told


def rows_of(tables):
    """(number of the table, row), so that a row that stands in another table is another one."""
    return [(place, row) for place, rows in enumerate(tables) for row in rows]
