"""Who may do what with a batch, in which state."""

import pytest

from khuyencong.accounts.permissions import IMPORT_RIGHTS
from khuyencong.errors import NotAllowed, Refused
from khuyencong.importing import kinds, policies
from khuyencong.importing.models import BatchState, RowVerdict
from khuyencong.importing.presenting import VERDICTS, WRITTEN_NOTES
from khuyencong.importing.queries import batches_for
from tests.importing.makers import make_batch

pytestmark = pytest.mark.django_db
CHECKS = {
    "map": policies.check_can_map,
    "correct": policies.check_can_correct,
    "apply": lambda user, batch: policies.check_can_apply(user, batch, only_good=True),
    "undo": policies.check_can_undo,
}
ALLOWED = {
    BatchState.READ: {"map"},
    BatchState.CHECKED: {"map", "correct", "apply"},
    BatchState.APPLIED: {"undo"},
    BatchState.UNDONE: set(),
}


@pytest.mark.parametrize("state", list(BatchState))
def test_the_state_says_what_may_be_done(local_officer, state):
    batch = make_batch(local_officer, state=state)
    done = {name for name, check in CHECKS.items() if not policies.reason_against(check, local_officer, batch)}
    assert done == ALLOWED[state]


@pytest.mark.parametrize(
    ("counts", "only_good", "reason"),
    [
        ({"new": 2}, False, ""),
        ({"new": 2, "refused": 1}, True, ""),
        ({"new": 2, "refused": 1}, False, "Còn 1 dòng không nhận"),
        ({"changed": 1, "": 3}, True, "3 dòng đã sửa nhưng chưa kiểm tra lại"),
        ({"equal": 5, "duplicate": 1}, False, "không có gì để ghi"),
        ({}, True, "không có gì để ghi"),
    ],
)
def test_the_counts_say_whether_it_may_be_written(local_officer, counts, only_good, reason):
    batch = make_batch(local_officer)
    batch.counts = counts
    found = policies.reason_against(policies.check_can_apply, local_officer, batch, only_good=only_good)
    assert reason in found
    assert bool(found) == bool(reason)


def test_only_the_office_itself(
    local_officer, other_local_officer, department_officer, centre_officer, accountant, leader, auditor, stranger
):
    batch = make_batch(local_officer)
    others = (other_local_officer, department_officer, centre_officer, accountant, leader, auditor, stranger)
    for person in others:
        for check in CHECKS.values():
            with pytest.raises(NotAllowed):
                check(person, batch)
    seen = [person for person in (local_officer, *others) if batches_for(person).filter(pk=batch.pk).exists()]
    assert seen == [local_officer, department_officer, centre_officer]


def test_one_who_lost_the_office_or_the_kind(local_officer):
    batch = make_batch(local_officer)
    batch.kind = "khong-con"
    with pytest.raises(NotAllowed, match="không còn nhận"):
        policies.check_can_map(local_officer, batch)
    batch.kind = "co-so"
    local_officer.organisation = None
    with pytest.raises(Refused):
        policies.check_can_map(local_officer, batch)


def test_every_kind_can_be_reached():
    """A kind whose right does not open the room would be one that nobody can bring in."""
    assert {kind.permission for kind in kinds._KINDS.values()} <= set(IMPORT_RIGHTS)


def test_every_verdict_has_its_words():
    assert set(VERDICTS) == {*RowVerdict.values, policies.WAITING}
    assert set(WRITTEN_NOTES) == set(RowVerdict.values)
