"""Correcting one row before it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.importing import policies
from khuyencong.importing.actions.check import counted
from khuyencong.importing.actions.common import audit, lock_batch
from khuyencong.importing.checking import DIRECT_ROWS, keep, verdicts_on
from khuyencong.importing.fields import ImportField
from khuyencong.importing.kinds import ImportKind, Verdict
from khuyencong.importing.models import ImportBatch, ImportRow, RowVerdict
from khuyencong.importing.settled import Settled
from khuyencong.importing.stored import GROUP, Fix, LineReader, notes_of, to_line, to_row
from khuyencong.vietnamese.codes import mask


@transaction.atomic
def correct_row(
    *,
    batch_id: int,
    number: int,
    kind: ImportKind,
    fixes: Mapping[str, Fix],
    version: int,
    by: User,
    everywhere: bool = False,
) -> ImportRow:
    """`fixes`: all that stands in place of the row's cells from now on, by field; the row as it then is.

    `everywhere`: what is new among them also stands in place of equal cells that have a problem in other rows, in a
    short batch. There every row is judged again, since rows may repeat each other. In a long one this row waits until
    all are checked again, and nothing can be written before. Errors: NotAllowed, Overtaken, Refused.
    """
    batch = lock_batch(batch_id, version)
    policies.check_can_correct(by, batch)
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise Refused("Dòng này không còn trong tệp.")
    fields = kind.file_fields(by)
    known = {one.name for one in fields}
    wanted = {name: fix for name, fix in fixes.items() if name in known}
    reader = LineReader(batch, kind, fields, by.area_id)
    keep([_corrected(batch, row, reader, wanted)])
    others: list[ImportRow] = []
    if Settled.from_json(batch.options).row_count <= DIRECT_ROWS:
        others = _like(batch, row, wanted, reader) if everywhere else []
        keep(others)
        _judge_again(batch, kind, by)
    batch.counts, batch.version = counted(batch), batch.version + 1
    batch.save(update_fields=["counts", "version"])
    changes = _changes(fields, row.fixes, wanted)
    label = f"Sửa dòng {number} của tệp nhập dữ liệu"
    if others:
        changes["Sửa giống vậy ở các dòng"] = (None, ", ".join(str(one.number) for one in others))
    audit(batch, by=by, action="import_correct", label=label, changes=changes)
    return batch.rows.get(number=number)


def _corrected(batch: ImportBatch, row: ImportRow, reader: LineReader, fixes: Mapping[str, Fix]) -> ImportRow:
    """Not judged yet: refused where a cell is not understood, else waiting."""
    line = reader.again(row.number, row.raw, fixes, notes=notes_of(row), group=row.problems.get(GROUP, ()))
    corrected = to_row(batch, line, Verdict(row.number, RowVerdict.REFUSED))
    if not line.understood.problems:
        corrected.verdict = policies.WAITING
    return corrected


def _like(batch: ImportBatch, row: ImportRow, fixes: Mapping[str, Fix], reader: LineReader) -> list[ImportRow]:
    """Other rows whose cell says the same and has a problem too, with the new corrections in its place."""
    new = {name: fix for name, fix in fixes.items() if row.fixes.get(name) != fix}
    cells = {name: text for name in new if (text := reader.cell(row.raw, name))}
    found = []
    for other in batch.rows.exclude(number=row.number).order_by("number"):
        alike = {
            name: new[name]
            for name, text in cells.items()
            if name in other.problems and name not in other.fixes and reader.cell(other.raw, name) == text
        }
        if alike:
            found.append(_corrected(batch, other, reader, {**other.fixes, **alike}))
    return found


def _changes(
    fields: Sequence[ImportField], before: Mapping[str, Fix], after: Mapping[str, Fix]
) -> dict[str, tuple[str | None, str | None]]:
    return {
        one.label: (_told(before.get(one.name), one.is_personal), _told(after.get(one.name), one.is_personal))
        for one in fields
        if before.get(one.name) != after.get(one.name)
    }


def _judge_again(batch: ImportBatch, kind: ImportKind, by: User) -> None:
    """All rows, from what is kept; only those with another verdict are written."""
    rows = list(batch.rows.order_by("number"))
    lines = [to_line(row) for row in rows]
    importer = kind.importer(by, Settled.from_json(batch.options).for_kind())
    judged = [to_row(batch, line, verdict) for line, verdict in zip(lines, verdicts_on(importer, lines), strict=True)]
    keep([new for old, new in zip(rows, judged, strict=True) if _judgement(old) != _judgement(new)])


def _judgement(row: ImportRow) -> tuple[Any, ...]:
    return (str(row.verdict), row.object_id, row.changes, row.problems)


def _told(fix: Fix | None, is_personal: bool) -> str | None:
    if fix is None:
        return None
    text = fix if isinstance(fix, str) else str(fix.get("label") or fix["value"])
    return mask(text) if is_personal else text
