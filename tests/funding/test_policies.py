"""The policies themselves, past every view."""

import pytest

from funding import policies
from funding.models import LedgerKind
from khuyencong.accounts.models import OrganisationKind
from khuyencong.accounts.permissions import Role
from khuyencong.errors import NotAllowed, Refused
from programs.policies import allowed
from programs.workflow import Status
from tests.factories import make_organisation, make_project, make_user, unit
from tests.funding.makers import add_entry, approved_project

pytestmark = pytest.mark.django_db

RECORDED_IN = {
    LedgerKind.ADVANCE: {Status.CONTRACTED, Status.IN_PROGRESS},
    LedgerKind.PAYMENT: {Status.IN_PROGRESS, Status.ACCEPTED, Status.LIQUIDATED},
    LedgerKind.RECOVERY: {
        Status.CONTRACTED,
        Status.IN_PROGRESS,
        Status.ACCEPTED,
        Status.LIQUIDATED,
        Status.SETTLED,
        Status.STOPPED,
    },
}


@pytest.mark.parametrize("kind", LedgerKind)
def test_each_voucher_has_its_statuses(kind, accountant, centre_officer):
    project = make_project(created_by=centre_officer)
    may = set()
    for status in Status:
        project.status = status.value
        if allowed(policies.check_can_record, accountant, project, kind):
            may.add(status)
    assert may == RECORDED_IN[kind]


def test_only_an_accountant_records_vouchers(cast):
    project = make_project(created_by=cast[Role.CENTRE_OFFICER], status=Status.IN_PROGRESS.value)
    may = {role for role, user in cast.items() if allowed(policies.check_can_record, user, project, LedgerKind.PAYMENT)}
    assert may == {Role.ACCOUNTANT}


def test_a_voucher_of_another_province_is_not_allowed(centre_officer, stranger):
    project = make_project(created_by=centre_officer, status=Status.IN_PROGRESS.value)
    stranger.role = Role.ACCOUNTANT.value
    with pytest.raises(NotAllowed, match="phạm vi"):
        policies.check_can_record(stranger, project, LedgerKind.PAYMENT)


def test_amounts_are_asked_for_in_drafts_only(cast):
    project = make_project(created_by=cast[Role.LOCAL_OFFICER])
    may = {role for role, user in cast.items() if allowed(policies.check_can_set_requested, user, project)}
    assert may == {Role.LOCAL_OFFICER, Role.DEPARTMENT_OFFICER, Role.CENTRE_OFFICER}
    project.status = Status.SUBMITTED.value
    with pytest.raises(Refused, match="Đã trình"):
        policies.check_can_set_requested(cast[Role.LOCAL_OFFICER], project)


@pytest.mark.parametrize(
    ("check", "status", "role"),
    [
        (policies.check_can_approve, Status.APPRAISED, Role.LEADER),
        (policies.check_can_sign, Status.APPROVED, Role.CENTRE_OFFICER),
        (policies.check_can_settle, Status.LIQUIDATED, Role.ACCOUNTANT),
    ],
)
def test_each_move_of_money_has_one_role_and_one_status(check, status, role, cast):
    project = make_project(created_by=cast[Role.CENTRE_OFFICER], status=status.value)
    assert {one for one, user in cast.items() if allowed(check, user, project)} == {role}
    project.status = Status.DRAFT.value
    with pytest.raises(Refused, match="Đang soạn"):
        check(cast[role], project)


def test_a_reversal_is_not_reversed_and_nothing_twice(accountant, centre_officer):
    project = approved_project(centre_officer, 100)
    entry = add_entry(project, accountant, 60)
    assert policies.check_can_reverse(accountant, entry) is None
    reversal = add_entry(project, accountant, 60, reverses=entry)
    with pytest.raises(Refused, match="đã bị hủy"):
        policies.check_can_reverse(accountant, entry)
    with pytest.raises(Refused, match="bút toán hủy"):
        policies.check_can_reverse(accountant, reversal)
    with pytest.raises(NotAllowed):
        policies.check_can_reverse(centre_officer, entry)


def test_a_budget_is_recorded_by_the_province_for_itself_and_what_was_merged_into_it(cast):
    may = {role for role, user in cast.items() if allowed(policies.check_can_edit_budget, user, unit("96"))}
    assert may == {Role.ACCOUNTANT, Role.DEPARTMENT_OFFICER}
    accountant = cast[Role.ACCOUNTANT]
    assert allowed(policies.check_can_edit_budget, accountant, unit("95", old=True))
    assert [province.code for province in policies.provinces_open_to(accountant)] == ["96", "95"]
    with pytest.raises(Refused, match="cấp tỉnh"):
        policies.check_can_edit_budget(accountant, unit("31843"))


def test_a_commune_office_records_no_budget(reference):
    user = make_user(Role.ACCOUNTANT, make_organisation(unit("31843"), kind=OrganisationKind.COMMUNE_OFFICE))
    with pytest.raises(NotAllowed, match="cấp tỉnh"):
        policies.check_can_edit_budget(user, unit("96"))
    assert policies.provinces_open_to(user) == []


def test_another_province_records_no_budget_here(stranger):
    with pytest.raises(NotAllowed, match="phạm vi"):
        policies.check_can_edit_budget(stranger, unit("96"))
