"""Whether amended amounts cover what is paid and contracted: plain arithmetic."""

import pytest

from funding.rules.amendment import contract_excess, lowered_below_out
from funding.rules.ledger import LedgerState

ALL, A, B, SOURCE = None, 1, 2, 9


@pytest.mark.parametrize(
    ("approved", "out", "after", "too_low"),
    [
        ({ALL: 100}, {ALL: 60}, {ALL: 60}, []),
        ({ALL: 100}, {ALL: 60}, {ALL: 59}, [ALL]),
        ({ALL: 100}, {A: 60}, {ALL: 0, A: 60}, []),
        ({ALL: 100}, {A: 60}, {ALL: 50}, [ALL]),
        ({ALL: 100, A: 50}, {A: 40}, {ALL: 100, A: 0}, [A]),
        ({A: 50, B: 50}, {A: 40}, {A: 40, B: 10}, []),
        ({A: 50}, {A: -5}, {A: 0}, []),
    ],
)
def test_no_line_goes_below_what_is_out_on_it(approved, out, after, too_low):
    found = lowered_below_out(LedgerState(keyed(approved), keyed(out)), keyed(after))
    assert found == next(((payee, SOURCE) for payee in too_low), None)


@pytest.mark.parametrize(
    ("approved", "contracts", "excess"),
    [
        ({ALL: 100}, [(ALL, 100)], None),
        ({ALL: 100}, [(ALL, 60), (A, 50)], (ALL, 10)),
        ({A: 50, B: 50}, [(A, 50), (B, 50)], None),
        ({A: 40, B: 60}, [(A, 50), (B, 50)], (A, 10)),
        ({A: 50, B: 50}, [(ALL, 100)], None),
        ({}, [(A, 1)], (ALL, 1)),
        ({ALL: 100}, [], None),
    ],
)
def test_contracts_stay_within_what_is_approved(approved, contracts, excess):
    assert contract_excess(keyed(approved), contracts) == excess


def keyed(amounts):
    return {(payee, SOURCE): vnd for payee, vnd in amounts.items()}
