"""Keeping the Word templates: putting one in place of the portal's own, and going back."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from programs.models import WordKind, WordTemplate
from programs.models.word_template import private_path
from programs.rules.attachments import DOCX, AttachmentError, identify, safe_name
from programs.word.policies import check_can_keep_templates
from programs.word.render import MAX_TEMPLATE_BYTES, TemplateRefused, check_template

BYTES_PER_MIB = 1024 * 1024
DEFAULT_NAME = "Mẫu của hệ thống"


def replace_template(*, kind: WordKind, upload: "UploadedFile[Any]", by: User) -> WordTemplate:
    """Use the uploaded file for this kind of document from now on.

    Errors: NotAllowed; Refused when it is no .docx, too large, or cannot be filled with sample data.
    """
    check_can_keep_templates(by)
    content = _checked_content(kind, upload)
    storage = WordTemplate._meta.get_field("file").storage
    name: str = storage.save(private_path(None, ""), ContentFile(content))
    try:
        return _put_in_place(kind, name, safe_name(upload.name or ""), hashlib.sha256(content).hexdigest(), by=by)
    except BaseException:
        storage.delete(name)  # the row was not committed
        raise


@transaction.atomic
def reset_template(*, kind: WordKind, by: User) -> None:
    """Go back to the portal's own template. Errors: NotAllowed; Refused when that is the one in use."""
    check_can_keep_templates(by)
    template = WordTemplate.objects.select_for_update().filter(kind=kind).first()
    if template is None:
        raise Refused("Văn bản này đang dùng mẫu của hệ thống.")
    name = template.file.name
    changes = {"Tệp": (template.original_name, DEFAULT_NAME), "Mã SHA-256": (template.sha256, None)}
    _audit(template, by=by, action="reset_template", label="Dùng lại mẫu của hệ thống", changes=changes)
    template.delete()
    _delete_when_committed(template, name)


def _checked_content(kind: WordKind, upload: "UploadedFile[Any]") -> bytes:
    if not upload.size:
        raise Refused("Tệp rỗng, không có nội dung.", field="file")
    if upload.size > MAX_TEMPLATE_BYTES:
        raise Refused(f"Tệp mẫu lớn hơn {MAX_TEMPLATE_BYTES // BYTES_PER_MIB} MB.", field="file")
    try:
        if identify(upload.name or "", upload) is not DOCX:
            raise Refused("Mẫu phải là tệp Word (.docx).", field="file")
        content: bytes = upload.read()
        check_template(content, kind)
    except (AttachmentError, TemplateRefused) as error:
        raise Refused(str(error), field="file") from error
    return content


@transaction.atomic
def _put_in_place(kind: WordKind, name: str, original_name: str, sha256: str, *, by: User) -> WordTemplate:
    template = WordTemplate.objects.select_for_update().filter(kind=kind).first() or WordTemplate(kind=kind)
    replaced, before = template.file.name, template.original_name or DEFAULT_NAME
    changes = {"Tệp": (before, original_name), "Mã SHA-256": (template.sha256 or None, sha256)}
    template.file.name, template.original_name, template.sha256 = name, original_name, sha256
    template.uploaded_by, template.uploaded_at = by, timezone.now()
    template.save()
    _audit(template, by=by, action="replace_template", label="Thay mẫu văn bản", changes=changes)
    _delete_when_committed(template, replaced)
    return template


def _delete_when_committed(template: WordTemplate, name: str | None) -> None:
    if name:
        storage = template.file.storage
        transaction.on_commit(lambda: storage.delete(name))


def _audit(template: WordTemplate, *, by: User, action: str, label: str, changes: dict[str, tuple[Any, Any]]) -> None:
    record(
        by=by, action=action, action_label=label, obj=template, changes=changes, subject=f"wordtemplate:{template.kind}"
    )
