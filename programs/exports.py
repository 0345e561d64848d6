"""Workbooks of lists."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO

from django.db.models import QuerySet

from khuyencong.excel.columns import Align, Column, Kind, Value
from khuyencong.excel.flat import write_flat
from programs.models import Project

CHUNK = 2_000
PROJECT_COLUMNS = (
    Column("code", "Mã đề án", width=16),
    Column("name", "Tên đề án", width=60),
    Column("place", "Địa bàn", width=22),
    Column("year", "Năm", width=8, align=Align.CENTER),
    Column("track", "Cấp khuyến công", width=20),
    Column("item", "Nội dung hỗ trợ", width=44),
    Column("status", "Trạng thái", width=18),
    Column("appraiser", "Người thẩm định", width=24),
    Column("participants", "Số cơ sở thụ hưởng", Kind.INTEGER, width=12),
)


def write_projects(
    projects: QuerySet[Project],
    stream: IO[bytes],
    *,
    counted: Callable[[Iterator[Project]], Iterable[Project]] = iter,
) -> int:
    """The list with its filters, row by row; returns how many. `projects` comes from `queries.project.project_rows`.

    `counted` sees every row pass, to say how far it is.
    """
    rows = counted(projects.iterator(chunk_size=CHUNK))
    return write_flat(PROJECT_COLUMNS, _project_rows(rows), stream, title="Đề án")


def _project_rows(projects: Iterable[Project]) -> Iterator[dict[str, Value]]:
    for project in projects:
        yield {
            "code": project.code,
            "name": project.name,
            "place": str(project.place),
            "year": str(project.year),
            "track": project.get_track_display(),
            "item": str(project.support_item),
            "status": project.get_status_display(),
            "appraiser": str(project.appraiser or ""),
            "participants": project.participant_count,  # type: ignore[attr-defined]
        }
