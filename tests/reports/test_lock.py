"""A locked report keeps its figures; one lock per question; the hash tells whether they are still those."""

import datetime
import json

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.models import IndicatorValue, ResultIndicator
from reports import policies
from reports.actions.lock import lock_report, locked_now, unlock_report
from reports.comparison import compare
from reports.definitions import DEFINITIONS
from reports.locked import BROKEN, UNREADABLE, UNRECORDED, content_of_report, open_report, stored_parameters
from reports.models import LockedReport
from reports.snapshot import sha256_of
from tests.factories import make_project, make_province, unit
from tests.reports.locking import lock, parameters_of, shown_to
from tests.reports.world import make_world

pytestmark = pytest.mark.django_db
SLUGS = list(DEFINITIONS)
FILLED = ("ket-qua", "kinh-phi", "binh-chon", "du-an", "nhieu-nam")  # what `make_world` puts figures into


def worth(table):
    return [[table.value(place, column.key) for column in table.columns] for place in range(len(table.rows))]


@pytest.mark.parametrize("slug", SLUGS)
def test_later_corrections_do_not_change_it(slug, department_officer):
    make_world(1, department_officer)
    parameters = parameters_of(slug, department_officer)
    before = [worth(table) for table in DEFINITIONS[slug].build(parameters)]
    report = lock(department_officer, slug)
    make_world(2, department_officer)
    report.refresh_from_db()
    opened = open_report(report)
    assert opened.problem == ""
    assert [worth(table) for table in opened.tables] == before
    if slug in FILLED:
        assert [worth(table) for table in DEFINITIONS[slug].build(parameters)] != before


def test_it_says_what_when_where_and_who(department_officer):
    area = unit("31843")
    report = lock(department_officer, "kinh-phi", area=area, document_number="12/BC-SCT", note="Bản gửi Bộ")
    assert (report.slug, report.area) == ("kinh-phi", area)
    assert report.title == "Kinh phí khuyến công – Đã giải ngân (ngày chứng từ)"
    assert report.span == "Năm 2026 (từ ngày 15/12/2025 đến ngày 14/12/2026)"
    assert report.parameters == {
        "area": str(area.pk),
        "basis": "disbursed",
        "end": "14/12/2026",
        "start": "15/12/2025",
        "year": "2026",
    }
    assert report.sha256 == sha256_of(report.content)
    assert json.loads(report.content)["document_number"] == "12/BC-SCT"
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.subject) == (
        "report_lock",
        department_officer.pk,
        f"lockedreport:{report.pk}",
    )
    assert (event.place_id, event.document_number) == (area.pk, "12/BC-SCT")
    assert event.changes["Mã SHA-256"] == [None, report.sha256]


def test_one_lock_per_question(department_officer, leader):
    first = lock(leader)
    with pytest.raises(Refused, match=rf"đã được {leader.full_name} khóa lúc \d\d/\d\d/\d{{4}}"):
        lock(department_officer)
    lock(department_officer, area=unit("31843"))
    lock(department_officer, "ket-qua")
    unlock_report(report_id=first.pk, reason="Sai số liệu", by=leader)
    second = lock(department_officer)
    assert LockedReport.objects.in_force().filter(slug="kinh-phi", area=unit("96")).get() == second
    assert locked_now("kinh-phi", parameters_of("kinh-phi", leader)) == second


def test_the_same_question_is_the_same_however_it_was_typed(department_officer):
    lock(department_officer)
    typed = parameters_of("kinh-phi", department_officer, start="", end="14-12-2026")
    assert stored_parameters(typed) == stored_parameters(parameters_of("kinh-phi", department_officer))
    assert locked_now("kinh-phi", typed) is not None


def test_figures_that_changed_after_they_were_shown_are_not_locked(department_officer):
    shown = shown_to(department_officer, "ket-qua")
    make_world(1, department_officer)
    with pytest.raises(Overtaken, match="vừa thay đổi"):
        lock_report(
            definition=DEFINITIONS["ket-qua"],
            parameters=parameters_of("ket-qua", department_officer),
            by=department_officer,
            shown=shown,
        )
    assert not LockedReport.objects.exists()
    assert not AuditEvent.objects.exists()


def test_who_may_lock(cast, stranger):
    area = unit("96").pk
    for role, user in cast.items():
        if role.value in ("leader", "department_officer"):
            policies.check_can_lock(user, area)
        else:
            with pytest.raises(NotAllowed):
                policies.check_can_lock(user, area)
    with pytest.raises(NotAllowed, match="không thuộc phạm vi"):
        policies.check_can_lock(stranger, area)


