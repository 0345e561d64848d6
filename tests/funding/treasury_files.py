"""Statements of the Treasury as workbooks, made in memory."""

import datetime
from io import BytesIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from funding.actions.treasury import NewStatement, record_statement
from funding.rules.treasury_file import StatementLine
from tests.funding.makers import PAID

HEADERS = ("STT", "Mã giao dịch", "Số chứng từ", "Ngày giao dịch", "Số tiền (đồng)", "Nội dung")
DAY = PAID
FIRST, LAST = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)


def line(reference="KB1", voucher="UNC-1", day=DAY, amount=50_000_000, text="Tạm ứng"):
    return (1, reference, voucher, day, amount, text)


def workbook(*rows, headers=HEADERS, titles=("KHO BẠC NHÀ NƯỚC KHU VỰC XX", "SAO KÊ CHI NGÂN SÁCH"), merged=True):
    """The bytes of a workbook: titles in merged cells above the headers, a total below the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for place, title in enumerate(titles, start=1):
        sheet.cell(place, 1, title)
        if merged:
            sheet.merge_cells(start_row=place, start_column=1, end_row=place, end_column=len(headers))
    sheet.append([])
    sheet.append(list(headers))
    for row in rows:
        sheet.append([None] * len(row))
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(sheet.max_row, place)
            cell.value = value
            if isinstance(value, str) and value[:1] in "=+-@":
                cell.data_type = "s"
            if isinstance(value, datetime.date):
                cell.number_format = "dd/mm/yyyy"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(content, name="sao-ke.xlsx"):
    return SimpleUploadedFile(name, content)


def statement(by, *lines, sha256="a", **values):
    """`lines`: (reference, voucher, đồng) of the day on which test vouchers are dated."""
    made = [StatementLine(number, *numbers, PAID, vnd, "") for number, (*numbers, vnd) in enumerate(lines, 2)]
    defaults = {"source_id": None, "from_date": FIRST, "to_date": LAST, "original_name": "kb.xlsx"}
    return record_statement(new=NewStatement(sha256=sha256, **{**defaults, **values}), lines=made, by=by)
