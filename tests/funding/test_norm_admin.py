"""Dated rows of one rule never rule on the same day by accident, typed or imported."""

import datetime

import pytest
from django.urls import reverse

from funding.models import AdvanceLimit, Norm
from funding.queries.dated_rules import period_problem
from programs.models import SupportItem
from programs.workflow import Track
from tests.admin.test_import_export import NORM_COLUMNS, book_of, confirm, preview
from tests.factories import unit
from tests.funding.norms import make_norm

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def admin_client(client, system_admin):
    client.force_login(system_admin)
    return client


def another(valid_from=None, valid_to=None, **values):
    item = SupportItem.objects.get(row=10)
    defaults = {"name": "Máy thử", "track": Track.LOCAL.value, "legal_basis": "x"}
    return Norm(support_item=item, valid_from=valid_from, valid_to=valid_to, **{**defaults, **values})


@pytest.mark.parametrize(
    ("period", "overlaps"),
    [
        ((D(2019, 1, 1), D(2019, 12, 31)), False),
        ((D(2019, 1, 1), D(2020, 1, 1)), True),
        ((D(2021, 12, 31), None), True),
        ((D(2022, 1, 1), None), False),
        ((None, D(2020, 1, 1)), True),
        ((None, D(2019, 12, 31)), False),
        ((D(2020, 5, 1), D(2020, 6, 1)), True),
        ((None, None), False),
    ],
)
def test_days_of_the_same_norm(reference, period, overlaps):
    make_norm(valid_to=D(2021, 12, 31))
    assert ("Trùng thời gian" in period_problem(another(*period))) is overlaps


def test_the_other_row_is_named_and_its_own_does_not_count(reference):
    row = make_norm()
    problem = period_problem(another(D(2024, 1, 1)))
    for text in (f"dòng số {row.pk}", "Máy thử", "áp dụng từ 01/01/2020", "Nghị quyết thử"):
        assert text in problem
    assert period_problem(row) == ""


def test_other_names_tracks_and_provinces_are_other_norms(reference):
    make_norm()
    for values in ({"name": "Khác"}, {"track": Track.NATIONAL.value}, {"province": unit("96")}):
        assert period_problem(another(D(2024, 1, 1), **values)) == ""


def test_an_undated_row_never_overlaps(reference):
    make_norm(valid_from=None)
    assert period_problem(another(D(2024, 1, 1))) == ""


def norm_data(**values):
    item = SupportItem.objects.get(row=10).pk
    data = {
        "support_item": item,
        "name": "Máy thử",
        "track": "local",
        "legal_basis": "Văn bản",
        "certainty": "confirmed",
    }
    return {**data, **values}


def test_the_admin_refuses_days_that_overlap(admin_client):
    make_norm()
    response = admin_client.post(reverse("admin:funding_norm_add"), norm_data(valid_from="05/02/2026"))
    assert response.status_code == 200
    assert "Trùng thời gian với dòng số" in response.content.decode()
    assert Norm.objects.filter(name="Máy thử").count() == 1


def test_the_admin_refuses_an_end_before_the_beginning(admin_client):
    data = norm_data(valid_from="05/02/2026", valid_to="04/02/2026")
    html = admin_client.post(reverse("admin:funding_norm_add"), data).content.decode()
    assert "trước ngày áp dụng" in html
    assert not Norm.objects.filter(name="Máy thử").exists()


def test_a_row_can_be_ended_and_followed(admin_client):
    row = make_norm()
    change = reverse("admin:funding_norm_change", args=[row.pk])
    ended = norm_data(valid_from="01/01/2020", valid_to="04/02/2026", legal_basis="Nghị quyết thử")
    assert admin_client.post(change, ended).status_code == 302
    added = admin_client.post(reverse("admin:funding_norm_add"), norm_data(valid_from="05/02/2026"))
    assert added.status_code == 302


def test_provinces_only_are_offered(admin_client):
    form = admin_client.get(reverse("admin:funding_norm_add")).context["adminform"].form
    assert {one.level for one in form.fields["province"].queryset} == {"province"}


def test_a_sheet_with_days_that_overlap_is_refused(admin_client):
    make_norm()
    row = [10, "Máy thử", "local", "50", "1000", "05/02/2026", "Văn bản khác", "confirmed"]
    previewed = preview(admin_client, Norm, book_of(NORM_COLUMNS, row))
    assert "Trùng thời gian" in previewed.content.decode()
    assert Norm.objects.filter(name="Máy thử").count() == 1


def test_a_sheet_brings_multiplier_and_province(admin_client):
    columns = [*NORM_COLUMNS, "Hệ số nhân mức tối đa", "Tỉnh ban hành (mã)"]
    row = [10, "Máy thử", "local", "50", "1000", "05/02/2026", "Văn bản", "confirmed", "1,5", "96"]
    confirm(admin_client, Norm, preview(admin_client, Norm, book_of(columns, row)))
    norm = Norm.objects.get(name="Máy thử")
    assert (str(norm.multiplier), norm.province) == ("1.50", unit("96"))


def test_advance_limits_keep_to_the_same(admin_client):
    AdvanceLimit.objects.create(
        applies_to="Máy thử", first_advance_percent=70, valid_from=D(2020, 1, 1), legal_basis="Văn bản cũ"
    )
    data = {
        "applies_to": "Máy thử",
        "first_advance_percent": "60",
        "valid_from": "05/02/2026",
        "legal_basis": "Văn bản mới",
        "certainty": "confirmed",
    }
    response = admin_client.post(reverse("admin:funding_advancelimit_add"), data)
    assert "Trùng thời gian" in response.content.decode()
    assert AdvanceLimit.objects.filter(applies_to="Máy thử").count() == 1
