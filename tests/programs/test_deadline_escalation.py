"""What has been overdue for long: leaders are told once, by mail and on their first page; officers see their own."""

import datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from programs.actions.reminder import note_reminders
from programs.models import DeadlineRule, Reminder, ReminderKind
from programs.rules.deadlines import is_escalated
from programs.workflow import Status, Track
from tests.factories import make_organisation, make_project, make_province, make_user, unit

pytestmark = pytest.mark.django_db
DUE = datetime.date(2025, 5, 19)
LIST = reverse("programs:deadline-list")


def after(days):
    return DUE + datetime.timedelta(days=days)


@pytest.fixture
def draft(local_officer):
    """A draft of KCQG for 2026: due on 19/05/2025."""
    return make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)


@pytest.fixture
def addressed(leader):
    leader.email = "lanhdao@khuyencong.example"
    leader.save()
    return leader


def escalated():
    return [(one.project_id, one.recipient) for one in Reminder.objects.filter(kind=ReminderKind.ESCALATED)]


def run():
    out = StringIO()
    call_command("send_reminders", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("late", "limit", "told"), [(4, 5, False), (5, 5, True), (6, 5, True), (0, 0, False), (1, 0, True), (-3, 0, False)]
)
def test_from_which_day_on_leaders_are_told(late, limit, told):
    assert is_escalated(DUE, after(late), limit) is told


def test_a_leader_is_told_once_from_the_fifth_day_on(draft, leader):
    assert note_reminders(today=after(4)) == []
    (told,) = note_reminders(today=after(5))
    assert (told.kind, told.recipient, told.due_date, told.sent_at) == ("escalated", leader, DUE, None)
    assert note_reminders(today=after(5)) == note_reminders(today=after(60)) == []
    (event,) = AuditEvent.objects.about(f"project:{draft.pk}")
    assert event.action_label == "Nhắc hạn: quá hạn, báo lãnh đạo"
    assert event.changes["Người nhận"] == [None, str(leader)]


def test_the_number_of_days_is_the_rules(draft, leader):
    DeadlineRule.objects.filter(key="kcqg-dang-ky").update(escalate_days=30)
    assert note_reminders(today=after(29)) == []
    assert len(note_reminders(today=after(30))) == 1


def test_only_active_leaders_of_the_area_are_told(draft, leader):
    elsewhere = make_user(Role.LEADER, make_organisation(make_province(), kind=OrganisationKind.DEPARTMENT))
    gone = make_user(Role.LEADER, leader.organisation, is_active=False)
    closed = make_organisation(unit("96"), kind=OrganisationKind.DEPARTMENT, valid_to=datetime.date(2025, 6, 30))
    of_closed = make_user(Role.LEADER, closed)
    second = make_user(Role.LEADER, leader.organisation)
    note_reminders(today=after(10))
    told = {recipient for _, recipient in escalated()}
    assert told == {leader, second}
    assert not told & {elsewhere, gone, of_closed}


def test_a_leaders_mail_is_one_digest(draft, addressed, local_officer):
    second = make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.DRAFT.value)
    assert "2 việc nhắc mới, 1 thư đã gửi, 0 thư lỗi" in run()
    (message,) = mail.outbox
    assert message.to == [addressed.email]
    assert message.subject == "Khuyến công: 2 việc quá hạn cần lãnh đạo chỉ đạo"
    for text in (draft.code, second.code, "BÁO LÃNH ĐẠO", "Hạn 19/05/2025", "quá hạn", f"Đang chờ: {local_officer} ("):
        assert text in message.body
    assert "0 việc nhắc mới, 0 thư đã gửi" in run()
    assert len(mail.outbox) == 1


def test_a_leader_who_also_has_the_next_move_gets_both_in_one_mail(addressed, local_officer):
    DeadlineRule.objects.filter(key="kcqg-dang-ky").update(owed_by=Status.SENT_TO_MINISTRY.value)
    make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2026, status=Status.SENT_TO_MINISTRY.value)
    run()
    (message,) = mail.outbox
    assert "VIỆC ĐÃ QUÁ HẠN, BÁO LÃNH ĐẠO" in message.body
    assert "VIỆC ĐANG CHỜ ÔNG/BÀ" in message.body


