"""That somebody took data out of the portal by way of the import room."""

from django.db import transaction

from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.importing import policies
from khuyencong.importing.actions.common import audit
from khuyencong.importing.kinds import ImportKind
from khuyencong.importing.models import ImportBatch


@transaction.atomic
def record_rows_export(*, kind: ImportKind, row_count: int, by: User) -> None:
    """All rows of a kind, to be edited. Errors: NotAllowed."""
    policies.check_can_import(by, kind)
    record(
        by=by,
        action="import_export",
        action_label="Xuất dữ liệu ra Excel để sửa",
        obj=by,
        place_id=by.area_id,
        changes={"Loại dữ liệu": (None, kind.label), "Số dòng": (None, row_count)},
    )


@transaction.atomic
def record_errors_export(*, batch: ImportBatch, by: User) -> None:
    """The rows of a batch with their errors. Errors: NotAllowed."""
    policies.check_can_work(by, batch)
    told = {"Số dòng": (None, sum(batch.counts.values()))}
    audit(batch, by=by, action="import_errors", label="Tải tệp nhập dữ liệu có ghi lỗi", changes=told)
