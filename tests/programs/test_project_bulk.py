"""Many projects at once: ticks on the list, what would happen, what was done, the workbook of the ticked rows."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from programs.forms.project_bulk import BULK_LIMIT, read_ticks
from programs.models import Project, Step
from programs.workflow import Action, Status, Track
from tests.factories import make_project, unit

pytestmark = pytest.mark.django_db
LIST = "/de-an/"
BULK = "/de-an/hang-loat/"
EXPORT = "/de-an/xuat-excel/"
PAPER = {"document_number": "7/XN-UBND", "document_date": "05/02/2026", "reason": ""}


def seen(*projects):
    return [f"{project.pk}-{project.version}" for project in projects]


def submitted(user, count=1, **values):
    return [make_project(created_by=user, status=Status.SUBMITTED.value, **values) for _ in range(count)]


def sent(action, *projects, **changes):
    return {"move": action.value, "de_an": seen(*projects), "do": "1"} | PAPER | changes


def statuses(*projects):
    return [Project.objects.get(pk=project.pk).state for project in projects]


def problems(response):
    return {outcome.project.code: " ".join(outcome.problems) for outcome in response.context["outcomes"]}


def test_the_page_shows_first_what_would_happen_to_each(client, local_officer):
    first, second = submitted(local_officer, 2)
    draft = make_project(created_by=local_officer)
    client.force_login(local_officer)
    ticks = [str(project.pk) for project in (first, second, draft)]
    response = client.post(BULK, {"move": "confirm", "de_an": ticks, "document_number": "7/XN"})
    assert response.status_code == 200
    assert (response.context["good"], response.context["bad"]) == (2, 1)
    assert "“Đang soạn”, không thể xác nhận ở bước này" in problems(response)[draft.code]
    text = response.content.decode()
    assert 'value="7/XN"' in text
    for tick in seen(first, second, draft):
        assert f'value="{tick}"' in text
    assert not Step.objects.exists()


def test_each_project_moves_with_a_step_and_an_event_of_its_own(client, local_officer):
    projects = submitted(local_officer, 3)
    client.force_login(local_officer)
    response = client.post(BULK, sent(Action.CONFIRM, *projects))
    assert (response.status_code, response.context["good"], response.context["bad"]) == (200, 3, 0)
    assert statuses(*projects) == [Status.CONFIRMED] * 3
    assert list(Step.objects.values_list("document_number", flat=True)) == ["7/XN-UBND"] * 3
    assert [len(AuditEvent.objects.about(f"project:{project.pk}")) for project in projects] == [1, 1, 1]


def test_one_refused_project_does_not_hold_up_the_others(client, local_officer):
    first, overtaken, draft = *submitted(local_officer, 2), make_project(created_by=local_officer)
    form = sent(Action.CONFIRM, first, overtaken, draft)
    Project.objects.filter(pk=overtaken.pk).update(version=5)
    client.force_login(local_officer)
    response = client.post(BULK, form)
    assert (response.context["good"], response.context["bad"]) == (1, 2)
    assert statuses(first, overtaken, draft) == [Status.CONFIRMED, Status.SUBMITTED, Status.DRAFT]
    assert "đã được thay đổi sau khi bạn mở trang" in problems(response)[overtaken.code]
    assert "không thể xác nhận" in problems(response)[draft.code]


def test_sending_the_same_page_twice_moves_once(client, local_officer):
    projects = submitted(local_officer, 2)
    form = sent(Action.CONFIRM, *projects)
    client.force_login(local_officer)
    client.post(BULK, form)
    assert client.post(BULK, form).context["good"] == 0
    assert Step.objects.count() == 2


def test_a_tick_without_the_version_that_was_shown_moves_nothing(client, local_officer):
    (project,) = submitted(local_officer)
    client.force_login(local_officer)
    response = client.post(BULK, sent(Action.CONFIRM, de_an=[str(project.pk)]))
    assert response.context["good"] == 0
    assert statuses(project) == [Status.SUBMITTED]


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
@pytest.mark.parametrize("step", [{}, {"do": "1"}])
def test_another_areas_projects_are_neither_named_nor_moved(request, client, local_officer, who, step):
    (foreign,) = submitted(local_officer)
    user = request.getfixturevalue(who)
    place = user.organisation.area.children.first() or user.organisation.area
    (own,) = submitted(user, place=place)
    client.force_login(user)
    form = {"move": "confirm", "de_an": [*seen(foreign, own), "987654321-1"]} | PAPER | step
    response = client.post(BULK, form)
    text = response.content.decode()
    assert own.code in text
    assert foreign.code not in text
    assert foreign.name not in text
    assert response.context["ticked"].missing == 2
    assert statuses(foreign) == [Status.SUBMITTED]


def test_a_permission_is_asked_for_per_project(client, local_officer, department_officer):
    """A commune officer returns what is submitted; what is confirmed is the Department's."""
    (waiting,) = submitted(local_officer)
    confirmed = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
    form = sent(Action.RETURN, waiting, confirmed, reason="Thiếu báo giá")
    client.force_login(local_officer)
    response = client.post(BULK, form)
    assert "không có quyền" in problems(response)[confirmed.code]
    assert statuses(waiting, confirmed) == [Status.RETURNED, Status.CONFIRMED]
    client.force_login(department_officer)
    client.post(BULK, sent(Action.RETURN, confirmed, reason="Thiếu báo giá"))
    assert statuses(confirmed) == [Status.RETURNED]


