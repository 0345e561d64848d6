"""Machines of a project's establishments: listed while it is edited, numbered until it is accepted."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.equipment import add_equipment, edit_equipment, remove_equipment
from programs.actions.participant import remove_participant
from programs.equipment_policies import check_can_edit_equipment, check_can_list_equipment, check_can_number_equipment
from programs.models import Equipment, ProjectKind
from programs.workflow import EDITABLE, Status
from tests.factories import add_participant, make_project

pytestmark = pytest.mark.django_db
BOUGHT = datetime.date(2026, 3, 5)


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


@pytest.fixture
def participant(project):
    return add_participant(project)


def machine(participant, **values):
    return Equipment.objects.create(participant=participant, **{"name": "Máy sấy", **values})


def adding(project):
    return reverse("programs:equipment-add", args=[project.pk])


def editing(project, one):
    return reverse("programs:equipment-edit", args=[project.pk, one.pk])


def removing(project, one):
    return reverse("programs:equipment-remove", args=[project.pk, one.pk])


def tab(project):
    return reverse("programs:project-beneficiaries", args=[project.pk])


def typed(project, participant, **changes):
    return {
        "version": project.version,
        "participant": participant.pk,
        "name": "Máy sấy 2 tấn",
        "serial_number": "SN-001",
        "invoice_number": "000123",
        "invoice_date": "05/03/2026",
    } | changes


def values(participant, **changes):
    return {
        "participant": participant,
        "name": "Máy sấy",
        "serial_number": "",
        "invoice_number": "",
        "invoice_date": None,
    } | changes


def test_keys_follow_the_numbers(participant):
    one = machine(participant, serial_number="Số: sn-001/Đ", invoice_number="00 123")
    assert (one.serial_key, one.invoice_key) == ("SOSN001D", "00123")
    one.serial_number = "x-2"
    one.save(update_fields=["serial_number"])
    one.refresh_from_db()
    assert one.serial_key == "X2"


def test_a_machine_is_listed_with_one_event(client, local_officer, project, participant):
    client.force_login(local_officer)
    assert adding(project) in client.get(tab(project)).content.decode()
    assert client.get(adding(project)).context["form"]["participant"].value() == participant.pk  # the only one
    response = client.post(adding(project), typed(project, participant))
    assert response.status_code == 302
    one = Equipment.objects.get()
    assert (one.serial_key, one.invoice_key, one.invoice_date) == ("SN001", "000123", BOUGHT)
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.action == "equipment_add"
    assert event.changes["Số máy (serial)"] == [None, "SN-001"]
    project.refresh_from_db()
    assert project.version == 2
    page = client.get(tab(project)).content.decode()
    assert "SN-001" in page
    assert editing(project, one) in page
    assert removing(project, one) in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"participant": ""}, "participant"),
        ({"participant": "987654"}, "participant"),
        ({"invoice_date": "31/02/2026"}, "invoice_date"),
        ({"serial_number": "x" * 101}, "serial_number"),
    ],
)
def test_what_is_wrong_is_asked_back(client, local_officer, project, participant, changes, field):
    client.force_login(local_officer)
    response = client.post(adding(project), typed(project, participant) | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "000123" in response.content.decode()
    assert not Equipment.objects.exists()


def test_a_number_stands_once_in_a_project(client, local_officer, project, participant):
    machine(add_participant(project), name="Máy ép", serial_number="sn 001")
    client.force_login(local_officer)
    response = client.post(adding(project), typed(project, participant))
    assert response.status_code == 422
    assert "Số máy này đã ghi cho “Máy ép”" in str(response.context["form"].errors["serial_number"])
    none = client.post(adding(project), typed(project, participant, serial_number="Chưa có"))
    assert none.status_code == 302


def test_a_machine_is_changed_and_taken_off(client, local_officer, project, participant):
    one = machine(participant, serial_number="A1")
    client.force_login(local_officer)
    changed = typed(project, participant, serial_number="B2")
    assert client.post(editing(project, one), changed).status_code == 302
    again = client.post(editing(project, one), changed)
    assert again.status_code == 409
    one.refresh_from_db()
    assert (one.name, one.serial_key) == ("Máy sấy 2 tấn", "B2")
    assert client.post(removing(project, one)).status_code == 302
    assert not Equipment.objects.exists()
    events = AuditEvent.objects.about(f"project:{project.pk}").order_by("pk")
    assert [event.action for event in events] == ["equipment_edit", "equipment_remove"]
    assert events[0].changes["Số máy (serial)"] == ["A1", "B2"]


@pytest.mark.parametrize("status", [Status.CONTRACTED, Status.IN_PROGRESS])
def test_after_the_contract_only_numbers_are_filled_in(client, centre_officer, local_officer, status):
    project = make_project(created_by=local_officer, status=status.value)
    one = machine(add_participant(project))
    for person in (centre_officer, local_officer):
        client.force_login(person)
        assert adding(project) not in client.get(tab(project)).content.decode()
        page = client.get(editing(project, one))
        assert set(page.context["form"].fields) == {"version", "serial_number", "invoice_number", "invoice_date"}
    forged = typed(project, one.participant, name="Máy khác")
    assert client.post(editing(project, one), forged).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.serial_number) == ("Máy sấy", "SN-001")
    project.refresh_from_db()
    assert client.post(adding(project), typed(project, one.participant)).status_code == 422
    client.post(removing(project, one))
    assert Equipment.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("status", list(Status))
def test_the_states(local_officer, centre_officer, auditor, status):
    project = make_project(created_by=local_officer, status=status.value)
    group = make_project(created_by=local_officer, status=status.value, kind=ProjectKind.GROUP)
    numbered = status in (Status.CONTRACTED, Status.IN_PROGRESS)
    for check, object_, expected in (
        (check_can_list_equipment, project, status in EDITABLE),
        (check_can_list_equipment, group, status in EDITABLE or status is Status.APPROVED),
        (check_can_number_equipment, project, numbered),
        (check_can_edit_equipment, project, numbered or status in EDITABLE),
    ):
        if expected:
            check(local_officer, object_)
            check(centre_officer, object_)
        else:
            with pytest.raises(Refused):
                check(local_officer, object_)
        with pytest.raises(NotAllowed):
            check(auditor, object_)


def test_rights_and_areas(client, other_local_officer, stranger, leader, auditor, accountant, project, participant):
    one = machine(participant)
    addresses = [adding(project), editing(project, one)]
    for person, expected in (
        (other_local_officer, 404),
        (stranger, 404),
        (leader, 403),
        (auditor, 403),
        (accountant, 403),
    ):
        client.force_login(person)
        form = typed(project, participant)
        assert {client.get(address).status_code for address in addresses} == {expected}
        assert {client.post(address, form).status_code for address in (*addresses, removing(project, one))} == {
            expected
        }
    one.refresh_from_db()
    assert one.name == "Máy sấy"
    assert Equipment.objects.count() == 1


def test_a_machine_of_another_project_is_not_reached(client, local_officer, project, participant):
    other = machine(add_participant(make_project(created_by=local_officer)))
    client.force_login(local_officer)
    assert client.get(editing(project, other)).status_code == 404
    assert client.post(editing(project, other), typed(project, participant)).status_code == 404
    assert client.post(removing(project, other)).status_code == 302
    assert Equipment.objects.filter(pk=other.pk).exists()
    with pytest.raises(Refused):
        edit_equipment(
            project_id=project.pk, equipment_id=other.pk, values=values(participant), by=local_officer, version=1
        )
    with pytest.raises(Refused):
        add_equipment(project_id=project.pk, values=values(other.participant), by=local_officer, version=1)


def test_the_actions_ask_for_themselves(local_officer, centre_officer, stranger, project, participant):
    one = machine(participant)
    with pytest.raises(Overtaken):
        add_equipment(project_id=project.pk, values=values(participant), by=local_officer, version=9)
    with pytest.raises(NotAllowed):
        add_equipment(project_id=project.pk, values=values(participant), by=stranger, version=1)
    with pytest.raises(NotAllowed):
        remove_equipment(project_id=project.pk, equipment_id=one.pk, by=stranger)
    with pytest.raises(Refused):
        add_equipment(project_id=project.pk, values=values(participant, name=""), by=local_officer, version=1)
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_an_establishment_with_machines_stays(local_officer, project, participant):
    machine(participant)
    with pytest.raises(Refused, match="Hãy bỏ máy móc, thiết bị trước"):
        remove_participant(project_id=project.pk, participant_id=participant.pk, by=local_officer)
    assert project.participants.exists()


def test_the_number_of_queries_does_not_grow(client, local_officer, project):
    client.force_login(local_officer)
    counts = []
    for more in (20, 180):
        for number in range(more):
            machine(add_participant(project), serial_number=f"{more}-{number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(tab(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
