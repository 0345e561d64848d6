"""The page of a move, and the history that moves leave."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs import checks
from programs.actions.project import Paper, move
from programs.actions.supplement_answer import answer_points
from programs.models import Project
from programs.tabs import move_page
from programs.views.history import shown
from programs.workflow import Action, Status, Track
from tests.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(local_officer):
    return make_project(created_by=local_officer, status=Status.SUBMITTED.value)


def page(project, action):
    return reverse("programs:project-move", args=[project.pk, action.value])


def sent(project, **changes):
    form = {"version": project.version, "document_number": "7/XN-UBND", "document_date": "05/02/2026", "reason": ""}
    return form | changes


def status_of(project):
    return Project.objects.get(pk=project.pk).state


def test_a_move_is_made_with_its_paper(client, local_officer, project):
    client.force_login(local_officer)
    shown_page = client.get(page(project, Action.CONFIRM))
    assert (shown_page.status_code, shown_page.context["target"]) == (200, Status.CONFIRMED)
    response = client.post(page(project, Action.CONFIRM), sent(project))
    assert response.status_code == 302
    step = project.steps.get()
    assert (step.from_status, step.to_status, step.by) == ("submitted", "confirmed", local_officer)
    assert (step.document_number, step.document_date) == ("7/XN-UBND", datetime.date(2026, 2, 5))
    (event,) = AuditEvent.objects.about(f"project:{project.pk}")
    assert event.changes == {"Trạng thái": ["Đã trình", "Đã xác nhận"]}
    assert event.document_number == "7/XN-UBND"


@pytest.mark.parametrize(
    ("action", "changes", "field"),
    [
        (Action.CONFIRM, {"document_number": ""}, "document_number"),
        (Action.CONFIRM, {"document_date": ""}, "document_date"),
        (Action.CONFIRM, {"document_date": "31/02/2026"}, "document_date"),
        (Action.WITHDRAW, {"reason": ""}, "reason"),
    ],
)
def test_a_missing_paper_or_reason_is_asked_for(client, local_officer, project, action, changes, field):
    client.force_login(local_officer)
    response = client.post(page(project, action), sent(project, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "7/XN-UBND" in response.content.decode() or field == "document_number"
    assert status_of(project) is Status.SUBMITTED


def test_a_paper_from_tomorrow_is_refused_at_its_field(client, local_officer, project):
    tomorrow = format_date(timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(local_officer)
    response = client.post(page(project, Action.CONFIRM), sent(project, document_date=tomorrow))
    assert response.status_code == 422
    assert "không thể sau hôm nay" in str(response.context["form"].errors["document_date"])


def test_states_sent_by_the_browser_are_never_read(client, local_officer):
    draft = make_project(created_by=local_officer)
    client.force_login(local_officer)
    forged = {"status": "appraised", "from_status": "appraised", "target": "approved", "to_status": "approved"}
    for action in (Action.CONFIRM, Action.APPRAISE, Action.LIQUIDATE):
        response = client.post(page(draft, action), sent(draft, **forged))
        assert response.status_code == 422
        assert response.content.decode().count("Đề án đang ở trạng thái “Đang soạn”") == 1
    assert status_of(draft) is Status.DRAFT
    assert not draft.steps.exists()


def test_a_right_that_is_missing_is_403_and_a_wrong_state_is_explained(client, local_officer, project):
    client.force_login(local_officer)
    confirmed = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
    assert client.get(page(confirmed, Action.APPRAISE)).status_code == 403
    assert client.post(page(confirmed, Action.APPRAISE), sent(confirmed)).status_code == 403
    response = client.get(page(confirmed, Action.CONFIRM))
    assert response.status_code == 422
    assert "Đề án đang ở trạng thái “Đã xác nhận”, không thể xác nhận ở bước này." in response.content.decode()


@pytest.mark.parametrize("who", ["auditor", "system_admin"])
def test_who_moves_nothing_opens_nothing(request, client, project, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(project, Action.CONFIRM)).status_code == 403
    assert client.post(page(project, Action.CONFIRM), sent(project)).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
def test_another_areas_project_does_not_exist(request, client, project, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(project, Action.CONFIRM)).status_code == 404
    assert client.post(page(project, Action.CONFIRM), sent(project)).status_code == 404
    assert status_of(project) is Status.SUBMITTED


def test_an_unknown_move_does_not_exist(client, local_officer, project):
    client.force_login(local_officer)
    address = reverse("programs:project-move", args=[project.pk, "approve-all"])
    assert client.get(address).status_code == 404
    assert client.post(address, sent(project)).status_code == 404


@pytest.mark.parametrize("action", [action for action in Action if move_page(action)])
def test_moves_with_a_page_of_their_own_are_not_made_here(client, cast, local_officer, action):
    """Otherwise an approval could pass without its amounts."""
    states = {
        Action.APPROVE: Status.APPRAISED,
        Action.SIGN_CONTRACT: Status.APPROVED,
        Action.REPORT_PROGRESS: Status.CONTRACTED,
        Action.ACCEPT: Status.IN_PROGRESS,
        Action.RETURN: Status.SUBMITTED,
        Action.STOP: Status.IN_PROGRESS,
        Action.SEND_TO_MINISTRY: Status.APPRAISED,
        Action.SETTLE: Status.LIQUIDATED,
    }
    project = make_project(created_by=local_officer, status=states[action].value)
    for user in cast.values():
        client.force_login(user)
        response = client.post(page(project, action), sent(project))
        assert response.status_code in (302, 403)
        if response.status_code == 302:
            assert response.url == reverse(move_page(action), args=[project.pk])
    assert status_of(project) is states[action]
    assert not project.steps.exists()


def test_a_second_press_moves_once_and_says_who_moved(client, local_officer, project):
    client.force_login(local_officer)
    form = sent(project)
    assert client.post(page(project, Action.CONFIRM), form).status_code == 302
    response = client.post(page(project, Action.CONFIRM), form)
    assert response.status_code == 409
    text = response.content.decode()
    assert "đã được thay đổi sau khi bạn mở trang" in text
    assert local_officer.full_name in text
    assert project.steps.count() == 1


def test_an_act_overtaken_by_another_is_shown_with_what_was_typed(client, local_officer, department_officer, project):
    form = sent(project, reason="Ý kiến của xã")
    Project.objects.filter(pk=project.pk).update(version=5)
    client.force_login(local_officer)
    response = client.post(page(project, Action.CONFIRM), form)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Ý kiến của xã" in text
    assert 'name="version" value="5"' in text  # the page now shows the new state: pressing again rests on that
    assert status_of(project) is Status.SUBMITTED
    assert client.post(page(project, Action.CONFIRM), form | {"version": 5}).status_code == 302


@pytest.mark.parametrize("version", ["", "abc", "0", "-1"])
def test_a_move_without_a_version_is_not_made(client, local_officer, project, version):
    client.force_login(local_officer)
    assert client.post(page(project, Action.CONFIRM), sent(project, version=version)).status_code == 422
    assert status_of(project) is Status.SUBMITTED


def test_every_reason_against_is_shown_before_and_after(client, local_officer, monkeypatch):
    def one(project):
        raise Refused("Thiếu điều một.")

    def two(project):
        raise Refused("Thiếu điều hai.")

    monkeypatch.setitem(checks.CHECKS, Action.SUBMIT, [one, two])
    draft = make_project(created_by=local_officer)
    client.force_login(local_officer)
    for response in (client.get(page(draft, Action.SUBMIT)), client.post(page(draft, Action.SUBMIT), sent(draft))):
        text = response.content.decode()
        assert "Thiếu điều một." in text
        assert "Thiếu điều hai." in text
    assert response.status_code == 422
    assert status_of(draft) is Status.DRAFT


def test_a_returned_project_goes_back_to_whoever_returned_it(client, department_officer, local_officer, monkeypatch):
    monkeypatch.setitem(checks.CHECKS, Action.SUBMIT, [])
    project = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
    client.force_login(department_officer)
    move(project_id=project.pk, action=Action.RETURN, by=department_officer, reason="Thiếu báo giá")
    project.refresh_from_db()
    assert (project.status, project.returned_from) == ("returned", "confirmed")
    client.force_login(local_officer)
    detail = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
    assert f"{department_officer} ({department_officer.organisation}) trả lại lúc" in detail
    assert "<p>Thiếu báo giá</p>" in detail
    point = project.supplement_points.get()
    answer_points(
        project_id=project.pk, answers={point.pk: "Đã nộp báo giá"}, by=local_officer, version=project.version
    )
    project.refresh_from_db()
    assert client.get(page(project, Action.SUBMIT)).context["target"] is Status.CONFIRMED
    assert client.post(page(project, Action.SUBMIT), sent(project)).status_code == 302
    assert status_of(project) is Status.CONFIRMED


def test_the_history_tells_who_when_what_and_by_which_paper(client, local_officer, auditor, project):
    move(
        project_id=project.pk,
        action=Action.RETURN,
        by=local_officer,
        paper=Paper("9/UBND", datetime.date(2026, 2, 5)),
        reason="Thiếu cam kết",
    )
    client.force_login(auditor)
    response = client.get(reverse("programs:project-history", args=[project.pk]))
    text = response.content.decode()
    for words in (
        "Trả lại bổ sung",
        local_officer.full_name,
        "Cán bộ kinh tế huyện, xã",
        str(local_officer.organisation),
        "9/UBND ngày 05/02/2026",
        "Thiếu cam kết",
        "<del>Đã trình</del> → <ins>Trả lại bổ sung</ins>",
    ):
        assert words in text, words


def test_the_history_of_another_project_stays_there(client, local_officer, project):
    other = make_project(created_by=local_officer, status=Status.SUBMITTED.value)
    move(project_id=other.pk, action=Action.RETURN, by=local_officer, reason="Của đề án khác")
    client.force_login(local_officer)
    assert "Của đề án khác" not in client.get(reverse("programs:project-history", args=[project.pk])).content.decode()


@pytest.mark.parametrize(
    ("label", "value", "text"),
    [
        ("Bắt đầu", "2026-02-05", "05/02/2026"),
        ("Tổng vốn (đồng)", 2768900000, "2.768.900.000"),
        ("Năm kế hoạch", 2026, "2026"),
        ("Số", 0, "0"),
        ("Là số tiền", True, "có"),
        ("Ghi chú", None, ""),
        ("Tên", "2026-02-05 là ngày", "2026-02-05 là ngày"),
    ],
)
def test_stored_values_read_as_an_office_reads_them(label, value, text):
    assert shown(label, value) == text


def test_the_history_is_paged_and_its_queries_do_not_grow(client, local_officer, monkeypatch):
    monkeypatch.setitem(checks.CHECKS, Action.SUBMIT, [])
    project = make_project(created_by=local_officer, track=Track.LOCAL.value)
    client.force_login(local_officer)
    address, counts = reverse("programs:project-history", args=[project.pk]), []
    for more in (12, 90):
        for _ in range(more):
            Project.objects.filter(pk=project.pk).update(status=Status.SUBMITTED.value)
            move(project_id=project.pk, action=Action.RETURN, by=local_officer, reason="x")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(response.context["entries"]) == 50
    assert len(client.get(address, {"page": 3}).context["entries"]) == 2
