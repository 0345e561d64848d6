"""Two people at the same moment: the same acceptance, and a check in the field while somebody accepts."""

import datetime

import pytest

from funding.actions.acceptance import accept
from funding.models import AcceptedCost
from programs.actions.field_check import record_field_check
from programs.actions.project import Paper
from programs.models import FieldCheck
from programs.workflow import Status
from tests.at_once import at_once, won_and_refused
from tests.funding.makers import MILLION, approved_project

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MINUTES = Paper("15/BB-NT", datetime.date(2025, 11, 10))
ROUNDS = range(3)


def accepting(project, by):
    return lambda: accept(
        project_id=project.pk,
        achieved={},
        others=[],
        costs={None: 80 * MILLION},
        by=by,
        version=project.version,
        paper=MINUTES,
    )


def checking(project, by):
    values = {
        "report": None,
        "checked_on": MINUTES.date,
        "minutes_number": "01/BBKT",
        "checkers": "Ông A",
        "verified_percent": 90,
        "findings": "Gần xong",
    }
    return lambda: record_field_check(project_id=project.pk, values=values, by=by, version=project.version)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_project_is_accepted_once(_round, centre_officer):
    project = approved_project(centre_officer, 80 * MILLION, status=Status.IN_PROGRESS.value)
    act = accepting(project, centre_officer)
    assert "đã được thay đổi" in won_and_refused(at_once(act, act))
    assert AcceptedCost.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_nobody_accepts_past_a_check_that_is_just_being_recorded(_round, centre_officer):
    project = approved_project(centre_officer, 80 * MILLION, status=Status.IN_PROGRESS.value)
    acts = accepting(project, centre_officer), checking(project, centre_officer)
    assert "đã được thay đổi" in won_and_refused(at_once(*acts))
    assert AcceptedCost.objects.count() + FieldCheck.objects.count() == 1
