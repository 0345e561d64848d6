"""Đợt đăng ký: opening and changing a round, and marking who came late."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.registers import fingerprint
from programs.actions.registration_round import EDITED_FIELDS, add_round, edit_round
from programs.models import Programme, RegistrationRound, Step
from programs.workflow import Action, Status, Track
from tests.at_once import at_once, won_and_refused
from tests.factories import make_project

pytestmark = pytest.mark.django_db
LIST = reverse("programs:registration-round-list")
NEW = reverse("programs:registration-round-create")
FORM = {
    "year": "2027",
    "track": "local",
    "programme": "",
    "opens_on": "01/03/2026",
    "closes_on": "15/05/2026",
    "decision_number": "12/TB-SCT",
    "note": "",
}


def values(**changes):
    first, last = datetime.date(2026, 3, 1), datetime.date(2026, 5, 15)
    basis = {"year": 2027, "track": "local", "programme": None, "opens_on": first, "closes_on": last}
    return {**basis, "decision_number": "12/TB-SCT", "note": "", **changes}


@pytest.fixture
def opened(department_officer):
    return add_round(values=values(), by=department_officer)


def test_the_department_opens_a_round(client, department_officer):
    client.force_login(department_officer)
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, FORM).status_code == 302
    opened = RegistrationRound.objects.get()
    assert (opened.year, opened.track, opened.closes_on) == (2027, "local", datetime.date(2026, 5, 15))
    event = AuditEvent.objects.get(action="registration_round_add")
    assert event.changes["Đến hết ngày"] == [None, "2026-05-15"]
    assert event.document_number == "12/TB-SCT"
    page = client.get(LIST).content.decode()
    assert "12/TB-SCT" in page
    assert "Mở đợt đăng ký" in page


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_open_one_round_between_them(department_officer):
    def open_it():
        add_round(values=values(), by=department_officer)

    assert "đã có đợt đăng ký" in won_and_refused(at_once(open_it, open_it))
    assert RegistrationRound.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_on": "28/02/2026"}, "closes_on"),
        ({"closes_on": ""}, "closes_on"),
        ({"opens_on": "31/02/2026"}, "opens_on"),
        ({"year": "2099"}, "year"),
        ({"track": "x"}, "track"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, department_officer, changes, field):
    client.force_login(department_officer)
    response = client.post(NEW, FORM | changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not RegistrationRound.objects.exists()


def test_a_year_and_track_have_one_round_and_a_programme_of_its_own_track(client, department_officer, opened):
    client.force_login(department_officer)
    assert "track" in client.post(NEW, FORM).context["form"].errors
    national = Programme.objects.filter(track=Track.NATIONAL.value).first()
    wrong = client.post(NEW, FORM | {"year": "2028", "programme": national.pk})
    assert "programme" in wrong.context["form"].errors


def test_a_round_is_extended_and_the_change_is_recorded(client, department_officer, opened):
    client.force_login(department_officer)
    address = reverse("programs:registration-round-edit", args=[opened.pk])
    assert "15/05/2026" in client.get(address).content.decode()
    version = fingerprint(opened, EDITED_FIELDS)
    assert client.post(address, FORM | {"closes_on": "30/06/2026", "version": version}).status_code == 302
    changes = AuditEvent.objects.get(action="registration_round_edit").changes
    assert changes == {"Đến hết ngày": ["2026-05-15", "2026-06-30"]}
    stale = client.post(address, FORM | {"closes_on": "01/07/2026", "version": version})
    assert stale.status_code == 409
    with pytest.raises(Overtaken):
        edit_round(round_id=opened.pk, values=values(), by=department_officer, version=version)


def test_others_look_and_do_not_write(client, local_officer, department_officer, opened):
    client.force_login(local_officer)
    page = client.get(LIST).content.decode()
    assert "15/05/2026" in page
    assert NEW not in page
    assert client.get(NEW).status_code == 403
    with pytest.raises(NotAllowed):
        add_round(values=values(year=2028), by=local_officer)
    with pytest.raises(NotAllowed):
        edit_round(round_id=opened.pk, values=values(), by=local_officer, version="")
    with pytest.raises(Refused, match="đã có đợt"):
        add_round(values=values(), by=department_officer)


def test_rounds_are_filtered_by_how_they_stand(client, department_officer):
    today = timezone.localdate()
    for year, first, last in ((2024, -9, -1), (2025, 0, 0), (2026, 1, 9)):
        days = [today + datetime.timedelta(days=shift) for shift in (first, last)]
        add_round(values=values(year=year, opens_on=days[0], closes_on=days[1]), by=department_officer)
    client.force_login(department_officer)
    for state, year, label in (
        ("da-dong", 2024, "Đã đóng"),
        ("dang-mo", 2025, "Đang mở"),
        ("chua-mo", 2026, "Chưa mở"),
    ):
        response = client.get(LIST, {"tinh_trang": state})
        assert [one.year for one in response.context["listing"].page_obj] == [year]
        assert response.content.decode().count(f">{label}</span>") == 1


def test_who_came_after_the_round_had_closed_is_marked_and_found(client, local_officer, opened):
    late, in_time = (make_project(created_by=local_officer, year=2027, status=Status.SUBMITTED.value) for _ in range(2))
    for project, day in ((late, 16), (in_time, 15)):
        moment = timezone.make_aware(datetime.datetime(2026, 5, day, 8))
        Step.objects.create(
            project=project,
            action=Action.SUBMIT.value,
            from_status="draft",
            to_status="submitted",
            by=local_officer,
            at=moment,
        )
    client.force_login(local_officer)
    for project, marked in ((late, True), (in_time, False)):
        page = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
        assert ("Nộp sau hạn" in page) is marked
    found = client.get(reverse("programs:project-list"), {"nop": "sau-han"})
    assert list(found.context["listing"].page_obj) == [late]
