"""Reading a statement: the workbook within its limits, the header, each cell. Files are made here."""

import datetime
import zipfile
from io import BytesIO

import openpyxl
import pytest

from funding.rules.treasury_file import find_layout, read_lines
from khuyencong.excel import reading
from khuyencong.excel.reading import UnreadableWorkbook, read_sheet
from tests.funding.treasury_files import DAY, HEADERS, line, workbook

FIRST, LAST = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)


def read(content, **period):
    sheet = read_sheet(BytesIO(content))
    layout = find_layout(sheet.rows)
    days = {"first_day": FIRST, "last_day": LAST, **period}
    return read_lines(sheet.rows, layout, epoch=sheet.epoch, **days)


def one(**values):
    found = read(workbook(line(**values)))
    assert found.errors == [], found.errors
    (only,) = found.lines
    return only


def wrong(**values):
    found = read(workbook(line(**values)))
    assert found.lines == []
    (error,) = found.errors
    return error


class TestWorkbook:
    def test_titles_and_merged_cells_stand_above_the_header(self):
        layout = find_layout(read_sheet(BytesIO(workbook(line()))).rows)
        assert (layout.header, layout.missing) == (3, [])

    def refusal(self, content):
        stream = BytesIO(content)
        with pytest.raises(UnreadableWorkbook) as error:
            read_sheet(stream)
        return str(error.value)

    def test_what_is_no_xlsx(self):
        assert "không phải Excel" in self.refusal(b"Ma giao dich;So tien\n1;2")
        assert "không phải Excel" in self.refusal(b"")
        old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
        assert "đời cũ (.xls)" in self.refusal(old)
        assert "mật khẩu" in self.refusal(old + "EncryptedPackage".encode("utf-16-le"))

    def test_a_broken_archive(self):
        content = workbook(line())
        assert "hỏng" in self.refusal(content[: len(content) // 2])
        assert "hỏng" in self.refusal(self.repacked(content, {"xl/worksheets/sheet1.xml": b"<worksheet><row"}))
        assert "hỏng" in self.refusal(self.repacked(content, {"xl/workbook.xml": b"khong phai xml"}))

    def test_another_zip_is_no_workbook(self):
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        assert "không phải Excel" in self.refusal(stream.getvalue())

    def test_a_zip_bomb_is_not_unpacked(self):
        bomb = self.repacked(workbook(line()), {"xl/media/a.xml": b"0" * (reading.MAX_UNPACKED_BYTES + 1)})
        assert len(bomb) < reading.MAX_BYTES
        assert "giải nén" in self.refusal(bomb)
        many = {f"xl/{place}.bin": b"" for place in range(reading.MAX_ENTRIES + 1)}
        assert "giải nén" in self.refusal(self.repacked(workbook(line()), many))

    def test_entities_are_not_declared(self):
        evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'
        assert "lạ" in self.refusal(self.repacked(workbook(line()), {"xl/sharedStrings.xml": evil}))

    def test_a_large_file_and_many_rows(self, monkeypatch):
        monkeypatch.setattr(reading, "MAX_BYTES", 1000)
        assert "MB" in self.refusal(workbook(line()))
        monkeypatch.setattr(reading, "MAX_BYTES", 10**6)
        monkeypatch.setattr(reading, "MAX_ROWS", 10)
        assert "10 dòng" in self.refusal(workbook(*[line()] * 10))

    def test_a_sheet_of_two_far_cells(self):
        book = openpyxl.Workbook()
        book.active["A1"] = book.active["XFD1048576"] = "x"
        stream = BytesIO()
        book.save(stream)
        assert "dòng trống thừa" in self.refusal(stream.getvalue())

    def test_an_empty_workbook(self):
        stream = BytesIO()
        openpyxl.Workbook().save(stream)
        assert "không có dòng nào" in self.refusal(stream.getvalue())

    def repacked(self, content, parts):
        stream = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                if info.filename not in parts:
                    new.writestr(info.filename, old.read(info.filename))
            for name, body in parts.items():
                new.writestr(name, body)
        return stream.getvalue()


class TestHeader:
    def test_names_are_folded(self):
        headers = ("STT", "MA GIAO DỊCH", "Số CT", "Ngày hạch toán", "Số tiền: ", "Diễn giải")
        assert find_layout([headers]).missing == []

    def test_an_exact_name_goes_before_a_longer_one(self):
        layout = find_layout([("Ngày hiệu lực", "Ngày", "Số tiền bằng chữ", "Số tiền")])
        assert layout.columns == {"date": 1, "amount": 3}

    def test_no_header(self):
        assert find_layout([("a", "b"), ("Số tiền",)]) is None

    def test_missing_columns_are_named(self):
        assert find_layout([("Ngày", "Số tiền")]).missing == ["reference", "voucher", "description"]


class TestRows:
    @pytest.mark.parametrize(
        ("amount", "vnd"),
        [
            (50_000_000, 50_000_000),
            (50_000_000.0, 50_000_000),
            ("50.000.000", 50_000_000),
            ("50,000,000", 50_000_000),
            ("50 000 000 đ", 50_000_000),
            ("-1.000", -1000),
            ("(1.000)", -1000),
            (-1000, -1000),
        ],
    )
    def test_amounts(self, amount, vnd):
        assert one(amount=amount).amount_vnd == vnd

    @pytest.mark.parametrize("amount", [None, "", 0, "không", "=1+1", "1.00.0", 0.5, True, 10**15])
    def test_amounts_that_are_none(self, amount):
        assert wrong(amount=amount).row_number == 5

    @pytest.mark.parametrize("day", [DAY, "01/09/2025", "1-9-2025", 45901, 45901.5, "45901", "01/09/2025 14:30:00"])
    def test_days(self, day):
        assert one(day=day).paid_date == DAY

    @pytest.mark.parametrize("day", [None, "31/02/2025", "hôm qua", 7, "09/2025", "13/13/2025"])
    def test_days_that_are_none(self, day):
        assert wrong(day=day).row_number == 5

    def test_a_day_outside_the_period(self):
        assert "ngoài kỳ" in wrong(day=datetime.date(2026, 1, 1)).message

    def test_a_workbook_that_counts_from_1904(self):
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active.append(list(HEADERS))
        book.active.append(list(line(day=45901 - 1462)))
        stream = BytesIO()
        book.save(stream)
        assert read(stream.getvalue()).lines[0].paid_date == DAY

    def test_text_that_looks_like_a_formula_stays_text(self):
        kept = one(reference="=HYPERLINK(1)", voucher="+84", text="@SUM(A1)")
        assert (kept.reference, kept.voucher_number, kept.description) == ("=HYPERLINK(1)", "+84", "@SUM(A1)")

    def test_numbers_as_codes_lose_nothing(self):
        assert one(reference=12345.0).reference == "12345"
        assert one(reference="007").reference == "007"

    def test_a_code_too_long_is_not_cut(self):
        assert "dài hơn" in wrong(reference="9" * 101).message

    def test_column_numbers_totals_and_signatures_are_no_transactions(self):
        numbers = tuple(f"({place})" for place in range(1, 7))
        rows = [numbers, line(), (), (None, "Tổng cộng", None, None, 50_000_000, None), (None, "Kế toán trưởng")]
        found = read(workbook(*rows))
        assert (len(found.lines), found.errors, found.skipped) == (1, [], [8, 9])

    def test_every_wrong_row_is_told(self):
        found = read(workbook(line(), line(amount="x"), line(day="x", amount="y")))
        assert [error.row_number for error in found.errors] == [6, 7]
        assert ";" in found.errors[1].message
