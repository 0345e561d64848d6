"""Tổng hợp đề án against plain Python; every status is counted once or left out by name."""

from collections import defaultdict

import pytest

from programs.workflow import Status
from reports.definitions.standings import NOT_COUNTED, STANDINGS
from tests.factories import make_project
from tests.reports.asking import build, form_parameters
from tests.reports.world import AREAS, area_unit, make_world

pytestmark = pytest.mark.django_db
# Written down by hand: status → column, and whether its money is what was asked for.
COLUMNS = {
    "submitted": ("registered", True),
    "confirmed": ("registered", True),
    "returned": ("registered", True),
    "appraised": ("appraised", True),
    "sent_to_ministry": ("appraised", True),
    "approved": ("approved", False),
    "contracted": ("running", False),
    "in_progress": ("running", False),
    "accepted": ("accepted", False),
    "liquidated": ("accepted", False),
    "settled": ("settled", False),
    "refused": ("refused", True),
    "stopped": ("stopped", False),
}
NAMES = list(dict.fromkeys(name for name, _ in COLUMNS.values()))
TRACKS = {"national": "Khuyến công quốc gia", "local": "Khuyến công địa phương"}


def ask(user, area="province", year="2026"):
    [table] = build("tong-hop-de-an", form_parameters("tong-hop-de-an", user, area_unit(area), year=year))
    return table


def rows_of(table):
    """(track, item or "") → numbers and đồng of the columns, and the number of all."""
    found, track = {}, ""
    for place, row in enumerate(table.rows):
        track = row.cells["name"] if row.style != "normal" else track
        figures = [table.value(place, f"{name}.{part}") for name in NAMES for part in ("so", "tien")]
        found[track, row.cells.get("number", "")] = (*figures, table.value(place, "every"))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("area", list(AREAS))
def test_the_form_is_the_sum_of_the_records(seed, area, department_officer):
    world = make_world(seed, department_officer, projects=120, products=0)
    rows = defaultdict(lambda: defaultdict(int))
    for track in (*TRACKS.values(), "Tổng cộng"):
        assert not rows[track, ""]
    for project in world.projects:
        if project.year != 2026 or project.status not in COLUMNS or not world.lies_in(project, area):
            continue
        column, is_asked = COLUMNS[project.status]
        lines = [one for one in world.lines if one.project == project and one.kind in ("central", "provincial")]
        vnd = sum(one.requested if is_asked else one.approved or 0 for one in lines)
        track = TRACKS[project.track]
        for key in ((track, str(project.support_item.row)), (track, ""), ("Tổng cộng", "")):
            rows[key][column, "so"] += 1
            rows[key][column, "tien"] += vnd
    wanted = {
        key: (
            *(row[name, part] for name in NAMES for part in ("so", "tien")),
            sum(row[name, "so"] for name in NAMES),
        )
        for key, row in rows.items()
    }
    assert rows_of(ask(department_officer, area)) == wanted
    assert wanted["Tổng cộng", ""][-1]


def test_every_status_is_in_one_column_or_left_out_by_name():
    counted = [status for one in STANDINGS.values() for status in one.statuses]
    assert sorted(counted) == sorted(set(Status) - NOT_COUNTED)


def test_drafts_withdrawn_and_other_years_are_not_counted(department_officer):
    for status in ("draft", "withdrawn"):
        make_project(created_by=department_officer, status=status, year=2026)
    make_project(created_by=department_officer, status="submitted", year=2025)
    found = rows_of(ask(department_officer))
    assert set(found) == {("Khuyến công quốc gia", ""), ("Khuyến công địa phương", ""), ("Tổng cộng", "")}
    assert {value for row in found.values() for value in row} == {0}


def test_a_wrong_year_is_named_and_the_page_still_draws(client, department_officer):
    client.force_login(department_officer)
    response = client.get("/bao-cao/tong-hop-de-an/", {"year": "99999"})
    assert response.context["form"].errors["year"] == ["Năm phải từ 2000 đến 2100."]
    assert response.context["tables"]
