"""Assigning the year's money to a province and to support items, and taking some of it back."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from funding import policies
from funding.actions.budget_checks import PlanRow, check_rows
from funding.actions.open_year import hold_year
from funding.actions.wording import dong
from funding.models import Budget, BudgetEntry, Source
from funding.queries.budget import budget_position
from khuyencong.accounts.models import User
from khuyencong.audit.record import record
from khuyencong.errors import NotAllowed, Refused
from khuyencong.localities.models import AdministrativeUnit
from khuyencong.vietnamese.text import nfc
from programs.models import SupportItem


@dataclass(frozen=True)
class Decision:
    """The paper that assigns a year's money, and what it says beside the amounts."""

    number: str
    date: datetime.date
    note: str = ""


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
    """A decision of one amount (đồng) that names no support item: see `record_budget_decision`."""
    (entry,) = record_budget_decision(
        year=year,
        source_id=source_id,
        rows=[PlanRow(None, amount_vnd)],
        decision=Decision(decision_number, decision_date, note),
        by=by,
        province_id=province_id,
    )
    return entry


@transaction.atomic
def record_budget_decision(
    *, year: int, source_id: int, rows: Sequence[PlanRow], decision: Decision, by: User, province_id: int | None = None
) -> list[BudgetEntry]:
    """Every row of a decision or none: + assigns, − takes back, to a support item or to none of them.

    Rows may add up to 0: money moves between items. By default it is the plan of the person's own province. The
    budget's row is locked: neither the plan nor an item of it may fall below what is already approved.
    Errors: NotAllowed; Refused, at "rows-2-amount_vnd" for what is wrong with the third row.
    """
    province = _province(by, province_id)
    source = _check_source(source_id)
    _check_decision(province, decision)
    items = _check_items(rows)
    hold_year(province, year)
    budget = _locked_budget(year, source, province)
    changes = _changes(budget, rows, items)
    entries = [_write_row(budget, row, decision, by=by) for row in rows]
    record(
        by=by,
        action="add_budget_entry",
        action_label=_label(rows),
        obj=budget,
        changes=changes,
        place_id=province.pk,
        reason=decision.note,
        document_number=nfc(decision.number),
        document_date=decision.date,
    )
    return entries


def _locked_budget(year: int, source: Source, province: AdministrativeUnit) -> Budget:
    made, _ = Budget.objects.get_or_create(year=year, source=source, province=province)
    return Budget.objects.select_for_update(of=("self",)).select_related("source", "province").get(pk=made.pk)


def _write_row(budget: Budget, row: PlanRow, decision: Decision, *, by: User) -> BudgetEntry:
    return BudgetEntry.objects.create(
        budget=budget,
        support_item_id=row.item_id,
        amount_vnd=row.amount_vnd,
        decision_number=nfc(decision.number),
        decision_date=decision.date,
        note=decision.note,
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def _province(by: User, province_id: int | None) -> AdministrativeUnit:
    area_id = province_id or by.area_id
    province = AdministrativeUnit.objects.filter(pk=area_id).first() if area_id else None
    if province is None:
        raise NotAllowed("Tài khoản chưa thuộc đơn vị nào.")
    policies.check_can_edit_budget(by, province)
    return province


def _check_source(source_id: int) -> Source:
    source = Source.objects.filter(pk=source_id, is_active=True).first()
    if source is None or not source.may_have_plan:
        raise Refused("Nguồn này không giao dự toán năm.", field="source")
    return source


def _check_decision(province: AdministrativeUnit, decision: Decision) -> None:
    if not nfc(decision.number):
        raise Refused("Nhập số quyết định.", field="decision_number")
    if decision.date > timezone.localdate():
        raise Refused("Ngày quyết định không thể sau hôm nay.", field="decision_date")
    if not AdministrativeUnit.objects.in_force_on(decision.date).filter(pk=province.pk).exists():
        raise Refused(f"{province.name} không còn vào ngày quyết định.", field="province")


def _check_items(rows: Sequence[PlanRow]) -> dict[int, SupportItem]:
    items = SupportItem.objects.in_bulk([row.item_id for row in rows if row.item_id])
    for place, row in enumerate(rows):
        if row.item_id is not None and row.item_id not in items:
            raise Refused("Nội dung này không có trong danh mục.", field=f"rows-{place}-item")
    return items


def _changes(
    budget: Budget, rows: Sequence[PlanRow], items: dict[int, SupportItem]
) -> dict[str, tuple[str | None, str | None]]:
    """Checks the rows against the budget, and tells the plan before and after: the whole, and each item named."""
    plan, total = check_rows(budget, rows, items), budget_position(budget).limit_vnd
    name, change = f"Dự toán {budget.source.name} năm {budget.year}", sum(row.amount_vnd for row in rows)
    changes: dict[str, tuple[str | None, str | None]] = {name: (dong(total), dong(total + change))} if change else {}
    if not items:
        return changes
    for row in rows:
        label = str(items[row.item_id]) if row.item_id else "chưa phân bổ theo nội dung"
        before = plan.planned.get(row.item_id, 0) if row.item_id else plan.unallocated_vnd
        changes[f"{name}, {label}"] = (dong(before), dong(before + row.amount_vnd))
    return changes


def _label(rows: Sequence[PlanRow]) -> str:
    change_vnd = sum(row.amount_vnd for row in rows)
    if not change_vnd:
        return "Điều chỉnh dự toán giữa các nội dung"
    return "Giao dự toán" if change_vnd > 0 else "Giảm dự toán"