def test_projects_are_sent_to_the_ministry_in_batches_only(client, department_officer):
    """tests/programs/test_ministry.py holds the batches; the bulk page would leave none behind."""
    national = make_project(created_by=department_officer, status=Status.APPRAISED.value, track=Track.NATIONAL.value)
    client.force_login(department_officer)
    assert client.post(BULK, sent(Action.SEND_TO_MINISTRY, national)).status_code == 422
    assert statuses(national) == [Status.APPRAISED]
    assert f'formaction="{reverse("programs:ministry-batch-create")}"' in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("action", "changes", "field"),
    [
        (Action.CONFIRM, {"document_number": " "}, "document_number"),
        (Action.APPRAISE, {"document_date": "31/02/2026"}, "document_date"),
        (Action.APPRAISE, {"document_date": "01/01/2199"}, "document_date"),
        (Action.RETURN, {"reason": " "}, "reason"),
        (Action.REFUSE, {"reason": ""}, "reason"),
    ],
)
def test_what_is_wrong_with_the_paper_is_said_once_at_its_field(client, department_officer, action, changes, field):
    projects = submitted(department_officer, 2)
    client.force_login(department_officer)
    response = client.post(BULK, sent(action, *projects, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Step.objects.exists()


@pytest.mark.parametrize("wanted", ["", "approve", "liquidate", "refuse", "la"])
def test_a_move_that_is_not_offered_is_asked_for_again(client, local_officer, wanted):
    (project,) = submitted(local_officer)
    client.force_login(local_officer)
    response = client.post(BULK, sent(Action.CONFIRM, project, move=wanted))
    assert response.status_code == 422
    assert "move" in response.context["form"].errors
    assert statuses(project) == [Status.SUBMITTED]


def test_nothing_ticked_and_too_much_ticked_go_back_to_the_list(client, department_officer):
    client.force_login(department_officer)
    response = client.post(f"{BULK}?nam=2026", {"move": "confirm", "de_an": ["x", "1'"]}, follow=True)
    assert response.redirect_chain == [(f"{LIST}?nam=2026", 302)]
    assert "Chưa đánh dấu đề án nào" in response.content.decode()
    ticks = [str(number) for number in range(1, BULK_LIMIT + 2)]
    response = client.post(BULK, {"move": "confirm", "de_an": ticks}, follow=True)
    assert f"tối đa {BULK_LIMIT} đề án" in response.content.decode()
    assert client.get(BULK).url == LIST


def test_the_whole_filtered_list_can_be_taken(client, department_officer):
    wanted, other = submitted(department_officer, year=2026), submitted(department_officer, year=2025)
    client.force_login(department_officer)
    response = client.post(f"{BULK}?nam=2026", {"move": "confirm", "tat_ca": "1"})
    assert list(problems(response)) == [project.code for project in wanted]
    assert other[0].code not in response.content.decode()


def test_the_bar_follows_the_permissions(client, local_officer, department_officer, auditor):
    submitted(local_officer)
    offered = {}
    for user in (local_officer, department_officer, auditor):
        client.force_login(user)
        bulk = client.get(LIST).context["bulk"]
        offered[user] = [value for value, _ in bulk.fields["move"].choices][1:] if bulk else []
    assert offered[local_officer] == ["confirm", "return"]
    assert offered[department_officer] == ["confirm", "appraise", "return", "refuse"]
    assert offered[auditor] == []
    assert client.post(BULK, {}).status_code == 403


def rows_of(response):
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_ticked_rows_go_into_a_workbook_and_no_others(client, local_officer, department_officer):
    first, second, third = submitted(local_officer, 3)
    foreign = make_project(created_by=department_officer, place=unit("31972"))
    client.force_login(local_officer)
    ticks = [str(project.pk) for project in (third, first, foreign)]
    assert rows_of(client.post(EXPORT, {"de_an": ticks})) == sorted([first.code, third.code])
    assert rows_of(client.post(EXPORT, {"tat_ca": "1"})) == [first.code, second.code, third.code]
    assert client.post(EXPORT, {}).url == LIST


def test_the_questions_asked_do_not_grow_with_the_ticks(client, department_officer):
    client.force_login(department_officer)
    projects, counts = submitted(department_officer, BULK_LIMIT), []
    form = {"move": "confirm", "de_an": seen(*projects[:20])}
    client.post(BULK, form)
    for number in (20, BULK_LIMIT):
        with CaptureQueriesContext(connection) as queries:
            response = client.post(BULK, form | {"de_an": seen(*projects[:number])})
        assert len(response.context["outcomes"]) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_two_hundred_are_moved_in_one_go(client, department_officer):
    projects = submitted(department_officer, BULK_LIMIT)
    client.force_login(department_officer)
    response = client.post(BULK, sent(Action.CONFIRM, *projects))
    assert response.context["good"] == BULK_LIMIT
    assert Step.objects.count() == BULK_LIMIT


def test_ticks_are_read_strictly():
    assert read_ticks(["3", "4-2", "", "-1", "4-", "5-x", "٣", "9" * 30]) == {3: 0, 4: 2}


def test_the_list_carries_the_form(client, local_officer):
    (project,) = submitted(local_officer)
    client.force_login(local_officer)
    text = client.get(LIST).content.decode()
    assert f'action="{reverse("programs:project-bulk")}' in text
    assert f'aria-label="Đánh dấu {project.code}"' in text
