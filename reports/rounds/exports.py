"""Who has reported, as a workbook."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.db import transaction
from django.http import FileResponse

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.excel.columns import Align, Column, Kind, Value
from khuyencong.excel.flat import write_flat
from khuyencong.excel.response import workbook_response
from khuyencong.vietnamese.dates import format_datetime
from reports.models import ReportingRound

COLUMNS = (
    Column("number", "STT", Kind.INTEGER, width=7, align=Align.CENTER),
    Column("office", "Đơn vị", width=40),
    Column("area", "Địa bàn", width=24),
    Column("state", "Tình trạng", width=22),
    Column("at", "Báo cáo sau cùng lúc", width=20, align=Align.CENTER),
    Column("by", "Người báo cáo", width=26),
    Column("times", "Số lần báo cáo", Kind.INTEGER, width=10),
    Column("projects", "Đề án chưa báo cáo tiến độ", Kind.INTEGER, width=14),
    Column("reminded", "Nhắc gần nhất", Kind.DATE, width=14),
    Column("note", "Tình hình, khó khăn, kiến nghị", width=70),
)


@transaction.atomic
def export_offices(asked: ReportingRound, lines: Iterable[Any], *, by: User, condition: str) -> FileResponse:
    """The list with its filters, and its audit event: what could not be written was not taken either."""

    def write(stream: IO[bytes]) -> None:
        count = write_flat(COLUMNS, _rows(lines), stream, title="Tình hình báo cáo")
        record(
            by=by,
            action="reporting_round_export",
            action_label="Tải danh sách báo cáo của cơ sở ra Excel",
            obj=asked,
            changes={"Số dòng": (None, count), "Điều kiện": (None, condition)},
            place_id=asked.area_id,
        )

    return workbook_response(write, filename=f"bao-cao-co-so-{asked.end:%Y%m%d}.xlsx")


def _rows(lines: Iterable[Any]) -> Iterator[dict[str, Value]]:
    for number, line in enumerate(lines, start=1):
        office = line.office
        yield {
            "number": number,
            "office": office.name,
            "area": str(office.area),
            "state": line.state,
            "at": format_datetime(office.last_at),
            "by": office.last_by or "",
            "times": office.times,
            "projects": line.projects,
            "reminded": office.reminded_on,
            "note": office.last_note or "",
        }
