"""Phiên họp hội đồng: agenda, who was there, sheets, conflicts of interest, conclusions."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.council_session import (
    SESSION_FIELDS,
    add_to_agenda,
    attendance_stamp,
    edit_session,
    open_session,
    record_attendance,
    remove_from_agenda,
)
from programs.actions.council_sheet import (
    CONCLUSION_FIELDS,
    record_conclusion,
    record_conflict,
    record_sheet,
    remove_conflict,
    remove_sheet,
    sheet_stamp,
)
from programs.actions.registers import fingerprint
from programs.models import CouncilSession, CriteriaSheet, Criterion, CriterionMark
from programs.queries.council import criteria_for
from programs.workflow import Status, Track
from tests.factories import make_project
from tests.programs.council import (
    FAILED,
    FOUNDED,
    HELD,
    PASSED,
    SUPPLEMENT,
    attend,
    conclude,
    confirmed,
    judge,
    make_council,
    make_session,
)

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"programs:council-{name}", args=args)


@pytest.fixture
def by(department_officer):
    return department_officer


@pytest.fixture
def item(by):
    """A project on the agenda of a session at which everybody but the member Cường was present."""
    session = make_session(by, confirmed(by))
    attend(session, by, absent=["Lê Văn Cường"])
    return session.agenda.get()


def member(item, name):
    return item.session.council.members.get(full_name=name)


def sheet_form(item, member, verdict=PASSED, **changes):
    marks = {f"verdict_{one.pk}": verdict for one in criteria_for(item)}
    comments = {f"comment_{one.pk}": "" for one in criteria_for(item)}
    version = sheet_stamp(item, member.pk)
    return {"verdict": verdict, "comment": "Đủ điều kiện.", "version": version, **marks, **comments, **changes}


def test_a_session_is_opened_within_the_councils_life(client, by):
    council = make_council(by, ended_on=datetime.date(2025, 12, 31))
    client.force_login(by)
    address = page("session-create", council.pk)
    assert client.get(address).status_code == 200
    for day in ("31/07/2025", "01/01/2026", "", "32/01/2025"):
        response = client.post(address, {"held_on": day, "venue": "Phòng họp tầng 2"})
        assert response.status_code == 422
        assert "held_on" in response.context["form"].errors
        assert "Phòng họp tầng 2" in response.content.decode()
    assert client.post(address, {"held_on": "10/09/2025", "venue": ""}).status_code == 302
    session = CouncilSession.objects.get()
    assert AuditEvent.objects.get(action="council_session_open").subject == f"councilsession:{session.pk}"
    assert client.get(page("session-detail", session.pk)).status_code == 200


def test_a_coming_session_is_prepared_and_moved_until_there_are_sheets(client, by):
    coming = timezone.localdate() + datetime.timedelta(days=9)
    session = make_session(by, confirmed(by), held_on=coming)
    client.force_login(by)
    address = page("session-edit", session.pk)
    version = fingerprint(session, SESSION_FIELDS)
    assert client.get(address).status_code == 200
    sent = {"held_on": "10/09/2025", "venue": "Hội trường", "version": version}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    session.refresh_from_db()
    assert (session.held_on, session.version) == (HELD, 3)
    attend(session, by)
    item = session.agenda.get()
    judge(item, member(item, "Nguyễn Văn An"), by)
    with pytest.raises(Refused) as refusal:
        edit_session(
            session_id=session.pk,
            values={"held_on": FOUNDED, "venue": ""},
            by=by,
            version=fingerprint(session, SESSION_FIELDS),
        )
    assert refusal.value.field == "held_on"


def test_confirmed_projects_are_found_and_put_on_the_agenda(client, by):
    wanted, other = confirmed(by, name="Máy sấy bánh tráng"), confirmed(by, name="Máy ép dầu dừa")
    draft = make_project(created_by=by, name="Máy sấy chưa xác nhận")
    session = make_session(by)
    client.force_login(by)
    address = page("session-agenda", session.pk)
    found = client.get(address, {"q": "may say"})
    assert list(found.context["listing"].page_obj) == [wanted]
    assert client.post(address, {}).context["form"].errors["projects"] == ["Chưa chọn đề án nào trong danh sách."]
    refused = client.post(address, {"projects": [wanted.pk, draft.pk]})
    assert refused.status_code == 422
    assert f"{draft.code}: đang ở trạng thái" in refused.content.decode()
    assert session.agenda.count() == 0
    assert client.post(address, {"projects": [wanted.pk, other.pk]}).status_code == 302
    assert session.agenda.count() == 2
    event = AuditEvent.objects.get(action="council_agenda_add")
    assert wanted.code in event.changes["Đề án"][1]
    shown = client.get(page("session-detail", session.pk)).content.decode()
    assert "Máy sấy bánh tráng" in shown


def test_a_project_is_on_one_open_agenda_only(by):
    project = confirmed(by)
    first = make_session(by, project)
    second = make_session(by, council=first.council)
    with pytest.raises(Refused, match="đã có trong"):
        add_to_agenda(session_id=second.pk, project_ids=[project.pk], by=by)
    remove_from_agenda(item_id=first.agenda.get().pk, by=by)
    assert add_to_agenda(session_id=second.pk, project_ids=[project.pk], by=by) == 1


def test_a_project_of_another_province_is_not_taken(client, by, stranger):
    theirs = confirmed(stranger, place=stranger.organisation.area)
    session = make_session(by)
    client.force_login(by)
    response = client.post(page("session-agenda", session.pk), {"projects": [theirs.pk]})
    assert response.status_code == 422
    assert "không có trong phạm vi" in response.content.decode()
    with pytest.raises(NotAllowed):
        add_to_agenda(session_id=session.pk, project_ids=[theirs.pk], by=by)


def test_who_was_there_is_said_of_everybody(client, by):
    session = make_session(by, confirmed(by))
    client.force_login(by)
    address = page("session-attendance", session.pk)
    fields = {f"member_{one.pk}": "1" for one in session.council.members.all()}
    sent = {**fields, "version": attendance_stamp(session)}
    first = next(iter(fields))
    assert client.get(address).status_code == 200
    missing = client.post(address, sent | {first: ""})
    assert missing.status_code == 422
    assert first in missing.context["form"].errors
    assert client.post(address, sent | {first: "0"}).status_code == 302
    assert client.post(address, sent).status_code == 409
    assert session.attendance.filter(is_present=True).count() == 3
    assert AuditEvent.objects.get(action="council_attendance").changes["Nguyễn Văn An"] == [None, "vắng mặt"]
    with pytest.raises(Refused, match="Danh sách thành viên"):
        record_attendance(session_id=session.pk, present={}, by=by, version=attendance_stamp(session))


def test_a_sheet_is_written_with_a_mark_on_each_criterion(client, by, item):
    chair = member(item, "Nguyễn Văn An")
    client.force_login(by)
    address = page("sheet", item.session_id, item.pk, chair.pk)
    shown = client.get(address).content.decode()
    assert "Hồ sơ đầy đủ, hợp lệ" in shown
    assert "chưa đối chiếu" in shown
    criterion = criteria_for(item)[0]
    gap = client.post(address, sheet_form(item, chair, **{f"verdict_{criterion.pk}": "", "comment": "Còn giữ"}))
    assert gap.status_code == 422
    assert f"verdict_{criterion.pk}" in gap.context["form"].errors
    assert "Còn giữ" in gap.content.decode()
    sent = sheet_form(item, chair, **{f"comment_{criterion.pk}": "Rất phù hợp"})
    assert client.post(address, sent).status_code == 302
    sheet = CriteriaSheet.objects.get()
    assert (sheet.verdict, sheet.recorded_by, sheet.marks.count()) == (PASSED, by, 6)
    assert CriterionMark.objects.get(criterion=criterion).comment == "Rất phù hợp"
    stale = client.post(address, sent | {"verdict": FAILED})
    assert stale.status_code == 409
    assert AuditEvent.objects.filter(action="council_sheet").count() == 1
    project_page = client.get(page("project", item.session_id, item.pk)).content.decode()
    assert "1 đạt" in project_page
    assert "Rất phù hợp" in project_page


def test_an_absent_member_has_no_sheet(client, by, item):
    away = member(item, "Lê Văn Cường")
    client.force_login(by)
    address = page("sheet", item.session_id, item.pk, away.pk)
    assert client.get(address).status_code == 302
    forged = client.post(address, sheet_form(item, away))
    assert forged.status_code == 422
    assert "vắng mặt nên không có phiếu" in forged.content.decode()
    with pytest.raises(Refused, match="vắng mặt"):
        judge(item, away, by)
    item.session.attendance.filter(member=away).delete()
    with pytest.raises(Refused, match="Chưa ghi"):
        judge(item, away, by)
    assert not CriteriaSheet.objects.exists()


def test_a_conflict_of_interest_keeps_a_member_from_judging(client, by, item):
    deputy = member(item, "Trần Thị Bình")
    client.force_login(by)
    address = page("conflict-add", item.session_id, item.pk)
    assert client.get(address).status_code == 200
    unsaid = client.post(address, {"member": deputy.pk, "reason": ""})
    assert "reason" in unsaid.context["form"].errors
    assert client.post(address, {"member": deputy.pk, "reason": "Người thân của chủ cơ sở"}).status_code == 302
    assert client.post(address, {"member": deputy.pk, "reason": "Lần nữa"}).status_code == 422
    forged = client.post(page("sheet", item.session_id, item.pk, deputy.pk), sheet_form(item, deputy))
    assert forged.status_code == 422
    assert "xung đột lợi ích" in forged.content.decode()
    conflict = item.conflicts.get()
    assert client.post(page("conflict-remove", item.session_id, item.pk, conflict.pk)).status_code == 302
    judge(item, deputy, by)
    with pytest.raises(Refused, match="đã có phiếu"):
        record_conflict(item_id=item.pk, member_id=deputy.pk, reason="Muộn", by=by)
    with pytest.raises(Refused, match="không còn"):
        remove_conflict(item_id=item.pk, conflict_id=conflict.pk, by=by)


def test_whoever_has_judged_is_not_made_absent(client, by, item):
    chair = member(item, "Nguyễn Văn An")
    judge(item, chair, by)
    with pytest.raises(Refused, match="Nguyễn Văn An"):
        attend(item.session, by, absent=["Nguyễn Văn An"])
    client.force_login(by)
    client.post(page("sheet-remove", item.session_id, item.pk, chair.pk))
    assert not item.sheets.exists()
    with pytest.raises(Refused, match="không còn"):
        remove_sheet(item_id=item.pk, member_id=chair.pk, by=by)
    attend(item.session, by, absent=["Nguyễn Văn An"])


def test_criteria_are_those_of_the_day_and_the_track(by, item):
    Criterion.objects.filter(position=1).update(valid_from=HELD + datetime.timedelta(days=1))
    Criterion.objects.filter(position=2).update(valid_to=HELD - datetime.timedelta(days=1))
    Criterion.objects.filter(position=3).update(track=Track.NATIONAL.value)
    Criterion.objects.filter(position=4).update(track=Track.LOCAL.value, valid_from=HELD, valid_to=HELD)
    assert [one.position for one in criteria_for(item)] == [4, 5, 6]
    chair = member(item, "Nguyễn Văn An")
    marks = {one.pk: (PASSED, "") for one in Criterion.objects.all()}
    values = {"item_id": item.pk, "member_id": chair.pk, "comment": "", "by": by}
    values["version"] = sheet_stamp(item, chair.pk)
    with pytest.raises(Refused, match="tiêu chí đã thay đổi"):
        record_sheet(verdict=PASSED, marks=marks, **values)
    with pytest.raises(Refused, match="Chọn đánh giá chung"):
        record_sheet(verdict="khác", marks={}, **values)
    wrong = {one.pk: ("khác", "") for one in criteria_for(item)}
    with pytest.raises(Refused, match="Mỗi tiêu chí"):
        record_sheet(verdict=PASSED, marks=wrong, **values)


def test_a_conclusion_against_the_majority_is_put_in_words(client, by, item):
    for name, verdict in (("Nguyễn Văn An", FAILED), ("Trần Thị Bình", FAILED), ("Phạm Thị Dung", PASSED)):
        judge(item, member(item, name), by, verdict)
    client.force_login(by)
    address = page("conclusion", item.session_id, item.pk)
    assert "2 không đạt" in client.get(address).content.decode()
    sent = {"verdict": PASSED, "conclusion": "", "version": fingerprint(item, CONCLUSION_FIELDS)}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "conclusion" in refused.context["form"].errors
    assert client.post(address, sent | {"conclusion": "Đã giải trình đủ."}).status_code == 302
    item.refresh_from_db()
    assert (item.verdict, item.conclusion) == (PASSED, "Đã giải trình đủ.")
    assert client.post(address, sent).status_code == 409
    event = AuditEvent.objects.get(action="council_conclusion")
    assert event.changes["Kết luận"] == ["", "Đạt"]
    with pytest.raises(Refused) as refusal:
        conclude(item, by, SUPPLEMENT)
    assert refusal.value.field == "conclusion"
    with pytest.raises(Overtaken):
        record_conclusion(item_id=item.pk, verdict=PASSED, conclusion="x", by=by, version="cũ")


def test_a_project_taken_off_loses_its_sheets_and_that_is_told(client, by, item):
    judge(item, member(item, "Nguyễn Văn An"), by)
    client.force_login(by)
    address = page("session-agenda-remove", item.session_id, item.pk)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert AuditEvent.objects.get(action="council_agenda_remove").changes["Số phiếu đã ghi"] == [1, 0]
    assert client.post(address).status_code == 404
    with pytest.raises(Refused, match="không còn trong chương trình"):
        remove_from_agenda(item_id=item.pk, by=by)


def test_another_province_finds_nothing(client, stranger, by, item):
    client.force_login(stranger)
    pk, chair = item.session_id, member(item, "Nguyễn Văn An").pk
    for name, args in (
        ("session-detail", [pk]),
        ("project", [pk, item.pk]),
        ("minutes", [pk, item.pk]),
    ):
        assert client.get(page(name, *args)).status_code == 404
    for name, args in (
        ("session-edit", [pk]),
        ("session-attendance", [pk]),
        ("session-agenda", [pk]),
        ("session-close", [pk]),
        ("session-agenda-remove", [pk, item.pk]),
        ("sheet", [pk, item.pk, chair]),
        ("sheet-remove", [pk, item.pk, chair]),
        ("conflict-add", [pk, item.pk]),
        ("conclusion", [pk, item.pk]),
    ):
        assert client.post(page(name, *args), {"version": "1"}).status_code == 404, name
    for act in (
        lambda: open_session(council_id=item.session.council_id, held_on=HELD, venue="", by=stranger),
        lambda: remove_from_agenda(item_id=item.pk, by=stranger),
        lambda: attend(item.session, stranger),
        lambda: judge(item, member(item, "Nguyễn Văn An"), stranger),
        lambda: conclude(item, stranger),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_readers_see_the_session_and_no_buttons(client, cast, item):
    client.force_login(cast[Role.AUDITOR])
    for name, args in (("session-detail", [item.session_id]), ("project", [item.session_id, item.pk])):
        shown = client.get(page(name, *args)).content.decode()
        assert item.project.code in shown
        assert '<form method="post"' not in shown.partition('id="content"')[2]
    assert client.get(page("session-close", item.session_id)).status_code == 403
    assert client.post(page("conclusion", item.session_id, item.pk), {}).status_code == 403
    assert client.get(page("minutes", item.session_id, item.pk)).status_code == 403


def test_a_page_of_one_session_does_not_show_a_project_of_another(client, by, item):
    other = make_session(by, confirmed(by), council=item.session.council)
    client.force_login(by)
    assert client.get(page("project", other.pk, item.pk)).status_code == 404
    assert client.post(page("session-agenda-remove", other.pk, item.pk)).status_code == 404


def test_the_way_to_the_council_is_shown_where_projects_wait(client, by, item):
    client.force_login(by)
    waiting = confirmed(by)
    assert page("list") in client.get(reverse("home")).content.decode()
    general = client.get(reverse("programs:project-detail", args=[waiting.pk])).content.decode()
    assert "mở hội đồng, chọn phiên họp" in general
    move = client.get(reverse("programs:project-move", args=[waiting.pk, "appraise"])).content.decode()
    assert "phiên họp hội đồng thẩm định" in move
    on_agenda = client.get(reverse("programs:project-detail", args=[item.project_id])).content.decode()
    assert page("project", item.session_id, item.pk) in on_agenda
    assert "mở hội đồng, chọn phiên họp" not in on_agenda
    assert item.project.state is Status.CONFIRMED


def test_more_rows_ask_no_more_questions(client, by, item):
    session = item.session
    client.force_login(by)
    addresses = [
        page("list"),
        page("detail", session.council_id),
        page("session-detail", session.pk),
        page("session-close", session.pk),
        page("project", session.pk, item.pk),
        reverse("programs:project-detail", args=[item.project_id]),
    ]

    def counted(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    judge(item, member(item, "Nguyễn Văn An"), by)
    few = {address: counted(address) for address in [*addresses, *addresses]}
    add_to_agenda(session_id=session.pk, project_ids=[confirmed(by).pk for _ in range(20)], by=by)
    for number in range(20):
        make_council(by, decision_number=f"{number}/QĐ-KHÁC")
        session.council.members.create(full_name=f"Ủy viên {number}", role="member", position=9)
    attend(session, by)
    for line in session.agenda.all()[:3]:
        for one in session.council.members.all()[:5]:
            judge(line, one, by)
    assert {address: counted(address) for address in addresses} == few
    assert max(few.values()) < 40
