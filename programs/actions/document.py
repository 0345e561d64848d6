"""Attaching documents to a project."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from programs import policies
from programs.actions.project import audit, lock_project
from programs.models import Document, Project
from programs.rules.attachments import AttachmentError, FileType, identify, safe_name

BYTES_PER_MIB = 1024 * 1024


def attach_document(*, project_id: int, upload: "UploadedFile[Any]", values: dict[str, Any], by: User) -> Document:
    """Keep a file with its number, date and issuer.

    `values`: kind, number, document_date, issuer, and participant for a paper of one establishment. Errors:
    NotAllowed, or Refused for the state or the file. A file whose row was not committed is removed again.
    """
    document = Document(
        **values, original_name=safe_name(upload.name or ""), size_bytes=upload.size or 0, uploaded_by=by
    )
    try:
        with transaction.atomic():
            project = lock_project(project_id)
            policies.check_can_attach(by, project)
            _check_party(document, project)
            document.content_type = _checked_type(upload).content_type
            document.sha256 = _sha256(upload)
            _store(document, project, upload)
            _audit(document, project, by=by)
    except BaseException:
        _remove_file(document)
        raise
    return document


def _check_party(document: Document, project: Project) -> None:
    participant = document.participant
    if participant is not None and not project.participants.filter(pk=participant.pk).exists():
        raise Refused("Cơ sở này không có trong đề án.", field="participant")


def _checked_type(upload: "UploadedFile[Any]") -> FileType:
    size = upload.size or 0
    if size == 0:
        raise Refused("Tệp rỗng, không có nội dung.", field="file")
    if size > settings.MAX_DOCUMENT_BYTES:
        limit = settings.MAX_DOCUMENT_BYTES // BYTES_PER_MIB
        raise Refused(f"Tệp lớn hơn {limit} MB. Hãy nén ảnh hoặc chia nhỏ tệp.", field="file")
    try:
        return identify(upload.name or "", upload)
    except AttachmentError as error:
        raise Refused(str(error), field="file") from error


def _sha256(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _store(document: Document, project: Project, upload: "UploadedFile[Any]") -> None:
    same = project.documents.filter(sha256=document.sha256, kind=document.kind, participant=document.participant)
    known = same.first()
    if known is not None:
        raise Refused(f"Tệp này đã được đính kèm với tên “{known.original_name}”.", field="file")
    if document.document_date is not None and document.document_date > timezone.localdate():
        raise Refused("Ngày văn bản không thể sau hôm nay.", field="document_date")
    document.project = project
    document.uploaded_at = timezone.now()
    document.file.save(document.original_name, upload, save=False)
    document.save(force_insert=True)


def _audit(document: Document, project: Project, *, by: User) -> None:
    party = f"của {document.participant}" if document.participant else ""
    parts = [party, document.number, format_date(document.document_date), document.issuer]
    told = ", ".join([document.original_name, *(part for part in parts if part)])
    changes = {document.get_kind_display(): (None, told), "Mã SHA-256": (None, document.sha256)}
    audit(project, by=by, action="attach_document", label="Đính kèm tài liệu", changes=changes)


def _remove_file(document: Document) -> None:
    if document.file:
        document.file.delete(save=False)
