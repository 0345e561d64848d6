"""Kỳ báo cáo của cơ sở: opening, changing, closing; an office reports; who may do what."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.models import CraftVillage
from programs.workflow import Status
from reports import policies
from reports.actions.area_report import report_area
from reports.actions.reporting_round import close_round, edit_round, open_round, reopen_round
from reports.models import AreaReport, ReportingRound
from reports.periods import part_of_year
from reports.rounds.queries import expected_offices, last_report, office_rows, standing_of
from tests.factories import make_organisation, make_project, make_province, make_user, unit
from tests.reports.rounds import days, make_round, report, round_values, shown_to, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(department_officer, local_officer):
    return open_round(values=round_values(), by=department_officer)


def test_opening_is_one_event(asked, department_officer):
    assert (asked.opened_by, asked.version, asked.closed_at) == (department_officer, 0, None)
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.place_id) == (
        "reporting_round_open",
        f"reportinground:{asked.pk}",
        unit("96").pk,
    )
    assert event.document_number == "15/SCT-KC"
    assert event.changes["Hạn báo cáo"] == [None, days(5).isoformat()]


def test_who_may_keep_rounds(cast, stranger):
    for role, user in cast.items():
        if role in (Role.DEPARTMENT_OFFICER, Role.LEADER):
            policies.check_can_keep_rounds(user, unit("96").pk)
        else:
            with pytest.raises(NotAllowed):
                policies.check_can_keep_rounds(user, unit("96").pk)
    with pytest.raises(NotAllowed, match="không thuộc phạm vi"):
        policies.check_can_keep_rounds(stranger, unit("96").pk)


def test_every_act_asks_the_policy_itself(asked, cast, stranger, department_officer):
    acts = (
        lambda user: open_round(values=round_values(), by=user),
        lambda user: edit_round(round_id=asked.pk, values=round_values(title="Khác"), by=user, version=0),
        lambda user: close_round(round_id=asked.pk, by=user, version=0),
    )
    for user in (cast[Role.LOCAL_OFFICER], cast[Role.AUDITOR], cast[Role.CENTRE_OFFICER], stranger):
        for act in acts:
            with pytest.raises(NotAllowed):
                act(user)
    close_round(round_id=asked.pk, by=department_officer, version=0)
    with pytest.raises(NotAllowed):
        reopen_round(round_id=asked.pk, by=stranger, version=1)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"due_date": days(-1)}, "due_date", "từ hôm nay"),
        ({"start": days(10), "end": days(20), "due_date": days(9)}, "due_date", "trước ngày đầu kỳ"),
        ({"start": days(2), "end": days(1)}, "end", "sau ngày đầu kỳ"),
    ],
)
def test_days_out_of_order_are_refused(changes, field, told, department_officer, local_officer):
    with pytest.raises(Refused, match=told) as refused:
        open_round(values=round_values(**changes), by=department_officer)
    assert refused.value.field == field
    assert not ReportingRound.objects.exists()


def test_an_area_without_an_office_has_nobody_to_ask(department_officer, local_officer):
    with pytest.raises(Refused, match="không có Phòng Kinh tế") as refused:
        open_round(values=round_values(area=unit("31972")), by=department_officer)
    assert refused.value.field == "area"


def test_the_same_days_are_asked_once_whatever_the_area(asked, leader):
    for area in ("96", "31843"):
        with pytest.raises(Refused, match="đã được mở: “Báo cáo quý”"):
            open_round(values=round_values(area=unit(area)), by=leader)


def test_days_that_cross_are_refused_and_a_part_of_a_year_is_not(department_officer, local_officer):
    far = today().year + 1  # due dates lie ahead on any day
    quarter = part_of_year(far, "quy-2")
    due = quarter.end + datetime.timedelta(days=5)
    open_round(values=round_values(start=quarter.start, end=quarter.end, due_date=due), by=department_officer)
    crossing = quarter.start + datetime.timedelta(days=30), quarter.end + datetime.timedelta(days=30)
    with pytest.raises(Refused, match="chồng một phần"):
        open_round(values=round_values(start=crossing[0], end=crossing[1], due_date=crossing[1]), by=department_officer)
    for part in ("nam", "quy-1", "thang-5"):
        period = part_of_year(far, part)
        values = round_values(start=period.start, end=period.end, due_date=period.end)
        assert open_round(values=values, by=department_officer).pk


def test_a_round_changes_until_somebody_has_answered(asked, department_officer, local_officer):
    values = round_values(title="Báo cáo quý, sửa", due_date=days(9))
    edited = edit_round(round_id=asked.pk, values=values, by=department_officer, version=0)
    assert (edited.title, edited.version) == ("Báo cáo quý, sửa", 1)
    event = AuditEvent.objects.order_by("pk").last()
    assert event.action == "reporting_round_edit"
    assert set(event.changes) == {"Kỳ báo cáo", "Hạn báo cáo"}
    with pytest.raises(Overtaken):
        edit_round(round_id=asked.pk, values=round_values(), by=department_officer, version=0)
    report(asked, local_officer)
    with pytest.raises(Refused, match="Đã có 1 đơn vị báo cáo"):
        edit_round(round_id=asked.pk, values=round_values(), by=department_officer, version=1)


def test_nothing_changed_is_no_event(asked, department_officer):
    edit_round(round_id=asked.pk, values=round_values(), by=department_officer, version=0)
    assert AuditEvent.objects.count() == 1
    assert ReportingRound.objects.get().version == 0


def test_closed_and_reopened(asked, department_officer, leader, local_officer):
    close_round(round_id=asked.pk, by=department_officer, version=0)
    with pytest.raises(Refused, match="đã kết thúc lúc"):
        report(asked, local_officer)
    with pytest.raises(Refused, match="đã kết thúc lúc"):
        close_round(round_id=asked.pk, by=leader, version=1)
    with pytest.raises(Overtaken):
        reopen_round(round_id=asked.pk, by=leader, version=0)
    reopen_round(round_id=asked.pk, by=leader, version=1)
    with pytest.raises(Refused, match="đang mở"):
        reopen_round(round_id=asked.pk, by=leader, version=2)
    report(asked, local_officer)
    acts = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["reporting_round_open", "reporting_round_close", "reporting_round_reopen", "area_report"]


def test_an_office_reports_and_reports_again(asked, local_officer):
    first = report(asked, local_officer, "Thiếu điện")
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.subject, event.place_id) == (
        "area_report",
        f"reportinground:{asked.pk}",
        local_officer.area_id,
    )
    assert event.changes["Tình hình, khó khăn, kiến nghị"] == [None, "Thiếu điện"]
    second = report(asked, local_officer, "Đã có điện")
    assert last_report(asked, local_officer.organisation_id) == second
    assert list(AreaReport.objects.order_by("pk")) == [first, second]
    assert AuditEvent.objects.order_by("pk").last().action_label == "Báo cáo lại số liệu của địa bàn"


def test_the_database_keeps_what_was_reported(asked, local_officer):
    one = report(asked, local_officer)
    for change in (lambda: AreaReport.objects.update(note="x"), one.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_figures_are_kept_as_they_were_shown(asked, local_officer):
    make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, year=asked.end.year)
    one = report(asked, local_officer)
    told = dict(one.figures)
    assert told[f"Đề án của năm kế hoạch {asked.end.year}"] == "1 đề án"
    assert told["Trong đó: đang thực hiện"] == "1 đề án"
    assert told["Kinh phí đã giải ngân trong kỳ – KCQG"] == "0 đồng"
    make_project(created_by=local_officer, status=Status.IN_PROGRESS.value, year=asked.end.year)
    one.refresh_from_db()
    assert dict(one.figures) == told
    assert [label for label, _ in one.figures] == list(told), "in the order in which they were shown"


def test_figures_that_changed_since_are_shown_anew(asked, local_officer):
    shown = shown_to(asked, local_officer)
    CraftVillage.objects.create(name="Nghề rèn", craft="Rèn", place=unit("31843"))
    with pytest.raises(Overtaken, match="Số liệu vừa thay đổi"):
        report_area(round_id=asked.pk, note="", shown=shown, by=local_officer)
    assert not AreaReport.objects.exists()


def test_a_colleague_was_faster(asked, local_officer):
    colleague = make_user(Role.LOCAL_OFFICER, local_officer.organisation)
    shown = shown_to(asked, colleague)
    report(asked, local_officer)
    with pytest.raises(Overtaken, match=f"{local_officer.full_name} vừa báo cáo"):
        report_area(round_id=asked.pk, note="", shown=shown, by=colleague)
    assert AreaReport.objects.count() == 1


def test_who_may_report(asked, cast, stranger, other_local_officer):
    for role, user in cast.items():
        if role is Role.LOCAL_OFFICER:
            policies.check_can_report(user, asked)
        else:
            with pytest.raises(NotAllowed):
                policies.check_can_report(user, asked)
    policies.check_can_report(other_local_officer, asked)
    abroad = make_user(Role.LOCAL_OFFICER, make_organisation(stranger.organisation.area))
    with pytest.raises(NotAllowed, match="không hỏi địa bàn"):
        policies.check_can_report(abroad, asked)


def test_an_office_that_is_not_asked_is_told_so(asked):
    other = make_user(Role.LOCAL_OFFICER, make_organisation(unit("31843"), kind=OrganisationKind.OTHER))
    with pytest.raises(Refused, match="không thuộc số đó"):
        policies.check_can_report(other, asked)


def test_a_period_to_come_is_not_reported_yet(department_officer, local_officer):
    asked = make_round(department_officer, start=days(1), end=days(30), due_date=days(35))
    with pytest.raises(Refused, match="chưa báo cáo được"):
        policies.check_can_report(local_officer, asked)


def test_offices_in_force_on_the_last_day_are_asked(department_officer, local_officer, other_local_officer):
    merger = datetime.date(2025, 7, 1)
    old = make_organisation(
        unit("31972"),
        kind=OrganisationKind.DISTRICT_OFFICE,
        valid_to=merger - datetime.timedelta(days=1),
    )
    new = local_officer.organisation
    new.valid_from = merger
    new.save()
    make_organisation(make_province(), kind=OrganisationKind.COMMUNE_OFFICE)
    before = make_round(department_officer, start=datetime.date(2025, 1, 1), end=datetime.date(2025, 6, 30))
    assert set(expected_offices(before)) == {old, other_local_officer.organisation}
    after = make_round(department_officer)
    assert set(expected_offices(after)) == {new, other_local_officer.organisation}


def test_late_is_after_the_due_date_and_the_first_report_counts(department_officer, local_officer, other_local_officer):
    past = make_round(department_officer, due_date=days(-1))
    report(past, local_officer)
    standing = standing_of(office_rows(past, department_officer), past, today())
    assert (standing.asked, standing.reported, standing.missing, standing.late) == (2, 1, 1, 2)
    ahead = make_round(department_officer, due_date=days(3), end=days(1))
    report(ahead, local_officer)
    standing = standing_of(office_rows(ahead, department_officer), ahead, today())
    assert (standing.asked, standing.reported, standing.late) == (2, 1, 0)
    assert standing_of(office_rows(ahead, local_officer), ahead, today()).asked == 1
