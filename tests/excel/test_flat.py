import tracemalloc
from collections.abc import Iterator, Mapping
from io import BytesIO

import pytest

from khuyencong.excel.columns import Column, Kind, Ratio, Sum, TableError, Value
from khuyencong.excel.flat import write_flat
from tests.excel.samples import read

COLUMNS = (
    Column("code", "Mã đề án", width=12),
    Column("central", "TW", Kind.MONEY_VND, groups=("Nguồn vốn",)),
    Column("provincial", "Địa phương", Kind.MONEY_VND, groups=("Nguồn vốn",)),
    Column("total", "Cộng", Kind.MONEY_VND, formula=Sum(("central", "provincial"))),
    Column("share", "Tỷ lệ TW", Kind.PERCENT, formula=Ratio("central", "total")),
)


def rows(count: int) -> Iterator[Mapping[str, Value]]:
    for number in range(count):
        yield {"code": f"=KC-{number}", "central": number * 1_000_000, "provincial": 500_000}


def test_rows_formulas_and_layout() -> None:
    stream = BytesIO()
    assert write_flat(COLUMNS, rows(3), stream, title="Đề án: 2025") == 3
    sheet = read(stream.getvalue()).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "Mã đề án", "Nguồn vốn – TW", "Nguồn vốn – Địa phương", "Cộng", "Tỷ lệ TW",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]] == ["=KC-1", 1_000_000, 500_000, "=B3+C3", '=IF(D3=0,"",B3/D3)']
    assert (sheet["A3"].data_type, sheet["A3"].font.name) == ("s", "Times New Roman")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Đề án 2025", "A2", "A1:E4")
    assert read(stream.getvalue(), values=True).worksheets[0]["D3"].value == 1_500_000


def test_a_blank_row_has_no_formulas() -> None:
    stream = BytesIO()
    write_flat(COLUMNS, [{"code": "trống"}], stream)
    assert [cell.value for cell in read(stream.getvalue()).worksheets[0][2]] == ["trống", None, None, None, None]


def test_an_empty_list_has_its_header() -> None:
    stream = BytesIO()
    assert write_flat(COLUMNS, [], stream) == 0
    assert read(stream.getvalue()).worksheets[0]["A1"].value == "Mã đề án"


def test_a_list_longer_than_a_sheet_goes_on_in_the_next() -> None:
    stream = BytesIO()
    assert write_flat(COLUMNS, rows(7), stream, title="Đề án", rows_per_sheet=3) == 7
    book = read(stream.getvalue())
    assert book.sheetnames == ["Đề án", "Đề án (2)", "Đề án (3)"]
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:E4", "A1:E4", "A1:E2"]
    assert (book.worksheets[2]["A2"].value, book.worksheets[2]["D2"].value) == ("=KC-6", "=B2+C2")


def test_a_value_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(TableError, match="'central' holds money-vnd"):
        write_flat(COLUMNS, [{"central": "1.000"}], BytesIO())


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_flat(COLUMNS, rows(count), BytesIO())
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(4_000) < 2 * peak(400) + 500_000
