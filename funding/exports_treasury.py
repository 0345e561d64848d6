"""What comes of holding the Treasury's statements against the ledger, as an Excel list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from funding.queries.treasury import ReconciledRow
from khuyencong.excel.columns import Column, Kind, Value
from khuyencong.excel.flat import write_flat

_TREASURY, _LEDGER = ("Kho bạc",), ("Sổ giải ngân",)
COLUMNS = (
    Column("outcome", "Kết quả", width=18),
    Column("differences", "Khác nhau ở", width=22),
    Column("t_day", "Ngày", Kind.DATE, groups=_TREASURY, width=12),
    Column("t_reference", "Mã giao dịch", groups=_TREASURY, width=18),
    Column("t_voucher", "Số chứng từ", groups=_TREASURY, width=16),
    Column("t_amount", "Số tiền (đồng)", Kind.MONEY_VND, groups=_TREASURY, width=18),
    Column("t_description", "Nội dung", groups=_TREASURY, width=35),
    Column("l_day", "Ngày", Kind.DATE, groups=_LEDGER, width=12),
    Column("l_reference", "Mã giao dịch", groups=_LEDGER, width=18),
    Column("l_voucher", "Số chứng từ", groups=_LEDGER, width=16),
    Column("l_amount", "Số tiền (đồng)", Kind.MONEY_VND, groups=_LEDGER, width=18),
    Column("project", "Đề án", groups=_LEDGER, width=35),
    Column("payee", "Bên nhận", groups=_LEDGER, width=26),
    Column("source", "Nguồn vốn", groups=_LEDGER, width=22),
    Column("difference", "Chênh lệch kho bạc − sổ (đồng)", Kind.MONEY_VND, width=18),
)


def reconciliation_rows(rows: Iterable[ReconciledRow]) -> Iterator[Mapping[str, Value]]:
    for row in rows:
        cells: dict[str, Value] = {
            "outcome": row.outcome.label,
            "differences": row.told,
            "difference": row.difference_vnd,
        }
        if row.line is not None:
            cells |= {
                "t_day": row.line.paid_date,
                "t_reference": row.line.reference,
                "t_voucher": row.line.voucher_number,
                "t_amount": row.line.amount_vnd,
                "t_description": row.line.description,
            }
        if row.entry is not None:
            entry = row.entry
            cells |= {
                "l_day": entry.voucher_date,
                "l_reference": entry.treasury_reference,
                "l_voucher": entry.voucher_number,
                "l_amount": row.ledger_vnd,
                "project": f"{entry.project.code} {entry.project.name}",
                "payee": str(entry.participant or ""),
                "source": entry.source.name,
            }
        yield cells


def write_reconciliation(rows: Iterable[Mapping[str, Value]], stream: IO[bytes]) -> int:
    """Streams the list into the workbook; returns the number of rows."""
    return write_flat(COLUMNS, rows, stream, title="Đối chiếu kho bạc")