def test_the_action_asks_the_policy_itself(cast, department_officer):
    asked = {
        "definition": DEFINITIONS["ket-qua"],
        "parameters": parameters_of("ket-qua", department_officer),
        "shown": shown_to(department_officer, "ket-qua"),
    }
    report = lock(department_officer, "kinh-phi")
    for role, user in cast.items():
        if role.value != "leader":
            with pytest.raises(NotAllowed):
                unlock_report(report_id=report.pk, reason="Sai", by=user)
        if role.value not in ("leader", "department_officer"):
            with pytest.raises(NotAllowed):
                lock_report(**asked, by=user)
    assert LockedReport.objects.get() == report


def test_a_leader_unlocks_with_a_reason_once(department_officer, leader):
    report = lock(department_officer)
    with pytest.raises(Refused, match="Ghi rõ lý do") as refused:
        unlock_report(report_id=report.pk, reason="", by=leader)
    assert refused.value.field == "reason"
    unlock_report(report_id=report.pk, reason="Kế toán sửa chứng từ", by=leader)
    with pytest.raises(Refused, match=f"đã được {leader.full_name} mở khóa lúc"):
        unlock_report(report_id=report.pk, reason="Lần nữa", by=leader)
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == ["report_lock", "report_unlock"]
    assert (events[1].reason, events[1].place_id) == ("Kế toán sửa chứng từ", report.area_id)
    assert open_report(LockedReport.objects.get()).problem == ""


def test_a_leader_of_another_province_unlocks_nothing(department_officer, leader):
    report = lock(department_officer)
    leader.organisation.area = make_province()
    leader.organisation.save()
    with pytest.raises(NotAllowed):
        unlock_report(report_id=report.pk, reason="Sai", by=leader)


def test_the_database_refuses_to_change_or_remove_it(department_officer):
    report = lock(department_officer)
    for change in (lambda: LockedReport.objects.update(title="x"), report.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def forged(report, **changes):
    """A row beside the real one, with something in it that was never locked."""
    values = {field.name: getattr(report, field.name) for field in LockedReport._meta.fields if field.name != "id"}
    return LockedReport.objects.create(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sha256": "0" * 64}, BROKEN),
        ({"title": "Kết quả khác"}, BROKEN),
        ({"span": "Năm 2025"}, BROKEN),
        ({"document_number": "13/BC"}, BROKEN),
        ({"locked_at": timezone.now()}, BROKEN),
        ({"content": "{"}, UNREADABLE),
        ({"content": "[]"}, UNREADABLE),
        ({"content": '{"tables":[{}]}'}, UNREADABLE),
        ({}, UNRECORDED),
    ],
)
def test_what_does_not_fit_its_hash_is_seen(changes, problem, department_officer):
    report = lock(department_officer)
    assert open_report(forged(report, **changes)).problem == problem
    assert open_report(report).problem == ""


def test_a_figure_and_its_hash_changed_together_are_seen(department_officer):
    report = lock(department_officer)
    copy = forged(report)
    content = content_of_report(copy, ())
    changed = forged(report, content=content, sha256=sha256_of(content))
    assert open_report(changed).problem == UNRECORDED


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_differs_right_after_locking(slug, department_officer):
    make_world(1, department_officer)
    report = lock(department_officer, slug)
    tables = DEFINITIONS[slug].build(parameters_of(slug, department_officer))
    found = compare(open_report(report).tables, tables)
    assert found.differences == []
    held = sum(value is not None for table in tables for row in worth(table) for value in row)
    assert found.equal == held > 0


def test_one_corrected_figure_is_the_only_difference(department_officer):
    value = IndicatorValue.objects.create(
        project=make_project(created_by=department_officer, status="accepted"),
        indicator=ResultIndicator.objects.get(code="1"),
        budget="central",
        year=2026,
        planned_value=5,
        achieved_value=5,
        achieved_date=datetime.date(2026, 7, 1),
    )
    report = lock(department_officer, "ket-qua")
    IndicatorValue.objects.filter(pk=value.pk).update(achieved_value=8)
    today = DEFINITIONS["ket-qua"].build(parameters_of("ket-qua", department_officer))
    (found,) = compare(open_report(report).tables, today).differences
    assert (found.locked, found.today, found.difference) == ("5", "8", "+3")
    assert found.column.startswith("Năm 2026")
