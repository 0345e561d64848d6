"""Files of every kind and in every state: what is read, and what is said of those that are not taken."""

import datetime
import io
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from khuyencong.excel.container import UnreadableWorkbook
from khuyencong.importing.reading.book import Book, BookKind, Limits, read_book
from khuyencong.importing.reading.limits import DEFAULT_LIMITS
from tests.importing.corpus import far_cells, nfd, repacked, saved, to_tcvn3, to_vni, with_fonts, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAY = datetime.date(2013, 2, 5)
SENTENCE = "Hỗ trợ ứng dụng máy móc, chế biến thủy sản"


@pytest.fixture
def read(tmp_path: Path):
    def reader(content: bytes, name: str = "so-lieu.xlsx", **limits: float) -> Book:
        path = tmp_path / "uploaded"  # the stored name says nothing
        path.write_bytes(content)
        return read_book(path, name, limits=replace(DEFAULT_LIMITS, **limits))

    return reader


@pytest.fixture
def refusal(read):
    def reader(content: bytes, name: str = "so-lieu.xlsx", **limits: float) -> str:
        with pytest.raises(UnreadableWorkbook) as error:
            read(content, name, **limits)
        return error.value.message

    return reader


class TestXlsx:
    def test_cells_as_they_are(self, read):
        row = ["Hòa Bình", nfd("Hòa"), 5, 2768.9, 0.3, 123456789012, True, DAY]
        book = read(xlsx(row))
        assert book.kind is BookKind.XLSX
        (sheet,) = book.sheets
        assert sheet.rows == [row]
        assert [type(cell) for cell in sheet.rows[0]] == [str, str, int, float, float, int, bool, datetime.date]

    def test_rows_and_columns_count_from_the_corner(self, read):
        (sheet,) = read(xlsx([], [], [None, None, "x"], [], [None, "y"], [" "])).sheets
        blank = [None, None, None]
        assert sheet.rows == [blank, blank, [None, None, "x"], blank, [None, "y", None]]

    def test_dates_of_both_epochs(self, read):
        assert read(xlsx([DAY], [DAY, 7], date_1904=True)).sheets[0].rows == [[DAY, None], [DAY, 7]]

    def test_a_moment_and_a_time(self, read):
        def draw(book, sheet):
            moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
            sheet.write_datetime(0, 0, datetime.datetime(2013, 2, 5, 10, 30), moment)
            sheet.write(0, 1, 0.4, book.add_format({"num_format": "hh:mm"}))

        assert read(xlsx(draw=draw)).sheets[0].rows == [[datetime.datetime(2013, 2, 5, 10, 30), "09:36"]]

    def test_merged_cells_are_known(self, read):
        (sheet,) = read(xlsx(["a", "b"], draw=lambda _, sheet: sheet.merge_range(1, 0, 2, 1, "Nguồn vốn"))).sheets
        assert sheet.merges == [(1, 0, 2, 1)]
        assert sheet.rows[1:] == [["Nguồn vốn", None]]

    def test_results_of_formulas_and_those_without(self, read):
        book = openpyxl.Workbook()
        book.active.append(["a", "=1+1", None, "=A1"])
        stored = xlsx(
            draw=lambda _, sheet: [
                sheet.write_formula(0, 0, "=1+1", None, 2),
                sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!"),
                sheet.write_formula(0, 2, '="a"&"b"', None, "ab"),
            ]
        )
        assert read(stored).sheets[0].rows == [[2, "#DIV/0!", "ab"]]
        assert read(saved(book)).sheets[0].rows == [["a", "#CHƯA TÍNH!", None, "#CHƯA TÍNH!"]]

    def test_sheets_without_data_are_left_out_and_hidden_ones_marked(self, read):
        book = openpyxl.Workbook()
        book.active.title = "Trống"
        for name, state in (("Ẩn", "hidden"), ("KCQG", "visible"), ("KCĐP", "visible")):
            sheet = book.create_sheet(name)
            sheet["A1"], sheet.sheet_state = name, state
        found = read(saved(book))
        assert [(sheet.name, sheet.is_hidden) for sheet in found.sheets] == [
            ("Ẩn", True),
            ("KCQG", False),
            ("KCĐP", False),
        ]
        assert found.sheet("KCĐP").rows == [["KCĐP"]]
        assert found.sheet("không có").name == "KCQG"

    def test_fonts_of_old_letters_only(self, read):
        content = with_fonts([("B¹c Liªu", ".VnTime"), ("Bạc Liêu", ".VnTime"), ("STT", ".VnTimeH")])
        assert read(content).sheets[0].fonts == {(0, 0): ".VnTime"}
        assert read(with_fonts([("Hòa", "Arial"), ("Hòa", "Calibri")])).sheets[0].fonts == {}


