"""Every figure opens into rows whose sum it is."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from reports.definitions import DEFINITIONS
from reports.parameters import Basis
from tests.reports.asking import period_parameters, years_parameters
from tests.reports.world import area_unit, make_world

pytestmark = pytest.mark.django_db
ROWS_OF_FORMS = {"ket-qua": 8, "kinh-phi": 6, "binh-chon": 12, "nhieu-nam": 16}  # at least so many figures to open
CASES = [("ket-qua", None), ("kinh-phi", Basis.DISBURSED), ("kinh-phi", Basis.APPROVED), ("binh-chon", None)]


def linked_figures(table):
    for place, row in enumerate(table.rows):
        for column, link in row.links.items():
            yield place, column, parse_qs(urlsplit(link).query)


def check_figures(slug, parameters):
    definition = DEFINITIONS[slug]
    [table] = definition.build(parameters)
    opened = 0
    for place, column, query in linked_figures(table):
        breakdown = definition.break_down(parameters, query["row"][0], query["column"][0])
        assert sum(breakdown.line(row).amount for row in breakdown.rows) == breakdown.total
        assert table.value(place, column) == breakdown.total
        opened += 1
    figures = [
        table.value(place, column.key)
        for place in range(len(table.rows))
        for column in table.columns
        if column.key in ("central", "provincial", "province", "district", "projects", "disbursed")
    ]
    assert opened >= sum(1 for figure in figures if figure)
    assert opened >= ROWS_OF_FORMS[slug]


@pytest.mark.parametrize(("slug", "basis"), CASES)
def test_figures_of_a_period(slug, basis, department_officer):
    make_world(1, department_officer)
    check_figures(slug, period_parameters(department_officer, area_unit("province"), basis=basis))


def test_figures_of_several_years(department_officer):
    make_world(1, department_officer)
    check_figures("nhieu-nam", years_parameters(department_officer, area_unit("province"), 2024, 2026))


@pytest.mark.parametrize("slug", [slug for slug, one in DEFINITIONS.items() if one.break_down])
def test_a_linked_page_shows_the_rows_and_their_sum(slug, client, department_officer):
    make_world(1, department_officer)
    client.force_login(department_officer)
    page = client.get(
        reverse("reports:form-page", args=[slug]), {"year": "2026", "from_year": "2024", "to_year": "2026"}
    )
    assert page.status_code == 200
    link = f'href="{reverse("reports:form-rows", args=[slug])}?'
    address = page.content.decode().split(link)[1].split('"')[0].replace("&amp;", "&")
    rows = client.get(f"{reverse('reports:form-rows', args=[slug])}?{address}")
    assert rows.status_code == 200
    assert sum(line.amount for line in rows.context["lines"]) == rows.context["breakdown"].total


def test_long_breakdowns_are_paged_and_pages_keep_the_question(client, department_officer):
    world = make_world(1, department_officer, projects=300, products=0)
    client.force_login(department_officer)
    address = reverse("reports:form-rows", args=["kinh-phi"])
    asked = {"year": "2026", "row": "tong", "column": "central", "basis": "disbursed"}
    first = client.get(address, asked)
    listing = first.context["listing"]
    assert listing.page_obj.paginator.num_pages > 1
    amounts = [line.amount for line in first.context["lines"]]
    for number in range(2, listing.page_obj.paginator.num_pages + 1):
        further = client.get(listing.page_url(number))
        assert further.context["breakdown"].title == first.context["breakdown"].title
        amounts += [line.amount for line in further.context["lines"]]
    assert sum(amounts) == first.context["breakdown"].total
    assert world.entries


@pytest.mark.parametrize(
    ("slug", "row", "column"),
    [
        ("ket-qua", "99", "central"),
        ("ket-qua", "1", "district"),
        ("kinh-phi", "²", "central"),
        ("kinh-phi", "25", "central"),
        ("kinh-phi", "99999999999999999999999", "central"),
        ("binh-chon", "3.1", "central"),
        ("binh-chon", "1.9", "central"),
        ("binh-chon", "1.1", "district"),
        ("nhieu-nam", "1999", "central"),
        ("nhieu-nam", "tong", "total"),
        ("du-an", "1", "central"),
        ("ket-qua", "", ""),
        ("ket-qua", "\x00", "central"),
    ],
)
def test_a_figure_that_the_form_does_not_have_is_not_found(slug, row, column, client, department_officer):
    client.force_login(department_officer)
    address = reverse("reports:form-rows", args=[slug])
    assert client.get(address, {"row": row, "column": column}).status_code == 404
