"""Thực hiện so với kế hoạch và cùng kỳ: money and results against the plan and the year before."""

import datetime
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

from funding.models import Budget, BudgetEntry
from tests.reports.independent.records import Cells, Question, Records
from tests.reports.independent.yearly import money_by_item

Days = tuple[datetime.date, datetime.date]
Sums = Counter[int | None]


def comparison(records: Records, question: Question) -> Cells:
    return [_money(records, question), _results(records, question)]


def _with_shares(plan: int, now: int, until: int, before: int) -> list[Any]:
    return [plan, now, until, _share(until, plan), before, _share(now, before)]


def _share(part: int, whole: int) -> Fraction | str:
    """Against nothing, or against money that came back, there is no percentage."""
    return Fraction(part, whole) if whole > 0 else "–"


def _spans(question: Question) -> list[Days]:
    return [(question.start, question.end), question.so_far, question.before]


def _money(records: Records, question: Question) -> list[list[Any]]:
    is_province = question.area.level == question.own_area.level == "province"
    plan = _budget(records, question) if is_province else _approved_of_year(records, question)
    columns = [plan, *(_money_of(records, question, days) for days in _spans(question))]
    counted = {item for column in columns for item, vnd in column.items() if vnd}
    rows: list[list[Any]] = [
        [str(item.row), item.name, "Tr. đồng", *_with_shares(*(column[item.pk] for column in columns))]
        for item in records.items
        if item.is_active or item.pk in counted
    ]
    if plan[None]:
        rows.append([None, "Chưa phân bổ theo nội dung", "Tr. đồng", plan[None], None, None, "–", None, None])
    return [*rows, [None, "Tổng cộng", "Tr. đồng", *_with_shares(*(sum(column.values()) for column in columns))]]


def _budget(records: Records, question: Question) -> Sums:
    """What decisions assigned to the province for the plan year, whenever they were taken."""
    budgets = {
        one.pk
        for one in Budget.objects.all()
        if one.year == question.year
        and records.kind_of[one.source_id] in question.kinds
        and records.is_asked(one.province_id, question)
    }
    sums: Sums = Counter()
    for entry in BudgetEntry.objects.all():
        if entry.budget_id in budgets and question.knows(entry.recorded_at):
            sums[entry.support_item_id] += entry.amount_vnd
    return sums


def _approved_of_year(records: Records, question: Question) -> Sums:
    """A commune has no budget: what its projects of the plan year were approved, all amendments counted."""
    sums: Sums = Counter()
    for project in records.known_projects(question):
        if project.year == question.year:
            amounts = records.amounts_by_kind(project.pk, question, None)
            sums[project.support_item_id] += sum(amounts.get(kind, 0) for kind in question.kinds)
    return sums


def _money_of(records: Records, question: Question, days: Days) -> Sums:
    sums: Sums = Counter()
    for (item, kind), vnd in money_by_item(records, replace(question, start=days[0], end=days[1])).items():
        sums[item] += vnd if kind in question.kinds else 0
    return sums


def _results(records: Records, question: Question) -> list[list[Any]]:
    known = {one.pk for one in records.known_projects(question)}
    achieved = [one for one in records.achieved(question) if one.budget in question.kinds]
    columns: list[Counter[int]] = [Counter() for _ in range(4)]
    for value in records.values:
        is_planned = value.project_id in known and value.year == question.year and value.budget in question.kinds
        columns[0][value.indicator_id] += (value.planned_value or 0) if is_planned else 0
    for column, (first, last) in zip(columns[1:], _spans(question), strict=True):
        for value in achieved:
            column[value.indicator_id] += value.achieved_value if first <= value.achieved_date <= last else 0
    return [
        [one.code, one.name, one.unit, *_with_shares(*(column[one.pk] for column in columns))]
        for one in records.indicators
    ]
