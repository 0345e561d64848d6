"""The story of a project: kinds of events, pages, the workbook."""

import datetime
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.audit.models import AuditEvent
from khuyencong.audit.record import record
from programs.actions.project import Paper, edit_project, move
from programs.history import EventKind, condition_of, kind_of
from programs.models import Project
from programs.workflow import Action, Status
from tests.factories import make_project
from tests.responses import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(local_officer, department_officer):
    """Edited, money asked for, a document attached, confirmed by a paper."""
    project = make_project(created_by=local_officer)
    values = {"name": "Tên mới của đề án", "year": project.year, "track": project.track, "place": project.place}
    edit_project(project_id=project.pk, values=values, by=local_officer, version=1)
    project.refresh_from_db()
    with transaction.atomic():
        for action, label, changes in (
            ("set_requested", "Nhập kinh phí đề nghị", {"KCĐP (đồng)": (None, 300_000_000)}),
            ("attach_document", "Đính kèm tài liệu", {"Tài liệu": (None, "bao-gia.pdf")}),
        ):
            record(by=local_officer, action=action, action_label=label, obj=project, changes=changes)
    Project.objects.filter(pk=project.pk).update(status=Status.SUBMITTED.value)
    paper = Paper("=7/XN", datetime.date(2026, 2, 5))
    move(project_id=project.pk, action=Action.CONFIRM, by=local_officer, paper=paper, reason="Đúng thực tế")
    return project


def page(project, name="project-history"):
    return reverse(f"programs:{name}", args=[project.pk])


def titles(response):
    return [entry["title"] for entry in response.context["entries"]]


def rows_of(response):
    sheet = load_workbook(BytesIO(content_of(response))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", ["Xác nhận", "Đính kèm tài liệu", "Nhập kinh phí đề nghị", "Sửa thông tin chung"]),
        ("buoc", ["Xác nhận"]),
        ("sua-doi", ["Sửa thông tin chung"]),
        ("kinh-phi", ["Nhập kinh phí đề nghị"]),
        ("tai-lieu", ["Đính kèm tài liệu"]),
        ("la'", ["Xác nhận", "Đính kèm tài liệu", "Nhập kinh phí đề nghị", "Sửa thông tin chung"]),
    ],
)
def test_newest_first_and_by_kind(client, auditor, told, kind, expected):
    client.force_login(auditor)
    response = client.get(page(told), {"loai": kind})
    assert titles(response) == expected


def test_before_and_after_are_readable(client, auditor, local_officer, told):
    client.force_login(auditor)
    text = client.get(page(told)).content.decode()
    for words in (
        "<ins>Tên mới của đề án</ins>",
        "<ins>300.000.000</ins>",
        "=7/XN ngày 05/02/2026",
        local_officer.full_name,
        str(local_officer.organisation),
    ):
        assert words in text, words


def test_the_workbook_holds_the_filtered_events(client, auditor, local_officer, told):
    client.force_login(auditor)
    heading, *rows = rows_of(client.get(page(told, "project-history-export")))
    assert heading[:4] == ["Thời điểm", "Loại sự kiện", "Việc", "Người thực hiện"]
    assert [row[1] for row in rows] == ["Bước xử lý", "Tài liệu", "Kinh phí", "Sửa đổi"]
    confirmed = rows[0]
    assert confirmed[3:6] == [str(local_officer), "Cán bộ kinh tế huyện, xã", str(local_officer.organisation)]
    assert confirmed[6] == "=7/XN"  # text, never a formula
    assert confirmed[7].date() == datetime.date(2026, 2, 5)
    assert confirmed[8:] == ["Đúng thực tế", "Trạng thái", "Đã trình", "Đã xác nhận"]
    _, *money = rows_of(client.get(page(told, "project-history-export"), {"loai": "kinh-phi"}))
    assert [row[2] for row in money] == ["Nhập kinh phí đề nghị"]


@pytest.mark.parametrize("who", ["stranger", "other_local_officer"])
@pytest.mark.parametrize("name", ["project-history", "project-history-export"])
def test_another_areas_history_does_not_exist(request, client, told, who, name):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(told, name)).status_code == 404


def test_every_event_is_of_exactly_one_kind(told, local_officer):
    with transaction.atomic():
        event = record(by=local_officer, action="advance", action_label="Tạm ứng", obj=told)
    for action, object_type in (("advance", "funding.ledgerentry"), ("approve", "programs.project"), ("x", "a.b")):
        AuditEvent(action=action, object_type=object_type)
        assert kind_of(action, object_type) in EventKind
    assert kind_of("advance", "funding.ledgerentry") is EventKind.MONEY
    for one in AuditEvent.objects.all():
        kinds = [kind for kind in EventKind if AuditEvent.objects.filter(condition_of(kind), pk=one.pk).exists()]
        assert kinds == [kind_of(one.action, one.object_type)]
    assert event.pk


def test_the_general_tab_tells_the_steps_in_a_line(client, auditor, told):
    client.force_login(auditor)
    text = client.get(page(told, "project-detail")).content.decode()
    assert 'Xác nhận <span class="text-body-secondary">05/02/2026</span>' in text
    assert page(told) in text
