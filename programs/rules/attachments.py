"""What may be attached to a project: the kind of a file told from its content, and names that are safe to keep."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from khuyencong.vietnamese.text import nfc

ACCEPTED = "Chỉ nhận tệp PDF, ảnh PNG hoặc JPEG, Word (.docx), Excel (.xlsx)."
MAX_NAME_LENGTH = 150
MAX_ZIP_ENTRIES = 5_000
_OPENXML = "application/vnd.openxmlformats-officedocument"
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"/\\|?*;%]')
# Windows keeps these names for devices, with any extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


class AttachmentError(ValueError):
    """A file that is not accepted; the message (Vietnamese) says why."""


@dataclass(frozen=True)
class FileType:
    content_type: str
    extensions: frozenset[str]
    label: str


PDF = FileType("application/pdf", frozenset({".pdf"}), "PDF")
PNG = FileType("image/png", frozenset({".png"}), "ảnh PNG")
JPEG = FileType("image/jpeg", frozenset({".jpg", ".jpeg"}), "ảnh JPEG")
DOCX = FileType(f"{_OPENXML}.wordprocessingml.document", frozenset({".docx"}), "Word")
XLSX = FileType(f"{_OPENXML}.spreadsheetml.sheet", frozenset({".xlsx"}), "Excel")
CONTENT_TYPES = frozenset(one.content_type for one in (PDF, PNG, JPEG, DOCX, XLSX))
# What a page may show; nothing that can carry a script of its own (SVG, HTML) is ever among them.
PICTURE_TYPES = frozenset({PNG.content_type, JPEG.content_type})
INLINE_TYPES = PICTURE_TYPES | {PDF.content_type}
_SIGNATURES = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}


def identify(name: str, stream: IO[bytes]) -> FileType:
    """The type that the content shows. Leaves the stream at its start.

    Errors: AttachmentError when the content is of no accepted type, or the name's extension says something else.
    """
    stream.seek(0)
    found = _type_of(stream)
    stream.seek(0)
    if found is None:
        raise AttachmentError(f"Nội dung tệp không thuộc loại được nhận. {ACCEPTED}")
    extension = PurePosixPath(nfc(name)).suffix.lower()
    if extension not in found.extensions:
        wanted = " hoặc ".join(sorted(found.extensions))
        raise AttachmentError(f"Nội dung là {found.label} nhưng tên tệp không có đuôi {wanted}. Hãy kiểm tra lại tệp.")
    return found


def _type_of(stream: IO[bytes]) -> FileType | None:
    head = stream.read(8)
    for signature, file_type in _SIGNATURES:
        if head.startswith(signature):
            return file_type
    return _office_type(stream) if head.startswith(b"PK\x03\x04") else None


def _office_type(stream: IO[bytes]) -> FileType | None:
    """Reads only the list of parts: nothing is unpacked, so a small file cannot grow."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = {info.filename for info in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise AttachmentError("Tệp bị hỏng, không mở được. Hãy lưu lại rồi tải lên.") from error
    if len(parts) > MAX_ZIP_ENTRIES:
        raise AttachmentError("Tệp có quá nhiều thành phần bên trong, không nhận.")
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise AttachmentError("Tệp có macro, không nhận. Hãy lưu thành .docx hoặc .xlsx không macro.")
    if "[Content_Types].xml" not in parts:
        return None
    found = [file_type for part, file_type in _MAIN_PARTS.items() if part in parts]
    return found[0] if len(found) == 1 else None


def safe_name(name: str) -> str:
    """The given name without folders, control characters or what systems forbid in names; at most 150 characters."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = nfc(_FORBIDDEN_IN_NAMES.sub("_", nfc(last))).strip(". ")
    if _DEVICES.fullmatch(cleaned):
        cleaned = f"_{cleaned}"
    path = PurePosixPath(cleaned or "tai-lieu")
    return path.stem[: MAX_NAME_LENGTH - len(path.suffix)].rstrip() + path.suffix[:MAX_NAME_LENGTH]
