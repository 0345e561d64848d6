"""Đánh giá sau hỗ trợ: the last look at each establishment, and what was paid to it."""

from typing import Any

from programs.models import SupportEvaluation
from tests.reports.independent.records import ACCEPTED, BOTH, Cells, Question, Records, out_of, share

# The places of the columns that a total adds: value added, revenue, workers, capital, support.
ADDED = (10, 11, 13, 14, 15, 16, 17, 18, 19)


def evaluation(records: Records, question: Question) -> Cells:
    last = _last_looks(records, question)
    project_of = {one.pk: records.project[one.project_id] for one in records.parts}
    item_of = {one.pk: records.item[project_of[one.participant_id].support_item_id] for one in last}
    last.sort(key=lambda one: (item_of[one.pk].row, _maker(records, one).sort_key, one.pk))
    rows: list[list[Any]] = []
    heading = None
    for number, one in enumerate(last, start=1):
        if item_of[one.pk] != heading:
            heading = item_of[one.pk]
            rows.append([None, f"{heading.row}. {heading.name}", *[None] * 19])
        code = project_of[one.participant_id].code
        rows.append(_row(str(number), _maker(records, one).name, code, one, _support(records, question, one)))
    return [[*rows, _total([row for row in rows if row[0]])]]


def _maker(records: Records, one: Any) -> Any:
    return records.beneficiary[next(part for part in records.parts if part.pk == one.participant_id).beneficiary_id]


def _last_looks(records: Records, question: Question) -> list[Any]:
    """Of each establishment the last one of the period, in whichever accepted project of the area."""
    parts = {one.pk: one for one in records.parts}
    last: dict[int, Any] = {}
    for one in sorted(SupportEvaluation.objects.all(), key=lambda one: (one.evaluated_on, one.pk)):
        part = parts[one.participant_id]
        project = records.project[part.project_id]
        is_asked = project.status in ACCEPTED and records.is_asked(project.place_id, question)
        if is_asked and question.inside(one.evaluated_on):
            last[part.beneficiary_id] = one
    return list(last.values())


def _support(records: Records, question: Question, one: Any) -> int:
    """To the establishment by name, and to its project as a whole where nobody else takes part in it."""
    project = next(part for part in records.parts if part.pk == one.participant_id).project_id
    is_alone = sum(part.project_id == project for part in records.parts) == 1
    payees = {one.participant_id} | ({None} if is_alone else set())
    return sum(
        out_of(entry)
        for entry in records.ledger
        if entry.project_id == project
        and entry.participant_id in payees
        and records.kind_of[entry.source_id] in BOTH
        and entry.voucher_date <= question.end
    )


def _row(number: str, name: str, code: str, one: Any, support: int) -> list[Any]:
    start = [number, name, code, f"{one.evaluated_on:%d/%m/%Y}", one.capacity_unit or None]
    capacity = [one.capacity_before, one.capacity_after]
    productivity = [one.productivity_vnd_before, one.productivity_vnd_after]
    added = [one.value_added_vnd_before, one.value_added_vnd_after]
    workers = [one.workers_before, one.workers_after]
    more = None if None in workers else workers[1] - workers[0]
    money = [one.mobilised_vnd, support, _leverage([(one.mobilised_vnd, support)])]
    revenue = [one.revenue_vnd_before, one.revenue_vnd_after]
    growth = [*productivity, _growth([productivity]), *added, _growth([added])]
    return [*start, *capacity, *growth, *revenue, *workers, more, *money]


def _growth(pairs: list[Any]) -> Any:
    """Only of those whose two figures are both known."""
    known = [(before, after) for before, after in pairs if before is not None and after is not None]
    return share(sum(after - before for before, after in known), sum(before for before, _ in known))


def _leverage(pairs: list[Any]) -> Any:
    known = [(own, support) for own, support in pairs if own is not None]
    support = sum(one for _, one in known)
    return share(sum(own for own, _ in known), support) if support > 0 else None


def _total(rows: list[list[Any]]) -> list[Any]:
    """Where nobody told anything the sum is not known, and not zero; without rows it is zero."""
    total: list[Any] = [None, "Tổng cộng", *[None] * 19]
    for column in ADDED:
        told = [row[column] for row in rows if row[column] is not None]
        total[column] = sum(told) if told or not rows else None
    total[12] = _growth([(row[10], row[11]) for row in rows])
    total[20] = _leverage([(row[18], row[19]) for row in rows])
    return total
