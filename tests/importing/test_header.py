"""Where the table is: its header, its rows, what is no data, and the unit of its money."""

import pytest

from khuyencong.importing.reading.book import SheetData
from khuyencong.importing.reading.header import find_header, header_at
from khuyencong.importing.reading.rows import RowKind, is_number_row, is_signature
from khuyencong.importing.reading.table import sheet_rows
from khuyencong.importing.reading.units import label_unit, stated_unit, without_unit
from khuyencong.vietnamese.money import Unit
from tests.importing.corpus import FIELDS, to_tcvn3, to_vni


def sheet(*rows, merges=(), fonts=None):
    width = max(map(len, rows))
    return SheetData("S", [[*row, *[None] * (width - len(row))] for row in rows], fonts or {}, merges)


def kinds(data, header):
    return [str(row.kind) for row in sheet_rows(data, header)]


PLAIN = ["STT", "Tên đề án", "Năm", "Kinh phí"]


class TestWhereItIs:
    def test_first_row(self):
        header = find_header(sheet(PLAIN, [1, "a", 2013, 5], [2, "b", 2013, 6]))
        assert (header.first, header.last, list(header.labels)) == (0, 0, PLAIN)
        assert (header.data_from, header.data_to, header.numbered) == (1, 3, 0)

    def test_under_titles_and_unit(self):
        data = sheet(
            ["SỞ CÔNG THƯƠNG", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["TRUNG TÂM KHUYẾN CÔNG", None, "Độc lập - Tự do - Hạnh phúc"],
            [],
            ["DANH SÁCH ĐỀ ÁN NĂM 2013"],
            [None, None, None, "Đơn vị tính: Triệu đồng"],
            PLAIN,
            [1, "a", 2013, 5],
        )
        header = find_header(data, FIELDS)
        assert (header.first, header.unit) == (5, Unit.MILLION)

    def test_two_rows_with_merged_cells(self):
        data = sheet(
            ["STT", "Tên đề án", "Nguồn vốn", None, "Ghi chú"],
            [None, None, "TW", "Địa phương", None],
            [1, "a", 5, 6, None],
            merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)],
        )
        header = find_header(data)
        labels = ["STT", "Tên đề án", "Nguồn vốn – TW", "Nguồn vốn – Địa phương", "Ghi chú"]
        assert (header.last, list(header.labels), header.data_from) == (1, labels, 2)

    def test_two_rows_whose_merging_is_not_known(self):
        data = sheet(["STT", "Tên", "Nguồn vốn", None, "Năm"], [None, None, "TW", "ĐP", None], [1, "a", 5, 6, 2013])
        labels = ["STT", "Tên", "Nguồn vốn – TW", "Nguồn vốn – ĐP", "Năm"]
        assert list(find_header(data).labels) == labels

    def test_three_rows(self):
        data = sheet(
            ["TT", "Tên đề án", "Kinh phí", None, None],
            [None, None, "Năm 2012", None, "Năm 2013"],
            [None, None, "KCQG", "KCĐP", "KCQG"],
            [1, "a", 5, 6, 7],
            merges=[(0, 2, 0, 4), (1, 2, 1, 3), (0, 0, 2, 0), (0, 1, 2, 1)],
        )
        header = find_header(data)
        assert header.last == 2
        assert list(header.labels)[2:] == [
            "Kinh phí – Năm 2012 – KCQG",
            "Kinh phí – Năm 2012 – KCĐP",
            "Kinh phí – Năm 2013 – KCQG",
        ]

    def test_a_row_of_column_numbers_ends_it(self):
        data = sheet(["STT", "Tên", "Kinh phí"], [None, "đề án", "hỗ trợ"], ["(1)", "(2)", "(3=1+2)"], [1, "a", 5])
        header = find_header(data)
        assert (list(header.labels), header.data_from) == (["STT", "Tên – đề án", "Kinh phí – hỗ trợ"], 3)

    def test_columns_of_years(self):
        header = find_header(sheet(["Huyện", 2012, 2013], ["Hồng Dân", 5, 6]))
        assert list(header.labels) == ["Huyện", "2012", "2013"]

    def test_a_list_of_text_alone(self):
        data = sheet(["Họ tên", "Địa chỉ"], ["Nguyễn Văn An", "xã Ninh Quới"], ["Trần Thị Bé", "xã Vĩnh Lộc"])
        assert find_header(data).first == 0

    @pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
    def test_old_letters(self, encode):
        data = sheet([encode(label) for label in ["STT", "Tên đề án", "Năm", "Kinh phí hỗ trợ"]], [1, "a", 2013, 5])
        assert list(find_header(data).labels) == ["STT", "Tên đề án", "Năm", "Kinh phí hỗ trợ"]

    def test_nothing_like_one(self):
        assert find_header(sheet([1, 2, 3], [4, 5, 6])) is None

    def test_a_person_points_at_it(self):
        data = sheet(["a", "b"], ["Tên", "Số"], ["x", 1])
        header = header_at(data, 1)
        assert (list(header.labels), header.data_from) == (["Tên", "Số"], 2)
        assert header_at(data, 0, 1).labels == ["a – Tên", "b – Số"]


