"""Writing a checked batch, and taking it back."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import events_at_the_end
from khuyencong.errors import Overtaken, Refused
from khuyencong.importing import policies
from khuyencong.importing.actions.check import VERDICT_LABELS
from khuyencong.importing.actions.common import audit, lock_batch, told
from khuyencong.importing.checking import kept_portions, verdicts_on
from khuyencong.importing.kinds import Importer, Verdict, Written
from khuyencong.importing.models import BatchState, ImportBatch, ImportedObject, ImportRow, RowVerdict
from khuyencong.importing.settled import Settled
from khuyencong.importing.stored import to_line

SHOWN_ROWS = 10
CHANGED_SINCE = (
    "Dữ liệu trong cổng đã thay đổi từ lúc kiểm tra tệp nên chưa ghi dòng nào. Dòng khác đi: {rows}. "
    "Hãy bấm “Kiểm tra lại” rồi xem lại các dòng đó."
)
Tell = Callable[[int], object]


@transaction.atomic
def apply_batch(
    *, batch_id: int, only_good: bool, version: int, by: User, tell: Tell = lambda done: None
) -> ImportBatch:
    """Write the new and changed rows, all or none, under a lock of the batch; each is judged once more.

    `only_good`: leave out the rows that are refused. `tell`: how many rows are done. Errors: NotAllowed; Refused;
    Overtaken when the batch moved on, or a row would have another result than the one that was shown.
    """
    batch = lock_batch(batch_id, version)
    policies.check_can_apply(by, batch, only_good=only_good)
    kind = policies.kind_of(batch)
    importer = kind.importer(by, Settled.from_json(batch.options).for_kind())
    importer.is_writing = True
    done = written = 0
    with events_at_the_end():
        for rows in kept_portions(batch.rows.exclude(verdict=RowVerdict.REFUSED)):
            written += _write(batch, importer, rows)
            done += len(rows)
            tell(done)
    batch.state, batch.applied_by, batch.applied_at = BatchState.APPLIED, by, timezone.now()
    batch.version += 1
    batch.save(update_fields=["state", "applied_by", "applied_at", "version"])
    changes = {
        "Loại dữ liệu": (None, kind.label),
        "Kết quả": (None, told(batch.counts, VERDICT_LABELS)),
        "Số bản ghi": (None, written),
    }
    audit(batch, by=by, action="import_apply", label="Ghi dữ liệu từ tệp Excel", changes=changes)
    return batch


def _write(batch: ImportBatch, importer: Importer, rows: Sequence[ImportRow]) -> int:
    lines = [to_line(row) for row in rows]
    verdicts = verdicts_on(importer, lines)
    _check_as_shown(rows, verdicts)
    wanted = [line.understood for line, verdict in zip(lines, verdicts, strict=True) if _is_written(verdict)]
    objects = [_kept(batch, one) for one in importer.write(wanted)] if wanted else []
    ImportedObject.objects.bulk_create(objects, batch_size=500)
    return len(objects)


def _check_as_shown(rows: Sequence[ImportRow], verdicts: Sequence[Verdict]) -> None:
    other = [row.number for row, verdict in zip(rows, verdicts, strict=True) if not _is_as_shown(row, verdict)]
    if other:
        shown = ", ".join(map(str, other[:SHOWN_ROWS])) + ("…" if len(other) > SHOWN_ROWS else "")
        raise Overtaken(CHANGED_SINCE.format(rows=shown))


def _is_as_shown(row: ImportRow, verdict: Verdict) -> bool:
    changes = {label: list(pair) for label, pair in verdict.changes.items()}
    return row.verdict == verdict.verdict and row.object_id == verdict.object_id and row.changes == changes


def _is_written(verdict: Verdict) -> bool:
    return verdict.verdict in policies.WRITTEN


def _kept(batch: ImportBatch, one: Written) -> ImportedObject:
    return ImportedObject(
        batch=batch,
        row_number=one.row_number,
        model=one.model,
        object_id=one.object_id,
        before=dict(one.before),
        after=dict(one.after),
    )


@transaction.atomic
def undo_batch(*, batch_id: int, version: int, by: User) -> ImportBatch:
    """Take back everything that the batch wrote. Errors: NotAllowed; Overtaken; Refused with what hangs on it."""
    batch = lock_batch(batch_id, version)
    policies.check_can_undo(by, batch)
    kind = policies.kind_of(batch)
    written = list(batch.objects_written.order_by("pk"))
    hanging = kind.dependants(written)
    if hanging:
        raise Refused("Chưa hoàn lại được, vì đã có dữ liệu khác dựa vào:\n" + "\n".join(hanging))
    with events_at_the_end():
        count = kind.take_back(written, batch=batch, by=by)
    batch.state, batch.undone_by, batch.undone_at = BatchState.UNDONE, by, timezone.now()
    batch.version += 1
    batch.save(update_fields=["state", "undone_by", "undone_at", "version"])
    changes = {"Loại dữ liệu": (kind.label, None), "Số bản ghi": (count, None)}
    audit(batch, by=by, action="import_undo", label="Hoàn lại dữ liệu đã nhập từ Excel", changes=changes)
    return batch
