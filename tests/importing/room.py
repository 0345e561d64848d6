"""The room with the sample kind, files for it, and the way to a checked batch. Imported by the tests of the room."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khuyencong.importing import kinds
from khuyencong.importing.actions.check import check_batch
from khuyencong.importing.actions.mapping import settle_columns
from khuyencong.importing.actions.upload import upload_batch
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.settled import mapping_of
from tests.importing import sample_kind
from tests.importing.sample_kind import PartnerKind

HEADER = ("STT", "Tên tổ chức", "Người liên hệ", "Điện thoại", "Quy mô", "Hội phí (triệu đồng)")
NOTHING_CHOSEN = {"unit": "", "day": "", "default_place": None, "default_year": None}


@pytest.fixture
def partner_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[PartnerKind]:
    kind = PartnerKind()
    monkeypatch.setitem(kinds._KINDS, kind.slug, kind)
    yield kind
    sample_kind.HANGING.clear()


def workbook(*rows: Sequence[Any], header: Sequence[str] = HEADER, title: str = "DANH SÁCH HỘI") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    sheet.append([title])
    sheet.append([])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def partners(*names: str) -> bytes:
    return workbook(*((number, name, "Bà Sáu", "0912345678") for number, name in enumerate(names, start=1)))


def as_upload(content: bytes, name: str = "hoi.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def checked(kind: Any, content: bytes, by: Any, name: str = "hoi.xlsx") -> ImportBatch:
    """A batch that was read, mapped as proposed and checked."""
    batch = upload_batch(kind=kind, upload=as_upload(content, name), by=by)
    settle_columns(
        batch_id=batch.pk,
        kind=kind,
        columns=mapping_of(batch.columns),
        chosen=NOTHING_CHOSEN,
        version=batch.version,
        by=by,
    )
    return check_batch(batch_id=batch.pk, by=by)


def url(name: str, *args: Any) -> str:
    return reverse(f"importing:{name}", args=args)


def text_of(response: Any) -> str:
    return response.content.decode()
