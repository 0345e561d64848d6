"""Closing the books of a province's year, and opening them again."""

import datetime

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.models import BudgetYear, BudgetYearEvent
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import Overtaken, Refused
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.text import nfc, nfc_multiline
from programs.actions.project import Paper

OPEN, CLOSED = "Đang mở", "Đã khóa"


@transaction.atomic
def close_year(
    *, province_id: int, year: int, by: User, version: int, paper: Paper | None = None, reason: str = ""
) -> BudgetYearEvent:
    """After this the year takes no voucher, budget decision, approval, amendment of money or carry-over.

    The row is locked until the transaction ends: whoever is writing money of the year is waited for, and who comes
    later finds it closed. Errors: NotAllowed; Overtaken; Refused when it is closed already or has not begun.
    """
    province = AdministrativeUnit.objects.get(pk=province_id)
    policies.check_can_edit_budget(by, province)
    if year > timezone.localdate().year:
        raise Refused(f"Chưa đến năm {year}, chưa khóa sổ được.")
    row = _lock(province, year, version)
    if row.is_closed:
        raise Refused(f"Sổ năm {year} đã khóa.")
    return _turn(row, closes=True, by=by, paper=paper or Paper(), reason=reason)


@transaction.atomic
def reopen_year(*, province_id: int, year: int, by: User, version: int, paper: Paper, reason: str) -> BudgetYearEvent:
    """The year takes money again, by the leader's document and reason. Errors: NotAllowed; Overtaken; Refused."""
    province = AdministrativeUnit.objects.get(pk=province_id)
    policies.check_can_reopen_year(by, province)
    if not nfc(paper.number):
        raise Refused("Nhập số văn bản cho mở lại sổ.", field="document_number")
    if paper.date is None:
        raise Refused("Nhập ngày văn bản.", field="document_date")
    if not nfc_multiline(reason):
        raise Refused("Ghi rõ lý do mở lại sổ.", field="reason")
    row = _lock(province, year, version)
    if not row.is_closed:
        raise Refused(f"Sổ năm {year} đang mở.")
    return _turn(row, closes=False, by=by, paper=paper, reason=reason)


def _lock(province: AdministrativeUnit, year: int, version: int) -> BudgetYear:
    """The row, locked. Errors: Overtaken when somebody closed or opened it since the page was shown."""
    BudgetYear.objects.get_or_create(province=province, year=year)
    row = BudgetYear.objects.select_for_update(of=("self",)).get(province=province, year=year)
    if BudgetYearEvent.objects.filter(budget_year=row).count() != version:
        raise Overtaken(f"Sổ năm {year} đã được khóa hoặc mở lại sau khi bạn mở trang. Hãy xem lại rồi thực hiện.")
    return row


def _turn(row: BudgetYear, *, closes: bool, by: User, paper: Paper, reason: str) -> BudgetYearEvent:
    _check_date(paper.date)
    row.is_closed = closes
    row.save(update_fields=["is_closed"])
    event = BudgetYearEvent.objects.create(
        budget_year=row,
        closes=closes,
        reason=nfc_multiline(reason),
        document_number=nfc(paper.number),
        document_date=paper.date,
        by=by,
        at=timezone.now(),
    )
    record(
        by=by,
        action="close_budget_year" if closes else "reopen_budget_year",
        action_label=f"{'Khóa' if closes else 'Mở lại'} sổ năm {row.year}",
        obj=row,
        changes={f"Sổ năm {row.year}": (OPEN, CLOSED) if closes else (CLOSED, OPEN)},
        place_id=row.province_id,
        reason=event.reason,
        document_number=event.document_number,
        document_date=paper.date,
    )
    return event


def _check_date(day: datetime.date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise Refused("Ngày văn bản không thể sau hôm nay.", field="document_date")
