"""The verdict on rows: what the reading refuses is refused; the kind is asked about the others."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet

from khuyencong.importing.kinds import Importer, Verdict
from khuyencong.importing.models import ImportRow, RowVerdict
from khuyencong.importing.stored import Line

PORTION = 2_000  # rows that are checked, stored or written in one go
DIRECT_ROWS = 2_000  # a longer batch is done by a job
KEPT = ("raw", "fixes", "values", "problems", "changes", "verdict", "object_id")
T = TypeVar("T")


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    iterator = iter(items)
    while portion := list(islice(iterator, size)):
        yield portion


def kept_portions(rows: "QuerySet[ImportRow]") -> Iterator[list[ImportRow]]:
    """Rows of one batch in order, each portion by a query of its own, so that rows may be written meanwhile."""
    last = 0
    while portion := list(rows.filter(number__gt=last).order_by("number")[:PORTION]):
        yield portion
        last = portion[-1].number


def verdicts_on(importer: Importer, lines: Sequence[Line]) -> list[Verdict]:
    """One for each line, in order. A row with a cell that was not understood is never shown to the kind."""
    clean = [line.understood for line in lines if not line.understood.problems]
    found = {verdict.number: verdict for verdict in importer.check(clean)} if clean else {}
    return [found.get(line.number) or Verdict(line.number, RowVerdict.REFUSED) for line in lines]


def keep(rows: Sequence[ImportRow]) -> None:
    """Write rows in the place of those of the same number."""
    ImportRow.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["batch", "number"], update_fields=list(KEPT)
    )
