"""Two people over one round at the same moment: one is done, the other is told why not."""

import pytest

from khuyencong.accounts.permissions import Role
from khuyencong.audit.models import AuditEvent
from reports.actions.area_report import report_area
from reports.actions.reporting_reminder import claim_unsent, remind_offices
from reports.actions.reporting_round import close_round, edit_round, open_round
from reports.models import AreaReport, ReportingReminder, ReportingRound
from tests.at_once import at_once, won_and_refused
from tests.factories import make_user, unit
from tests.reports.rounds import make_round, round_values, shown_to

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TRIES = range(3)


def reporting(asked, user):
    shown = shown_to(asked, user)
    return lambda: report_area(round_id=asked.pk, note="", shown=shown, by=user)


@pytest.mark.parametrize("_try", TRIES)
def test_a_period_is_opened_once_whatever_the_area(_try, department_officer, leader, local_officer):
    refusal = won_and_refused(
        at_once(
            lambda: open_round(values=round_values(), by=department_officer),
            lambda: open_round(values=round_values(area=unit("31843")), by=leader),
        )
    )
    assert "đã được mở" in refusal
    assert ReportingRound.objects.count() == 1


@pytest.mark.parametrize("_try", TRIES)
def test_two_confirmations_of_one_office_are_one_report(_try, department_officer, local_officer):
    asked = make_round(department_officer)
    colleague = make_user(Role.LOCAL_OFFICER, local_officer.organisation)
    refusal = won_and_refused(at_once(reporting(asked, local_officer), reporting(asked, colleague)))
    assert "vừa báo cáo" in refusal
    assert AreaReport.objects.count() == AuditEvent.objects.filter(action="area_report").count() == 1


@pytest.mark.parametrize("_try", TRIES)
def test_two_offices_both_report(_try, department_officer, local_officer, other_local_officer):
    asked = make_round(department_officer)
    assert at_once(reporting(asked, local_officer), reporting(asked, other_local_officer)) == ["done", "done"]


@pytest.mark.parametrize("_try", TRIES)
def test_nobody_reports_into_a_round_that_is_being_closed(_try, department_officer, local_officer):
    asked = make_round(department_officer)
    results = at_once(
        reporting(asked, local_officer), lambda: close_round(round_id=asked.pk, by=department_officer, version=0)
    )
    assert results[1] == "done"
    if results[0] == "done":
        assert AreaReport.objects.get().reported_at <= ReportingRound.objects.get().closed_at
    else:
        assert "đã kết thúc" in results[0]
        assert not AreaReport.objects.exists()


@pytest.mark.parametrize("_try", TRIES)
def test_a_round_is_not_changed_under_a_report(_try, department_officer, local_officer):
    asked = make_round(department_officer)
    results = at_once(
        reporting(asked, local_officer),
        lambda: edit_round(round_id=asked.pk, values=round_values(title="Khác"), by=department_officer, version=0),
    )
    assert results[0] == "done"
    acts = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    if results[1] == "done":
        assert acts == ["reporting_round_edit", "area_report"]
    else:
        assert "Đã có 1 đơn vị báo cáo" in results[1]
        assert acts == ["area_report"]


@pytest.mark.parametrize("_try", TRIES)
def test_two_who_remind_tell_each_person_once(_try, department_officer, leader, local_officer):
    asked = make_round(department_officer)
    local_officer.email = "xa@khuyencong.example"
    local_officer.save()
    acts = [
        lambda by=by: remind_offices(round_id=asked.pk, office_ids=None, by=by) for by in (department_officer, leader)
    ]
    assert at_once(*acts) == ["done", "done"]
    assert ReportingReminder.objects.count() == 1
    claimed = []
    at_once(*[lambda: claimed.append(len(claim_unsent(recipient_id=local_officer.pk)))] * 2)
    assert sorted(claimed) == [0, 1]
