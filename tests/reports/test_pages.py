"""The pages: parameters, defaults, mistakes, areas, and how many queries they take."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Project
from reports.definitions import DEFINITIONS
from reports.forms import PeriodForm, YearsForm
from tests.factories import make_province, unit
from tests.reports.more_world import add_more
from tests.reports.world import make_world

pytestmark = pytest.mark.django_db
SLUGS = list(DEFINITIONS)
PERIOD_SLUGS = [slug for slug, one in DEFINITIONS.items() if issubclass(one.form_class, PeriodForm)]
TODAY = datetime.date(2026, 5, 1)


def page_of(slug):
    return reverse("reports:form-page", args=[slug])


@pytest.fixture
def officer(client, department_officer):
    client.force_login(department_officer)
    return department_officer


def test_index_lists_every_form_with_its_period(client, officer):
    response = client.get(reverse("reports:index"))
    text = response.content.decode()
    for definition in DEFINITIONS.values():
        assert definition.title in text
        assert definition.explanation in text
        assert page_of(definition.slug) in text


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_without_parameters_draws_the_defaults(slug, client, officer):
    response = client.get(page_of(slug))
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert "Địa bàn: Tỉnh Cà Mau" in response.content.decode()


def test_the_boxes_show_the_days_that_are_counted(client, officer):
    text = client.get(page_of("kinh-phi"), {"year": "2013"}).content.decode()
    assert 'value="15/12/2012"' in text
    assert 'value="14/12/2013"' in text
    assert "Năm 2013 (từ ngày 15/12/2012 đến ngày 14/12/2013)" in text


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"start": "31/02/2026"}, "start", "31/02/2026 không có trong lịch"),
        ({"start": "05/02/2026", "end": "04/02/2026"}, "end", "đứng trước ngày bắt đầu"),
        ({"year": "99999"}, "year", "Năm phải từ 2000 đến 2100."),
        ({"year": "-1"}, "year", "Năm phải từ 2000 đến 2100."),
        ({"year": "hai nghìn"}, "year", "Năm phải là số có bốn chữ số."),
        ({"year": ""}, "year", "Chưa nhập năm."),
        ({"end": "\x00"}, "end", ""),
        ({"area": "999999999"}, "area", "Địa bàn này không thuộc phạm vi của đơn vị bạn."),
        ({"area": "1 OR 1=1"}, "area", "Địa bàn này không thuộc phạm vi của đơn vị bạn."),
    ],
)
@pytest.mark.parametrize("slug", PERIOD_SLUGS)
def test_a_wrong_parameter_is_named_and_the_page_still_draws(slug, given, field, words, client, officer):
    response = client.get(page_of(slug), given)
    assert response.status_code == 200
    errors = response.context["form"].errors
    if words:
        assert words in errors[field][0]
        assert f'id="id_{field}_error"' in response.content.decode()
        assert "Bảng dưới đây dùng kỳ và địa bàn mặc định" in response.content.decode()
    defaults = response.context["form"].defaults()
    assert response.context["parameters"].span == defaults.span or not errors
    assert response.context["tables"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from_year": "2013", "to_year": "2008"}, "to_year"),
        ({"from_year": "2000", "to_year": "2100"}, "to_year"),
        ({"from_year": "99999"}, "from_year"),
        ({"to_year": ""}, "to_year"),
    ],
)
def test_wrong_years_are_named_and_the_page_still_draws(given, field, client, officer):
    response = client.get(page_of("nhieu-nam"), given)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


def test_a_quarter_is_one_choice_and_its_days_can_be_edited(client, officer):
    chosen = {"year": "2026", "part": "quy-1", "shown_part": "nam", "start": "15/12/2025", "end": "14/12/2026"}
    response = client.get(page_of("kinh-phi"), chosen)
    text = response.content.decode()
    assert "Quý I năm 2026 (từ ngày 15/12/2025 đến ngày 14/03/2026)" in text
    assert 'value="14/03/2026"' in text
    assert '<option value="quy-1" selected>' in text
    edited = {**chosen, "shown_part": "quy-1", "end": "31/03/2026"}
    text = client.get(page_of("kinh-phi"), edited).content.decode()
    assert "Từ ngày 15/12/2025 đến ngày 31/03/2026" in text
    assert '<option value="tu-chon" selected>' in text


def test_an_unknown_part_of_the_year_is_named(client, officer):
    response = client.get(page_of("kinh-phi"), {"part": "quy-5"})
    assert response.context["form"].errors["part"] == ["Chọn một kỳ trong danh sách."]


def test_an_unknown_way_of_counting_is_named(client, officer):
    response = client.get(page_of("kinh-phi"), {"basis": "guessed"})
    assert response.context["form"].errors["basis"] == ["Chọn một cách tính trong danh sách."]


def test_defaults_follow_the_closing_day(department_officer):
    for today, year in ((datetime.date(2026, 12, 14), 2026), (datetime.date(2026, 12, 15), 2027)):
        form = PeriodForm({}, user=department_officer, today=today)
        assert form.parameters().year == year
    years = YearsForm({}, user=department_officer, today=TODAY).parameters()
    assert (years.first_year, years.last_year) == (2022, 2026)


def test_old_districts_and_new_communes_can_be_chosen(department_officer):
    for chosen in (unit("956", old=True), unit("31843"), unit("95", old=True), unit("31843", old=True)):
        form = PeriodForm({"area": str(chosen.pk)}, user=department_officer, today=TODAY)
        assert form.parameters().area == chosen


def test_a_commune_chooses_among_its_own_units_only(local_officer):
    form = PeriodForm({}, user=local_officer, today=TODAY)
    assert {one.code for one in form.units.values()} == {"31843", "31852", "31855"}
    assert form.parameters().area == unit("31843")


@pytest.mark.parametrize("slug", SLUGS)
def test_another_provinces_area_is_refused(slug, client, officer):
    foreign = make_province()
    response = client.get(page_of(slug), {"area": foreign.pk})
    assert response.context["form"].errors["area"] == ["Địa bàn này không thuộc phạm vi của đơn vị bạn."]
    assert response.context["parameters"].area == unit("96")
    export = client.get(reverse("reports:form-export", args=[slug]), {"area": foreign.pk})
    assert export.status_code == 302
    assert export.url == f"{page_of(slug)}?area={foreign.pk}"


@pytest.mark.parametrize("area", ["96", "31972"])
def test_a_commune_cannot_ask_for_the_province_or_a_neighbour(area, client, local_officer, department_officer):
    make_world(1, department_officer)
    client.force_login(local_officer)
    response = client.get(page_of("nhieu-nam"), {"area": unit(area).pk, "from_year": "2024", "to_year": "2026"})
    assert "area" in response.context["form"].errors
    assert response.context["parameters"].area == unit("31843")


def test_a_communes_report_counts_its_own_area_only(client, local_officer, department_officer):
    world = make_world(1, department_officer)
    client.force_login(local_officer)
    asked = {"row": "tong", "column": "projects", "from_year": "2024", "to_year": "2026"}
    response = client.get(reverse("reports:form-rows", args=["nhieu-nam"]), asked)
    listed = set(response.context["breakdown"].rows.values_list("pk", flat=True))
    expected = {one.pk for one in Project.objects.approved_on() if world.place_of[one.pk] in ("new", "old")}
    assert listed == expected
    assert 0 < len(expected) < Project.objects.approved_on().count()


@pytest.mark.parametrize("slug", SLUGS)
def test_the_number_of_queries_does_not_grow_with_the_rows(slug, client, officer):
    asked = {"year": "2026"} if slug != "nhieu-nam" else {"from_year": "2022", "to_year": "2026"}
    add_more(make_world(1, officer, projects=20, products=5), 1, officer)
    client.get(page_of(slug), asked)
    few = count_queries(client, slug, asked)
    add_more(make_world(2, officer, projects=180, products=40), 2, officer)
    many = count_queries(client, slug, asked)
    assert many == few
    assert many <= 14


def count_queries(client, slug, asked):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(slug), asked).status_code == 200
    return len(queries)


def test_an_unknown_form_is_not_found(client, officer):
    for name in ("form-page", "form-rows", "form-export"):
        assert client.get(reverse(f"reports:{name}", args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_reports_change_nothing(slug, client, officer):
    assert client.post(page_of(slug), {"year": "2026"}).status_code == 405


def test_a_closed_office_sees_no_report(client, officer):
    officer.organisation.valid_to = datetime.date(2025, 1, 1)
    officer.organisation.save()
    for name, args in (("index", []), ("form-page", ["ket-qua"]), ("form-export", ["ket-qua"])):
        assert client.get(reverse(f"reports:{name}", args=args)).status_code == 403


def test_a_stranger_sees_nothing_of_this_province(client, stranger, department_officer):
    make_world(1, department_officer)
    client.force_login(stranger)
    response = client.get(page_of("nhieu-nam"), {"from_year": "2024", "to_year": "2026"})
    rows = response.context["tables"][0].rows
    assert [cell.text for cell in rows[-1].cells][2:7] == ["0,0", "0,0", "0,0", "0", "0,0"]
