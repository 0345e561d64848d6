"""Excel lists of money."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from funding.models import CarryOver, LedgerEntry, LedgerKind
from khuyencong.excel.columns import Column, Kind, Value
from khuyencong.excel.flat import write_flat

DISBURSEMENT_COLUMNS = (
    Column("year", "Năm ngân sách", width=10),
    Column("voucher_date", "Ngày chứng từ", Kind.DATE, width=12),
    Column("voucher_number", "Số chứng từ", width=18),
    Column("kind", "Loại", width=12),
    Column("project_code", "Mã đề án", width=16),
    Column("project_name", "Tên đề án", width=45),
    Column("item", "Nội dung hỗ trợ", width=35),
    Column("beneficiary", "Bên nhận", width=30),
    Column("contract", "Số hợp đồng", width=16),
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
    "item": "project__support_item__name",
    "beneficiary": "participant__beneficiary__name",
    "contract": "contract__number",
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


CARRY_OVER_COLUMNS = (
    Column("project_code", "Mã đề án", width=16),
    Column("project_name", "Tên đề án", width=45),
    Column("place", "Địa bàn", width=22),
    Column("source", "Nguồn vốn", width=26),
    Column("from_year", "Từ năm", width=9),
    Column("to_year", "Sang năm", width=9),
    Column("amount", "Số chuyển nguồn (đồng)", Kind.MONEY_VND, width=20),
    Column("decision_number", "Số quyết định", width=18),
    Column("decision_date", "Ngày quyết định", Kind.DATE, width=13),
    Column("note", "Ghi chú", width=35),
)
CARRY_OVER_FIELDS = {
    "project_code": "project__code",
    "project_name": "project__name",
    "place": "project__place__name",
    "source": "source__name",
    "from_year": "from_year",
    "to_year": "to_year",
    "amount": "amount_vnd",
    "decision_number": "decision_number",
    "decision_date": "decision_date",
    "note": "note",
}


def carry_over_rows(carry_overs: QuerySet[CarryOver]) -> Iterator[Mapping[str, Value]]:
    """Rows as they come from the database; years as text, since nobody adds them up."""
    for one in carry_overs.select_related(None).values(*CARRY_OVER_FIELDS.values()).iterator(chunk_size=CHUNK):
        row: dict[str, Value] = {key: one[field] for key, field in CARRY_OVER_FIELDS.items()}
        yield row | {"from_year": str(one["from_year"]), "to_year": str(one["to_year"])}


def write_carry_overs(rows: Iterable[Mapping[str, Value]], stream: IO[bytes]) -> int:
    """Streams the list into the workbook; returns the number of rows."""
    return write_flat(CARRY_OVER_COLUMNS, rows, stream, title="Chuyển nguồn")
