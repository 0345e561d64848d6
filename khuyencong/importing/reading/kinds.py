"""What a file is by its first bytes, whether its name says the same, and why it is not taken otherwise."""

from enum import StrEnum
from pathlib import PurePath

from khuyencong.excel.container import SAVE_AGAIN, UnreadableWorkbook

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OPENINGS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style")
_PICTURES = {
    b"%PDF": "PDF",
    b"\x89PNG": "ảnh PNG",
    b"\xff\xd8\xff": "ảnh JPEG",
    b"Rar!": "tệp nén RAR",
    b"7z\xbc\xaf": "7z",
}
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam", ".xla")
NO_MACROS = (
    "Tệp có chứa macro nên không nhận. Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng "
    "“Excel Workbook (*.xlsx)” rồi tải lên."
)
LOCKED = "Tệp đang đặt mật khẩu. Hãy bỏ mật khẩu trong Excel, lưu lại rồi tải lên."
BROKEN = f"Tệp bị hỏng hoặc tải lên chưa trọn, không đọc được. {SAVE_AGAIN}"
EMPTY = "Tệp không có dòng nào có dữ liệu."


class BookKind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


def kind_of(content: bytes, name: str) -> BookKind:
    """The kind of a file that may be opened.

    Raises UnreadableWorkbook (Vietnamese) for an empty, locked, macro or foreign file, and for a wrong ending.
    """
    ending = PurePath(name.strip()).suffix.lower()
    if not content.strip(b"\x00 \r\n\t"):
        raise UnreadableWorkbook("Tệp rỗng, không có nội dung. Hãy kiểm tra lại tệp trên máy rồi tải lên.")
    if ending in _MACRO_NAMES:
        raise UnreadableWorkbook(NO_MACROS)
    kind = _by_content(content, ending)
    expected = f".{kind.value}"
    if ending == expected or (kind is BookKind.CSV and ending in (".txt", ".tsv")):
        return kind
    if not ending:
        raise UnreadableWorkbook("Tên tệp không có đuôi. Hãy đặt lại tên có đuôi .xlsx, .xls, .ods hoặc .csv.")
    raise UnreadableWorkbook(
        f"Tên tệp có đuôi {ending[:12]} nhưng nội dung là {expected}. Hãy mở bằng Excel, lưu lại thành .xlsx "
        "(không chỉ đổi tên) rồi tải lên."
    )


def _by_content(content: bytes, ending: str) -> BookKind:
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _zipped(content)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableWorkbook(LOCKED)
        if _MACROS in content:
            raise UnreadableWorkbook(NO_MACROS)
        return BookKind.XLS
    for head, what in _PICTURES.items():
        if content.startswith(head):
            raise UnreadableWorkbook(f"Tệp là {what}, không phải bảng tính. Hãy tải lên tệp .xlsx, .xls, .ods, .csv.")
    if content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_OPENINGS):
        raise UnreadableWorkbook(f"Bên trong tệp là một trang web (HTML), không phải bảng tính. {SAVE_AGAIN}")
    if content.startswith(_OLD_BIFF) or ending in (".xlsx", ".xls", ".ods", ".xlsb"):
        raise UnreadableWorkbook(_no_table(content, ending))
    if b"\x00" in content and not content.startswith(_UTF_16):
        raise UnreadableWorkbook("Không nhận ra loại tệp. Hãy tải lên tệp .xlsx, .xls, .ods hoặc .csv.")
    return BookKind.CSV


def _zipped(content: bytes) -> BookKind:
    """By names that stand in the archive's directory, uncompressed; the archive itself is opened in the child."""
    if b"xl/vbaProject.bin" in content or b"Basic/script-lc.xml" in content:
        raise UnreadableWorkbook(NO_MACROS)
    if b"xl/workbook.xml" in content:
        return BookKind.XLSX
    if b"xl/workbook.bin" in content:
        raise UnreadableWorkbook(f"Tệp là Excel nhị phân (.xlsb), không nhận. {SAVE_AGAIN}")
    if b"application/vnd.oasis.opendocument.spreadsheet" in content:
        return BookKind.ODS
    if b"xl/" in content or b"[Content_Types].xml" in content[:4096]:
        other = b"word/document.xml" in content or b"ppt/" in content
        raise UnreadableWorkbook(f"Tệp là Word hoặc PowerPoint, không phải Excel. {SAVE_AGAIN}" if other else BROKEN)
    raise UnreadableWorkbook(f"Tệp nén không phải Excel .xlsx. {SAVE_AGAIN}")


def _no_table(content: bytes, ending: str) -> str:
    if content.startswith(_OLD_BIFF):
        return f"Tệp là Excel đời rất cũ (trước 1997), không nhận. {SAVE_AGAIN}"
    if b"\x00" in content[:4096] and not content.startswith(_UTF_16):
        return BROKEN
    return f"Tên tệp có đuôi {ending} nhưng bên trong là văn bản thường, không phải Excel. {SAVE_AGAIN}"
