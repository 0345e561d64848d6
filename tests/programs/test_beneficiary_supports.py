"""All supports that an establishment ever received, as each person may see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.queries.supports import supports_of
from programs.workflow import Status, Track
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.funding.makers import MILLION, add_line

pytestmark = pytest.mark.django_db


def page(owner):
    return reverse("programs:beneficiary-detail", args=[owner.pk])


def joined(by, owner, **values):
    return add_participant(make_project(created_by=by, **{"status": Status.SETTLED.value, **values}), owner)


def test_over_years_and_tracks_with_what_was_approved(client, local_officer):
    owner = make_beneficiary()
    old = joined(local_officer, owner, year=2012, name="Máy cũ")
    new = joined(local_officer, owner, year=2025, name="Máy mới", track=Track.NATIONAL.value)
    joined(local_officer, owner, year=2026, status=Status.DRAFT.value, name="Đang soạn")
    add_line(old.project, "KCDP", 90 * MILLION, 80 * MILLION, old)
    add_line(old.project, "DOIUNG", 90 * MILLION, 90 * MILLION, old)  # not the state's
    add_line(new.project, "KCQG", 200 * MILLION, 150 * MILLION)  # for the whole project, of which it is the only part
    client.force_login(local_officer)
    shown = client.get(page(owner)).content.decode()
    rows = [(row.project.name, row.approved_vnd) for row in supports_of(owner, local_officer)]
    assert rows == [("Đang soạn", None), ("Máy mới", 150 * MILLION), ("Máy cũ", 80 * MILLION)]
    assert "80.000.000" in shown
    assert "150.000.000" in shown
    assert "Khuyến công quốc gia" in shown
    assert "không thấy hỗ trợ từ các chương trình khác" in shown


def test_what_is_approved_for_many_is_nobody_s_alone(local_officer):
    part = joined(local_officer, make_beneficiary())
    add_participant(part.project)
    add_line(part.project, "KCDP", 90 * MILLION, 80 * MILLION)
    assert [row.approved_vnd for row in supports_of(part.beneficiary, local_officer)] == [None]


def test_elsewhere_only_code_year_place_and_status(client, local_officer, department_officer):
    owner = make_beneficiary()
    there = joined(department_officer, owner, year=2013, place=unit("31972"), name="Giấu tên")
    joined(department_officer, owner, place=unit("31972"), code="XX-1", status=Status.DRAFT.value)
    add_line(there.project, "KCDP", 90 * MILLION, 80 * MILLION, there)
    client.force_login(local_officer)
    shown = client.get(page(owner)).content.decode()
    assert there.project.code in shown
    assert "Giấu tên" not in shown
    assert "80.000.000" not in shown
    assert "XX-1" not in shown  # a draft of others is nobody's support
    client.force_login(department_officer)
    assert "Giấu tên" in client.get(page(owner)).content.decode()


def test_the_number_of_queries_does_not_grow(client, local_officer):
    owner, counts = make_beneficiary(), []
    client.force_login(local_officer)
    for more in (20, 100):
        for _ in range(more):
            part = joined(local_officer, owner)
            add_line(part.project, "KCDP", MILLION, MILLION, part)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(owner)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
