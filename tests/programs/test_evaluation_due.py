"""Establishments that nobody has looked at since the acceptance: the list, its workbook, the line on the first page."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from programs.models import SupportEvaluation
from programs.queries.evaluation import unevaluated_count
from programs.rules.evaluation import months_before
from programs.workflow import Status
from tests.factories import add_participant, make_beneficiary, make_project, unit
from tests.responses import content_of

pytestmark = pytest.mark.django_db
LIST = reverse("programs:evaluation-due-list")
EXPORT = reverse("programs:evaluation-due-export")
HOME = reverse("home")


def accepted(by, months, *, name="Cơ sở rèn", days=0, **changes):
    """A part in a project accepted so many months ago, and `days` more."""
    day = months_before(timezone.localdate(), months) - datetime.timedelta(days=days)
    place = changes.get("place") or unit("31843")
    status = changes.pop("status", Status.SETTLED.value)
    project = make_project(created_by=by, status=status, **{"accepted_date": day, **changes})
    return add_participant(project, make_beneficiary(name=name, place=place))


def look_at(part, by):
    SupportEvaluation.objects.create(
        participant=part,
        evaluated_on=timezone.localdate(),
        workers_before=1,
        workers_after=2,
        source_note="Cơ sở báo cáo",
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def listed(client, **asked):
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [part.beneficiary.name for part, _ in response.context["rows"]]


def test_twelve_months_after_the_acceptance_they_are_listed(client, local_officer):
    accepted(local_officer, 12, name="Đúng mười hai tháng")
    accepted(local_officer, 12, days=-1, name="Thiếu một ngày")
    accepted(local_officer, 30, name="Đã lâu")
    look_at(accepted(local_officer, 30, name="Đã đánh giá"), local_officer)
    accepted(local_officer, 30, name="Đang thực hiện", status=Status.IN_PROGRESS.value)
    accepted(local_officer, 30, name="Chưa rõ ngày", accepted_date=None)
    client.force_login(local_officer)
    assert listed(client) == ["Đã lâu", "Đúng mười hai tháng"]
    assert listed(client, tu="24") == ["Đã lâu"]
    assert listed(client, tu="6") == ["Đã lâu", "Đúng mười hai tháng", "Thiếu một ngày"]
    assert listed(client, tu="chua-ro") == ["Chưa rõ ngày"]
    assert listed(client, tu="999") == ["Đã lâu", "Đúng mười hai tháng"]
    assert listed(client, q="dung muoi") == ["Đúng mười hai tháng"]


def test_the_list_stays_within_the_area(client, local_officer, other_local_officer, department_officer, stranger):
    accepted(local_officer, 20, name="Cơ sở Hồng Dân")
    accepted(local_officer, 20, name="Cơ sở Gành Hào", place=unit("31972"))
    for person, names in (
        (local_officer, ["Cơ sở Hồng Dân"]),
        (other_local_officer, ["Cơ sở Gành Hào"]),
        (department_officer, ["Cơ sở Hồng Dân", "Cơ sở Gành Hào"]),
        (stranger, []),
    ):
        client.force_login(person)
        assert sorted(listed(client)) == sorted(names)
        assert unevaluated_count(person, timezone.localdate()) == len(names)


def test_the_list_is_paged_and_says_what_to_do_next(client, local_officer, auditor):
    parts = [accepted(local_officer, 20, name=f"Cơ sở {number:02}") for number in range(30)]
    client.force_login(local_officer)
    assert len(listed(client)) == 25
    assert len(listed(client, page="2")) == 5
    adding = reverse("programs:evaluation-add", args=[parts[0].project_id, parts[0].pk])
    assert adding in client.get(LIST, {"sort": "co-so"}).content.decode()
    client.force_login(auditor)
    assert adding not in client.get(LIST, {"sort": "co-so"}).content.decode()


def test_the_workbook_holds_the_filtered_list_and_leaves_a_trace(client, local_officer):
    accepted(local_officer, 14, name="Cơ sở rèn Ba Đình")
    accepted(local_officer, 14, name="Cơ sở bánh tráng")
    accepted(local_officer, 20, name="Cơ sở khác địa bàn", place=unit("31972"))
    client.force_login(local_officer)
    content = content_of(client.get(EXPORT, {"q": "ren"}))
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0][:2] == ("STT", "Tên cơ sở")
    assert [row[1] for row in rows[1:]] == ["Cơ sở rèn Ba Đình"]
    assert rows[1][-1] == 14
    event = AuditEvent.objects.get(action="evaluation_due_export")
    assert event.changes["Số dòng"] == [None, 1]


def test_an_empty_list_says_so(client, local_officer):
    client.force_login(local_officer)
    assert "Không có cơ sở nào chờ đánh giá" in client.get(LIST).content.decode()
    assert content_of(client.get(EXPORT))


def test_the_first_page_tells_those_who_may_do_it(client, local_officer, auditor):
    accepted(local_officer, 20)
    for person, is_told in ((local_officer, True), (auditor, False)):
        client.force_login(person)
        page = client.get(HOME).content.decode()
        assert (f'<a href="{LIST}">1 cơ sở</a>' in page) is is_told
