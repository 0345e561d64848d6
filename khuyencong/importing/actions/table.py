"""Reading a file that is kept: for the first time, or for another table of it. Nothing is locked meanwhile."""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.errors import NotAllowed, Overtaken, Refused
from khuyencong.importing import policies
from khuyencong.importing.actions.common import STALE, audit, find_batch, lock_batch, take_look
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.looking import Look, look_at, read_stored
from khuyencong.importing.models import BatchState, ImportBatch

Tell = Callable[[int], object]
NOT_KEPT = "{reason} Tệp không được giữ lại; hãy sửa rồi tải lên lần mới."


def read_batch(*, batch_id: int, kind: ImportKind, by: User, tell: Tell = lambda rows: None) -> ImportBatch:
    """Read a batch that was kept unread; one that turns out unreadable is not kept. `tell`: rows so far.

    Errors: NotAllowed; Overtaken when somebody else has read it; Refused with what is wrong with the file.
    """
    batch = find_batch(batch_id)
    policies.check_can_read(by, batch)
    try:
        look = look_at(read_stored(batch, tell), kind.file_fields(by))
    except NotAllowed:
        raise
    except Refused as refusal:
        _drop(batch, refusal.message, by)
        raise Refused(NOT_KEPT.format(reason=refusal.message)) from refusal
    return _keep_first_look(batch, look, by)


@transaction.atomic
def _keep_first_look(unread: ImportBatch, look: Look, by: User) -> ImportBatch:
    batch = lock_batch(unread.pk, unread.version)
    take_look(batch, look, by)
    batch.version += 1
    batch.save()
    audit(
        batch,
        by=by,
        action="import_read",
        label="Đọc tệp nhập dữ liệu",
        changes={"Số dòng": (None, look.settled.row_count)},
    )
    return batch


@transaction.atomic
def _drop(unread: ImportBatch, reason: str, by: User) -> None:
    batch = lock_batch(unread.pk, unread.version)
    audit(
        batch,
        by=by,
        action="import_unreadable",
        label="Bỏ tệp nhập dữ liệu không đọc được",
        changes={"Tệp": (batch.original_name, None), "Lý do": (None, reason)},
    )
    name = str(batch.file.name)
    batch.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def choose_table(
    *,
    batch_id: int,
    kind: ImportKind,
    sheet_name: str,
    header_row: int,
    version: int,
    by: User,
    tell: Tell = lambda rows: None,
) -> ImportBatch:
    """Another sheet, or another row (from 1; 0: the likeliest) as the header; rows read so far are dropped.

    Errors: NotAllowed, Overtaken; Refused with field "sheet" or "header_row" when there is no table.
    """
    batch = find_batch(batch_id)
    policies.check_can_map(by, batch)
    if batch.version != version:
        raise Overtaken(STALE)
    look = look_at(read_stored(batch, tell), kind.file_fields(by), sheet_name=sheet_name, header_row=header_row)
    return _keep_table(batch_id, look, version, by)


@transaction.atomic
def _keep_table(batch_id: int, look: Look, version: int, by: User) -> ImportBatch:
    batch = lock_batch(batch_id, version)
    policies.check_can_map(by, batch)
    before = (batch.sheet_name, batch.header_row)
    batch.rows.all().delete()
    take_look(batch, look, by)
    batch.state, batch.counts, batch.version = BatchState.READ, {}, batch.version + 1
    batch.save()
    audit(
        batch,
        by=by,
        action="import_table",
        label="Chọn bảng trong tệp nhập dữ liệu",
        changes={
            "Trang tính": (before[0], batch.sheet_name),
            "Dòng tiêu đề": (before[1], batch.header_row),
        },
    )
    return batch
