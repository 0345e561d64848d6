"""Programmes: to read, with targets and legal basis."""

import pytest
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from programs.models import LegalDocument, Programme, ProgrammeTarget
from tests.factories import make_project, unit

LIST = reverse("programs:programme-list")


@pytest.fixture
def programme(reference):
    basis = LegalDocument.objects.get(number="2646/QĐ-BCT")
    programme = Programme.objects.create(
        code="KC-THU", name="Chương trình thử", track="local", start_year=2026, end_year=2030, legal_basis=basis
    )
    ProgrammeTarget.objects.create(programme=programme, name="Lao động được đào tạo", unit="người", value=12500)
    return programme


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_and_nobody_writes(client, cast, programme, role):
    client.force_login(cast[role])
    address = reverse("programs:programme-detail", args=[programme.pk])
    assert client.get(LIST).status_code == 200
    page = client.get(address)
    assert page.status_code == 200
    assert client.post(address).status_code == 405
    change = reverse("admin:programs_programme_change", args=[programme.pk])
    assert (change in page.content.decode()) is (role == Role.SYSTEM_ADMIN)


def test_detail_shows_targets_and_the_legal_basis(client, auditor, programme):
    client.force_login(auditor)
    page = client.get(reverse("programs:programme-detail", args=[programme.pk])).content.decode()
    assert "12.500" in page
    assert "2646/QĐ-BCT" in page
    assert "23/09/2025" in page


def test_detail_counts_the_visible_projects(client, local_officer, department_officer, programme):
    make_project(created_by=local_officer, programme=programme)
    make_project(created_by=department_officer, programme=programme, place=unit("31972"))
    address = reverse("programs:programme-detail", args=[programme.pk])
    for user, count in ((local_officer, 1), (department_officer, 2)):
        client.force_login(user)
        assert client.get(address).context["project_count"] == count


def test_search_ignores_accents(client, auditor, programme):
    client.force_login(auditor)
    rows = client.get(LIST, {"q": "chuong trinh thu"}).context["listing"].page_obj.object_list
    assert list(rows) == [programme]


@pytest.mark.parametrize("size", [20, 200])
def test_queries_do_not_grow_with_the_rows(client, auditor, django_assert_num_queries, size):
    Programme.objects.bulk_create(
        Programme(code=f"C{n}", name=f"Chương trình {n}", track="local", start_year=2026, end_year=2030)
        for n in range(size)
    )
    client.force_login(auditor)
    with django_assert_num_queries(4):
        client.get(LIST)
