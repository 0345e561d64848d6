"""The Excel list of settlements."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

from funding.queries.settlement_list import ListRow, list_rows
from khuyencong.excel.columns import Column, Kind, Value
from khuyencong.excel.flat import write_flat
from programs.models import DeadlineRule, Project

COLUMNS = (
    Column("year", "Năm quyết toán", width=10),
    Column("project_code", "Mã đề án", width=16),
    Column("project_name", "Tên đề án", width=45),
    Column("place", "Địa bàn", width=22),
    Column("state", "Tình trạng", width=18),
    Column("due_date", "Hạn quyết toán", Kind.DATE, width=13),
    Column("approved", "Ngân sách được duyệt (đồng)", Kind.MONEY_VND, width=18),
    Column("due", "Được hỗ trợ (đồng)", Kind.MONEY_VND, width=18),
    Column("out", "Đã chi (đồng)", Kind.MONEY_VND, width=18),
    Column("to_pay", "Còn phải trả (đồng)", Kind.MONEY_VND, width=18),
    Column("to_recover", "Phải thu hồi (đồng)", Kind.MONEY_VND, width=18),
)
CHUNK = 500


def settlement_rows(
    projects: Iterable[Project], rules: Sequence[DeadlineRule], today: datetime.date
) -> Iterator[Mapping[str, Value]]:
    """Rows a chunk at a time, without holding them all."""
    rest = iter(projects)
    while chunk := list(islice(rest, CHUNK)):
        for row in list_rows(chunk, rules, today):
            yield _values(row)


def write_settlements(rows: Iterable[Mapping[str, Value]], stream: IO[bytes]) -> int:
    """Streams the list into the workbook; returns the number of rows."""
    return write_flat(COLUMNS, rows, stream, title="Quyết toán")


def _values(row: ListRow) -> Mapping[str, Value]:
    table, known = row.table, row.table.is_accepted
    return {
        "year": str(row.project.settle_year),
        "project_code": row.project.code,
        "project_name": row.project.name,
        "place": row.project.place.name,
        "state": row.state.label,
        "due_date": row.due_date,
        "approved": table.approved_vnd,
        "due": table.due_vnd if known else None,
        "out": table.out_vnd,
        "to_pay": table.to_pay_vnd if known else None,
        "to_recover": table.to_recover_vnd if known else None,
    }
