"""Small workbooks, each with one trouble of files that offices send. Made here: no binary file is kept.

The tables of TCVN3 and VNI are written out on their own, letter by letter, and not taken from the code under test.
"""

import datetime
import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import Font

from khuyencong.importing.fields import FieldKind, ImportField

Row = Sequence[Any]
# Unicode letters, then bytes of TCVN3 in hexadecimal, then VNI.
_LETTERS = """
ăâêôơưđ A8 A9 AA AB AC AD AE aê aâ eâ oâ ô ö ñ
àảãáạ B5 B6 B7 B8 B9 aø aû aõ aù aï
ằẳẵắặ BB BC BD BE C6 aè aú aü aé aë
ầẩẫấậ C7 C8 C9 CA CB aà aå aã aá aä
èẻẽéẹ CC CE CF D0 D1 eø eû eõ eù eï
ềểễếệ D2 D3 D4 D5 D6 eà eå eã eá eä
ìỉĩíị D7 D8 DC DD DE ì æ ó í ò
òỏõóọ DF E1 E2 E3 E4 oø oû oõ où oï
ồổỗốộ E5 E6 E7 E8 E9 oà oå oã oá oä
ờởỡớợ EA EB EC ED EE ôø ôû ôõ ôù ôï
ùủũúụ EF F1 F2 F3 F4 uø uû uõ uù uï
ừửữứự F5 F6 F7 F8 F9 öø öû öõ öù öï
ỳỷỹýỵ FA FB FC FD FE yø yû yõ yù î
"""
TCVN3: dict[str, str] = {}
VNI: dict[str, str] = {}
for _line in _LETTERS.strip().split("\n"):
    _letters, *_codes = _line.split()
    for _index, _letter in enumerate(_letters):
        TCVN3[_letter] = bytes.fromhex(_codes[_index]).decode("latin-1")
        VNI[_letter] = _codes[len(_letters) + _index]
# A word for each of the 67 marked letters, so that the letters are met as they are written.
_WORDS = (
    "chăn cân quê tôm nơm như đan "
    "bà cả mã cá hạn bằng hẳn chẵn nắng mặn cần cẩn mẫu tấm mận "
    "mè kẻ vẽ xé hẹn về kể lễ tế lệ nghì chỉ nghĩ chí thị "
    "lò mỏ võ có họ hồ hổ lỗ số hội hờ hở hỡi hớn hợp "
    "mùa của mũ cúi mục từ cử chữ chứa mực kỳ mỷ mỹ lý lỵ"
)
WORDS = _WORDS.split()
CAPITAL_TCVN3 = {"Ă": "¡", "Â": "¢", "Ê": "£", "Ô": "¤", "Ơ": "¥", "Ư": "¦", "Đ": "§"}


def to_tcvn3(text: str) -> str:
    return "".join((TCVN3 | CAPITAL_TCVN3).get(letter, letter) for letter in text)


def to_vni(text: str) -> str:
    capitals = {letter.upper(): code.upper() for letter, code in VNI.items()}
    return "".join((VNI | capitals).get(letter, letter) for letter in text)


KINDS = {"household": "Hộ kinh doanh", "company": "Doanh nghiệp", "cooperative": "Hợp tác xã"}
FIELDS = (
    ImportField("name", "Tên đề án", synonyms=("Nội dung đề án",), required=True),
    ImportField("beneficiary", "Đơn vị thụ hưởng", synonyms=("Cơ sở thụ hưởng", "Tên cơ sở")),
    ImportField("tax_code", "Mã số thuế", FieldKind.CODE),
    ImportField("phone", "Điện thoại", FieldKind.CODE, is_personal=True),
    ImportField("place", "Xã, phường", FieldKind.PLACE, synonyms=("Địa bàn", "Địa điểm thực hiện", "Xã")),
    ImportField("place_parent", "Huyện"),
    ImportField("year", "Năm thực hiện", FieldKind.YEAR, synonyms=("Năm", "Thời gian thực hiện (năm)")),
    ImportField("decided", "Ngày quyết định", FieldKind.DATE, synonyms=("Ngày QĐ",)),
    ImportField("total", "Tổng kinh phí", FieldKind.MONEY),
    ImportField("central", "Kinh phí khuyến công quốc gia", FieldKind.MONEY, synonyms=("Nguồn vốn TW", "KCQG")),
    ImportField("local", "Kinh phí khuyến công địa phương", FieldKind.MONEY, synonyms=("Nguồn vốn địa phương", "KCĐP")),
    ImportField("jobs", "Số lao động", FieldKind.COUNT),
    ImportField(
        "kind",
        "Loại hình",
        FieldKind.CHOICE,
        choices=KINDS,
        choice_synonyms={"company": ("Công ty", "DN"), "cooperative": ("HTX",)},
    ),
    ImportField("note", "Ghi chú", FieldKind.LONG_TEXT),
)
BY_NAME: Mapping[str, ImportField] = {one.name: one for one in FIELDS}


