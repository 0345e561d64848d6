"""Rows of vouchers as the reader hands them to the import, and files of them."""

from typing import Any

from funding.imports.ledger import LedgerKindOfImport
from funding.models import LedgerEntry
from khuyencong.importing.actions.apply import apply_batch, undo_batch
from khuyencong.importing.models import ImportBatch
from tests.importing.room import checked, workbook

KIND = LedgerKindOfImport()
HEADER = (
    "STT",
    "Mã đề án",
    "Cơ sở thụ hưởng",
    "Nguồn vốn",
    "Loại",
    "Số chứng từ",
    "Ngày chứng từ",
    "Số tiền (đồng)",
    "Mã giao dịch kho bạc",
    "Diễn giải",
    "Lý do vượt mức tạm ứng",
)
WHY = "Theo tiến độ hợp đồng"  # the advance limit of the reference data only warns


def voucher(project: Any, number: str, vnd: int, kind: str = "payment", **values: Any) -> dict[str, Any]:
    """Field → value; an advance says why it passes a limit that only warns."""
    row = {
        "project_code": project.code,
        "source": "KCDP",
        "kind": kind,
        "voucher_number": number,
        "voucher_date": "2025-09-01",
        "amount_vnd": vnd,
    }
    return {**row, **({"override_reason": WHY} if kind == "advance" else {}), **values}


def written_line(project: Any, number: str, vnd: Any, kind: str = "Thanh toán", payee: str = "") -> tuple[Any, ...]:
    """A line of a workbook with HEADER."""
    return (1, project.code, payee, "KCĐP", kind, number, "01/09/2025", vnd, f"KB-{number}", "Đợt 1", WHY)


def file_of(*lines: Any) -> bytes:
    return workbook(*lines, header=HEADER, title="SỔ CHỨNG TỪ")


def bring(content: bytes, by: Any, *, only_good: bool = False) -> ImportBatch:
    """Read, mapped as proposed, checked and written."""
    batch = checked(KIND, content, by)
    return apply_batch(batch_id=batch.pk, only_good=only_good, version=batch.version, by=by)


def take_back(batch: ImportBatch, by: Any) -> ImportBatch:
    return undo_batch(batch_id=batch.pk, version=batch.version, by=by)


def standing() -> list[tuple[str, str, int]]:
    """(kind, number, đồng) of the vouchers that nobody took back."""
    rows = LedgerEntry.objects.filter(reverses__isnull=True, reversed_by__isnull=True).order_by("pk")
    return list(rows.values_list("kind", "voucher_number", "amount_vnd"))
