"""Norms at an amendment that raises what was approved."""

import datetime

import pytest

from funding.actions.amendment import Money, amend
from funding.models import CostBasis, NormCheck
from khuyencong.errors import Refused
from programs.actions.amendment import Content, Decision, NewParticipant
from programs.models import Amendment
from tests.factories import add_participant, make_beneficiary
from tests.funding.amending import LATER, amended, contract, whole
from tests.funding.makers import MILLION, add_line, approved_project, give_budget, page, source
from tests.funding.norms import make_norm
from tests.funding.test_amendment_views import DECISION, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_officer, accountant):
    """50 million approved of a cost of 300 million, on 01/08/2025; the plan has 500 million."""
    give_budget(accountant, 500 * MILLION)
    made = approved_project(centre_officer, 50 * MILLION)
    add_line(made, "DOIUNG", 250 * MILLION, 250 * MILLION)
    return made


def raise_to(project, by, vnd, norm_reason="", number="20/QĐ", day=LATER):
    project.refresh_from_db()
    return amend(
        project_id=project.pk,
        content=Content(values={}, figures=[]),
        money=Money(whole(vnd), norm_reason=norm_reason),
        decision=Decision(number, day, day, "Giá máy thay đổi"),
        by=by,
        version=project.version,
    )


def test_a_raise_past_a_binding_norm_is_refused_at_its_amount(project, leader):
    make_norm(cap_vnd=60 * MILLION)
    with pytest.raises(Refused, match=r"vượt 10\.000\.000 đồng") as refusal:
        raise_to(project, leader, 70 * MILLION, "Cần thiết")
    assert refusal.value.field == f"amount_all_{source().pk}"
    assert not NormCheck.objects.exists()
    assert not Amendment.objects.exists()


def test_a_raise_within_it_is_kept_with_its_amendment(project, leader):
    norm = make_norm(cap_vnd=60 * MILLION)
    amendment = raise_to(project, leader, 60 * MILLION)
    check = NormCheck.objects.get()
    assert (check.amendment, check.norm, check.is_binding, check.decided_on) == (amendment, norm, True, LATER)
    assert (check.approved_vnd, check.eligible_vnd) == (60 * MILLION, 310 * MILLION)
    assert check.plan_remaining_vnd == 500 * MILLION


def test_the_norm_is_that_of_the_amendments_day(project, leader):
    changed = LATER + datetime.timedelta(10)
    make_norm(cap_vnd=60 * MILLION, valid_to=changed - datetime.timedelta(1))
    new = make_norm(cap_vnd=90 * MILLION, valid_from=changed)
    with pytest.raises(Refused, match="vượt"):
        raise_to(project, leader, 70 * MILLION)
    raise_to(project, leader, 70 * MILLION, day=changed)
    assert NormCheck.objects.get().norm == new


def test_a_warning_needs_a_reason_that_is_kept(project, leader):
    make_norm(cap_vnd=60 * MILLION, certainty="unverified")
    with pytest.raises(Refused) as refusal:
        raise_to(project, leader, 70 * MILLION)
    assert refusal.value.field == "norm_reason"
    raise_to(project, leader, 70 * MILLION, "Máy nhập khẩu")
    assert NormCheck.objects.get().override_reason == "Máy nhập khẩu"


def test_what_is_not_raised_is_not_asked(project, leader):
    make_norm(cap_vnd=1)
    raise_to(project, leader, 40 * MILLION)
    amended(project, leader, whole(260 * MILLION, "DOIUNG"), number="21/QĐ")
    assert not NormCheck.objects.exists()


def test_only_who_gets_more_is_held_against_it(project, leader):
    make_norm(rate_percent=None, cap_vnd=40 * MILLION)
    other = add_participant(project)
    add_line(project, "KCDP", 10 * MILLION, 10 * MILLION, participant=other)
    amended(project, leader, {(other.pk, source().pk): 40 * MILLION})
    assert [check.participant for check in NormCheck.objects.all()] == [other]


def test_who_joins_is_held_against_it(project, leader):
    make_norm(rate_percent=None, cap_vnd=40 * MILLION)
    joining = NewParticipant(make_beneficiary().pk, "")
    for vnd, fits in ((41 * MILLION, False), (40 * MILLION, True)):
        amounts = {**whole(10 * MILLION), (-1, source().pk): vnd}
        if fits:
            amended(project, leader, amounts, added=[joining])
        else:
            with pytest.raises(Refused, match=r"vượt 1\.000\.000 đồng"):
                amended(project, leader, amounts, added=[joining])
    assert NormCheck.objects.get().participant in project.participants.all()


def test_who_leaves_takes_its_basis_along(project, leader):
    other = add_participant(project)
    CostBasis.objects.create(project=project, participant=other)
    amended(project, leader, removed=[other.pk])
    assert not CostBasis.objects.exists()


def test_who_was_held_against_a_norm_stays_named(project, leader):
    other = add_participant(project)
    add_line(project, "KCDP", 10 * MILLION, 10 * MILLION, participant=other)
    amended(project, leader, {(other.pk, source().pk): 40 * MILLION})
    with pytest.raises(Refused, match="Hãy thay bằng cơ sở khác"):
        amended(project, leader, number="21/QĐ", removed=[other.pk])


class TestPage:
    def data(self, project, client, **values):
        return typed(client.get(page("project-amend", project))) | DECISION | values

    def test_the_norm_is_shown_and_a_warning_asks(self, client, project, leader, centre_officer):
        make_norm(cap_vnd=60 * MILLION, certainty="unverified")
        contract(project, 10 * MILLION, centre_officer)
        client.force_login(leader)
        html = client.get(page("project-amend", project)).content.decode()
        assert "Đối chiếu định mức" in html
        assert "norm_reason" not in html
        raised = {f"amount_all_{source().pk}": "70.000.000"}
        response = client.post(page("project-amend", project), self.data(project, client, **raised))
        assert response.status_code == 422
        assert "norm_reason" in response.context["forms"].excuse.errors
        assert 'name="norm_reason"' in response.content.decode()
        assert 'value="70.000.000"' in response.content.decode()
        response = client.post(
            page("project-amend", project), self.data(project, client, **raised, norm_reason="Máy nhập khẩu")
        )
        assert response.status_code == 302
        assert NormCheck.objects.get().override_reason == "Máy nhập khẩu"
        html = client.get(page("project-money", project)).content.decode()
        assert "Điều chỉnh lần 1" in html