def xlsx(*rows: Row, sheet: str = "Sheet1", draw: Callable[[Any, Any], None] | None = None, **options: Any) -> bytes:
    """Rows of plain values from A1 on; `draw(workbook, worksheet)` adds what is special."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    worksheet = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                worksheet.write_datetime(number, place, datetime.datetime(value.year, value.month, value.day), day)
            elif isinstance(value, str):
                worksheet.write_string(number, place, value)
            elif value is not None:
                worksheet.write(number, place, value)
    if draw:
        draw(book, worksheet)
    book.close()
    return stream.getvalue()


def with_fonts(*rows: Sequence[tuple[str, str]]) -> bytes:
    """Cells as (text, name of the font)."""
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for place, (text, font) in enumerate(row, start=1):
            cell = book.active.cell(number, place, text)
            cell.font = Font(name=font)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with some parts put in or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in parts:
                new.writestr(info.filename, old.read(info.filename))
        for name, body in parts.items():
            new.writestr(name, body)
    return stream.getvalue()


def far_cells() -> bytes:
    """Two cells, in the first and the last corner of a sheet: 17 thousand million cells for whoever fills between."""
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "x"
    return saved(book)


_LABELS = {
    0: "STT",
    1: "Tên đề án",
    2: "Thời gian thực hiện (năm)",
    5: "Tổng kinh phí",
    6: "Địa bàn",
    7: "Số LĐ",
    8: "Loại hình",
}


def official_report() -> bytes:
    """The yearly report of projects as it is signed: titles, unit, two header rows, numbers, groups, signatures."""

    def draw(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "SỞ CÔNG THƯƠNG BẠC LIÊU")
        sheet.merge_range(0, 4, 0, 8, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        sheet.merge_range(1, 0, 1, 3, "TRUNG TÂM KHUYẾN CÔNG")
        sheet.merge_range(1, 4, 1, 8, "Độc lập - Tự do - Hạnh phúc")
        sheet.merge_range(3, 0, 3, 8, "BÁO CÁO DỰ ÁN KHUYẾN CÔNG")
        sheet.write(4, 7, "ĐVT: triệu đồng")
        for place, label in _LABELS.items():
            sheet.merge_range(5, place, 6, place, label)
        sheet.merge_range(5, 3, 5, 4, "Nguồn vốn")
        sheet.write_row(6, 3, ["TW", "Địa phương"])
        sheet.write_row(7, 0, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6=4+5)", "(7)", "(8)", "(9)"])
        sheet.write_row(8, 0, ["I", "Huyện Hồng Dân"])
        sheet.write_row(9, 0, [1, "Máy xay xát", 2013, 100.5, "-", 100.5, "xã Ninh Quới", "12 người", "HTX"])
        sheet.write_row(10, 0, [2, "Đào tạo nghề", "năm 2012", "4.020,5", 50, None, "X. Ninh Hoà", 5.0, "Công ty"])
        sheet.write_row(11, 0, ["II", "Huyện Vĩnh Lợi"])
        sheet.write_row(12, 0, [3, "Máy dệt chiếu", 2013, None, 20, 20, "Châu Hưng", 7, "hộ kinh doanh"])
        sheet.write_row(13, 1, ["Tổng cộng", None, 4121, 70])
        sheet.write(15, 6, "Bạc Liêu, ngày 05 tháng 02 năm 2014")
        sheet.write(16, 1, "Người lập biểu")
        sheet.write(16, 6, "GIÁM ĐỐC")
        sheet.write(20, 6, "Nguyễn Văn An")

    return xlsx(draw=draw, sheet="KCĐP")


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)
