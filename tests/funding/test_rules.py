import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.rules.ceiling import Ceiling, cell_name, line_of
from funding.rules.ledger import LedgerState
from funding.rules.totals import Totals, totals_of

VND = st.integers(0, 10**14)
KINDS = st.sampled_from(["central", "provincial", "district", "counterpart", "other"])
KEYS = st.tuples(st.one_of(st.none(), st.integers(1, 3)), st.integers(1, 2))


def test_a_ceiling_names_every_number():
    ceiling = Ceiling(500, 380, 150)
    assert (ceiling.remaining_vnd, ceiling.after_vnd, ceiling.excess_vnd, ceiling.fits) == (120, -30, 30, False)


@given(VND, VND, VND)
def test_a_ceiling_fits_exactly_when_nothing_is_missing(limit, used, wanted):
    ceiling = Ceiling(limit, used, wanted)
    assert ceiling.fits == (used + wanted <= limit)
    assert ceiling.after_vnd + used + wanted == limit
    assert ceiling.excess_vnd == max(0, used + wanted - limit)


@given(st.lists(st.tuples(KINDS, VND)))
def test_the_total_is_the_sum_of_its_five_parts(amounts):
    totals = totals_of(amounts)
    assert totals.total == sum(vnd for _, vnd in amounts)
    assert totals.total == totals.state + totals.counterpart + totals.other


def test_an_unknown_kind_is_not_lost():
    with pytest.raises(KeyError):
        totals_of([("lottery", 5)])
    assert totals_of([]) == Totals()


@given(st.dictionaries(KEYS, VND), st.dictionaries(KEYS, VND))
def test_the_lines_hold_everything_that_is_out(approved, out):
    state = LedgerState(approved, out)
    lines = {line_of(approved, key) for key in out}
    assert sum(state.line_out(line) for line in lines) == state.total_out_vnd


@given(st.dictionaries(KEYS, VND), st.dictionaries(KEYS, VND))
def test_a_source_is_within_its_limit_when_all_its_lines_are(approved, out):
    state = LedgerState(approved, out)
    if not state.overspent_lines():
        assert all(state.source_ceiling(source_id, 0).fits for source_id in (1, 2))


def test_an_establishment_without_a_line_draws_on_the_whole_project():
    state = LedgerState({(None, 1): 100, (7, 1): 50}, {(8, 1): 30, (None, 1): 20, (7, 1): 10})
    assert state.line_ceiling((8, 1), 60).excess_vnd == 10
    assert state.line_ceiling((7, 1), 40).fits
    assert state.line_ceiling((7, 1), 41).excess_vnd == 1


def test_money_comes_back_only_from_who_received_it():
    state = LedgerState({(None, 1): 100}, {(8, 1): 30})
    assert state.recovery_ceiling((8, 1), 30).fits
    assert state.recovery_ceiling((9, 1), 1).excess_vnd == 1


def test_what_is_wrong_in_a_ledger_is_found():
    assert LedgerState({(None, 1): 10}, {(None, 1): 11}).overspent_lines() == [(None, 1)]
    assert LedgerState({(None, 1): 10}, {(None, 1): -1}).over_recovered() == [(None, 1)]
    assert LedgerState({(None, 1): 10}, {(None, 1): 10}).overspent_lines() == []


def test_cells_have_names_of_their_own():
    assert cell_name((None, 2)) == "amount_all_2"
    assert cell_name((5, 2)) == "amount_5_2"
