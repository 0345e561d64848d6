"""Two people over one report at the same moment: one is done, the other is told who was faster."""

import pytest

from khuyencong.audit.models import AuditEvent
from reports.actions.lock import lock_report, unlock_report
from reports.definitions import DEFINITIONS
from reports.locked import open_report
from reports.models import LockedReport, ReportUnlock
from tests.at_once import at_once, won_and_refused
from tests.reports.locking import lock, parameters_of, shown_to

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = range(3)


def locking(user, slug="kinh-phi"):
    parameters, shown = parameters_of(slug, user), shown_to(user, slug)
    return lambda: lock_report(definition=DEFINITIONS[slug], parameters=parameters, by=user, shown=shown)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_report_is_locked_once(_round, department_officer, leader):
    refusal = won_and_refused(at_once(locking(department_officer), locking(leader)))
    winner = LockedReport.objects.get()
    assert f"đã được {winner.locked_by} khóa lúc" in refusal
    assert AuditEvent.objects.filter(action="report_lock").count() == 1
    assert open_report(winner).problem == ""


@pytest.mark.parametrize("_round", ROUNDS)
def test_different_reports_of_one_area_are_both_locked(_round, department_officer, leader):
    assert at_once(locking(department_officer), locking(leader, "ket-qua")) == ["done", "done"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_report_is_unlocked_once(_round, department_officer, leader):
    report = lock(department_officer)

    def unlocking():
        return unlock_report(report_id=report.pk, reason="Sai số liệu", by=leader)

    assert "mở khóa lúc" in won_and_refused(at_once(unlocking, unlocking))
    assert ReportUnlock.objects.count() == 1
