"""Closing a session: every project moves as concluded, or none; what stands against it is said all at once."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.council_close import close_session
from programs.actions.council_session import add_to_agenda, edit_session, remove_from_agenda
from programs.actions.council_sheet import record_conflict, remove_sheet
from programs.actions.project import Paper, move
from programs.checks import CHECKS
from programs.models import CouncilSession, Project, SessionProject
from programs.workflow import Action, Status
from tests.programs.council import (
    FAILED,
    HELD,
    MINUTED,
    PASSED,
    SUPPLEMENT,
    attend,
    conclude,
    confirmed,
    judge,
    judged_session,
    make_council,
    make_session,
)

pytestmark = pytest.mark.django_db
MINUTES = Paper("12/BB-HĐTĐ", MINUTED)


def page(name, *args):
    return reverse(f"programs:council-{name}", args=args)


def statuses(projects):
    return [Project.objects.get(pk=project.pk).state for project in projects]


def close(session, by, minutes=MINUTES, version=None):
    version = version or CouncilSession.objects.get(pk=session.pk).version
    return close_session(session_id=session.pk, minutes=minutes, by=by, version=version)


def refusal_of(session, by, minutes=MINUTES, kind=Refused):
    with pytest.raises(kind) as refusal:
        close(session, by, minutes)
    assert CouncilSession.objects.get(pk=session.pk).closed_at is None
    return refusal.value.message


@pytest.fixture
def by(department_officer):
    return department_officer


def test_every_project_moves_as_concluded(client, by):
    session, projects = judged_session(by, [PASSED, SUPPLEMENT, FAILED])
    client.force_login(by)
    address = page("session-close", session.pk)
    shown = client.get(address).content.decode()
    assert "Đã đủ điều kiện" in shown
    assert "Bổ sung báo giá thiết bị." in shown
    sent = {"version": session.version, "minutes_number": "12/BB-HĐTĐ", "minutes_date": "11/09/2025"}
    assert client.post(address, sent).status_code == 302
    assert statuses(projects) == [Status.APPRAISED, Status.RETURNED, Status.REFUSED]
    for project in projects:
        step = project.steps.get()
        assert (step.document_number, step.document_date, step.by) == ("12/BB-HĐTĐ", MINUTED, by)
    assert [project.steps.get().reason for project in projects[1:]] == ["Bổ sung báo giá thiết bị."] * 2
    session.refresh_from_db()
    assert (session.closed_by, session.minutes_number, session.minutes_date) == (by, "12/BB-HĐTĐ", MINUTED)
    event = AuditEvent.objects.get(action="council_session_close")
    assert event.changes[projects[0].code] == [None, "Đạt"]
    assert event.document_number == "12/BB-HĐTĐ"
    for project in projects:
        general = client.get(reverse("programs:project-detail", args=[project.pk])).content.decode()
        assert "12/BB-HĐTĐ" in general
        assert page("project", session.pk, session.agenda.get(project=project).pk) in general


def test_every_reason_is_said_at_once(by):
    council = make_council(by, quorum=4)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    session = make_session(by, confirmed(by), confirmed(by), council=council, held_on=tomorrow)
    attend(session, by, absent=["Nguyễn Văn An", "Trần Thị Bình"])
    first, second = session.agenda.all()
    judge(first, council.members.get(full_name="Lê Văn Cường"), by, FAILED)
    SessionProject.objects.filter(pk=second.pk).update(verdict=SUPPLEMENT)
    message = refusal_of(session, by, Paper())
    for said in (
        "Nhập số biên bản.",
        "Nhập ngày biên bản.",
        "chưa đến",
        "Chỉ có 2 thành viên có mặt; quyết định thành lập yêu cầu ít nhất 4.",
        "Chủ tịch hoặc Phó Chủ tịch",
        f"{first.project.code}: chưa có phiếu của Phạm Thị Dung.",
        f"{first.project.code}: chưa ghi kết luận.",
        f"{second.project.code}: chưa có phiếu của Lê Văn Cường, Phạm Thị Dung.",
        f"{second.project.code}: kết luận khác đa số phiếu",
    ):
        assert said in message, said


@pytest.mark.parametrize(
    ("number", "shift", "said"),
    [
        ("", 0, "Nhập số biên bản."),
        ("1/BB", None, "Nhập ngày biên bản."),
        ("1/BB", -1, "không thể trước ngày họp"),
        ("1/BB", "tomorrow", "không thể sau hôm nay"),
    ],
)
def test_the_minutes_have_a_number_and_a_day_that_can_be(client, by, number, shift, said):
    session, projects = judged_session(by, [PASSED])
    days = {None: None, "tomorrow": timezone.localdate() + datetime.timedelta(days=1)}
    day = days[shift] if shift in days else HELD + datetime.timedelta(days=shift)
    assert said in refusal_of(session, by, Paper(number, day))
    client.force_login(by)
    typed = f"{day:%d/%m/%Y}" if day else ""
    sent = {"version": session.version, "minutes_number": number, "minutes_date": typed}
    response = client.post(page("session-close", session.pk), sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert {"minutes_number", "minutes_date"} & set(response.context["form"].errors)
    assert statuses(projects) == [Status.CONFIRMED]


def test_an_empty_session_and_one_where_nobody_was_noted_stay_open(by):
    session = make_session(by)
    message = refusal_of(session, by)
    assert "chưa có đề án nào" in message
    assert "Chưa ghi có mặt hay vắng mặt: Nguyễn Văn An" in message


def test_a_deputy_may_lead_in_the_chairs_absence(by):
    session = make_session(by, confirmed(by))
    attend(session, by, absent=["Nguyễn Văn An"])
    item = session.agenda.get()
    for member in session.council.members.exclude(full_name="Nguyễn Văn An"):
        judge(item, member, by)
    conclude(item, by)
    assert close(session, by).closed_at is not None


def test_members_with_an_interest_owe_no_sheet_but_somebody_must_judge(by):
    session, _ = judged_session(by, [PASSED])
    item = session.agenda.get()
    members = list(session.council.members.all())
    for member in members:
        remove_sheet(item_id=item.pk, member_id=member.pk, by=by)
        record_conflict(item_id=item.pk, member_id=member.pk, reason="Góp vốn", by=by)
    assert "không ai thẩm định được" in refusal_of(session, by)
    item.conflicts.filter(member=members[0]).delete()
    judge(item, members[0], by)
    close(session, by)


def test_a_sheet_written_again_may_leave_the_conclusion_unexplained(by):
    session, _ = judged_session(by, [PASSED])
    item = session.agenda.get()
    for member in session.council.members.all():
        judge(item, member, by, FAILED)
    assert "cần ghi ý kiến kết luận" in refusal_of(session, by)
    conclude(item, by, PASSED, "Hội đồng thống nhất sau khi nghe giải trình.")
    close(session, by)


def test_a_project_that_has_moved_on_stops_the_closing_and_says_who_moved_it(client, by):
    session, projects = judged_session(by, [PASSED, PASSED])
    move(project_id=projects[1].pk, action=Action.RETURN, by=by, reason="Thiếu hồ sơ")
    message = refusal_of(session, by, kind=Overtaken)
    assert f"{projects[1].code}: nay là “Trả lại bổ sung” ({by}: trả lại bổ sung" in message
    client.force_login(by)
    sent = {"version": session.version, "minutes_number": "1/BB", "minutes_date": "11/09/2025"}
    response = client.post(page("session-close", session.pk), sent)
    assert response.status_code == 409
    assert "nay là “Trả lại bổ sung”" in response.content.decode()
    assert "1/BB" in response.content.decode()
    assert statuses(projects) == [Status.CONFIRMED, Status.RETURNED]
    assert "đã được người khác chuyển bước" in client.get(page("session-detail", session.pk)).content.decode()
    remove_from_agenda(item_id=session.agenda.get(project=projects[1]).pk, by=by)
    close(session, by)
    assert statuses(projects) == [Status.APPRAISED, Status.RETURNED]


def test_what_the_workflow_has_against_a_move_stops_them_all(by, monkeypatch):
    session, projects = judged_session(by, [PASSED, FAILED])

    def no(project):
        raise Refused("Chưa đủ điều kiện từ chối.")

    monkeypatch.setitem(CHECKS, Action.REFUSE, [no])
    assert f"{projects[1].code}: Chưa đủ điều kiện từ chối." in refusal_of(session, by)
    assert statuses(projects) == [Status.CONFIRMED, Status.CONFIRMED]


def test_a_move_that_fails_half_way_takes_the_others_back(by, monkeypatch):
    session, projects = judged_session(by, [PASSED, FAILED])

    def move_first_only(**values):
        if values["action"] is Action.REFUSE:
            raise Refused("Không được.")
        return move(**values)

    monkeypatch.setattr("programs.actions.council_close.move", move_first_only)
    assert refusal_of(session, by) == f"{projects[1].code}: Không được."
    assert statuses(projects) == [Status.CONFIRMED, Status.CONFIRMED]
    assert not AuditEvent.objects.filter(action__in=["appraise", "council_session_close"]).exists()


def test_a_session_changed_meanwhile_is_looked_at_again(client, by):
    session, projects = judged_session(by, [PASSED])
    seen = session.version
    edit_session(session_id=session.pk, values={"held_on": HELD, "venue": "Nơi khác"}, by=by, version=_mark(session))
    client.force_login(by)
    sent = {"version": seen, "minutes_number": "1/BB", "minutes_date": "11/09/2025"}
    response = client.post(page("session-close", session.pk), sent)
    assert response.status_code == 409
    assert "đã được thay đổi sau khi bạn mở trang" in response.content.decode()
    assert f"{by}: Sửa phiên họp" in response.content.decode()
    # The page now shows the new state, so what is sent again rests on it.
    assert f'value="{seen + 1}"' in response.content.decode()
    assert client.post(page("session-close", session.pk), sent | {"version": seen + 1}).status_code == 302
    assert statuses(projects) == [Status.APPRAISED]


def _mark(session):
    from programs.actions.council_session import SESSION_FIELDS
    from programs.actions.registers import fingerprint

    return fingerprint(session, SESSION_FIELDS)


def test_a_closed_session_is_only_read(client, by):
    session, projects = judged_session(by, [PASSED])
    close(session, by)
    item, member = session.agenda.get(), session.council.members.first()
    client.force_login(by)
    shown = client.get(page("session-detail", session.pk)).content.decode()
    assert "Phiên họp đã kết thúc" in shown
    assert page("session-close", session.pk) not in shown
    assert (
        page("sheet", session.pk, item.pk, member.pk)
        not in client.get(page("project", session.pk, item.pk)).content.decode()
    )
    before = AuditEvent.objects.count()
    forged = {"version": "1", "verdict": FAILED, "conclusion": "Khác", "held_on": "10/09/2025", "reason": "x"}
    forged |= {"minutes_number": "2/BB", "minutes_date": "11/09/2025", "member": member.pk}
    forged |= {f"member_{one.pk}": "1" for one in session.council.members.all()}
    forged |= {"projects": confirmed(by).pk}
    for name, args in (
        ("session-edit", []),
        ("session-attendance", []),
        ("session-agenda", []),
        ("session-close", []),
        ("conclusion", [item.pk]),
        ("conflict-add", [item.pk]),
    ):
        address = page(name, session.pk, *args)
        response = client.post(address, forged)
        assert response.status_code == 422, name
        assert "Phiên họp đã kết thúc" in response.content.decode(), name
        assert client.get(address).status_code == 302, name
    sheet = page("sheet", session.pk, item.pk, member.pk)
    marks = {name: FAILED for name in client.post(sheet, forged).context["form"].fields if name.startswith("verdict")}
    assert "Phiên họp đã kết thúc" in client.post(sheet, forged | marks).content.decode()
    client.post(page("session-agenda-remove", session.pk, item.pk))
    client.post(page("sheet-remove", session.pk, item.pk, member.pk))
    assert (session.agenda.count(), item.sheets.count()) == (1, 4)
    assert AuditEvent.objects.count() == before
    with pytest.raises(Refused, match="đã kết thúc"):
        close(session, by)
    with pytest.raises(Refused, match="đã kết thúc"):
        add_to_agenda(session_id=session.pk, project_ids=[projects[0].pk], by=by)


def test_closing_is_for_those_who_appraise_there(by, cast, stranger):
    session, _ = judged_session(by, [PASSED])
    for person in (cast[Role.LEADER], cast[Role.LOCAL_OFFICER], stranger):
        with pytest.raises(NotAllowed):
            close(session, person)


def test_a_returned_project_comes_before_a_later_session_again(by):
    session, projects = judged_session(by, [SUPPLEMENT])
    close(session, by)
    Project.objects.filter(pk=projects[0].pk).update(status=Status.CONFIRMED.value)
    later = make_session(by, projects[0], council=session.council, held_on=MINUTED)
    assert later.agenda.count() == 1
