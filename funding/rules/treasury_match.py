"""Holding a Treasury statement against the ledger: which transaction is which voucher, and in what they differ."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from khuyencong.vietnamese.text import fold

_SEPARATORS = re.compile(r"[^0-9a-z]+")


class Outcome(StrEnum):
    MATCH = "khop"
    DIFFERENT = "lech"
    TREASURY_ONLY = "kho-bac"
    LEDGER_ONLY = "so"
    CANCELLED = "da-huy"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.MATCH: "Khớp",
    Outcome.DIFFERENT: "Lệch",
    Outcome.TREASURY_ONLY: "Chỉ có ở kho bạc",
    Outcome.LEDGER_ONLY: "Chỉ có ở sổ",
    Outcome.CANCELLED: "Đã hủy trong sổ",
}


@dataclass(frozen=True)
class Transaction:
    """One side's record; `amount_vnd` is negative for money that came back.

    `is_cancelled`: a voucher that was reversed, or the reversal itself.
    """

    pk: int
    reference: str
    voucher_number: str
    day: datetime.date
    amount_vnd: int
    is_cancelled: bool = False


@dataclass(frozen=True)
class Pair:
    """A transaction of the Treasury, a voucher of the ledger, or both where they are the same."""

    treasury: Transaction | None
    ledger: Transaction | None

    @property
    def differences(self) -> list[str]:
        """In what the two sides differ; a number that one side leaves empty is no difference."""
        if self.treasury is None or self.ledger is None:
            return []
        one, other = self.treasury, self.ledger
        found = []
        if one.amount_vnd != other.amount_vnd:
            found.append("số tiền")
        if one.day != other.day:
            found.append("ngày")
        if _differ(one.reference, other.reference):
            found.append("mã giao dịch")
        if _differ(one.voucher_number, other.voucher_number):
            found.append("số chứng từ")
        return found

    @property
    def outcome(self) -> Outcome:
        if self.ledger is None:
            return Outcome.TREASURY_ONLY
        if self.treasury is None:
            return Outcome.CANCELLED if self.ledger.is_cancelled else Outcome.LEDGER_ONLY
        return Outcome.DIFFERENT if self.differences else Outcome.MATCH

    @property
    def day(self) -> datetime.date:
        side = self.treasury or self.ledger
        assert side is not None
        return side.day


def match(treasury: Iterable[Transaction], ledger: Iterable[Transaction]) -> list[Pair]:
    """Every transaction of both sides once, in the order of their days.

    By the Treasury's reference first, then by voucher number, then by amount and day where both sides have one of them
    only. Vouchers that were reversed are taken only when nothing else fits: a corrected voucher repeats the number.
    """
    entries = list(ledger)
    left, pairs = list(treasury), []
    open_entries = [entry for entry in entries if not entry.is_cancelled]
    cancelled = [entry for entry in entries if entry.is_cancelled]
    for candidates in (open_entries, cancelled):
        for key, guess in ((_reference, True), (_voucher, True), (_amount_and_day, False)):
            pairs += _match_by(key, left, candidates, guess=guess)
    pairs += [Pair(one, None) for one in left]
    pairs += [Pair(None, entry) for entry in (*open_entries, *cancelled)]
    return sorted(pairs, key=_order)


def _match_by(
    key: Callable[[Transaction], Hashable | None],
    treasury: list[Transaction],
    ledger: list[Transaction],
    *,
    guess: bool,
) -> list[Pair]:
    """Takes out of both lists what has an equal key. With `guess` unequal ones of the same key are paired as well,
    where one is left on each side."""
    pairs = []
    ours = _grouped(key, ledger)
    for value, theirs in _grouped(key, treasury).items():
        pairs += _match_group(theirs, ours.get(value, []), guess=guess)
    taken = {pair.treasury for pair in pairs}, {pair.ledger for pair in pairs}
    treasury[:] = [one for one in treasury if one not in taken[0]]
    ledger[:] = [one for one in ledger if one not in taken[1]]
    return pairs


def _match_group(theirs: Sequence[Transaction], ours: Sequence[Transaction], *, guess: bool) -> list[Pair]:
    """Transactions with one and the same number: equal amount and day first, then equal amount, then the only ones."""
    if not guess:
        return [Pair(theirs[0], ours[0])] if len(theirs) == len(ours) == 1 else []
    left, rest, pairs = list(theirs), list(ours), []
    for same in (_amount_and_day, _amount):
        for one in list(left):
            other = next((entry for entry in rest if same(entry) == same(one)), None)
            if other is not None:
                pairs.append(Pair(one, other))
                left.remove(one)
                rest.remove(other)
    if len(left) == len(rest) == 1 and not _are_strangers(left[0], rest[0]):
        pairs.append(Pair(left[0], rest[0]))
    return pairs


def _are_strangers(one: Transaction, other: Transaction) -> bool:
    """Offices count their vouchers from 1 each: an equal number says nothing where all else differs."""
    return _differ(one.reference, other.reference) and one.amount_vnd != other.amount_vnd


def _grouped(
    key: Callable[[Transaction], Hashable | None], transactions: Iterable[Transaction]
) -> dict[Hashable, list[Transaction]]:
    groups: dict[Hashable, list[Transaction]] = defaultdict(list)
    for one in transactions:
        value = key(one)
        if value is not None:
            groups[value].append(one)
    return groups


def _bare(number: str) -> str:
    """A number without accents, case and separators: “UNC 07/ĐH” and “unc-07/dh” are one."""
    return _SEPARATORS.sub("", fold(number))


def _differ(one: str, other: str) -> bool:
    return bool(_bare(one) and _bare(other)) and _bare(one) != _bare(other)


def _reference(one: Transaction) -> str | None:
    return _bare(one.reference) or None


def _voucher(one: Transaction) -> str | None:
    return _bare(one.voucher_number) or None


def _amount(one: Transaction) -> int:
    return one.amount_vnd


def _amount_and_day(one: Transaction) -> tuple[int, datetime.date]:
    return one.amount_vnd, one.day


def _order(pair: Pair) -> tuple[datetime.date, int, int]:
    return pair.day, pair.treasury.pk if pair.treasury else 0, pair.ledger.pk if pair.ledger else 0
