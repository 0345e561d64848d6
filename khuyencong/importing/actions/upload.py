"""Sending a file in. What cannot be read while the person waits is kept, to be read by a job."""

import hashlib
from dataclasses import replace
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
from khuyencong.importing.actions.common import audit, take_look
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.looking import Look, look_at
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.reading.book import Book, TookTooLong, UnreadableWorkbook, read_book
from khuyencong.importing.reading.limits import DEFAULT_LIMITS, MIB
from khuyencong.vietnamese.text import nfc

NAME_LENGTH = 200
TOO_LARGE = f"Tệp lớn hơn {DEFAULT_LIMITS.file_bytes // MIB} MB. Hãy bỏ hình ảnh, trang không cần hoặc chia nhỏ tệp."
SMALL_BYTES = MIB // 2
# How long a person waits for a file to be read before a job does it; a small one is nearly always read by then.
SECONDS, SECONDS_OF_SMALL = 4.0, 20.0


def upload_batch(*, kind: ImportKind, upload: "UploadedFile[Any]", by: User) -> ImportBatch:
    """Keep a file that can be read, with its likeliest table and columns; nothing is kept of any other.

    A file that takes long is kept unread (`policies.is_unread`): `read_batch` has to follow. Errors: NotAllowed;
    Refused with field "file" for what is wrong with it.
    """
    policies.check_can_import(by, kind)
    book, digest = _read(upload)
    look = look_at(book, kind.file_fields(by)) if book else None
    batch = _new_batch(kind, upload, digest, look, by)
    changes = {
        "Loại dữ liệu": (None, kind.label),
        "Tệp": (None, batch.original_name),
        "Số dòng": (None, look.settled.row_count if look else None),
        "Mã SHA-256": (None, digest),
    }
    try:
        with transaction.atomic():
            batch.file.save("", upload, save=False)
            batch.save(force_insert=True)
            audit(batch, by=by, action="import_upload", label="Tải lên tệp nhập dữ liệu", changes=changes)
    except BaseException:
        if batch.file.name:
            default_storage.delete(batch.file.name)
        raise
    return batch


def _read(upload: "UploadedFile[Any]") -> tuple[Book | None, str]:
    """No book where reading takes longer than a person should wait."""
    size = upload.size or 0
    if size > DEFAULT_LIMITS.file_bytes:
        raise Refused(TOO_LARGE, field="file")
    digest = hashlib.sha256()
    with NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        limits = replace(DEFAULT_LIMITS, wall_seconds=SECONDS if size > SMALL_BYTES else SECONDS_OF_SMALL)
        try:
            return read_book(Path(copy.name), upload.name or "", limits=limits), digest.hexdigest()
        except TookTooLong:
            return None, digest.hexdigest()
        except UnreadableWorkbook as error:
            raise Refused(error.message, field="file") from error


def _new_batch(kind: ImportKind, upload: "UploadedFile[Any]", digest: str, look: Look | None, by: User) -> ImportBatch:
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
    if look is not None:
        take_look(batch, look, by)
    return batch
