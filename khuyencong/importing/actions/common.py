"""What the actions on a batch share: the lock, the version, the event, the columns to begin with."""

from typing import Any

from khuyencong.accounts.models import User
from khuyencong.audit.record import Changes, record
from khuyencong.errors import Overtaken, Refused
from khuyencong.importing.looking import Look
from khuyencong.importing.models import ImportBatch, ImportLayout
from khuyencong.importing.settled import Settled

STALE = "Tệp này vừa được người khác hoặc một cửa sổ khác xử lý. Hãy xem lại trang rồi làm lại nếu còn cần."
SUBJECT = "nhập từ Excel"


def find_batch(batch_id: int, *, lock: bool = False) -> ImportBatch:
    """The row. Errors: Refused when it is gone."""
    batches = ImportBatch.objects.select_related("uploaded_by__organisation", "area").filter(pk=batch_id)
    batch = (batches.select_for_update(of=("self",)) if lock else batches).first()
    if batch is None:
        raise Refused("Lần nhập này không còn.")
    return batch


def lock_batch(batch_id: int, version: int | None = None) -> ImportBatch:
    """The row, locked until the transaction ends. Errors: Overtaken when it is not at `version` any more."""
    batch = find_batch(batch_id, lock=True)
    if version is not None and batch.version != version:
        raise Overtaken(STALE)
    return batch


def audit(batch: ImportBatch, *, by: User, action: str, label: str, changes: Changes) -> None:
    record(by=by, action=action, action_label=label, obj=batch, place_id=batch.area_id, changes=changes)


def take_look(batch: ImportBatch, look: Look, by: User) -> None:
    """The columns as this office mapped them last; where it never did, as they are proposed."""
    settled, columns = look.settled, look.columns
    known = ImportLayout.objects.filter(kind=batch.kind, layout=look.layout, organisation=by.organisation).first()
    if known is not None:
        columns = known.columns
        settled = Settled.from_json({**settled.as_json(), **known.options, "is_remembered": True})
    batch.sheet_name, batch.header_row = look.sheet_name[:100], settled.header_first + 1
    batch.headers, batch.columns, batch.layout = list(look.labels), columns, look.layout
    batch.options = settled.as_json()


def told(counts: dict[str, Any], labels: dict[str, str]) -> str:
    """ "Mới 3, Không nhận 1"."""
    parts = [f"{label} {number}" for verdict, label in labels.items() if (number := counts.get(verdict))]
    return ", ".join(parts) or "không có dòng nào"
