"""A report as an office would sign it; the names and figures are invented for the tests."""

from datetime import date
from io import BytesIO

from openpyxl import Workbook, load_workbook

from khuyencong.excel.table import Align, Column, Kind, Ratio, Row, RowStyle, Signature, Sum, Table, TotalOf
from khuyencong.excel.workbook import write_workbook

MONEY = "Nguồn vốn (triệu đồng)"
SUPPORT = "Kinh phí khuyến công hỗ trợ"

COLUMNS = (
    Column("place", "STT", width=6, align=Align.CENTER),
    Column("name", "Tên đề án", width=38),
    Column("year", "Thời gian thực hiện (năm)", width=10, align=Align.CENTER),
    Column("accepted", "Ngày nghiệm thu", Kind.DATE, width=12),
    Column("jobs", "Lao động có việc làm", Kind.INTEGER, width=9),
    Column("central", "TW", Kind.MONEY_MILLION, groups=(MONEY, SUPPORT), width=11),
    Column("provincial", "Địa phương", Kind.MONEY_MILLION, groups=(MONEY, SUPPORT), width=11),
    Column("support", "Cộng", Kind.MONEY_MILLION, groups=(MONEY, SUPPORT), formula=Sum(("central", "provincial"))),
    Column("counterpart", "DN đối ứng", Kind.MONEY_MILLION, groups=(MONEY,), width=12),
    Column("total", "Tổng kinh phí", Kind.MONEY_MILLION, groups=(MONEY,), formula=Sum(("support", "counterpart"))),
    Column("share", "Tỷ lệ hỗ trợ", Kind.PERCENT, formula=Ratio("support", "total"), width=9),
)

ROWS = (
    Row({"place": "I", "name": "Huyện Phước Long"}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW),
    Row(
        {
            "place": "1",
            "name": "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất nước mắm và chế biến thủy sản "
            "đóng hộp tại cơ sở Ngọc Ẩn, xã Vĩnh Phước",
            "year": "2011–2012",
            "accepted": date(2012, 11, 20),
            "jobs": 35,
            "central": 1_500_000_000,
            "provincial": 468_900_000,
            "counterpart": 3_250_750_000,
        },
        links={"central": "/de-an/1/?nguon=trung-uong&nam=2011", "name": "/de-an/1/"},
    ),
    Row({"name": "Trong đó: đào tạo nghề ngắn hạn cho lao động nữ", "jobs": 12, "central": 200_000_000}, RowStyle.SUB),
    Row(
        {
            "place": "2",
            "name": "Mô hình trình diễn kỹ thuật dệt chiếu",
            "year": "2012",
            "accepted": date(2012, 12, 5),
            "jobs": 20,
            "central": 1_020_000_000,
            "counterpart": 900_000_000,
        },
    ),
    Row({"place": "II", "name": "Huyện Hòa Bình"}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW),
    Row(
        {
            "place": "3",
            "name": "Xây dựng thương hiệu muối và sản phẩm công nghiệp nông thôn tiêu biểu",
            "year": "2013",
            "jobs": 0,
            "central": 1_500_000_000,
            "provincial": 2_300_000_000,
            "counterpart": 12_345_678_901,
        },
    ),
    Row({"name": "TỔNG CỘNG"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS),
    Row({"name": "Trong đó huyện Phước Long và huyện Hòa Bình"}, RowStyle.SUB, total_of=(0, 4)),
)


def project_report() -> Table:
    return Table(
        title="BÁO CÁO KẾT QUẢ THỰC HIỆN ĐỀ ÁN KHUYẾN CÔNG",
        subtitle="Giai đoạn 2008–2013 (từ ngày 15/12/2007 đến ngày 14/12/2013)",
        unit_note="ĐVT: triệu đồng",
        columns=COLUMNS,
        rows=ROWS,
        organisation=("UBND TỈNH CÀ MAU", "SỞ CÔNG THƯƠNG"),
        notes=("Ghi chú: dữ liệu minh họa; kinh phí tính đến ngày khóa sổ của kỳ báo cáo.",),
        signatures=(Signature("NGƯỜI LẬP BIỂU", "Nguyễn Thị Ngọc Ẩn"), Signature("GIÁM ĐỐC", "Trần Văn Đệ")),
        place_and_date="Cà Mau, ngày 05 tháng 02 năm 2026",
    )


def written(*tables: Table) -> bytes:
    stream = BytesIO()
    write_workbook(tables, stream=stream)
    return stream.getvalue()


def read(content: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(BytesIO(content), data_only=values)
