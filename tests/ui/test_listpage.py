"""Lists: search without accents, filters kept in the address, a total order, pages, and a price that does not grow."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from khuyencong.localities.models import AdministrativeUnit, UnitLevel
from khuyencong.ui import listpage
from khuyencong.ui.listpage import Filter, ListPage, render_list

pytestmark = pytest.mark.django_db

LEVEL = Filter("level", "Cấp", UnitLevel.choices, "level")


def named(queryset: QuerySet[Any], letter: str) -> QuerySet[Any]:
    return queryset.filter(name__startswith=letter)


LETTER = Filter("letter", "Chữ đầu", lambda: [("B", "B"), ("V", "V")], named)


def own_units() -> QuerySet[Any]:
    """The units that a test has made, without those of the reference data."""
    return AdministrativeUnit.objects.filter(code__startswith="T")


def units(*names: str, level: str = UnitLevel.COMMUNE) -> None:
    start = own_units().count()
    for number, name in enumerate(names, start):
        AdministrativeUnit.objects.create(code=f"T{number:05}", name=name, level=level)


def listing(address: str = "/", **options: Any) -> ListPage:
    settings: dict[str, Any] = {
        "filters": [LEVEL, LETTER],
        "sorts": {"name": ("sort_key",), "level": ("level", "-code")},
        "default_sort": "name",
        "ranked_fields": ("name",),
    }
    return ListPage(RequestFactory().get(address), own_units(), **(settings | options))


def render(component: str, page: ListPage) -> str:
    """The HTML with single spaces: where a template breaks its lines is of no account."""
    return " ".join(render_to_string(f"components/{component}.html", {"listing": page}).split())


def names(page: ListPage) -> list[str]:
    return [unit.name for unit in page.page_obj]


def test_search_ignores_accents_and_the_order_of_words() -> None:
    units("Bánh Tráng", "Vĩnh Lợi", "Đông Hải")
    assert names(listing("/?q=trang banh")) == ["Bánh Tráng"]
    assert names(listing("/?q=dong")) == ["Đông Hải"]
    assert names(listing("/?q=ĐÔNG")) == ["Đông Hải"]
    assert names(listing("/?q=dong vinh")) == []


def test_accented_query_puts_exact_hits_first() -> None:
    units("Hoa Binh", "Hòa Bình", "Họa Binh")
    assert names(listing("/?q=Hòa"))[0] == "Hòa Bình"
    assert names(listing("/?q=hoa")) == names(listing("/"))
    assert names(listing("/?q=Hòa&sort=-name")) == list(reversed(names(listing("/"))))


def test_search_of_several_columns_wants_each_word_in_one_of_them() -> None:
    units("Vĩnh Lợi")
    assert names(listing("/?q=T00000 vĩnh", search_fields=("sort_key", "folded"))) == ["Vĩnh Lợi"]
    assert names(listing("/?q=vinh", search_fields=())) == ["Vĩnh Lợi"]


@pytest.mark.parametrize("query", ["%00", "%25", "_", "'", "%F0%9F%98%80", "%CC%80", "x" * 5000, "a " * 500])
def test_no_query_is_an_error(query: str) -> None:
    units("Vĩnh Lợi")
    assert listing(f"/?q={query}").total_label


def test_filters_apply_together_and_unknown_values_count_as_none() -> None:
    units("Bạc Liêu", "Vĩnh Lợi")
    units("Bạc Liêu cũ", level=UnitLevel.DISTRICT)
    assert names(listing("/?level=district&letter=B")) == ["Bạc Liêu cũ"]
    assert names(listing("/?level=district&letter=V")) == []
    unknown = listing("/?level=planet&letter=%00&sort=nothing&page=abc")
    assert len(names(unknown)) == 3
    assert not unknown.is_filtered
    assert unknown.sort == "name"


def test_filter_knows_its_choice_for_the_page() -> None:
    level, letter = listing("/?level=district").filters
    assert (level.value, level.value_label) == ("district", UnitLevel.DISTRICT.label)
    assert (letter.value, letter.value_label) == ("", "")


def test_sorting_turns_every_field_round() -> None:
    units("A", "B")
    units("C", level=UnitLevel.DISTRICT)
    assert names(listing("/?sort=level")) == ["B", "A", "C"]
    assert names(listing("/?sort=-level")) == ["C", "A", "B"]


def test_sort_headings_say_how_the_list_stands_and_where_pressing_leads() -> None:
    headers = listing("/?q=x&level=district&page=3").sort_headers
    assert (headers["name"].aria_sort, headers["name"].url) == ("ascending", "/?q=x&level=district&sort=-name")
    assert (headers["level"].aria_sort, headers["level"].url) == ("", "/?q=x&level=district&sort=level")
    assert listing("/?sort=-level").sort_header("level").aria_sort == "descending"


def test_equal_rows_have_one_order_so_that_pages_neither_repeat_nor_lose_them() -> None:
    units(*["Hòa Bình"] * 7)
    pages = [listing(f"/?page={number}", page_size=2) for number in (1, 2, 3, 4)]
    keys = [unit.pk for page in pages for unit in page.page_obj]
    assert keys == sorted(keys)
    assert len(set(keys)) == 7
    assert listing(sorts={}, default_sort="").object_list.query.order_by == ("sort_key", "pk")


def test_page_beyond_the_end_is_the_last_page() -> None:
    units("A", "B", "C")
    assert listing("/?page=99", page_size=2).page_obj.number == 2
    assert listing("/?page=-1", page_size=2).page_obj.number == 2
    assert listing("/?page=x", page_size=2).page_obj.number == 1


def test_address_of_a_page_keeps_search_filters_and_sort() -> None:
    page = listing("/de-an/?q=Hòa&level=district&letter=&sort=-name&page=2&other=1")
    assert page.page_url(3) == "/de-an/?q=H%C3%B2a&level=district&sort=-name&page=3"
    assert page.querystring == "q=H%C3%B2a&level=district&sort=-name"
    assert page.clear_url == "/de-an/"


def test_total_is_said_in_words() -> None:
    assert listing(noun="đề án").total_label == "Không có đề án"
    units("A", "B")
    assert listing(noun="đề án").total_label == "2 đề án"


def test_counting_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listpage, "COUNT_LIMIT", 3)
    units("A", "B", "C")
    assert listing().total_label == "3 kết quả"
    units("D", "E")
    capped = listing(page_size=2)
    assert capped.paginator.is_capped
    assert capped.total_label == "Hơn 3 kết quả"
    assert capped.paginator.num_pages == 2


def test_count_reads_no_more_than_the_limit(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as captured:
        assert listing().paginator.count == 0
    assert f"LIMIT {listpage.COUNT_LIMIT + 1}" in captured[0]["sql"]


@pytest.mark.parametrize("rows", [1, 24])
def test_number_of_queries_does_not_grow_with_the_rows(rows: int, django_assert_num_queries: Any) -> None:
    units(*[f"Xã {number}" for number in range(rows)])
    with django_assert_num_queries(2):  # the count, the page
        page = listing("/?q=xa&level=commune")
        html = "".join(render(part, page) for part in ("_filters", "_pagination"))
        assert len(names(page)) == rows
    assert f"{rows} kết quả" in html


def test_filter_form_shows_what_was_asked_and_works_without_scripts() -> None:
    html = render("_filters", listing('/de-an/?q="Hòa"&level=district'))
    assert 'method="get" action="/de-an/"' in html
    assert 'value="&quot;Hòa&quot;"' in html
    assert '<option value="district" selected>' in html
    assert 'hx-target="#results"' in html


def test_pagination_links_carry_the_state_of_the_list() -> None:
    units("A", "B", "C", "D", "E")
    html = render("_pagination", listing("/?sort=-name&page=2", page_size=2))
    assert 'href="/?sort=-name&amp;page=1" rel="prev"' in html
    assert 'href="/?sort=-name&amp;page=3" rel="next"' in html
    assert 'aria-current="page"><span class="page-link">2</span>' in html
    assert 'name="sort" value="-name" form="kc-filters"' in html
    assert "đang xem 3–4" in html


def test_a_list_without_target_loads_whole_pages() -> None:
    units("A", "B", "C")
    whole = listing(page_size=1, target="")
    assert "hx-" not in render("_pagination", whole) + render("_filters", whole)


def htmx_request(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True),
    ],
)
def test_fragment_only_for_htmx(headers: dict[str, str], whole: bool) -> None:
    response = render_list(
        htmx_request(**headers), "500.html", "components/_pagination.html", {"listing": listing(), "nav_items": []}
    )
    assert ("<!DOCTYPE html>" in response.content.decode()) is whole
    assert "HX-Request" in response.headers["Vary"]