class TestRows:
    def test_groups_totals_blanks_and_repeated_headers(self):
        data = sheet(
            PLAIN,
            ["A", "Khuyến công quốc gia", None, 10],
            ["I", "Huyện Hồng Dân"],
            [1, "a", 2013, 5],
            [],
            PLAIN,
            ["(1)", "(2)", "(3)", "(4)"],
            ["II", "Huyện Vĩnh Lợi"],
            [2, "Tổng công ty Mía đường", 2013, 5],
            [None, "Trong đó: đào tạo nghề", None, 1],
            [None, "Cộng", None, 10],
            ["Tổng cộng (A+B)", None, None, 10],
        )
        header = find_header(data)
        found = [(str(row.kind), row.group) for row in sheet_rows(data, header)]
        nation = "Khuyến công quốc gia"
        assert [kind for kind, _ in found] == (
            ["group", "group", "data", "blank", "labels", "labels", "group", "data", "total", "total", "total"]
        )
        assert found[2][1] == (nation, "Huyện Hồng Dân")
        assert found[7][1] == (nation, "Huyện Vĩnh Lợi")

    def test_roman_numbers_of_the_data_itself(self):
        data = sheet(PLAIN, ["I", "a", 2013, 5], ["II", "b", 2013, 6])
        assert kinds(data, find_header(data)) == ["data", "data"]

    def test_a_number_with_parts_is_a_group(self):
        data = sheet(PLAIN, [1, "Máy móc", None, 11], [1.1, "a", 2013, 5], ["1.2", "b", 2013, 6], [2, "c", 2013, 1])
        assert kinds(data, find_header(data)) == ["group", "data", "data", "data"]

    def test_a_line_over_the_columns_is_a_group(self):
        data = sheet(["Tên", "Năm", "Vốn"], ["Huyện Hồng Dân"], ["a", 2013, 5])
        assert kinds(data, find_header(data)) == ["group", "data"]

    def test_a_merged_line_is_a_group_whatever_it_says(self):
        rows = [["Tên", "Năm", "Vốn"], ["Máy móc"], ["a", 2013, 5]]
        data = sheet(*rows, merges=[(1, 0, 1, 2)])
        assert kinds(data, find_header(data)) == ["group", "data"]
        assert kinds(sheet(*rows), find_header(sheet(*rows))) == ["data", "data"]

    def test_a_name_with_nothing_beside_it_is_not_passed_over(self):
        data = sheet(
            ["STT", "Tên đề án", "Cơ sở", "Vốn"],
            [1, "Máy", "a", 5],
            [None, None, "b", None],
            ["Nhóm dệt chiếu"],
            [None, "Huyện Hồng Dân"],
            [2, "Lò", "c", 6],
            [3, "Sấy", None, None],
        )
        assert kinds(data, find_header(data)) == ["data", "data", "group", "group", "data", "data"]

    def test_signatures_end_the_table(self):
        data = sheet(
            PLAIN,
            [1, "a", 2013, 5],
            [None, "Tổng cộng", None, 5],
            [],
            [None, None, "Bạc Liêu, ngày … tháng … năm 2013"],
            ["Người lập biểu", None, "GIÁM ĐỐC"],
            ["Trần Văn B", None, "Nguyễn Văn A"],
        )
        header = find_header(data)
        assert header.data_to == 3
        assert kinds(data, header) == ["data", "total"]

    @pytest.mark.parametrize("cells", [["(1)", "(2)", "(3=1+2)"], ["A", "B", 1, 2], [1, 2, 3], ["a", "b", "c"]])
    def test_column_numbers(self, cells):
        assert is_number_row(cells)

    @pytest.mark.parametrize("cells", [[1, "a", 2013], [1, 5, 6], ["(1)"], [1, 2], ["x", "y"], [None]])
    def test_no_column_numbers(self, cells):
        assert not is_number_row(cells)

    def test_a_director_with_an_amount_is_no_signature(self):
        assert is_signature(["Giám đốc", None, "Kế toán"])
        assert not is_signature(["Giám đốc", 5])
        assert RowKind.DATA == "data"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("ĐVT: triệu đồng", Unit.MILLION),
        ("(Đơn vị tính: Đồng)", Unit.DONG),
        ("Đơn vị: 1.000 đồng", Unit.THOUSAND),
        ("ĐVT: Tr.đ", Unit.MILLION),
        ("ĐVT: 1.000.000 đ", Unit.MILLION),
        ("(đồng)", Unit.DONG),
        ("Triệu đồng", Unit.MILLION),
        ("ĐVT: tỷ đồng", Unit.BILLION),
        ("Đơn vị thực hiện: Trung tâm", None),
        ("Đơn vị tính", None),
        ("Hội đồng thẩm định", None),
        ("Phòng Kinh tế huyện Đông Hải", None),
        ("Đơn vị: Đông Hải", None),
        ("Huyện (Đông Hải)", None),
        ("DVT: trieu dong", Unit.MILLION),
    ],
)
def test_a_stated_unit(text, unit):
    assert stated_unit(text) == unit


@pytest.mark.parametrize(
    ("label", "unit", "rest"),
    [
        ("Tổng kinh phí (triệu đồng)", Unit.MILLION, "tong kinh phi"),
        ("Kinh phí hỗ trợ (đồng)", Unit.DONG, "kinh phi ho tro"),
        ("KP, tr.đ", Unit.MILLION, "kp,"),
        ("Kinh phí (1000đ)", Unit.THOUSAND, "kinh phi"),
        ("Doanh thu – triệu đồng", Unit.MILLION, "doanh thu –"),
        ("Hợp đồng", None, "hop dong"),
        ("Số lao động (người)", None, "so lao dong (nguoi)"),
    ],
)
def test_the_unit_of_a_column(label, unit, rest):
    assert (label_unit(label), without_unit(label)) == (unit, rest)
