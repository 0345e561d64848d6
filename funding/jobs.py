"""Long work on money; the kinds that khuyencong.jobs finds here."""

from tempfile import TemporaryFile

from funding.actions.ledger import record_export
from funding.exports import disbursement_rows, write_disbursements
from funding.views.disbursement import EXPORT_FILENAME, EXPORT_KIND, disbursement_listing
from khuyencong.accounts.permissions import Permission
from khuyencong.jobs.exports import request_of
from khuyencong.jobs.progress import Progress
from khuyencong.jobs.registry import FileResult, job


@job(EXPORT_KIND, Permission.REPORT_EXPORT)
def export_disbursements(progress: Progress, *, query: str) -> FileResult:
    """The vouchers that `query` names, as their person sees them now; in the audit trail as from the page."""
    entries = disbursement_listing(request_of(progress.user, query)).object_list
    progress.tell(total=entries.order_by().count(), message="Đang viết danh sách chứng từ")
    stream = TemporaryFile()  # noqa: SIM115 - whoever keeps the result closes it
    count = write_disbursements(progress.counted(disbursement_rows(entries)), stream)
    record_export(by=progress.user, row_count=count, condition=query)
    return FileResult(stream, EXPORT_FILENAME)
