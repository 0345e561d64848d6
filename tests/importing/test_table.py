"""Whole sheets, from the file to values, problems and notes."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.importing.reading.book import SheetData, read_book
from khuyencong.importing.reading.header import find_header, header_at
from khuyencong.importing.reading.matching import as_mapping, match_columns
from khuyencong.importing.reading.options import Options
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.table import RowReader, left_out, understand_rows
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.money import Unit
from tests.excel.samples import project_report, written
from tests.factories import unit
from tests.importing.corpus import BY_NAME, FIELDS, official_report, to_tcvn3, with_fonts, xlsx


def taken(content: bytes, tmp_path: Path, options: Options | None = None, places=None):
    path = tmp_path / "uploaded"
    path.write_bytes(content)
    (sheet,) = read_book(path, "a.xlsx").sheets
    return understood(sheet, options, places)


def understood(sheet, options=None, places=None):
    header = find_header(sheet, FIELDS)
    mapping = as_mapping(match_columns(header.labels, FIELDS))
    return list(understand_rows(sheet, header, mapping, FIELDS, options or Options(), places=places))


def test_an_official_report(reference, tmp_path):
    places = PlaceFinder.for_area(unit("96"))
    rows = taken(official_report(), tmp_path, Options(day_field="year"), places)
    assert [row.number for row in rows] == [10, 11, 13]
    found = {
        row.values["name"]: (AdministrativeUnit.objects.get(pk=row.values["place"]).name, row.group) for row in rows
    }
    assert found == {
        "Máy xay xát": ("Xã Ninh Quới", ("Huyện Hồng Dân",)),
        "Đào tạo nghề": ("Xã Ninh Hòa", ("Huyện Hồng Dân",)),
        "Máy dệt chiếu": ("Thị trấn Châu Hưng", ("Huyện Vĩnh Lợi",)),
    }
    assert [row.problems for row in rows] == [(), (), ()] or not any(row.problems for row in rows)
    assert {name: rows[1].values[name] for name in ("year", "central", "local", "jobs", "kind")} == {
        "year": 2012,
        "central": 4_020_500_000,
        "local": 50_000_000,
        "jobs": 5,
        "kind": "company",
    }
    assert "local" not in rows[0].values
    assert sum(row.values.get("central", 0) for row in rows) == 4_121_000_000  # the total row is not data


def test_a_report_that_the_portal_wrote_itself(tmp_path):
    rows = taken(written(project_report()), tmp_path)
    assert [(row.number, row.values["total"], row.group) for row in rows] == [
        (13, 5_219_650_000, ("Huyện Phước Long",)),
        (15, 1_920_000_000, ("Huyện Phước Long",)),
        (17, 16_145_678_901, ("Huyện Hòa Bình",)),
    ]
    assert [problem.field for row in rows for problem in row.problems] == ["year"]  # 2011–2012


def test_old_letters_of_headers_and_cells(tmp_path):
    words = [("STT", "Tên đề án", "Ghi chú"), ("1", "Máy xay xát lúa", "Hòa"), ("2", "Dệt chiếu", "đạt")]
    content = with_fonts(*[[(to_tcvn3(text), ".VnTime") for text in row] for row in words])
    rows = taken(content, tmp_path)
    assert [(row.values["name"], row.values["note"]) for row in rows] == [words[1][1:], words[2][1:]]
    assert rows[0].notes == (
        "Cột B: chữ TCVN3 (phông .Vn…) đã đổi sang Unicode.",
        "Cột C: chữ TCVN3 (phông .Vn…) đã đổi sang Unicode.",
    )
    assert rows[0].raw == ["1", "Máy xay xát lúa", "Hòa"]


def test_a_cell_merged_over_rows_counts_for_all_but_money_only_once(tmp_path):
    def draw(book, sheet):
        sheet.merge_range(1, 2, 2, 2, "Hộ kinh doanh")
        sheet.merge_range(1, 3, 2, 3, 50)

    rows = taken(xlsx(["STT", "Tên đề án", "Loại hình", "KCQG (triệu đồng)"], [1, "a"], [2, "b"], draw=draw), tmp_path)
    assert [row.values for row in rows] == [
        {"name": "a", "kind": "household", "central": 50_000_000},
        {"name": "b", "kind": "household"},
    ]
    assert rows[1].notes == (
        "Cột C: lấy giá trị của ô gộp từ dòng 2.",
        "Cột D: ô gộp từ dòng 2; số chỉ tính một lần, cho dòng đó.",
    )


def sheet(*rows):
    width = max(map(len, rows))
    return SheetData("S", [[*row, *[None] * (width - len(row))] for row in rows])


HEADER = ["STT", "Tên đề án", "KCQG", "Năm"]


def test_the_unit_of_a_column_goes_before_that_of_the_sheet():
    rows = understood(
        sheet(
            ["(ĐVT: triệu đồng)", None, None, None],
            ["STT", "Tên đề án", "KCQG", "KCĐP (đồng)"],
            [1, "a", 5, 1000],
        )
    )
    assert (rows[0].values["central"], rows[0].values["local"]) == (5_000_000, 1000)


def test_what_the_officer_settles_goes_first():
    data = sheet(HEADER, [1, "a", 5, 2013])
    assert understood(data)[0].problems[0].field == "central"
    assert understood(data, Options(unit=Unit.THOUSAND))[0].values["central"] == 5_000
    assert understood(data, Options(unit=Unit.THOUSAND, units={"central": Unit.MILLION}))[0].values == {
        "name": "a",
        "central": 5_000_000,
        "year": 2013,
    }


def test_a_required_cell_that_is_blank():
    (row,) = understood(sheet(HEADER, [1, None, "5 triệu", 2013]))
    assert [(problem.field, problem.message) for problem in row.problems] == [
        ("name", "Thiếu “Tên đề án”: ô này để trống.")
    ]


def test_a_column_in_which_excel_may_have_swapped_day_and_month():
    header = ["STT", "Tên đề án", "Ngày quyết định", "Năm"]
    day = datetime.date(2013, 2, 5)
    rows = understood(sheet(header, [1, "a", day, 2013], [2, "b", "25/02/2013", 2013]))
    assert [row.values["decided"] for row in rows] == ["2013-02-05", "2013-02-25"]
    assert "có thể là 02/05/2013" in rows[0].notes[0]
    assert rows[1].notes == ()
    with_a_late_day = sheet(header, [1, "a", day, 2013], [2, "b", "25/02/2013", 2013], [3, "c", day.replace(day=13)])
    assert understood(with_a_late_day)[0].notes == ()


def test_what_is_left_out_can_be_shown():
    data = sheet(HEADER, ["I", "Huyện Hồng Dân"], [1, "a", "5 triệu", 2013], [], [None, "Tổng cộng", 5, None])
    shown = [(row.number, str(row.kind)) for row in left_out(data, find_header(data, FIELDS))]
    assert shown == [(2, "group"), (5, "total")]


CELLS = st.none() | st.integers(-5, 9999) | st.floats(allow_nan=False) | st.text(max_size=12) | st.dates()
KNOWN = st.sampled_from(
    ["STT", "Tên đề án", "KCQG", "I", "1", "Tổng cộng", "GIÁM ĐỐC", "(1)", "(2)", "²", "Hßa", "#N/A"]
)
MERGES = st.lists(
    st.tuples(*[st.integers(0, 9)] * 4).map(lambda four: (*four[:2], four[0] + four[2], four[1] + four[3]))
)


@given(rows=st.lists(st.lists(CELLS | KNOWN, min_size=4, max_size=4), min_size=1, max_size=12), merges=MERGES)
def test_any_sheet_is_understood_or_left_alone(rows, merges):
    data = SheetData("S", rows, {(0, 0): ".VnTimeH"}, merges)
    header = find_header(data, FIELDS) or header_at(data, 0)
    mapping = {0: "name", 1: "place", 2: "total", 3: "decided"}
    found = list(understand_rows(data, header, mapping, FIELDS, Options(), places=PlaceFinder([])))
    assert all(row.raw and row.problems is not None for row in found)
    assert all(row.kind != "data" for row in left_out(data, header))


class TestOneRowAgain:
    def reader(self, **options):
        return RowReader({1: "name", 2: "central", 3: "decided"}, FIELDS, Options(**options))

    def test_stored_text_reads_as_the_cells_did(self):
        reader = self.reader(unit=Unit.MILLION)
        cells = [1, "a", 2768.9, datetime.date(2013, 2, 5)]
        first = reader.read(5, cells)
        again = reader.read(5, first.raw)
        assert first.values == again.values == {"name": "a", "central": 2_768_900_000, "decided": "2013-02-05"}
        assert first.raw == again.raw

    def test_what_was_typed_takes_the_place_of_the_cell(self):
        reader = self.reader(unit=Unit.MILLION)
        row = ["1", "a", "4.020", "x"]
        assert [problem.field for problem in reader.read(5, row).problems] == ["decided", "central"]
        fixed = reader.read(5, row, fixes={"central": "4020000000", "decided": "05/02/2013", "jobs": "12"})
        assert fixed.problems == []
        assert fixed.values == {"name": "a", "central": 4_020_000_000, "decided": "2013-02-05", "jobs": 12}
        assert fixed.raw == row

    def test_typed_text_may_be_wrong_or_have_choices_too(self):
        reader = self.reader(unit=Unit.MILLION)
        (problem,) = reader.read(5, ["1", "a", "x"], fixes={"central": "4.020"}).problems
        assert set(problem.choices) == {"4020000", "4020000000"}
        assert reader.read(5, ["1", "a", "x"], fixes={"central": ""}).values == {"name": "a"}

    def test_a_short_row_is_blank_at_its_end(self):
        assert self.reader().read(5, ["1", "a"]).values == {"name": "a"}


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(Unit.MILLION, {"total": Unit.DONG}, "year", datetime.date(2013, 2, 5), True),
    ],
)
def test_options_are_kept_as_json(options):
    assert Options.from_json(options.as_json()) == options
    assert Options.from_json({}) == Options()


def test_the_fields_of_the_corpus_have_names_of_their_own():
    assert len(BY_NAME) == len(FIELDS)
