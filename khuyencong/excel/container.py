"""What is looked at before a workbook is unpacked: the parts of the archive, their sizes, what they declare."""

import zipfile

SAVE_AGAIN = "Hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên."
_IS_ENCRYPTED_FLAG = 0x1
_HEAD = 1024


class UnreadableWorkbook(ValueError):
    """A file that is not taken; the message (Vietnamese) says why and what to do."""

    @property
    def message(self) -> str:
        return str(self)


def check_parts(archive: zipfile.ZipFile, *, required: str, max_entries: int, max_unpacked_bytes: int) -> None:
    """Raises UnreadableWorkbook on a password, a missing `required` part, parts too many or too large, or entities."""
    parts = archive.infolist()
    if any(part.flag_bits & _IS_ENCRYPTED_FLAG for part in parts):
        raise UnreadableWorkbook("Tệp đang đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi tải lên.")
    if required not in {part.filename for part in parts}:
        raise UnreadableWorkbook(f"Tệp không phải Excel .xlsx. {SAVE_AGAIN}")
    # Python unpacks no part beyond the size that the archive states for it.
    if len(parts) > max_entries or sum(part.file_size for part in parts) > max_unpacked_bytes:
        raise UnreadableWorkbook("Tệp quá lớn khi giải nén, không nhận.")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                head = opened.read(_HEAD)
            if b"<!doctype" in head.replace(b"\x00", b"").lower():
                raise UnreadableWorkbook(f"Tệp có khai báo lạ bên trong, không nhận. {SAVE_AGAIN}")
