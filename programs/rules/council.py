"""How the sheets of a council add up. Plain values: a verdict is the text that is stored."""

from collections import Counter
from collections.abc import Sequence


def majority(verdicts: Sequence[str]) -> str:
    """The verdict that more than half of the sheets gave; "" when no verdict has that many."""
    for verdict, count in Counter(verdicts).items():
        if count * 2 > len(verdicts):
            return verdict
    return ""


def must_explain(verdict: str, verdicts: Sequence[str], *, passed: str) -> bool:
    """Whether the conclusion has to be put in words: it is not `passed`, or it is not what most of the sheets say."""
    return verdict != passed or verdict != majority(verdicts)
