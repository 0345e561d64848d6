"""Batches straight into the tables, for tests that walk pages."""

from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.importing.models import BatchState, ImportBatch, ImportRow, RowVerdict
from khuyencong.importing.settled import Settled

LABELS = ("Tên cơ sở", "Loại hình", "Xã, phường")
ROWS = 20


def make_batch(by: User, *, state: str = BatchState.CHECKED) -> ImportBatch:
    """Twenty rows from row 4 on, every other one refused; no file."""
    assert by.organisation is not None
    batch = ImportBatch.objects.create(
        kind="co-so",
        file="imports/x",
        original_name="co-so.xlsx",
        size_bytes=1,
        sha256="0",
        sheet_name="Danh sách",
        header_row=3,
        headers=list(LABELS),
        columns={"0": "name", "1": "kind", "2": "place"},
        options=Settled(row_count=ROWS, sheets=[("Danh sách", ROWS + 3)], samples=[["a"], ["b"], ["c"]]).as_json(),
        layout="0" * 64,
        state=state,
        counts={RowVerdict.NEW.value: ROWS // 2, RowVerdict.REFUSED.value: ROWS // 2},
        area=by.organisation.area,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        version=1,
    )
    ImportRow.objects.bulk_create(_row(batch, by, number) for number in range(4, 4 + ROWS))
    return batch


def _row(batch: ImportBatch, by: User, number: int) -> ImportRow:
    is_new = number % 2 == 0
    problem = {"message": "Thiếu “Loại hình”: ô này để trống.", "choices": [], "stage": "read"}
    return ImportRow(
        batch=batch,
        number=number,
        raw=[f"Cơ sở {number}", "Hộ kinh doanh" if is_new else "", "Xã Hồng Dân"],
        values={"name": f"Cơ sở {number}", "place": by.area_id} | ({"kind": "household"} if is_new else {}),
        problems={} if is_new else {"kind": [problem]},
        verdict=RowVerdict.NEW if is_new else RowVerdict.REFUSED,
    )


def batch_for(route: str, by: User) -> ImportBatch:
    """In the state in which the page exists."""
    return make_batch(by, state=BatchState.APPLIED if route == "importing:batch-undo" else BatchState.CHECKED)
