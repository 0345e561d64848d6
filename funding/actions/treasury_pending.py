"""A statement that waits for its columns to be named: one file per person, gone once it is recorded."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from khuyencong.accounts.models import User


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep_pending(content: bytes, *, by: User) -> str:
    """Keeps the file in place of an earlier one that was never finished; returns its SHA-256."""
    drop_pending(by=by)
    default_storage.save(_name(by), ContentFile(content))
    return digest_of(content)


def take_pending(digest: str, *, by: User) -> bytes | None:
    """The file that the person was shown; None when another one has taken its place since."""
    if not default_storage.exists(_name(by)):
        return None
    with default_storage.open(_name(by)) as stored:
        content: bytes = stored.read()
    return content if digest_of(content) == digest else None


def drop_pending(*, by: User) -> None:
    if default_storage.exists(_name(by)):
        default_storage.delete(_name(by))


def _name(by: User) -> str:
    return f"treasury-pending/{by.pk}.xlsx"
