"""Sending a file in, and looking at another table of it."""

import hashlib
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.importing import policies
from khuyencong.importing.actions.common import audit, lock_batch
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.looking import Look, look_at, read_stored
from khuyencong.importing.models import BatchState, ImportBatch, ImportLayout
from khuyencong.importing.reading.book import Book, UnreadableWorkbook, read_book
from khuyencong.importing.reading.limits import DEFAULT_LIMITS, MIB
from khuyencong.importing.settled import Settled
from khuyencong.vietnamese.text import nfc

NAME_LENGTH = 200
TOO_LARGE = f"Tệp lớn hơn {DEFAULT_LIMITS.file_bytes // MIB} MB. Hãy bỏ hình ảnh, trang không cần hoặc chia nhỏ tệp."


def upload_batch(*, kind: ImportKind, upload: "UploadedFile[Any]", by: User) -> ImportBatch:
    """Keep a file that can be read, with its likeliest table and columns; nothing is kept of any other.

    Errors: NotAllowed; Refused with field "file" for what is wrong with it.
    """
    policies.check_can_import(by, kind)
    book, digest = _read(upload)
    look = look_at(book, kind.fields(by))
    batch = _new_batch(kind, upload, digest, look, by)
    try:
        with transaction.atomic():
            batch.file.save("", upload, save=False)
            batch.save(force_insert=True)
            audit(
                batch,
                by=by,
                action="import_upload",
                label="Tải lên tệp nhập dữ liệu",
                changes={
                    "Loại dữ liệu": (None, kind.label),
                    "Tệp": (None, batch.original_name),
                    "Số dòng": (None, look.settled.row_count),
                    "Mã SHA-256": (None, digest),
                },
            )
    except BaseException:
        if batch.file.name:
            default_storage.delete(batch.file.name)
        raise
    return batch


def _read(upload: "UploadedFile[Any]") -> tuple[Book, str]:
    if (upload.size or 0) > DEFAULT_LIMITS.file_bytes:
        raise Refused(TOO_LARGE, field="file")
    digest = hashlib.sha256()
    with NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        try:
            return read_book(Path(copy.name), upload.name or ""), digest.hexdigest()
        except UnreadableWorkbook as error:
            raise Refused(error.message, field="file") from error


def _new_batch(kind: ImportKind, upload: "UploadedFile[Any]", digest: str, look: Look, by: User) -> ImportBatch:
    assert by.organisation is not None  # the policy has seen to it
    batch = ImportBatch(
        kind=kind.slug,
        original_name=nfc(upload.name or "")[:NAME_LENGTH],
        size_bytes=upload.size or 0,
        sha256=digest,
        area=by.organisation.area,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        version=1,
    )
    _take_look(batch, look, by)
    return batch


@transaction.atomic
def choose_table(
    *, batch_id: int, kind: ImportKind, sheet_name: str, header_row: int, version: int, by: User
) -> ImportBatch:
    """Another sheet, or another row (from 1; 0: the likeliest) as the header; rows read so far are dropped.

    Errors: NotAllowed, Overtaken; Refused with field "sheet" or "header_row" when there is no table.
    """
    batch = lock_batch(batch_id, version)
    policies.check_can_map(by, batch)
    before = (batch.sheet_name, batch.header_row)
    look = look_at(read_stored(batch), kind.fields(by), sheet_name=sheet_name, header_row=header_row)
    batch.rows.all().delete()
    _take_look(batch, look, by)
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


def _take_look(batch: ImportBatch, look: Look, by: User) -> None:
    """The columns as this office mapped them last; where it never did, as they are proposed."""
    settled, columns = look.settled, look.columns
    known = ImportLayout.objects.filter(kind=batch.kind, layout=look.layout, organisation=by.organisation).first()
    if known is not None:
        columns = known.columns
        settled = Settled.from_json({**settled.as_json(), **known.options, "is_remembered": True})
    batch.sheet_name, batch.header_row = look.sheet_name[:100], settled.header_first + 1
    batch.headers, batch.columns, batch.layout = list(look.labels), columns, look.layout
    batch.options = settled.as_json()
