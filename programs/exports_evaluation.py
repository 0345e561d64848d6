"""The Excel list of establishments that have not been evaluated after support."""

import datetime
from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet

from khuyencong.excel.columns import Align, Column, Kind, Value
from khuyencong.excel.flat import write_flat
from programs.models import ProjectBeneficiary
from programs.rules.evaluation import whole_months

CHUNK = 2_000
DUE_COLUMNS = (
    Column("number", "STT", Kind.INTEGER, width=6, summed=False),
    Column("beneficiary", "Tên cơ sở", width=40),
    Column("project_code", "Mã đề án", width=16),
    Column("project_name", "Tên đề án", width=50),
    Column("place", "Địa bàn", width=22),
    Column("item", "Nội dung hỗ trợ", width=44),
    Column("year", "Năm kế hoạch", width=10, align=Align.CENTER),
    Column("accepted", "Ngày nghiệm thu", Kind.DATE, width=13),
    Column("months", "Số tháng từ khi nghiệm thu", Kind.INTEGER, width=13, summed=False),
)


def write_due(rows: QuerySet[ProjectBeneficiary], today: datetime.date, stream: IO[bytes]) -> int:
    """The list with its filters, row by row; returns how many. `rows`: of `queries.evaluation.due_rows`."""
    return write_flat(DUE_COLUMNS, _values(rows, today), stream, title="Chưa đánh giá sau hỗ trợ")


def _values(rows: QuerySet[ProjectBeneficiary], today: datetime.date) -> Iterator[dict[str, Value]]:
    for number, one in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        project, accepted = one.project, one.project.accepted_date
        yield {
            "number": number,
            "beneficiary": one.beneficiary.name,
            "project_code": project.code,
            "project_name": project.name,
            "place": str(project.place),
            "item": str(project.support_item),
            "year": str(project.year),
            "accepted": accepted,
            "months": whole_months(accepted, today) if accepted else None,
        }
