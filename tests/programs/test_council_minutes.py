"""Biên bản thẩm định of a session: members, presence, counts and conclusion come from the council."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed
from programs.actions.council_close import close_session
from programs.actions.council_minutes import draft_minutes
from programs.actions.project import Paper, move
from programs.models import WordKind
from programs.workflow import Action, Status
from tests.programs.council import (
    FAILED,
    MINUTED,
    PASSED,
    SUPPLEMENT,
    attend,
    conclude,
    judge,
    make_session,
)
from tests.programs.word import address, full_project, text_of
from tests.responses import content_of

pytestmark = pytest.mark.django_db
MINUTES = Paper("12/BB-HĐTĐ", MINUTED)


@pytest.fixture
def by(department_officer):
    return department_officer


def session_over(project, by, verdict=PASSED, conclusion="Thống nhất đề nghị hỗ trợ.", council=None):
    """A project before a council; three of four members were there, one of them against."""
    project.steps.all().delete()
    session = make_session(by, project, council=council)
    attend(session, by, absent=["Lê Văn Cường"])
    item = session.agenda.get()
    for name, found in (("Nguyễn Văn An", verdict), ("Trần Thị Bình", verdict), ("Phạm Thị Dung", FAILED)):
        judge(item, session.council.members.get(full_name=name), by, found)
    conclude(item, by, verdict, conclusion)
    session.refresh_from_db()
    return session


def minutes_page(session):
    return reverse("programs:council-minutes", args=[session.pk, session.agenda.get().pk])


def test_the_minutes_tell_of_the_session(client, by):
    project = full_project(by, Status.CONFIRMED)
    session = session_over(project, by)
    client.force_login(by)
    for where in (minutes_page(session), address(project, WordKind.APPRAISAL)):
        text = text_of(content_of(client.get(where)))
        assert "{{" not in text
        assert "{%" not in text
        for expected in (
            "Hội đồng thẩm định đề án được thành lập theo Quyết định số 21/QĐ-SCT ngày 01/08/2025",
            "Có mặt 3/4 thành viên",
            "ngày 10 tháng 9 năm 2025. Địa điểm: Phòng họp tầng 2",
            "Chủ trì: Nguyễn Văn An",
            "Thư ký: Phạm Thị Dung",
            "Lê Văn Cường",
            "Vắng mặt",
            "Kết quả 3 phiếu thẩm định: 2 đạt; 0 yêu cầu bổ sung; 1 không đạt.",
            "Ý kiến kết luận: Thống nhất đề nghị hỗ trợ.",
            "☒ Đạt      ☐ Yêu cầu bổ sung      ☐ Không đạt",
            project.name,
        ):
            assert expected in text, expected
        assert "Thời gian bắt đầu" not in text
    assert AuditEvent.objects.filter(action="draft_document").count() == 2


def test_without_a_session_the_minutes_are_filled_in_by_hand(client, by):
    project = full_project(by, Status.CONFIRMED)
    client.force_login(by)
    text = text_of(content_of(client.get(address(project, WordKind.APPRAISAL))))
    assert "Thời gian bắt đầu" in text
    assert "- Thành viên tham gia thẩm định" in text
    assert "☐ Đạt      ☐ Yêu cầu bổ sung      ☐ Không đạt" in text
    assert "được thành lập theo" not in text
    assert "{%" not in text


def test_the_minutes_of_a_closed_session_keep_its_number_whatever_came_after(client, by):
    project = full_project(by, Status.CONFIRMED)
    session = session_over(project, by, SUPPLEMENT, "Bổ sung báo giá.\nLàm rõ đối ứng.")
    close_session(session_id=session.pk, minutes=MINUTES, by=by, version=session.version)
    client.force_login(by)
    text = text_of(content_of(client.get(minutes_page(session))))
    assert "Số: 12/BB-HĐTĐ" in text
    assert "ngày 11 tháng 9 năm 2025" in text
    assert "☐ Đạt      ☒ Yêu cầu bổ sung" in text
    assert "Làm rõ đối ứng." in text
    # Appraised by one officer later: those minutes are not the council's.
    type(project).objects.filter(pk=project.pk).update(status=Status.CONFIRMED.value)
    move(project_id=project.pk, action=Action.APPRAISE, by=by, paper=Paper("15/BB-SCT", MINUTED))
    single = text_of(content_of(client.get(address(project, WordKind.APPRAISAL))))
    assert "Thời gian bắt đầu" in single
    assert "15/BB-SCT" in single


def test_the_minutes_are_for_those_who_appraise_there(client, cast, stranger, by):
    session = session_over(full_project(by, Status.CONFIRMED), by)
    item = session.agenda.get()
    for person in (cast[Role.LEADER], stranger):
        with pytest.raises(NotAllowed):
            draft_minutes(item=item, by=person)
    client.force_login(cast[Role.LEADER])
    assert client.get(minutes_page(session)).status_code == 403


def test_names_that_look_like_markup_are_only_text(client, by):
    session = session_over(full_project(by, Status.CONFIRMED), by, conclusion="{{ 1 }} <b>đậm</b> {% if %}")
    client.force_login(by)
    assert "{{ 1 }} <b>đậm</b> {% if %}" in text_of(content_of(client.get(minutes_page(session))))


def test_a_larger_council_asks_no_more_questions(client, by):
    session = session_over(full_project(by, Status.CONFIRMED), by)
    client.force_login(by)
    client.get(minutes_page(session))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            content_of(client.get(minutes_page(session)))
        counts.append(len(queries))
        council = session.council
        for number in range(12):
            council.members.create(full_name=f"Ủy viên {number}", role="member", position=9)
    assert counts[0] == counts[1]
