"""Statements of the State Treasury: recorded whole or not at all; one that was recorded by mistake is taken out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.wording import dong
from funding.models import Source, TreasuryLine, TreasuryStatement
from funding.queries.treasury import repeated_rows
from funding.rules.treasury_file import StatementLine
from khuyencong.accounts.models import Organisation, User
from khuyencong.audit.record import record
from khuyencong.errors import Refused
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.text import nfc
from programs.rules.attachments import safe_name


@dataclass(frozen=True)
class NewStatement:
    """A file and what it covers; `source_id` None: several sources."""

    source_id: int | None
    from_date: datetime.date
    to_date: datetime.date
    original_name: str
    sha256: str


@transaction.atomic
def record_statement(*, new: NewStatement, lines: Sequence[StatementLine], by: User) -> TreasuryStatement:
    """Every line of a file, for the person's own office.

    The office's row is locked, so that one file is not recorded twice at the same moment. Errors: NotAllowed; Refused
    on the period, the source, an empty file, a file or a transaction that is recorded already.
    """
    policies.check_can_upload_statement(by)
    assert by.organisation is not None  # the policy has seen to it
    office = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    source = _check_source(new.source_id)
    _check_period(new.from_date, new.to_date)
    _check_new(office, new.sha256, lines)
    statement = TreasuryStatement.objects.create(
        organisation=office,
        source=source,
        from_date=new.from_date,
        to_date=new.to_date,
        original_name=safe_name(new.original_name),
        sha256=new.sha256,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    _write_lines(statement, lines)
    _audit(statement, by=by, action="treasury_upload", label="Tải lên sao kê kho bạc", is_new=True)
    return statement


def _write_lines(statement: TreasuryStatement, lines: Sequence[StatementLine]) -> None:
    rows = [
        TreasuryLine(
            statement=statement,
            row_number=line.row_number,
            reference=line.reference,
            voucher_number=line.voucher_number,
            paid_date=line.paid_date,
            amount_vnd=line.amount_vnd,
            description=line.description,
        )
        for line in lines
    ]
    TreasuryLine.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def remove_statement(*, statement_id: int, reason: str, by: User) -> None:
    """Takes out a statement that was recorded by mistake, with its lines; the ledger is not touched.

    Errors: NotAllowed; Refused without a reason.
    """
    statement = TreasuryStatement.objects.select_for_update(of=("self",)).get(pk=statement_id)
    policies.check_can_remove_statement(by, statement)
    if not nfc(reason):
        raise Refused("Ghi rõ lý do bỏ sao kê.", field="reason")
    _audit(statement, by=by, action="treasury_remove", label="Bỏ sao kê kho bạc", is_new=False, reason=reason)
    statement.delete()


def _check_source(source_id: int | None) -> Source | None:
    if source_id is None:
        return None
    source = Source.objects.filter(pk=source_id).first()
    if source is None or not source.is_state_money:
        raise Refused("Nguồn này không chi qua kho bạc.", field="source")
    return source


def _check_period(from_date: datetime.date, to_date: datetime.date) -> None:
    if to_date < from_date:
        raise Refused("Ngày cuối phải từ ngày đầu trở đi.", field="to_date")
    if to_date > timezone.localdate():
        raise Refused("Kỳ sao kê không thể sau hôm nay.", field="to_date")


def _check_new(office: Organisation, sha256: str, lines: Sequence[StatementLine]) -> None:
    if not lines:
        raise Refused("Tệp không có giao dịch nào trong kỳ.", field="file")
    known = TreasuryStatement.objects.filter(organisation=office, sha256=sha256).first()
    if known is not None:
        day = format_date(timezone.localdate(known.uploaded_at))
        raise Refused(f"Tệp này đã được tải lên ngày {day} với tên “{known.original_name}”.", field="file")
    repeated = repeated_rows(office, lines)
    if repeated:
        rows = ", ".join(str(error.row_number) for error in repeated[:10])
        raise Refused(f"Có {len(repeated)} giao dịch đã có trong sao kê khác của đơn vị (dòng {rows}).", field="file")


def _audit(statement: TreasuryStatement, *, by: User, action: str, label: str, is_new: bool, reason: str = "") -> None:
    amounts = list(statement.lines.values_list("amount_vnd", flat=True))
    period = f"{format_date(statement.from_date)}–{format_date(statement.to_date)}"
    told = {
        "Kỳ sao kê": period,
        "Nguồn vốn": str(statement.source or "Nhiều nguồn"),
        "Số giao dịch": len(amounts),
        "Cộng": dong(sum(amounts)),
        "Mã SHA-256": statement.sha256,
    }
    record(
        by=by,
        action=action,
        action_label=label,
        obj=statement,
        changes={name: (None, value) if is_new else (value, None) for name, value in told.items()},
        place_id=statement.organisation.area_id,
        reason=reason,
    )
