from io import BytesIO

import pytest

from khuyencong.excel.response import workbook_response
from khuyencong.excel.workbook import write_workbook
from tests.excel.samples import project_report, read
from tests.responses import content_of


def test_a_workbook_is_downloaded_under_its_vietnamese_name() -> None:
    response = workbook_response(
        lambda out: write_workbook([project_report()], stream=out), filename="Kinh phí khuyến công 2025.xlsx"
    )
    body = content_of(response)
    assert (
        "filename*=utf-8''Kinh%20ph%C3%AD%20khuy%E1%BA%BFn%20c%C3%B4ng%202025.xlsx" in response["Content-Disposition"]
    )
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert int(response["Content-Length"]) == len(body)
    assert read(BytesIO(body).getvalue()).worksheets[0]["A1"].value == "UBND TỈNH CÀ MAU"


def test_an_error_while_writing_is_raised_before_anything_is_sent() -> None:
    with pytest.raises(ZeroDivisionError):
        workbook_response(lambda _: 1 // 0, filename="x.xlsx")
