"""Money only once, after the approval too: who joins by an amendment, and who is named late in a group project."""

import datetime

import pytest

from khuyencong.audit.models import AuditEvent
from khuyencong.errors import Refused
from programs.actions.amended_participants import NewParticipant
from programs.checks import problems_before
from programs.models import Amendment, DuplicateReason, DuplicateSign, ProjectBeneficiary, ProjectKind
from programs.workflow import Action, Status
from tests.factories import add_participant, make_beneficiary, make_project
from tests.funding.amending import amended
from tests.funding.makers import YEAR, approved_project

pytestmark = pytest.mark.django_db
REASON = "Năm trước hỗ trợ máy khác, quyết toán đã kiểm tra"


@pytest.fixture
def project(centre_officer):
    made = approved_project(centre_officer, 100)
    if not made.participants.exists():
        add_participant(made, make_beneficiary())
    return made


@pytest.fixture
def supported(local_officer, project):
    """An establishment that had the same support the year before."""
    owner = make_beneficiary(name="Cơ sở nước mắm Hải Yến")
    values = {"status": Status.SETTLED.value, "year": YEAR - 1, "support_item": project.support_item}
    add_participant(make_project(created_by=local_officer, **values), owner)
    return owner


def joined(project, owner, how):
    if how == "replaced":
        return {"replaced": {project.participants.get().pk: owner.pk}}
    return {"added": [NewParticipant(owner.pk, "Máy chiết chai")]}


@pytest.mark.parametrize("how", ["replaced", "added"])
def test_who_joins_with_a_sign_needs_a_reason(leader, project, supported, how):
    before = list(ProjectBeneficiary.objects.values_list("project", "beneficiary"))
    with pytest.raises(Refused, match="dấu hiệu đã được hỗ trợ") as caught:
        amended(project, leader, **joined(project, supported, how))
    assert caught.value.field == "duplicate_reason"
    assert "Cơ sở nước mắm Hải Yến" in caught.value.message
    assert list(ProjectBeneficiary.objects.values_list("project", "beneficiary")) == before
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("how", ["replaced", "added"])
def test_the_reason_is_kept_with_the_amendment(leader, project, supported, how):
    amendment = amended(project, leader, **joined(project, supported, how), duplicate_reason=REASON)
    row = DuplicateReason.objects.get()
    assert (row.project, row.sign, row.reason, row.by) == (project, DuplicateSign.SAME_SUPPORT, REASON, leader)
    assert REASON in [change["after"] for change in amendment.changes]
    event = AuditEvent.objects.get(action="amend")
    assert REASON in [after for _, after in event.changes.values()]


def test_who_joins_without_a_sign_needs_none(leader, project):
    amended(project, leader, **joined(project, make_beneficiary(), "added"))
    assert not DuplicateReason.objects.exists()


def test_signs_of_those_who_were_there_before_do_not_stop_an_amendment(leader, local_officer, project):
    """They were explained, or came with old data: the approval has answered for them."""
    values = {"status": Status.SETTLED.value, "year": YEAR - 1, "support_item": project.support_item}
    add_participant(make_project(created_by=local_officer, **values), project.participants.get().beneficiary)
    amended(project, leader, values={"end_date": project.end_date + datetime.timedelta(days=9)})
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize(("kind", "asks"), [(ProjectKind.GROUP, True), (ProjectKind.SPECIFIC, False)])
def test_a_group_project_is_looked_at_again_before_its_contract(project, supported, kind, asks):
    project.kind = kind
    project.save()
    add_participant(project, supported)
    found = [one for one in problems_before(Action.SIGN_CONTRACT, project) if "dấu hiệu trùng hỗ trợ" in str(one)]
    assert bool(found) == asks
