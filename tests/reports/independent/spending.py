"""Nhiều năm, giải ngân, chương trình: what was approved and what went out."""

from typing import Any

from programs.models import Programme, ProgrammeTarget
from tests.reports.independent.records import BOTH, STATE, Cells, Question, Records, added, share

WORTH = {"đồng": 1, "triệu đồng": 10**6, "tỷ đồng": 10**9}


def several_years(records: Records, question: Question) -> Cells:
    rows: list[list[Any]] = []
    for number, year in enumerate(question.years, start=1):
        projects = [one for one in records.known_projects(question) if one.year == year]
        amounts = [records.amounts_by_kind(one.pk, question, None) for one in projects]
        provincial, central = (sum(one.get(kind, 0) for one in amounts) for kind in ("provincial", "central"))
        out = sum(vnd for one, kind, vnd in records.entries(question) if one.year == year and kind in BOTH)
        total = provincial + central
        rows.append([str(number), str(year), provincial, central, total, len(projects), out, share(out, total)])
    sums = added(rows, range(2, 7))
    return [[*rows, [None, "Tổng cộng", *sums, share(sums[4], sums[2])]]]


def disbursement(records: Records, question: Question) -> Cells:
    entries = records.entries(question)
    projects = _counted(records, question, entries)
    rows: list[list[Any]] = []
    all_of_them: list[list[Any]] = []
    for source in records.sources:
        if source.kind not in STATE:
            continue
        own: list[list[Any]] = []
        for project in projects:
            approved = _approved(records, question, project).get(source.pk, 0)
            found = [one for one in entries if one[0].project_id == project.pk and one[0].source_id == source.pk]
            found = [one for one in found if one[0].voucher_date <= question.end]
            if approved or found:
                own.append(_row(records, question, project, len(own) + 1, approved, found))
        if own or source.is_active:
            rows += [_sum_row(source.name, own), *own]
            all_of_them += own
    return [[*rows, _sum_row("Tổng cộng", all_of_them)]]


def _counted(records: Records, question: Question, entries: list[tuple[Any, str, int]]) -> list[Any]:
    """Approved for a plan year of the period or carried into it, and all with a voucher in it; by code."""
    paid = {one.project_id for one, kind, _ in entries if kind in STATE and question.inside(one.voucher_date)}
    chosen = []
    for project in records.approved_projects(question):
        is_planned = project.year in question.plan_years or _carried_into(records, question, project)
        if project.pk in paid or (is_planned and _is_decided(records, question, project)):
            chosen.append(project)
    return sorted(chosen, key=lambda one: (one.code, one.pk))


def _is_decided(records: Records, question: Question, project: Any) -> bool:
    return records.is_known(project, question) and records.is_decided_by_end(project, question)


def _carried_into(records: Records, question: Question, project: Any) -> list[int]:
    years = {
        one.to_year
        for one in records.carried
        if one.project_id == project.pk
        and one.to_year in question.plan_years
        and one.decision_date <= question.end
        and question.knows(one.recorded_at)
    }
    return sorted(years)


def _approved(records: Records, question: Question, project: Any) -> dict[int, int]:
    if not _is_decided(records, question, project):
        return {}
    return records.amounts(project.pk, question, question.end)


def _row(
    records: Records, question: Question, project: Any, number: int, approved: int, entries: list[tuple[Any, str, int]]
) -> list[Any]:
    def flow(found: list[tuple[Any, str, int]]) -> list[int]:
        out = [sum(vnd for one, _, vnd in found if one.kind == kind) for kind in ("advance", "payment", "recovery")]
        return [out[0], out[1], -out[2], sum(out)]

    now, until = flow([one for one in entries if question.inside(one[0].voucher_date)]), flow(entries)
    is_stopped = records.is_stopped(project, question)
    released = max(0, approved - until[3]) if is_stopped else 0
    notes = [f"Chuyển nguồn sang năm {year}" for year in _carried_into(records, question, project)]
    note = "; ".join([*notes, *(["Ngừng triển khai"] if is_stopped else [])])
    name = f"{project.code} – {project.name}"
    left = approved - released - until[3]
    return [str(number), name, approved, *now, *until, released, left, share(until[3], approved), note or None]


