"""The page of audit events: who sees it, what it may be narrowed by, what it shows."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import record
from tests.factories import make_beneficiary, unit

LIST = reverse("audit:event-list")
READERS = {Role.SYSTEM_ADMIN, Role.LEADER, Role.AUDITOR}


@pytest.fixture
def beneficiary(reference):
    return make_beneficiary(name="Cơ sở Ba Khía")


def note(beneficiary, **values):
    defaults = {"by": None, "action": "try", "action_label": "Sửa cơ sở", "place_id": beneficiary.place_id}
    return record(obj=beneficiary, **{**defaults, **values})


def labels(response):
    return [row["event"].action_label for row in response.context["rows"]]


@pytest.mark.parametrize("role", list(Role))
def test_roles(client, cast, role):
    client.force_login(cast[role])
    assert client.get(LIST).status_code == (200 if role in READERS else 403)
    assert client.post(LIST).status_code == (405 if role in READERS else 403)


def test_shows_before_and_after(client, auditor, beneficiary):
    changes = {
        "Doanh thu (đồng)": (1_000_000, 2_768_900_000),
        "Ngày": (None, datetime.date(2026, 2, 5)),
        "Điện thoại": ("", "***678"),
    }
    note(beneficiary, by=auditor, changes=changes, reason="Sửa theo biên bản", document_number="5/BB")
    client.force_login(auditor)
    page = client.get(LIST).content.decode()
    for text in ("1.000.000", "2.768.900.000", "05/02/2026", "***678", "Sửa theo biên bản", "5/BB", str(auditor)):
        assert text in page
    assert reverse("programs:beneficiary-detail", args=[beneficiary.pk]) in page


def test_events_of_other_areas_are_not_shown(client, auditor, stranger, beneficiary):
    note(beneficiary)
    note(beneficiary, action_label="Việc ở tỉnh khác", place_id=stranger.area_id)
    client.force_login(auditor)
    assert labels(client.get(LIST)) == ["Sửa cơ sở"]


def test_newest_first(client, auditor, beneficiary):
    for number in (1, 2, 3):
        note(beneficiary, action_label=f"Việc {number}")
    client.force_login(auditor)
    assert labels(client.get(LIST)) == ["Việc 3", "Việc 2", "Việc 1"]


def at(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 30)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"tu": "02/03/2026"}, ["Ba", "Hai"]),
        ({"den": "02/03/2026"}, ["Hai", "Một"]),
        ({"tu": "02/03/2026", "den": "02/03/2026"}, ["Hai"]),
        ({"viec": "Hai"}, ["Hai"]),
        ({"nguoi": "Hệ thống"}, ["Ba", "Hai", "Một"]),
        ({"nguoi": "Nguyễn"}, []),
        ({"ho_so": "Ba Khía"}, ["Ba", "Hai", "Một"]),
        ({"ho_so": "project:1"}, []),
    ],
)
def test_narrowed(client, auditor, beneficiary, asked, found):
    for day, label in ((1, "Một"), (2, "Hai"), (3, "Ba")):
        note(beneficiary, action_label=label, at=at(datetime.date(2026, 3, day)))
    client.force_login(auditor)
    assert labels(client.get(LIST, asked)) == found


def test_one_file_by_its_name(client, auditor, beneficiary):
    note(beneficiary)
    note(make_beneficiary(), action_label="Khác")
    client.force_login(auditor)
    assert labels(client.get(LIST, {"ho_so": f"beneficiary:{beneficiary.pk}"})) == ["Sửa cơ sở"]


def test_a_date_that_cannot_be_read_is_said_and_not_guessed(client, auditor, beneficiary):
    note(beneficiary)
    client.force_login(auditor)
    response = client.get(LIST, {"tu": "31/02/2026"})
    assert "không có trong lịch" in response.content.decode()


def test_pages_keep_the_conditions(client, auditor, beneficiary):
    for _ in range(60):
        note(beneficiary)
    client.force_login(auditor)
    page = client.get(LIST, {"viec": "Sửa"}).content.decode()
    assert "viec=S%E1%BB%ADa&amp;page=2" in page
    assert len(labels(client.get(LIST, {"viec": "Sửa", "page": 2}))) == 10


def test_htmx_gets_the_fragment(client, auditor):
    client.force_login(auditor)
    assert b"<html" not in client.get(LIST, headers={"HX-Request": "true"}).content


@pytest.mark.parametrize("size", [20, 200])
def test_queries_do_not_grow_with_the_rows(client, auditor, beneficiary, django_assert_num_queries, size):
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=timezone.now(),
            action_label=f"Việc {number}",
            object_id=number,
            subject=f"project:{number}",
            place_id=unit("31843").pk,
            hash=str(number),
        )
        for number in range(size)
    )
    client.force_login(auditor)
    with django_assert_num_queries(4):
        client.get(LIST)
