"""What the actions on a batch share: the lock, the version, the event."""

from typing import Any

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, record
from khuyencong.errors import Overtaken, Refused
from khuyencong.importing.models import ImportBatch

STALE = "Tệp này vừa được người khác hoặc một cửa sổ khác xử lý. Hãy xem lại trang rồi làm lại nếu còn cần."
SUBJECT = "nhập từ Excel"


def lock_batch(batch_id: int, version: int | None = None) -> ImportBatch:
    """The row, locked until the transaction ends. Errors: Overtaken when it is not at `version` any more."""
    batches = ImportBatch.objects.select_for_update(of=("self",)).select_related("uploaded_by__organisation", "area")
    batch = batches.filter(pk=batch_id).first()
    if batch is None:
        raise Refused("Lần nhập này không còn.")
    if version is not None and batch.version != version:
        raise Overtaken(STALE)
    return batch


def audit(batch: ImportBatch, *, by: User, action: str, label: str, changes: Changes) -> None:
    record(by=by, action=action, action_label=label, obj=batch, place_id=batch.area_id, changes=changes)


def told(counts: dict[str, Any], labels: dict[str, str]) -> str:
    """ "Mới 3, Không nhận 1"."""
    parts = [f"{label} {number}" for verdict, label in labels.items() if (number := counts.get(verdict))]
    return ", ".join(parts) or "không có dòng nào"
