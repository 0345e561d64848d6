"""Excel lists of money."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from funding.models import LedgerEntry, LedgerKind
from khuyencong.excel.columns import Column, Kind, Value
from khuyencong.excel.flat import write_flat

DISBURSEMENT_COLUMNS = (
    Column("year", "Năm ngân sách", width=10),
    Column("voucher_date", "Ngày chứng từ", Kind.DATE, width=12),
    Column("voucher_number", "Số chứng từ", width=18),
    Column("kind", "Loại", width=12),
    Column("project_code", "Mã đề án", width=16),
    Column("project_name", "Tên đề án", width=45),
    Column("beneficiary", "Bên nhận", width=30),
    Column("source", "Nguồn vốn", width=26),
    Column("amount", "Số tiền chứng từ (đồng)", Kind.MONEY_VND, width=18),
    Column("effect", "Tăng (+), giảm (-) số đã chi (đồng)", Kind.MONEY_VND, width=18),
    Column("reverses", "Hủy chứng từ", width=18),
    Column("treasury", "Mã giao dịch kho bạc", width=20),
    Column("note", "Nội dung", width=35),
    Column("recorded_at", "Ngày ghi sổ", Kind.DATE, width=12),
)
FIELDS = {
    "voucher_date": "voucher_date",
    "voucher_number": "voucher_number",
    "project_code": "project__code",
    "project_name": "project__name",
    "beneficiary": "participant__beneficiary__name",
    "source": "source__name",
    "amount": "amount_vnd",
    "effect": "effect_vnd",
    "reverses": "reverses__voucher_number",
    "treasury": "treasury_reference",
    "note": "note",
}
CHUNK = 2000


def disbursement_rows(entries: QuerySet[LedgerEntry]) -> Iterator[Mapping[str, Value]]:
    """Rows as they come from the database, without holding them all."""
    values = entries.select_related(None).values("year", "kind", "recorded_at", *FIELDS.values())
    for entry in values.iterator(chunk_size=CHUNK):
        row: dict[str, Value] = {key: entry[field] for key, field in FIELDS.items()}
        row["year"] = str(entry["year"])
        row["kind"] = LedgerKind(entry["kind"]).label
        row["recorded_at"] = timezone.localtime(entry["recorded_at"]).date()
        yield row


def write_disbursements(rows: Iterable[Mapping[str, Value]], stream: IO[bytes]) -> int:
    """Streams the list into the workbook; returns the number of rows."""
    return write_flat(DISBURSEMENT_COLUMNS, rows, stream, title="Giải ngân")
