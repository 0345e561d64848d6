"""The beneficiaries of a project: search, add, remove."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.models import FundingLine, Source
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Refused
from programs.actions.participant import add_participants, remove_participant
from programs.models import Project, ProjectBeneficiary, ProjectKind
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer)


def tab(project):
    return reverse("programs:project-beneficiaries", args=[project.pk])


def adding(project):
    return reverse("programs:project-beneficiary-add", args=[project.pk])


def removing(project, participant):
    return reverse("programs:project-beneficiary-remove", args=[project.pk, participant.pk])


def found(response):
    return [beneficiary.name for beneficiary in response.context["listing"].page_obj]


def test_the_search_folds_accents_and_stays_within_the_area(client, local_officer, project):
    make_beneficiary(name="Cơ sở Bánh tráng Ngan Dừa")
    make_beneficiary(name="Bánh tráng nơi khác", place=unit("31972"))
    make_beneficiary(name="Lò rèn")
    client.force_login(local_officer)
    assert found(client.get(adding(project), {"q": "banh trang"})) == ["Cơ sở Bánh tráng Ngan Dừa"]
    assert found(client.get(adding(project))) == ["Lò rèn", "Cơ sở Bánh tráng Ngan Dừa"]


def test_establishments_already_named_are_not_offered(client, local_officer, project):
    participant = add_participant(project, make_beneficiary(name="Đã có"))
    client.force_login(local_officer)
    assert participant.beneficiary.name not in found(client.get(adding(project)))


def test_several_are_added_at_once_with_one_event(client, local_officer, project):
    first, second = make_beneficiary(name="Cơ sở A"), make_beneficiary(name="Cơ sở B")
    client.force_login(local_officer)
    response = client.post(adding(project), {"beneficiaries": [first.pk, second.pk], "content": "máy sấy"})
    assert (response.status_code, response.url) == (302, tab(project))
    assert set(project.participants.values_list("beneficiary__name", "content")) == {
        ("Cơ sở A", "máy sấy"),
        ("Cơ sở B", "máy sấy"),
    }
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.changes == {"Cơ sở A": [None, "máy sấy"], "Cơ sở B": [None, "máy sấy"]}
    project.refresh_from_db()
    assert project.version == 2


def test_a_second_press_adds_nothing_and_says_so(client, local_officer, project):
    beneficiary = make_beneficiary(name="Cơ sở A")
    client.force_login(local_officer)
    client.post(adding(project), {"beneficiaries": [beneficiary.pk]})
    response = client.post(adding(project), {"beneficiaries": [beneficiary.pk]})
    assert response.status_code == 422
    assert "Đã có trong đề án: Cơ sở A" in response.content.decode()
    assert project.participants.count() == 1


def test_nothing_ticked_keeps_the_search_and_the_text(client, local_officer, project):
    make_beneficiary(name="Bánh pía")
    client.force_login(local_officer)
    response = client.post(f"{adding(project)}?q=banh", {"content": "khuôn bánh"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Chưa chọn cơ sở nào" in page
    assert "khuôn bánh" in page
    assert found(response) == ["Bánh pía"]


def test_ticks_are_kept_when_something_else_is_wrong(client, local_officer, project):
    beneficiary = make_beneficiary()
    client.force_login(local_officer)
    response = client.post(adding(project), {"beneficiaries": [beneficiary.pk], "content": "x" * 301})
    assert response.status_code == 422
    box = re.search(rf'<input[^>]*id="beneficiary-{beneficiary.pk}"[^>]*>', response.content.decode())
    assert "checked" in box.group()


@pytest.mark.parametrize("sent", ["999999", "abc", "1' or 1"])
def test_forged_ids_are_refused(client, local_officer, project, sent):
    client.force_login(local_officer)
    assert client.post(adding(project), {"beneficiaries": [sent]}).status_code == 422
    assert not project.participants.exists()


def test_an_establishment_outside_the_area_cannot_be_sent(client, local_officer, project):
    far = make_beneficiary(place=unit("31972"))
    client.force_login(local_officer)
    assert client.post(adding(project), {"beneficiaries": [far.pk]}).status_code == 422
    with pytest.raises(NotAllowed):
        add_participants(project_id=project.pk, beneficiary_ids=[far.pk], content="", by=local_officer)
    assert not project.participants.exists()


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        (ProjectKind.GROUP, Status.APPROVED, 302),
        (ProjectKind.GROUP, Status.RETURNED, 302),
        (ProjectKind.GROUP, Status.SUBMITTED, 422),
        (ProjectKind.GROUP, Status.CONTRACTED, 422),
        (ProjectKind.SPECIFIC, Status.APPROVED, 422),
        (ProjectKind.SPECIFIC, Status.SETTLED, 422),
    ],
)
def test_when_beneficiaries_may_be_named(client, local_officer, kind, status, expected):
    project = make_project(created_by=local_officer, kind=kind, status=status.value)
    client.force_login(local_officer)
    response = client.post(adding(project), {"beneficiaries": [make_beneficiary().pk]})
    assert response.status_code == expected
    assert project.participants.count() == (1 if expected == 302 else 0)
    if expected == 422:
        assert "không đổi danh sách cơ sở được" in response.content.decode()
        assert client.get(adding(project)).status_code == 422


def test_an_establishment_is_taken_out_with_an_event(client, local_officer, project):
    participant = add_participant(project, make_beneficiary(name="Cơ sở A"))
    client.force_login(local_officer)
    assert client.get(removing(project, participant)).status_code == 405
    assert client.post(removing(project, participant)).url == tab(project)
    assert not project.participants.exists()
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.changes == {"Cơ sở A": ["Tham gia đề án", None]}
    response = client.post(removing(project, participant), follow=True)
    assert "không còn trong đề án" in response.content.decode()


def test_an_establishment_with_money_stays(client, local_officer, project):
    participant = add_participant(project, make_beneficiary(name="Cơ sở A"))
    source = Source.objects.first()
    FundingLine.objects.create(project=project, participant=participant, source=source, requested_vnd=1_000_000)
    client.force_login(local_officer)
    response = client.post(removing(project, participant), follow=True)
    assert "Chưa bỏ được Cơ sở A: đã ghi kinh phí" in response.content.decode()
    assert project.participants.count() == 1
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_a_participant_of_another_project_is_not_removed_through_this_one(client, local_officer, project):
    other = add_participant(make_project(created_by=local_officer))
    client.force_login(local_officer)
    client.post(removing(project, other))
    assert ProjectBeneficiary.objects.filter(pk=other.pk).exists()


def test_after_submitting_nothing_is_taken_out(local_officer, project):
    participant = add_participant(project)
    Project.objects.filter(pk=project.pk).update(status=Status.SUBMITTED.value)
    with pytest.raises(Refused):
        remove_participant(project_id=project.pk, participant_id=participant.pk, by=local_officer)


def test_readers_see_the_list_without_buttons(client, auditor, project):
    participant = add_participant(project)
    client.force_login(auditor)
    page = client.get(tab(project)).content.decode()
    assert participant.beneficiary.name in page
    assert adding(project) not in page
    assert client.get(adding(project)).status_code == 403
    assert client.post(removing(project, participant)).status_code == 403


def test_a_stranger_finds_nothing(client, stranger, project):
    participant = add_participant(project)
    client.force_login(stranger)
    assert client.get(tab(project)).status_code == 404
    assert client.post(adding(project), {"beneficiaries": [participant.beneficiary_id]}).status_code == 404
    assert client.post(removing(project, participant)).status_code == 404
    assert project.participants.count() == 1


@pytest.mark.parametrize("address", [tab, adding])
def test_the_number_of_queries_does_not_grow(client, local_officer, project, address):
    client.force_login(local_officer)
    counts = []
    for more in (20, 180):
        for _ in range(more):
            add_participant(project)
            make_beneficiary()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(project)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 28


def test_a_new_establishment_leads_back_here(client, local_officer, project):
    client.force_login(local_officer)
    page = client.get(adding(project)).content.decode()
    back = adding(project).replace("/", "%2F")
    assert f"{reverse('programs:beneficiary-create')}?next={back}" in page


@pytest.mark.parametrize(
    ("values", "doubt"),
    [
        ({"tax_code": "1900000001", "kind": "enterprise"}, "sai chữ số kiểm tra"),
        ({"tax_code": "12345", "kind": "household"}, "có 5 chữ số"),
        ({"tax_code": "", "kind": "cooperative"}, "Chưa có mã số thuế"),
        ({"tax_code": "", "kind": "household"}, ""),
        ({"tax_code": "096184000001", "kind": "household"}, ""),
    ],
)
def test_a_doubtful_tax_code_is_said_when_the_establishment_is_chosen(client, local_officer, project, values, doubt):
    beneficiary = make_beneficiary(name="Cơ sở A", **values)
    client.force_login(local_officer)
    assert ("Cần đối chiếu" in client.get(adding(project)).content.decode()) is bool(doubt)
    response = client.post(adding(project), {"beneficiaries": [beneficiary.pk]}, follow=True)
    page = response.content.decode()
    assert ("Cần đối chiếu" in page) is bool(doubt)
    assert ("Hãy mở trang cơ sở để sửa" in page) is bool(doubt)
    assert doubt in beneficiary.tax_doubt
    assert project.participants.count() == 1  # a doubt is a warning, not a refusal


def test_a_new_establishment_with_a_wrong_tax_code_is_warned_of_on_the_way_back(client, local_officer, project):
    client.force_login(local_officer)
    values = {"name": "Lò rèn", "kind": "household", "tax_code": "12345", "place": unit("31843").pk}
    address = reverse("programs:beneficiary-create")
    response = client.post(address, values | {"next": adding(project)}, follow=True)
    assert response.redirect_chain == [(adding(project), 302)]
    assert "có 5 chữ số" in response.content.decode()
