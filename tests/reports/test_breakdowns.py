"""Every figure opens into rows whose sum it is."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from khuyencong.excel.table import Kind
from reports.definitions import DEFINITIONS
from reports.parameters import Basis
from tests.reports.asking import form_parameters, period_parameters, years_parameters
from tests.reports.more_world import add_more
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


NUMBERS = frozenset({Kind.INTEGER, Kind.MONEY_MILLION, Kind.MONEY_VND, Kind.PERCENT})
# Other ways of asking for a form than its defaults.
ASKED_TOO = [
    (slug, more)
    for slug, ways in {
        "kinh-phi": [{"basis": "approved"}],
        "dia-ban": [{"grouping": "district"}, {"start": "01/01/2025"}],
        "lang-nghe": [{"grouping": "district"}],
    }.items()
    for more in ways
]


@pytest.mark.parametrize(("slug", "more"), [*((slug, {}) for slug in DEFINITIONS), *ASKED_TOO])
@pytest.mark.parametrize("area", ["province", "commune", "old_district"])
def test_every_figure_of_every_form_opens_or_says_why_not(slug, more, area, department_officer):
    add_more(make_world(5, department_officer, projects=50, products=30), 5, department_officer)
    definition = DEFINITIONS[slug]
    parameters = form_parameters(slug, department_officer, area_unit(area), **more)
    opened = 0
    for table in definition.build(parameters):
        for place, row in enumerate(table.rows):
            for column in table.columns:
                value = table.value(place, column.key)
                if (
                    table.column_at(place, column).kind not in NUMBERS
                    or not value
                    or column.key in definition.not_opened
                ):
                    continue
                query = parse_qs(urlsplit(row.links[column.key]).query)
                breakdown = definition.break_down(parameters, query["row"][0], query["column"][0])
                assert sum(breakdown.line(one).amount for one in breakdown.rows) == breakdown.total == value
                assert breakdown.title
                assert breakdown.basis
                opened += 1
    assert opened or definition.break_down is None
    assert all(len(why) > 20 for why in definition.not_opened.values())


@pytest.mark.parametrize("slug", [slug for slug, one in DEFINITIONS.items() if one.break_down])
def test_a_linked_page_shows_the_rows_and_their_sum(slug, client, department_officer):
    add_more(make_world(1, department_officer), 1, department_officer)
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
        ("giai-ngan", "tong", "left"),
        ("giai-ngan", "1.²", "paid"),
        ("giai-ngan", "1.999999999", "paid"),
        ("giai-ngan", "99999999999999999999999.1", "paid"),
        ("giai-ngan", "1.1.1", "paid"),
        ("dia-ban", "0", "projects"),
        ("dia-ban", "tong", "approved_total"),
        ("chuong-trinh", "99999999", "projects"),
        ("chuong-trinh", "muc-tieu.0", "until"),
        ("chuong-trinh", "muc-tieu.", "until"),
        ("chuong-trinh", "tong", "until"),
        ("lang-nghe", "0", "workers"),
        ("lang-nghe", "tong", "income_per_head_vnd"),
        ("lang-nghe", "nhom.0", "workers"),
        ("lang-nghe", "tong", "status"),
        ("tong-hop-de-an", "tong", "every"),
        ("tong-hop-de-an", "local.99", "approved.so"),
        ("tong-hop-de-an", "loc", "approved.so"),
        ("tong-hop-de-an", "local", "approved"),
        ("ket-qua", "", ""),
        ("ket-qua", "\x00", "central"),
    ],
)
def test_a_figure_that_the_form_does_not_have_is_not_found(slug, row, column, client, department_officer):
    client.force_login(department_officer)
    address = reverse("reports:form-rows", args=[slug])
    assert client.get(address, {"row": row, "column": column}).status_code == 404