class TestCsv:
    ROWS = [["STT", "Tên"], ["1", "Hòa Bình, ấp 3\ndòng hai"], ["2", SENTENCE]]

    def written(self, separator=","):
        rows = (separator.join(f'"{cell}"' for cell in row) for row in self.ROWS)
        return "\r\n".join(rows)

    @pytest.mark.parametrize("separator", list(",;\t"))
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_separators_and_encodings(self, read, separator, encoding):
        book = read(self.written(separator).encode(encoding), "so-lieu.csv")
        assert (book.kind, book.sheets[0].rows) == (BookKind.CSV, self.ROWS)

    def test_the_separator_that_the_file_states(self, read):
        content = b"sep=;\r\na,b;c,d\r\n1,5;2,5\r\n"
        assert read(content, "a.csv").sheets[0].rows == [["a,b", "c,d"], ["1,5", "2,5"]]

    def test_windows_1258_has_marks_of_their_own(self, read):
        marks = {"\u0300", "\u0309", "\u0303", "\u0301", "\u0323"}
        text = "".join(letter if letter in "ăâêôơưđ" else nfd_tone(letter, marks) for letter in self.written().lower())
        rows = [[cell.lower() for cell in row] for row in self.ROWS]
        assert read(text.encode("cp1258"), "a.csv").sheets[0].rows == rows

    @pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
    def test_old_letters_stay_for_the_decoding_by_column(self, read, encode):
        text = f"STT;{encode('Tên đề án')}\n1;{encode(SENTENCE)}\n2;{encode('Dệt chiếu ở Ngan Dừa')}"
        rows = read(text.encode("latin-1"), "a.csv").sheets[0].rows
        assert rows[1] == ["1", encode(SENTENCE)]

    def test_what_is_no_text(self, refusal):
        assert "CSV UTF-8" in refusal(b"a,b\n\x8d\x8e,\x9e", "a.csv")
        assert "Không nhận ra" in refusal(b"\x00\x01\x02abc", "a.csv")
        assert "hỏng" in refusal(b"\xff\xfea\x00\x00\xd8b\x00", "a.csv")
        assert "văn bản" in refusal(b"a,b\n\x07\x07", "a.csv")


def nfd_tone(letter: str, marks: set[str]) -> str:
    """The letter as Windows-1258 holds it: its tone as a mark behind, its other mark within."""
    decomposed = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in decomposed if mark in marks)
    base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in marks))
    return base + tone


