"""The year's money per source and support item as one table, for the page and the workbook that is signed."""

from django.urls import reverse
from django.utils.http import urlencode

from funding.models import LedgerKind
from funding.queries.budget_items import UNALLOCATED
from funding.queries.item_board import Figures, ItemBoard, ItemLine, SourceBlock
from khuyencong.accounts.models import User
from khuyencong.excel.columns import Column, Kind, Ratio, Sum, Value
from khuyencong.excel.table import Row, RowStyle, Signature, Table, TotalOf
from khuyencong.localities.models import UnitLevel

_MONEY = Kind.MONEY_MILLION
COLUMNS = (
    Column("item", "Nguồn vốn, nội dung hỗ trợ", width=34),
    Column("first", "Giao đầu năm", _MONEY, groups=("Dự toán",), width=11),
    Column("adjusted", "Điều chỉnh", _MONEY, groups=("Dự toán",), width=11),
    Column("plan", "Cộng", _MONEY, groups=("Dự toán",), width=11, formula=Sum(("first", "adjusted"))),
    Column("committed", "Đã phê duyệt", _MONEY, width=11),
    Column("contracted", "Đã ký hợp đồng", _MONEY, width=11),
    Column("advanced", "Tạm ứng", _MONEY, groups=("Đã giải ngân",), width=11),
    Column("paid", "Thanh toán", _MONEY, groups=("Đã giải ngân",), width=11),
    Column("recovered", "Thu hồi", _MONEY, groups=("Đã giải ngân",), width=10),
    Column(
        "out",
        "Thực chi",
        _MONEY,
        groups=("Đã giải ngân",),
        width=11,
        formula=Sum(("advanced", "paid"), minus=("recovered",)),
    ),
    Column("left", "Dự toán chưa phê duyệt", _MONEY, width=11),
    Column("unpaid", "Đã phê duyệt chưa chi", _MONEY, width=11, formula=Sum(("committed",), minus=("out",))),
    Column("p_committed", "% phê duyệt / dự toán", Kind.PERCENT, width=9, formula=Ratio("committed", "plan")),
    Column("p_out", "% thực chi / dự toán", Kind.PERCENT, width=9, formula=Ratio("out", "plan")),
    Column("p_paid", "% thực chi / phê duyệt", Kind.PERCENT, width=9, formula=Ratio("out", "committed")),
)
NOTES = (
    "Giao đầu năm là quyết định đầu tiên của năm cho nguồn vốn; các quyết định sau là điều chỉnh.",
    "Thực chi = tạm ứng + thanh toán − thu hồi, chứng từ đã hủy được trừ ra, không gồm tiền năm trước chuyển sang.",
    "Dự toán chưa phê duyệt âm ở một nội dung: phần vượt lấy từ dòng “Chưa phân bổ theo nội dung” cùng nguồn.",
    "Hợp đồng không ghi nguồn: đề án có nhiều nguồn ngân sách thì giá trị hợp đồng chia theo tỷ lệ số được duyệt.",
    "Đề án đã ngừng: phần đã phê duyệt chỉ tính số còn giữ, không tính hợp đồng.",
)


def item_board_table(board: ItemBoard, user: User) -> Table:
    office = user.organisation
    names = (office.parent_name, office.name) if office else ()
    of_province = office is not None and office.area.level == UnitLevel.PROVINCE
    missing_plan = "chưa có dự toán" if of_province else "dự toán giao cho tỉnh"
    rows = [row for block in board.blocks for row in _block_rows(block, board.year, missing_plan)]
    if rows:
        rows.append(Row({"item": "Tổng cộng"}, RowStyle.TOTAL, total_of=TotalOf.NORMAL_ROWS))
    return Table(
        title="TÌNH HÌNH THỰC HIỆN DỰ TOÁN KINH PHÍ KHUYẾN CÔNG THEO NỘI DUNG HỖ TRỢ",
        subtitle=f"Năm {board.year}",
        unit_note="Đơn vị tính: triệu đồng",
        columns=COLUMNS,
        rows=rows,
        organisation=tuple(name.upper() for name in names if name),
        notes=NOTES,
        signatures=(
            Signature("NGƯỜI LẬP BIỂU", user.full_name),
            Signature("KẾ TOÁN"),
            Signature("THỦ TRƯỞNG ĐƠN VỊ", hint="(Ký, ghi rõ họ tên, đóng dấu)"),
        ),
        sheet_name="Dự toán theo nội dung",
    )


def _block_rows(block: SourceBlock, year: int, missing_plan: str) -> list[Row]:
    where = f", {block.province}" if block.province else ""
    without = "" if block.is_planned else f" ({missing_plan})"
    heading = Row({"item": f"{block.source.name}{where}{without}"}, RowStyle.GROUP, total_of=TotalOf.GROUP_BELOW)
    return [heading, *(_line_row(line, block, year) for line in block.lines)]


def _line_row(line: ItemLine, block: SourceBlock, year: int) -> Row:
    one = line.figures
    cells: dict[str, Value] = {
        "item": str(line.item) if line.item else UNALLOCATED,
        "first": one.first_vnd if block.is_planned else None,
        "adjusted": one.adjusted_vnd if block.is_planned else None,
        "committed": one.committed_vnd,
        "contracted": one.contracted_vnd,
        "advanced": one.advanced_vnd,
        "paid": one.paid_vnd,
        "recovered": one.recovered_vnd,
        "left": _left(one) if block.is_planned else None,
    }
    return Row(cells, links=_links(line, block, year) if line.item else {})


def _left(one: Figures) -> int:
    return one.first_vnd + one.adjusted_vnd - one.committed_vnd


def _links(line: ItemLine, block: SourceBlock, year: int) -> dict[str, str]:
    """Approved opens the projects, paid the vouchers that the figure is made of."""
    assert line.item is not None
    projects: dict[str, str | int] = {"nam": year, "nguon": block.source.pk, "noi_dung": line.item.pk}
    vouchers: dict[str, str | int] = {"year": year, "source": block.source.pk, "item": line.item.pk, "plan": "nam"}
    listed = f"{reverse('funding:budget-item-projects')}?{urlencode(projects)}"
    paid = f"{reverse('funding:disbursement-list')}?{urlencode(vouchers)}"
    return {
        "committed": listed,
        "advanced": f"{paid}&kind={LedgerKind.ADVANCE.value}",
        "paid": f"{paid}&kind={LedgerKind.PAYMENT.value}",
        "recovered": f"{paid}&kind={LedgerKind.RECOVERY.value}",
        "out": paid,
    }