def _sum_row(name: str, rows: list[list[Any]]) -> list[Any]:
    sums = added(rows, range(2, 13))
    return [None, name, *sums, share(sums[8], sums[0]), None]


def programmes(records: Records, question: Question) -> Cells:
    entries = [one for one in records.entries(question) if one[1] in BOTH and one[0].voucher_date <= question.end]
    achieved = [one for one in records.achieved(question) if one.achieved_date <= question.end]
    active = {
        records.project[one[0].project_id].programme_id for one in entries if one[0].voucher_date >= question.start
    }
    active |= {records.project[one.project_id].programme_id for one in achieved if one.achieved_date >= question.start}
    listed = [
        one
        for one in Programme.objects.all()
        if one.pk in active or (one.start_year <= question.plan_years[-1] and one.end_year >= question.plan_years[0])
    ]
    listed.sort(key=lambda one: (one.start_year, one.code))
    targets = [row for one in listed for row in _target_rows(records, question, one, achieved)]
    named: list[tuple[Any, str]] = [*((one.pk, one.name) for one in listed), (None, "Đề án ngoài chương trình")]
    money = [
        [str(number), name, *_money(records, question, pk, entries)] for number, (pk, name) in enumerate(named, start=1)
    ]
    sums = added(money, range(2, 8))
    return [targets, [*money, [None, "Tổng cộng", *sums, share(sums[5], sums[3])]]]


def _target_rows(records: Records, question: Question, programme: Any, achieved: list[Any]) -> list[list[Any]]:
    title = f"{programme.name} ({programme.start_year}–{programme.end_year})"
    rows: list[list[Any]] = [[None, title, None, None, None, None, None]]
    indicators = {one.pk: one for one in records.indicators}
    targets = sorted(ProgrammeTarget.objects.filter(programme=programme), key=lambda one: one.pk)
    for number, target in enumerate(targets, start=1):
        start: list[Any] = [str(number), target.name]
        if target.indicator_id is None:
            rows.append([*start, target.unit, target.value or None, None, None, None])
            continue
        is_money = indicators[target.indicator_id].is_money
        found = [one for one in achieved if one.indicator_id == target.indicator_id]
        found = [one for one in found if records.project[one.project_id].programme_id == programme.pk]
        until = sum(one.achieved_value for one in found)
        now = sum(one.achieved_value for one in found if one.achieved_date >= question.start)
        worth = WORTH.get(target.unit.strip().lower()) if is_money else 1
        if worth is None:  # a promise in per cent or places says nothing about đồng
            rows.append([*start, target.unit, target.value, now, until, None])
        else:
            promised = target.value * worth
            unit = "Triệu đồng" if is_money else target.unit
            rows.append([*start, unit, promised, now, until, share(until, promised)])
    return rows


def _money(
    records: Records, question: Question, programme: int | None, entries: list[tuple[Any, str, int]]
) -> list[Any]:
    members = [one for one in records.approved_projects(question) if one.programme_id == programme]
    counted = [one for one in members if _is_decided(records, question, one)]
    amounts = [records.amounts_by_kind(one.pk, question, question.end) for one in counted]
    central, provincial = (sum(one.get(kind, 0) for one in amounts) for kind in BOTH)
    ids = {one.pk for one in members}
    paid = [(one, vnd) for one, _, vnd in entries if one.project_id in ids]
    now, until = sum(vnd for one, vnd in paid if one.voucher_date >= question.start), sum(vnd for _, vnd in paid)
    total = central + provincial
    return [len(counted), central, provincial, total, now, until, share(until, total)]
