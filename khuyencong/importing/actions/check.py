"""Checking a batch: every row of the file, or once more every row that is kept; only the batch itself is written."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.models import Count

from khuyencong.accounts.models import User
from khuyencong.importing import policies
from khuyencong.importing.actions.common import audit, lock_batch, told
from khuyencong.importing.checking import DIRECT_ROWS, keep, kept_portions, portions, verdicts_on
from khuyencong.importing.kinds import Importer, ImportKind
from khuyencong.importing.looking import read_stored, table_of
from khuyencong.importing.models import BatchState, ImportBatch, RowVerdict
from khuyencong.importing.reading.table import understand_rows
from khuyencong.importing.settled import Settled
from khuyencong.importing.stored import Line, LineReader, to_line, to_row

Tell = Callable[[int], object]
VERDICT_LABELS = {**dict(RowVerdict.choices), policies.WAITING: "Đã sửa, chờ kiểm tra lại"}


def check_batch(*, batch_id: int, by: User, from_file: bool = True, tell: Tell = lambda done: None) -> ImportBatch:
    """Verdicts on all rows; `from_file`: read the file once more, otherwise the rows as they are kept.

    A short batch is one transaction. A long one is kept portion by portion, each only while nobody else has begun
    again: the batch is not checked until the last. `tell`: how many rows are done. Errors: NotAllowed, Overtaken,
    Refused.
    """
    batch = _begin(batch_id, by)
    kind = policies.kind_of(batch)
    lines = _from_file(batch, kind, by) if from_file else _from_rows(batch)
    importer = kind.importer(by, Settled.from_json(batch.options).for_kind())
    is_short = Settled.from_json(batch.options).row_count <= DIRECT_ROWS
    with transaction.atomic() if is_short else nullcontext():
        _store(batch, importer, lines, tell)
        return _finish(batch.pk, batch.version, by)


@transaction.atomic
def _begin(batch_id: int, by: User) -> ImportBatch:
    batch = lock_batch(batch_id)
    policies.check_can_map(by, batch)
    batch.state, batch.version = BatchState.READ, batch.version + 1
    batch.save(update_fields=["state", "version"])
    return batch


def _from_file(batch: ImportBatch, kind: ImportKind, by: User) -> Iterator[Line]:
    fields = kind.file_fields(by)
    reader = LineReader(batch, kind, fields, by.area_id)
    sheet, header = table_of(read_stored(batch), batch.sheet_name, reader.settled)
    fixes = dict(batch.rows.exclude(fixes={}).values_list("number", "fixes"))
    rows = understand_rows(sheet, header, reader.mapping, fields, reader.options, places=reader.places)
    return (reader.line(row, fixes.get(row.number, {})) for row in rows)


def _from_rows(batch: ImportBatch) -> Iterator[Line]:
    return (to_line(row) for rows in kept_portions(batch.rows.all()) for row in rows)


def _store(batch: ImportBatch, importer: Importer, lines: Iterable[Line], tell: Tell) -> None:
    done = 0
    for portion in portions(lines):
        verdicts = verdicts_on(importer, portion)
        with transaction.atomic():
            lock_batch(batch.pk, batch.version)
            keep([to_row(batch, line, verdict) for line, verdict in zip(portion, verdicts, strict=True)])
        done += len(portion)
        tell(done)


@transaction.atomic
def _finish(batch_id: int, version: int, by: User) -> ImportBatch:
    batch = lock_batch(batch_id, version)
    batch.state, batch.version = BatchState.CHECKED, version + 1
    batch.counts = counted(batch)
    batch.save(update_fields=["state", "version", "counts"])
    changes: dict[str, tuple[Any, Any]] = {"Kết quả": (None, told(batch.counts, VERDICT_LABELS))}
    audit(batch, by=by, action="import_check", label="Kiểm tra tệp nhập dữ liệu", changes=changes)
    return batch


def counted(batch: ImportBatch) -> dict[str, int]:
    """Verdict → number of rows."""
    return dict(batch.rows.order_by().values_list("verdict").annotate(rows=Count("pk")))
