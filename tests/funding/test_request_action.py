import pytest

from funding.actions.request import set_requested
from funding.models import FundingLine, Source
from khuyencong.audit.models import AuditEvent
from khuyencong.errors import NotAllowed, Overtaken, Refused
from programs.actions.project import move
from programs.checks import problems_before
from programs.models import ProjectBeneficiary
from programs.workflow import Action, Status, Track
from tests.factories import add_participant, make_project
from tests.funding.makers import MILLION, add_line, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(local_officer):
    project = make_project(created_by=local_officer)
    add_participant(project)
    return project


def ask(project, by, amounts):
    project.refresh_from_db()
    return set_requested(project_id=project.pk, amounts=amounts, by=by, version=project.version)


def test_the_amounts_become_lines(draft, local_officer):
    payee = draft.participants.get()
    ask(draft, local_officer, {(payee.pk, source().pk): 150 * MILLION, (None, source("DOIUNG").pk): 200 * MILLION})
    lines = FundingLine.objects.filter(project=draft).values_list("participant_id", "source__code", "requested_vnd")
    assert set(lines) == {(payee.pk, "KCDP", 150 * MILLION), (None, "DOIUNG", 200 * MILLION)}
    assert not FundingLine.objects.exclude(approved_vnd=None).exists()


def test_a_zero_takes_the_line_away_so_that_the_establishment_can_leave(draft, local_officer):
    payee = draft.participants.get()
    ask(draft, local_officer, {(payee.pk, source().pk): 5})
    ask(draft, local_officer, {(payee.pk, source().pk): 0})
    assert not FundingLine.objects.filter(project=draft).exists()
    ProjectBeneficiary.objects.filter(pk=payee.pk).delete()


def test_the_history_tells_both_values_in_dong(draft, local_officer):
    ask(draft, local_officer, {(None, source().pk): 150 * MILLION})
    ask(draft, local_officer, {(None, source().pk): 120 * MILLION})
    event = AuditEvent.objects.filter(subject=f"project:{draft.pk}").first()
    label = "Đề nghị (đồng), Khuyến công địa phương, Chung cả đề án"
    assert event.changes == {label: ["150.000.000", "120.000.000"]}
    assert event.action_label == "Nhập kinh phí đề nghị"


def test_whoever_looks_at_an_old_page_is_overtaken(draft, local_officer):
    old = draft.version
    ask(draft, local_officer, {(None, source().pk): 1})
    with pytest.raises(Overtaken):
        set_requested(project_id=draft.pk, amounts={}, by=local_officer, version=old)


def test_only_while_it_can_be_edited(draft, local_officer):
    draft.status = Status.SUBMITTED.value
    draft.save()
    with pytest.raises(Refused, match="Đã trình"):
        ask(draft, local_officer, {(None, source().pk): 1})


def test_only_who_may_register(draft, accountant, other_local_officer):
    for user in (accountant, other_local_officer):
        with pytest.raises(NotAllowed):
            ask(draft, user, {(None, source().pk): 1})


def test_what_does_not_belong_is_refused(draft, local_officer):
    foreign = add_participant(make_project(created_by=local_officer))
    with pytest.raises(Refused, match="không thuộc đề án"):
        ask(draft, local_officer, {(foreign.pk, source().pk): 1})
    Source.objects.filter(code="KHAC").update(is_active=False)
    with pytest.raises(Refused, match="không còn dùng"):
        ask(draft, local_officer, {(None, source("KHAC").pk): 1})
    with pytest.raises(Refused) as refusal:
        ask(draft, local_officer, {(None, source().pk): -1})
    assert refusal.value.field == f"amount_all_{source().pk}"
    assert not FundingLine.objects.filter(project=draft).exists()


@pytest.mark.parametrize(("track", "wrong", "right"), [(Track.LOCAL, "KCQG", "KCDP"), (Track.NATIONAL, "KCDP", "KCQG")])
def test_a_project_asks_for_money_of_its_own_track(local_officer, track, wrong, right):
    project = make_project(created_by=local_officer, track=track.value)
    add_participant(project)
    add_line(project, wrong, 5)
    assert any("Chưa nhập kinh phí đề nghị" in problem for problem in problems_before(Action.SUBMIT, project))
    with pytest.raises(Refused, match="Chưa nhập kinh phí đề nghị"):
        move(project_id=project.pk, action=Action.SUBMIT, by=local_officer)
    add_line(project, right, 5)
    assert not any("kinh phí" in problem for problem in problems_before(Action.SUBMIT, project))
