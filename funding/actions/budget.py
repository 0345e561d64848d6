"""Assigning the year's money to a province, and taking some of it back."""

import datetime

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.wording import dong
from funding.models import Budget, BudgetEntry, Source
from funding.queries.budget import budget_position
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import NotAllowed, Refused
from khuyencong.formfields import MAX_FIELD_VND
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.text import nfc


@transaction.atomic
def add_budget_entry(
    *,
    year: int,
    source_id: int,
    amount_vnd: int,
    decision_number: str,
    decision_date: datetime.date,
    by: User,
    note: str = "",
    province_id: int | None = None,
) -> BudgetEntry:
    """A decision that assigns (+) or takes back (−) `amount_vnd` đồng, by default for the person's own province.

    The budget's row is locked: the plan may not fall below what is already approved. Errors: NotAllowed; Refused.
    """
    area_id = province_id or by.area_id
    province = AdministrativeUnit.objects.filter(pk=area_id).first() if area_id else None
    if province is None:
        raise NotAllowed("Tài khoản chưa thuộc đơn vị nào.")
    policies.check_can_edit_budget(by, province)
    source = _check_source(source_id)
    _check_decision(province, amount_vnd, decision_number, decision_date)
    made, _ = Budget.objects.get_or_create(year=year, source=source, province=province)
    budget = Budget.objects.select_for_update(of=("self",)).select_related("source", "province").get(pk=made.pk)
    before = _check_not_below_approved(budget, amount_vnd)
    entry = BudgetEntry.objects.create(
        budget=budget,
        amount_vnd=amount_vnd,
        decision_number=nfc(decision_number),
        decision_date=decision_date,
        note=note,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    record(
        by=by,
        action="add_budget_entry",
        action_label="Giao dự toán" if amount_vnd > 0 else "Giảm dự toán",
        obj=budget,
        changes={f"Dự toán {source.name} năm {year}": (dong(before), dong(before + amount_vnd))},
        place_id=province.pk,
        reason=note,
        document_number=entry.decision_number,
        document_date=decision_date,
    )
    return entry


def _check_source(source_id: int) -> Source:
    source = Source.objects.filter(pk=source_id, is_active=True).first()
    if source is None or not source.is_budgeted:
        raise Refused("Nguồn này không giao dự toán năm.", field="source")
    return source


def _check_decision(province: AdministrativeUnit, amount_vnd: int, number: str, date: datetime.date) -> None:
    if not 0 < abs(amount_vnd) <= MAX_FIELD_VND:
        raise Refused("Số tiền phải khác 0 và không quá lớn.", field="amount_vnd")
    if not nfc(number):
        raise Refused("Nhập số quyết định.", field="decision_number")
    if date > timezone.localdate():
        raise Refused("Ngày quyết định không thể sau hôm nay.", field="decision_date")
    if not AdministrativeUnit.objects.in_force_on(date).filter(pk=province.pk).exists():
        raise Refused(f"{province.name} không còn vào ngày quyết định.", field="province")


def _check_not_below_approved(budget: Budget, amount_vnd: int) -> int:
    """The plan so far, in đồng."""
    position = budget_position(budget)
    after = position.limit_vnd + amount_vnd
    if amount_vnd < 0 and after < position.used_vnd:
        raise Refused(
            f"Dự toán sau điều chỉnh {dong(after)}, thấp hơn số đã phê duyệt cho các đề án {dong(position.used_vnd)}: "
            f"thiếu {dong(position.used_vnd - after)}.",
            field="amount_vnd",
        )
    return position.limit_vnd
