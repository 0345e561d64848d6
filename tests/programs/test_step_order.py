"""A paper that a later one has overtaken moves nothing."""

import datetime

import pytest
from django.urls import reverse

from khuyencong.errors import Refused
from programs import checks
from programs.actions.project import Paper, move
from programs.models import Project
from programs.rules.step_order import DatedStep, newest, overtaken_by
from programs.workflow import Action, Status
from tests.factories import make_project

EARLY, MIDDLE, LATE = (datetime.date(2025, 3, day) for day in (1, 10, 20))
FIRST, SECOND = DatedStep("Xác nhận", "1/XN", EARLY), DatedStep("Thẩm định đạt", "2/BB", LATE)


def test_the_newest_paper_is_the_latest_dated_one():
    assert newest([]) is None
    assert newest([SECOND, FIRST]) is SECOND
    same_day = DatedStep("Phê duyệt", "3/QĐ", LATE)
    assert newest([SECOND, same_day, FIRST]) is same_day


@pytest.mark.parametrize(("day", "found"), [(EARLY, SECOND), (MIDDLE, SECOND), (LATE, None)])
def test_a_paper_before_the_newest_one_comes_too_late(day, found):
    assert overtaken_by(day, [FIRST, SECOND]) is found
    assert overtaken_by(day, []) is None


@pytest.fixture
def confirmed(local_officer, monkeypatch):
    """Confirmed by a paper of the middle day; no other check stands against its moves."""
    for action in Action:
        monkeypatch.setitem(checks.CHECKS, action, [])
    project = make_project(created_by=local_officer, status=Status.SUBMITTED.value)
    return take(project, Action.CONFIRM, local_officer, MIDDLE, "7/XN-UBND")


def take(project, action, by, day=None, number="9/SCT", reason="Ý kiến"):
    return move(project_id=project.pk, action=action, by=by, paper=Paper(number, day) if day else None, reason=reason)


@pytest.mark.django_db
class TestMove:
    def test_an_older_paper_is_refused_and_the_earlier_step_named(self, client, department_officer, confirmed):
        client.force_login(department_officer)
        address = reverse("programs:project-move", args=[confirmed.pk, Action.APPRAISE.value])
        form = {"version": confirmed.version, "document_number": "3/BB", "document_date": "09/03/2025", "reason": ""}
        response = client.post(address, form)
        assert response.status_code == 422
        (error,) = response.context["form"].errors["document_date"]
        assert "bước “Xác nhận”: văn bản số 7/XN-UBND ngày 10/03/2025" in error
        assert 'value="09/03/2025"' in response.content.decode()
        assert Project.objects.get(pk=confirmed.pk).state is Status.CONFIRMED
        assert client.post(address, form | {"document_date": "10/03/2025"}).status_code == 302

    def test_a_move_without_a_paper_is_in_order(self, department_officer, confirmed):
        assert take(confirmed, Action.RETURN, department_officer).state is Status.RETURNED

    def test_what_stood_before_a_return_still_stands_after_it(self, local_officer, department_officer, confirmed):
        take(confirmed, Action.RETURN, department_officer, LATE)
        with pytest.raises(Refused, match="Trả lại bổ sung") as caught:
            take(confirmed, Action.SUBMIT, local_officer, MIDDLE)
        assert caught.value.field == "document_date"
        take(confirmed, Action.SUBMIT, local_officer)
        with pytest.raises(Refused, match="7/XN-UBND"):
            take(confirmed, Action.APPRAISE, department_officer, EARLY)
        assert take(confirmed, Action.APPRAISE, department_officer, MIDDLE).state is Status.APPRAISED

    def test_the_ways_out_are_in_order_too(self, department_officer, confirmed):
        with pytest.raises(Refused, match="7/XN-UBND"):
            take(confirmed, Action.REFUSE, department_officer, EARLY)
        assert take(confirmed, Action.REFUSE, department_officer, LATE).state is Status.REFUSED

    def test_in_bulk_each_project_answers_for_itself(self, client, department_officer, local_officer, confirmed):
        free = make_project(created_by=local_officer, status=Status.CONFIRMED.value)
        client.force_login(department_officer)
        ticks = [f"{project.pk}-{project.version}" for project in (confirmed, free)]
        form = {"move": "appraise", "de_an": ticks, "do": "1", "document_number": "3/BB", "reason": ""}
        response = client.post(reverse("programs:project-bulk"), form | {"document_date": "01/03/2025"})
        assert (response.context["good"], response.context["bad"]) == (1, 1)
        assert "7/XN-UBND" in response.content.decode()
