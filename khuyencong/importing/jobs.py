"""Long work on batches; the kinds that khuyencong.jobs finds here. Rights are asked by the actions themselves."""

from tempfile import TemporaryFile

from django.http import QueryDict
from django.urls import reverse

from khuyencong.accounts.permissions import Permission
from khuyencong.errors import Refused
from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.actions.check import check_batch
from khuyencong.importing.actions.table import choose_table, read_batch
from khuyencong.importing.kinds import find_kind
from khuyencong.importing.models import ImportBatch
from khuyencong.importing.policies import check_can_import, kind_of
from khuyencong.importing.queries import batches_for
from khuyencong.importing.settled import Settled
from khuyencong.importing.views.common import APPLY_JOB, CHECK_JOB, EXPORT_JOB, READ_JOB, TABLE_JOB, UNDO_JOB
from khuyencong.importing.views.files import export_name, write_rows
from khuyencong.jobs.progress import Progress
from khuyencong.jobs.registry import FileResult, PageResult, job

READING = "Đang đọc tệp"


@job(READ_JOB, Permission.HOME)
def read(progress: Progress, *, batch_id: int) -> PageResult:
    """A file that took too long to be read while the person waited."""
    kind = kind_of(_batch(progress, batch_id))
    progress.tell(message=READING)
    read_batch(batch_id=batch_id, kind=kind, by=progress.user, tell=lambda rows: progress.tell(done=rows))
    progress.tell(message="Đã đọc xong tệp. Bước tiếp theo: ghép cột.")
    return PageResult(reverse("importing:batch-map", args=[batch_id]))


@job(TABLE_JOB, Permission.HOME)
def table(progress: Progress, *, batch_id: int, sheet_name: str, header_row: int, version: int) -> PageResult:
    kind = kind_of(_batch(progress, batch_id))
    progress.tell(message=READING)
    choose_table(
        batch_id=batch_id,
        kind=kind,
        sheet_name=sheet_name,
        header_row=header_row,
        version=version,
        by=progress.user,
        tell=lambda rows: progress.tell(done=rows),
    )
    return PageResult(reverse("importing:batch-map", args=[batch_id]))


@job(CHECK_JOB, Permission.HOME)
def check(progress: Progress, *, batch_id: int, from_file: bool) -> PageResult:
    """Verdicts on all rows."""
    batch = _batch(progress, batch_id)
    progress.tell(total=_row_count(batch), message="Đang đọc tệp")
    check_batch(
        batch_id=batch_id,
        by=progress.user,
        from_file=from_file,
        tell=lambda done: progress.tell(done=done, message="Đang kiểm tra"),
    )
    progress.tell(message="Đã kiểm tra xong. Hãy xem kết quả từng dòng.")
    return _page(batch_id)


@job(APPLY_JOB, Permission.HOME)
def apply(progress: Progress, *, batch_id: int, only_good: bool, version: int) -> PageResult:
    """All rows or none."""
    batch = _batch(progress, batch_id)
    progress.tell(total=_row_count(batch), message="Đang ghi")
    apply_batch(
        batch_id=batch_id,
        only_good=only_good,
        version=version,
        by=progress.user,
        tell=lambda done: progress.tell(done=done),
    )
    progress.tell(message="Đã ghi dữ liệu vào cổng.")
    return _page(batch_id)


@job(UNDO_JOB, Permission.HOME)
def undo(progress: Progress, *, batch_id: int, version: int) -> PageResult:
    _batch(progress, batch_id)
    progress.tell(message="Đang hoàn lại")
    undo_batch(batch_id=batch_id, version=version, by=progress.user)
    progress.tell(message="Đã hoàn lại dữ liệu.")
    return _page(batch_id)


@job(EXPORT_JOB, Permission.HOME)
def export(progress: Progress, *, query: str) -> FileResult:
    """Everything of the kind that `query` names, for editing."""
    kind = find_kind(QueryDict(query).get("loai", ""))
    if kind is None:
        raise Refused("Cổng không còn nhận loại dữ liệu này.")
    check_can_import(progress.user, kind)
    progress.tell(message="Đang viết tệp")
    stream = TemporaryFile()  # noqa: SIM115 - whoever keeps the result closes it
    write_rows(kind, progress.user, progress.counted(kind.rows(progress.user)), stream)
    return FileResult(stream, export_name(kind))


def _batch(progress: Progress, batch_id: int) -> ImportBatch:
    """As the person may see it now."""
    batch = batches_for(progress.user).filter(pk=batch_id).first()
    if batch is None:
        raise Refused("Lần nhập này không còn, hoặc bạn không còn quyền xem.")
    return batch


def _row_count(batch: ImportBatch) -> int:
    return Settled.from_json(batch.options).row_count


def _page(batch_id: int) -> PageResult:
    return PageResult(reverse("importing:batch-detail", args=[batch_id]))
