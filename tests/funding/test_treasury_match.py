"""Which transaction is which voucher: by reference, by voucher number, by amount and day; in what they differ."""

import datetime
from itertools import count

import pytest

from funding.rules.treasury_match import Outcome, Transaction, match

DAY, NEXT = datetime.date(2025, 9, 1), datetime.date(2025, 9, 2)
KEYS = count(1)


def one(reference="", voucher="", day=DAY, vnd=100, cancelled=False):
    return Transaction(next(KEYS), reference, voucher, day, vnd, cancelled)


def outcomes(treasury, ledger):
    return [pair.outcome for pair in match(treasury, ledger)]


@pytest.mark.parametrize(
    ("theirs", "ours", "differences"),
    [
        ({"reference": "KB 01"}, {"reference": "kb-01", "voucher": "7"}, []),
        ({"voucher": "UNC 07/ĐH"}, {"voucher": "unc-07/dh"}, []),
        ({}, {"voucher": "7"}, []),
        ({"reference": "KB1", "vnd": 90}, {"reference": "KB1"}, ["số tiền"]),
        ({"reference": "KB1", "day": NEXT}, {"reference": "KB1"}, ["ngày"]),
        ({"reference": "KB1", "voucher": "2"}, {"reference": "KB1", "voucher": "3"}, ["số chứng từ"]),
        ({"reference": "KB1", "voucher": "2"}, {"reference": "KB9", "voucher": "2"}, ["mã giao dịch"]),
        ({"voucher": "2", "vnd": 5, "day": NEXT}, {"voucher": "2"}, ["số tiền", "ngày"]),
    ],
)
def test_one_against_one(theirs, ours, differences):
    (pair,) = match([one(**theirs)], [one(**ours)])
    assert pair.differences == differences
    assert pair.outcome is (Outcome.DIFFERENT if differences else Outcome.MATCH)


def test_the_reference_goes_before_the_number_and_both_before_amount_and_day():
    by_reference, by_number, by_amount = one("KB1", "2", vnd=1), one("", "2", vnd=2), one("", "", vnd=3)
    ledger = [one("", "5", vnd=3), one("", "2", vnd=2), one("KB1", "9", vnd=1)]
    pairs = {pair.treasury.pk: pair.ledger.amount_vnd for pair in match([by_amount, by_number, by_reference], ledger)}
    assert pairs == {by_reference.pk: 1, by_number.pk: 2, by_amount.pk: 3}


def test_amount_and_day_are_not_enough_where_there_are_two():
    assert outcomes([one()], [one(voucher="1"), one(voucher="2")]) == [
        Outcome.LEDGER_ONLY,
        Outcome.LEDGER_ONLY,
        Outcome.TREASURY_ONLY,
    ]


def test_one_number_over_several_transactions_pairs_equal_amounts():
    theirs = [one("KB1", vnd=10), one("KB1", vnd=20), one("KB1", vnd=30)]
    ours = [one("KB1", vnd=20), one("KB1", vnd=10), one("KB1", vnd=31)]
    pairs = match(theirs, ours)
    assert sorted((pair.treasury.amount_vnd, pair.ledger.amount_vnd) for pair in pairs) == [
        (10, 10),
        (20, 20),
        (30, 31),
    ]


def test_an_equal_voucher_number_says_nothing_where_reference_and_amount_differ():
    assert outcomes([one("KB1", "01", vnd=5)], [one("KB2", "01", vnd=6)]) == [
        Outcome.LEDGER_ONLY,
        Outcome.TREASURY_ONLY,
    ]


def test_a_corrected_voucher_takes_the_place_of_the_reversed_one():
    wrong, reversal = one("KB1", "1", vnd=90, cancelled=True), one("", "1H", vnd=-90, cancelled=True)
    right = one("KB1", "2", vnd=100)
    pairs = match([one("KB1", vnd=100)], [wrong, reversal, right])
    assert {(pair.outcome, pair.ledger.pk) for pair in pairs} == {
        (Outcome.MATCH, right.pk),
        (Outcome.CANCELLED, wrong.pk),
        (Outcome.CANCELLED, reversal.pk),
    }


def test_money_sent_back_by_the_treasury_meets_the_reversal():
    entry, reversal = one("KB1", "1", cancelled=True), one("KB2", "1H", vnd=-100, cancelled=True)
    assert outcomes([one("KB1"), one("KB2", vnd=-100)], [entry, reversal]) == [Outcome.MATCH, Outcome.MATCH]


def test_nothing_is_lost_and_nothing_is_counted_twice():
    theirs = [one(f"KB{place % 7}", f"{place % 5}", vnd=place % 3 + 1) for place in range(40)]
    ours = [one(f"KB{place % 6}", f"{place % 4}", vnd=place % 3 + 1) for place in range(35)]
    pairs = match(theirs, ours)
    assert sorted(pair.treasury.pk for pair in pairs if pair.treasury) == sorted(item.pk for item in theirs)
    assert sorted(pair.ledger.pk for pair in pairs if pair.ledger) == sorted(item.pk for item in ours)
