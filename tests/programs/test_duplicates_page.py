"""Signs of a second support on the pages, their written reasons, and the moves that wait for these."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.actions.approval import approve
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.council_close import close_session
from programs.actions.duplicate import give_duplicate_reason
from programs.actions.project import Paper, move
from programs.equipment_policies import check_can_explain_duplicate
from programs.models import DuplicateReason, DuplicateSign, Equipment, Project, SupportItem
from programs.workflow import APPRAISED_IN, Action, Status
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.funding.makers import MILLION, PAPER, add_line, give_budget
from tests.programs.council import MINUTED, judged_session

pytestmark = pytest.mark.django_db
BULK = "/de-an/hang-loat/"
REASON = "Lần trước hỗ trợ máy nghiền, lần này máy sấy"


@pytest.fixture
def owner():
    return make_beneficiary(name="Cơ sở bánh tráng Thuận Phát")


@pytest.fixture
def earlier(local_officer, owner):
    """Settled last year, for the same establishment and content."""
    project = make_project(created_by=local_officer, status=Status.SETTLED.value, year=2025, name="Máy nghiền bột")
    add_participant(project, owner)
    return project


@pytest.fixture
def project(local_officer, owner, earlier):
    made = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
    add_participant(made, owner)
    return made


def explaining(project):
    return reverse("programs:project-duplicates", args=[project.pk])


def tab(project):
    return reverse("programs:project-beneficiaries", args=[project.pk])


def key(other, kind="same_support"):
    return (kind, other.pk)


def typed(project, other, **changes):
    return {"version": project.version, "signs": [f"same_support-{other.pk}"], "reason": REASON} | changes


def explain(project, other, by):
    project.refresh_from_db()
    return give_duplicate_reason(
        project_id=project.pk, keys=[key(other)], reason=REASON, by=by, version=project.version
    )


def test_the_tab_names_the_earlier_project_and_what_cannot_be_seen(client, local_officer, auditor, project, earlier):
    client.force_login(local_officer)
    page = client.get(tab(project)).content.decode()
    assert "Kiểm tra trùng hỗ trợ" in page
    assert "1 dấu hiệu cần giải trình" in page
    assert f"{earlier.code}</a> – Máy nghiền bột" in page
    assert explaining(project) in page
    assert "không thấy hỗ trợ từ các chương trình khác của Nhà nước" in page
    assert "cam kết của cơ sở" in page
    client.force_login(auditor)
    page = client.get(tab(project)).content.decode()
    assert "Máy nghiền bột" in page
    assert explaining(project) not in page


def test_an_invisible_project_is_shown_by_code_year_place_and_status_only(client, local_officer, owner, project):
    Equipment.objects.create(participant=project.participants.get(), name="Máy", serial_number="SN-1")
    secret = make_beneficiary(name="Cơ sở giấu tên", place=unit("31972"))
    other = make_project(
        created_by=local_officer, status="settled", year=2013, place=unit("31972"), name="Đề án giấu tên"
    )
    Equipment.objects.create(participant=add_participant(other, secret), name="Máy", serial_number="sn1")
    client.force_login(local_officer)
    page = client.get(tab(project)).content.decode()
    assert "Trùng số máy" in page
    assert other.code in page
    assert "Năm 2013" in page
    assert "Đã quyết toán" in page
    assert "giấu tên" not in page
    assert reverse("programs:project-detail", args=[other.pk]) not in page


def test_a_reason_is_kept_with_who_and_when(client, local_officer, department_officer, project, earlier):
    client.force_login(local_officer)
    assert f'value="same_support-{earlier.pk}"' in client.get(explaining(project)).content.decode()
    assert client.post(explaining(project), typed(project, earlier)).status_code == 302
    reason = DuplicateReason.objects.get()
    assert (reason.project, reason.other_project, reason.sign) == (project, earlier, DuplicateSign.SAME_SUPPORT)
    assert (reason.reason, reason.by) == (REASON, local_officer)
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert (event.action, event.reason) == ("give_duplicate_reason", REASON)
    assert event.changes == {f"Cùng cơ sở, cùng nội dung hỗ trợ: {earlier.code}": [None, REASON]}
    client.force_login(department_officer)
    page = client.get(tab(project)).content.decode()
    assert REASON in page
    assert local_officer.full_name in page
    assert "Mọi dấu hiệu đã có giải trình" in page
    again = client.post(explaining(project), typed(project, earlier))
    assert again.status_code == 409  # what was shown has changed since
    project.refresh_from_db()
    assert client.post(explaining(project), typed(project, earlier, reason="Thêm")).status_code == 302
    assert DuplicateReason.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"signs": []}, "signs"),
        ({"signs": ["same_support-987654"]}, "signs"),
        ({"signs": ["serial-1"]}, "signs"),
        ({"signs": ["la"]}, "signs"),
    ],
)
def test_wrong_forms_are_asked_back_with_what_was_typed(client, local_officer, project, earlier, changes, field):
    client.force_login(local_officer)
    response = client.post(explaining(project), typed(project, earlier, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert REASON in page or field == "reason"
    if field == "reason":
        assert f'value="same_support-{earlier.pk}"' in page
        assert " checked" in page
    assert not DuplicateReason.objects.exists()
    assert not AuditEvent.objects.about(f"project:{project.pk}").exists()


def test_the_action_asks_for_itself(local_officer, stranger, centre_officer, leader, owner, project, earlier):
    given = {"project_id": project.pk, "keys": [key(earlier)], "reason": REASON}
    for person in (stranger, leader):
        with pytest.raises(NotAllowed):
            give_duplicate_reason(**given, by=person, version=1)
    with pytest.raises(Overtaken):
        give_duplicate_reason(**given, by=local_officer, version=8)
    Equipment.objects.create(participant=project.participants.get(), name="Máy", serial_number="SN-1")
    Equipment.objects.create(participant=earlier.participants.get(), name="Máy", serial_number="SN-1")
    for changes in ({"reason": ""}, {"keys": []}, {"keys": [key(project)]}, {"keys": [key(earlier, "serial")]}):
        with pytest.raises(Refused):
            give_duplicate_reason(**{**given, **changes}, by=local_officer, version=1)
    assert not DuplicateReason.objects.exists()


@pytest.mark.parametrize("status", list(Status))
def test_reasons_are_given_until_the_approval(local_officer, department_officer, auditor, accountant, status):
    project = make_project(created_by=local_officer, status=status.value)
    for person in (local_officer, department_officer):
        if status in APPRAISED_IN | {Status.DRAFT}:
            check_can_explain_duplicate(person, project)
        else:
            with pytest.raises(Refused, match="trước phê duyệt"):
                check_can_explain_duplicate(person, project)
    for person in (auditor, accountant):
        with pytest.raises(NotAllowed):
            check_can_explain_duplicate(person, project)


def test_rights_areas_and_states(
    client, other_local_officer, stranger, leader, auditor, local_officer, earlier, project
):
    for person, expected in ((other_local_officer, 404), (stranger, 404), (leader, 403), (auditor, 403)):
        client.force_login(person)
        assert client.get(explaining(project)).status_code == expected
        assert client.post(explaining(project), typed(project, earlier)).status_code == expected
    Project.objects.filter(pk=project.pk).update(status=Status.APPROVED.value)
    client.force_login(local_officer)
    for response in (client.get(explaining(project)), client.post(explaining(project), typed(project, earlier))):
        assert response.status_code == 422
        assert "trước phê duyệt" in response.content.decode()
    assert not DuplicateReason.objects.exists()


def test_the_appraisal_waits_for_the_reason(client, department_officer, project, earlier):
    client.force_login(department_officer)
    address = reverse("programs:project-move", args=[project.pk, "appraise"])
    form = {"version": 1, "document_number": "3/BC", "document_date": "01/08/2025", "reason": ""}
    assert "chưa có giải trình" in client.get(address).content.decode()
    refused = client.post(address, form)
    assert refused.status_code == 422
    assert earlier.code in refused.content.decode()
    explain(project, earlier, department_officer)
    assert client.post(address, form | {"version": 2}).status_code == 302
    project.refresh_from_db()
    assert project.state is Status.APPRAISED


def test_the_appraisal_of_many_waits_too(client, department_officer, project, earlier):
    client.force_login(department_officer)
    sent = {"move": "appraise", "de_an": [f"{project.pk}-1"], "document_number": "3/BC", "document_date": "01/08/2025"}
    foreseen = client.post(BULK, sent)
    assert foreseen.context["bad"] == 1
    (outcome,) = client.post(BULK, sent | {"do": "1", "reason": ""}).context["outcomes"]
    assert "chưa có giải trình" in " ".join(outcome.problems)
    project.refresh_from_db()
    assert project.state is Status.CONFIRMED


def test_a_council_waits_too(department_officer, owner, earlier):
    session, (project,) = judged_session(department_officer, ["passed"])
    add_participant(project, owner)
    with pytest.raises(Refused, match="chưa có giải trình"):
        close_session(
            session_id=session.pk, minutes=Paper("1/BB", MINUTED), by=department_officer, version=session.version
        )
    explain(project, earlier, department_officer)
    close_session(session_id=session.pk, minutes=Paper("1/BB", MINUTED), by=department_officer, version=session.version)
    project.refresh_from_db()
    assert project.state is Status.APPRAISED


def test_the_approval_shows_the_signs_and_waits(client, leader, accountant, local_officer, owner, earlier):
    project = make_project(created_by=local_officer, status=Status.APPRAISED.value, year=2025)
    part = add_participant(project, owner)
    give_budget(accountant, 500 * MILLION)
    line = add_line(project, "KCDP", 100 * MILLION, participant=part)
    client.force_login(leader)
    page = client.get(reverse("funding:project-approve", args=[project.pk])).content.decode()
    assert "Kiểm tra trùng hỗ trợ" in page
    assert earlier.code in page
    amounts = {(part.pk, line.source_id): 100 * MILLION}
    given = {"project_id": project.pk, "amounts": amounts, "by": leader, "paper": PAPER, "norm_reason": "Đã xem"}
    with pytest.raises(Refused, match="chưa có giải trình"):
        approve(**given, version=1)
    explain(project, earlier, local_officer)
    approve(**given, version=2)
    project.refresh_from_db()
    assert project.state is Status.APPROVED


def test_a_draft_is_submitted_with_a_warning_and_not_with_the_same_machine(client, local_officer, owner, earlier):
    project = make_project(created_by=local_officer)
    part = add_participant(project, owner)
    one = Equipment.objects.create(participant=part, name="Máy", serial_number="SN-1")
    old = Equipment.objects.create(participant=earlier.participants.get(), name="Máy", serial_number="sn.1")
    with pytest.raises(Refused, match="trùng số máy"):
        move(project_id=project.pk, action=Action.SUBMIT, by=local_officer)
    client.force_login(local_officer)
    address = reverse("programs:equipment-edit", args=[project.pk, one.pk])
    form = {"version": 1, "participant": part.pk, "name": "Máy", "serial_number": "SN-1", "invoice_number": "7"}
    page = client.post(address, form, follow=True).content.decode()
    assert "trùng số máy “SN-1”" in page  # said as soon as it is saved
    old.delete()
    move_page = reverse("programs:project-move", args=[project.pk, "submit"])
    assert "Dấu hiệu trùng hỗ trợ" in client.get(move_page).content.decode()
    project.refresh_from_db()
    assert "trùng số máy" not in "\n".join(client.get(move_page).context["problems"])


def test_a_sign_that_went_away_wants_no_reason(department_officer, project, earlier):
    Project.objects.filter(pk=project.pk).update(support_item=SupportItem.objects.get(row=1))
    with pytest.raises(Refused, match="không còn nữa"):
        explain(project, earlier, department_officer)


def test_a_reason_is_never_changed(local_officer, project, earlier):
    (reason,) = explain(project, earlier, local_officer)
    assert reason.at <= timezone.now()
    with pytest.raises(Exception, match=r"append|sửa|chỉ"):
        DuplicateReason.objects.filter(pk=reason.pk).update(reason="Khác")


@pytest.mark.parametrize("address", [tab, explaining])
def test_the_number_of_queries_does_not_grow(client, local_officer, owner, project, address):
    client.force_login(local_officer)
    counts = []
    for more in (20, 130):
        for _ in range(more):
            add_participant(make_project(created_by=local_officer, status="settled", year=2025), owner)
            add_participant(project)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(project))
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(page.context["duplicates"].rows) == 100
    assert "Và 51 dấu hiệu khác" in page.content.decode()
