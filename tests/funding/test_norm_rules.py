"""The arithmetic of norms, settlements and plans broken down by item, on examples worked by hand and on any numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.rules.budget_items import ItemPlan
from funding.rules.norm import Basis, NormTerms, norm_limits, share
from funding.rules.settlement import Settled, SettlementTerms, support_due

MILLION = 1_000_000
VND = st.integers(0, 99_999 * 1_000_000_000)
PERCENT = st.decimals(0, 100, places=2)
MACHINES = NormTerms(Decimal(50), 300 * MILLION, Decimal("1.5"))


@pytest.mark.parametrize(
    ("basis", "plan", "limits"),
    [
        (Basis(500 * MILLION), 1_000 * MILLION, (250 * MILLION, 300 * MILLION, 250 * MILLION)),
        (Basis(900 * MILLION), 1_000 * MILLION, (450 * MILLION, 300 * MILLION, 300 * MILLION)),
        (Basis(900 * MILLION, has_multiplier=True), 1_000 * MILLION, (450 * MILLION, 450 * MILLION, 450 * MILLION)),
        (Basis(2_000 * MILLION, unit_count=3), 1_000 * MILLION, (1_000 * MILLION, 900 * MILLION, 900 * MILLION)),
        (Basis(900 * MILLION), 120 * MILLION, (450 * MILLION, 300 * MILLION, 120 * MILLION)),
        (Basis(900 * MILLION), None, (450 * MILLION, 300 * MILLION, 300 * MILLION)),
    ],
)
def test_the_least_of_rate_cap_and_plan_is_allowed(basis, plan, limits):
    found = norm_limits(MACHINES, basis, plan)
    assert (found.rate_limit_vnd, found.cap_limit_vnd, found.allowed_vnd) == limits


def test_a_norm_without_rate_or_cap_does_not_limit():
    nothing = norm_limits(NormTerms(None, None), Basis(5 * MILLION), None)
    assert nothing.allowed_vnd is None
    assert nothing.excess_over_norm_vnd(10**15) == 0
    only_cap = norm_limits(NormTerms(None, 10 * MILLION), Basis(0, unit_count=2), None)
    assert only_cap.allowed_vnd == 20 * MILLION


def test_the_multiplier_counts_only_where_the_norm_has_one():
    assert norm_limits(NormTerms(None, MILLION), Basis(0, has_multiplier=True), None).cap_limit_vnd == MILLION


def test_a_share_is_rounded_down_to_whole_dong():
    assert share(1, Decimal(50)) == 0
    assert share(3, Decimal("33.33")) == 0
    assert share(1_000_003, Decimal(50)) == 500_001
    assert share(5, None) is None


@given(VND, PERCENT)
def test_a_share_never_passes_the_rate_and_misses_it_by_less_than_one_dong(amount, percent):
    exact = Fraction(amount) * Fraction(percent) / 100
    assert 0 <= exact - share(amount, percent) < 1


@given(VND, st.one_of(st.none(), PERCENT), st.one_of(st.none(), VND), st.one_of(st.none(), VND), VND)
def test_what_passes_the_norm_is_never_more_than_what_passes_every_limit(cost, rate, cap, plan, wanted):
    limits = norm_limits(NormTerms(rate, cap), Basis(cost), plan)
    known = [x for x in (limits.rate_limit_vnd, limits.cap_limit_vnd, plan) if x is not None]
    assert limits.allowed_vnd == (min(known) if known else None)
    assert wanted - limits.excess_over_norm_vnd(wanted) <= (limits.norm_limit_vnd or wanted)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (SettlementTerms(500, 200, Decimal(50), 300), 200),
        (SettlementTerms(300, 200, Decimal(50), 300), 150),
        (SettlementTerms(900, 400, Decimal(50), 300), 300),
        (SettlementTerms(900, 400), 400),
        (SettlementTerms(100, 400), 100),
        (SettlementTerms(0, 400, Decimal(50)), 0),
    ],
)
def test_support_due_is_the_least_of_its_limits(terms, due):
    assert support_due(terms) == due


@given(VND, VND, VND, VND)
def test_settled_money_is_paid_or_comes_back_never_both(due, advanced, paid, recovered):
    settled = Settled(due, advanced, paid, recovered)
    assert settled.to_pay_vnd == 0 or settled.to_recover_vnd == 0
    assert settled.out_vnd + settled.to_pay_vnd - settled.to_recover_vnd == due


def test_an_item_takes_its_own_plan_first_and_then_the_unallocated_part():
    plan = ItemPlan({1: 100, 2: 50}, 30)
    assert plan.item_remaining_vnd(1, {}) == 130
    assert plan.item_remaining_vnd(3, {}) == 30
    assert plan.item_remaining_vnd(1, {1: 110}) == 20
    assert plan.item_remaining_vnd(2, {1: 120}) == 60
    assert plan.item_remaining_vnd(3, {1: 120, 3: 10}) == 0
    assert not ItemPlan({}, 30).is_broken_down


@given(st.dictionaries(st.integers(1, 5), VND), VND, st.dictionaries(st.integers(1, 5), VND), st.integers(1, 5))
def test_taking_what_is_left_keeps_the_items_within_the_plan(planned, pool, committed, item):
    plan = ItemPlan(planned, pool)
    if plan.pool_used_vnd(committed) > pool:
        return
    taken = {**committed, item: committed.get(item, 0) + plan.item_remaining_vnd(item, committed)}
    assert plan.pool_used_vnd(taken) <= pool
    assert sum(taken.values()) <= sum(planned.values()) + pool
