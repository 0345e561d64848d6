"""Decisions follow each other in time: one that an earlier-dated paper would undo is not taken. Pure Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DatedStep:
    """A step that stands, and the paper that it was taken on."""

    label: str
    number: str
    date: date


def newest(steps: Iterable[DatedStep]) -> DatedStep | None:
    """The step whose paper bears the latest date, the last of them where several share it; None without any."""
    found: DatedStep | None = None
    for step in steps:
        if found is None or step.date >= found.date:
            found = step
    return found


def overtaken_by(day: date, steps: Iterable[DatedStep]) -> DatedStep | None:
    """The standing step that is dated after `day`, so that a paper of that day comes too late; the same day is not."""
    last = newest(steps)
    return last if last is not None and day < last.date else None