class TestRefused:
    def test_nothing_in_it(self, refusal):
        assert "rỗng" in refusal(b"")
        assert "rỗng" in refusal(b"\r\n \n", "a.csv")
        assert "không có dòng nào" in refusal(saved(openpyxl.Workbook()))

    def test_a_password(self, refusal):
        assert "mật khẩu" in refusal(OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"))

    def test_macros(self, refusal):
        assert "macro" in refusal(repacked(xlsx(["a"]), {"xl/vbaProject.bin": b"x"}), "a.xlsm")
        assert "macro" in refusal(repacked(xlsx(["a"]), {"xl/vbaProject.bin": b"x"}))
        assert "macro" in refusal(OLE + b"\x00" * 600 + "_VBA_PROJECT".encode("utf-16-le"), "a.xls")

    def test_an_ending_that_says_something_else(self, refusal):
        assert "đuôi .xls nhưng nội dung là .xlsx" in refusal(xlsx(["a"]), "a.xls")
        assert "đuôi .csv nhưng nội dung là .xlsx" in refusal(xlsx(["a"]), "a.csv")
        assert "văn bản thường" in refusal(b"STT;Ten\n1;a", "a.xls")
        assert "HTML" in refusal(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls")
        assert "không có đuôi" in refusal(xlsx(["a"]), "so-lieu")
        assert "PDF" in refusal(b"%PDF-1.7 ...", "a.xlsx")

    def test_archives_that_are_no_workbook(self, refusal):
        def archive(*names):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as target:
                for name in names:
                    target.writestr(name, "<a/>")
            return stream.getvalue()

        assert "Word" in refusal(archive("[Content_Types].xml", "word/document.xml"))
        assert "không phải Excel" in refusal(archive("a.txt"))
        assert ".xlsb" in refusal(archive("[Content_Types].xml", "xl/workbook.bin"))

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
    def test_half_a_file(self, refusal, share):
        content = xlsx(*[["x", number] for number in range(200)])
        assert "hỏng" in refusal(content[: int(len(content) * share)])

    def test_broken_parts(self, refusal):
        content = xlsx(["a"])
        assert "hỏng" in refusal(repacked(content, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))
        assert "hỏng" in refusal(repacked(content, {"xl/workbook.xml": b"khong phai xml"}))
        evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'
        assert "lạ" in refusal(repacked(content, {"xl/sharedStrings.xml": evil}))


class TestLimits:
    def test_sizes(self, refusal):
        assert "MB" in refusal(xlsx(["a"]), file_bytes=100)
        bomb = repacked(xlsx(["a"]), {"xl/media/a.xml": b"0" * 2_000_000})
        assert "giải nén" in refusal(bomb, unpacked_bytes=1_000_000)
        assert "giải nén" in refusal(xlsx(["a"]), entries=3)

    def test_rows_columns_cells_text_and_sheets(self, refusal):
        content = xlsx(*[["x", "y"]] * 12)
        assert "hơn 10 dòng" in refusal(content, rows=10)
        assert "hơn 1 cột" in refusal(content, columns=1)
        assert "quá nhiều ô" in refusal(content, cells=20)
        assert "quá nhiều chữ" in refusal(content, characters=20)
        book = openpyxl.Workbook()
        book.create_sheet("b")["A1"] = 1
        assert "trang tính" in refusal(saved(book), sheets=1)

    def test_a_book_at_its_limits_is_read(self, read):
        assert len(read(xlsx(*[["x", "y"]] * 12), rows=12, columns=2, cells=24, characters=24).sheets[0].rows) == 12

    def test_two_far_cells_fill_no_memory(self, refusal):
        assert "quá nhiều bộ nhớ" in refusal(far_cells())


def test_merged_cells_are_not_taken_beyond_what_a_person_makes(read):
    def draw(book, sheet):
        sheet.merge_range(0, 0, 0, 16_383, "một dòng")
        sheet.merge_range(1, 0, 1_048_575, 1, "cả hai cột")

    content = xlsx([], ["x"], draw=draw)
    assert read(content).sheets[0].merges == [(0, 0, 0, 99)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_old_and_open_formats(read, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(
        xlsx(["Tên", "Số", "Ngày"], ["Hòa Bình", 2768.9, DAY], draw=lambda _, sheet: sheet.merge_range("A4:B4", "x"))
    )
    for kind in ("xls", "ods"):
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
        command += ["--outdir", str(tmp_path), str(tmp_path / "a.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        book = read((tmp_path / f"a.{kind}").read_bytes(), f"a.{kind}")
        assert book.kind == kind
        assert book.sheets[0].rows[:2] == [["Tên", "Số", "Ngày"], ["Hòa Bình", 2768.9, DAY]]
        assert book.sheets[0].merges == ([(3, 0, 3, 1)] if kind == "xls" else [])


def test_the_default_limits():
    assert (DEFAULT_LIMITS.rows, DEFAULT_LIMITS.columns) == (200_000, 100)
    assert DEFAULT_LIMITS.file_bytes == 20 * 1024 * 1024
    assert Limits.from_json(DEFAULT_LIMITS.as_json()) == DEFAULT_LIMITS