def test_without_an_address_the_portal_tells(client, draft, leader):
    assert "1 việc nhắc mới, 0 thư đã gửi, 0 thư lỗi" in run()
    assert mail.outbox == []
    client.force_login(leader)
    page = client.get("/").content.decode()
    assert "Quá hạn đã báo lãnh đạo" in page


def test_a_closed_account_gets_no_mail_that_was_left_over(draft, addressed):
    note_reminders(today=after(10))
    addressed.is_active = False
    addressed.save()
    assert "0 thư đã gửi, 0 thư lỗi" in run()
    assert mail.outbox == []


def test_the_leaders_page_says_what_how_late_and_whose_turn(client, draft, leader, local_officer):
    client.force_login(leader)
    assert "Quá hạn đã báo lãnh đạo" not in client.get("/").content.decode()
    note_reminders(today=timezone.localdate())
    response = client.get("/")
    ((row, names),) = response.context["escalated"]["rows"]
    late = (timezone.localdate() - DUE).days
    assert (row.project, row.due_date) == (draft, DUE)
    assert names == f"{local_officer} ({local_officer.organisation})"
    page = response.content.decode()
    for text in (draft.code, "trước ngày 20/5", f"Quá hạn {late} ngày", "Hạn 19/05/2025", names):
        assert text in page


def test_what_has_been_done_since_is_gone_and_others_see_no_such_box(client, draft, leader, department_officer):
    note_reminders(today=after(10))
    client.force_login(department_officer)
    assert client.get("/").context["escalated"]["count"] == 0
    draft.status = Status.CONFIRMED.value
    draft.save()
    client.force_login(leader)
    assert client.get("/").context["escalated"]["count"] == 0


def test_the_list_shows_what_leaders_were_told(client, draft, leader, local_officer, other_local_officer):
    other = make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2025, status=Status.DRAFT.value)
    Reminder.objects.all().delete()
    note_reminders(today=after(10))
    Reminder.objects.filter(project=other).delete()
    client.force_login(local_officer)
    rows = client.get(LIST, {"tinh_trang": "da-bao-lanh-dao"}).context["rows"]
    assert [row.project for row in rows] == [draft]
    client.force_login(other_local_officer)
    assert client.get(LIST, {"tinh_trang": "da-bao-lanh-dao"}).context["rows"] == []


def test_an_officers_own_overdue_work_comes_first(client, draft, local_officer, leader, auditor):
    make_project(created_by=local_officer, track=Track.NATIONAL.value, year=2020, status=Status.ACCEPTED.value)
    client.force_login(local_officer)
    response = client.get("/")
    ((row, buttons),) = response.context["own_overdue"]["rows"]
    assert row.project == draft
    assert [button.url for button in buttons] == [reverse("programs:project-move", args=[draft.pk, "submit"])]
    page = response.content.decode()
    assert page.index("Quá hạn, đang chờ bạn") < page.index("Đang soạn, chưa trình")
    for user in (leader, auditor):
        client.force_login(user)
        assert client.get("/").context["own_overdue"]["count"] == 0


@pytest.mark.parametrize("role", [Role.LEADER, Role.LOCAL_OFFICER, Role.CENTRE_OFFICER])
def test_the_first_page_asks_no_more_over_many(client, cast, role):
    officer, counts = cast[Role.LOCAL_OFFICER], []
    client.force_login(cast[role])
    for more in (20, 180):
        for number in range(more):
            status = (Status.DRAFT, Status.CONTRACTED, Status.ACCEPTED)[number % 3]
            make_project(created_by=officer, track=Track.NATIONAL.value, year=2024, status=status.value)
        note_reminders(today=timezone.localdate())
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
    box = response.context["escalated" if role == Role.LEADER else "own_overdue"]
    assert box["more"] > 0
    assert len(box["rows"]) == 6
