"""Báo cáo dự án, tổng hợp đề án: the projects one by one, and how those of a plan year stand."""

from collections import defaultdict
from typing import Any

from tests.reports.independent.records import BOTH, Cells, Question, Records, added

TRACKS = {"national": "Khuyến công quốc gia", "local": "Khuyến công địa phương"}
KINDS = {
    "enterprise": "Doanh nghiệp nhỏ và vừa",
    "cooperative": "Hợp tác xã",
    "cooperative_group": "Tổ hợp tác",
    "household": "Hộ kinh doanh",
}
# Status → its column, and whether its money is what was asked for.
STANDING = {
    "submitted": (0, True),
    "confirmed": (0, True),
    "returned": (0, True),
    "appraised": (1, True),
    "sent_to_ministry": (1, True),
    "approved": (2, False),
    "contracted": (3, False),
    "in_progress": (3, False),
    "accepted": (4, False),
    "liquidated": (4, False),
    "settled": (5, False),
    "refused": (6, True),
    "stopped": (7, False),
}


def project_report(records: Records, question: Question) -> Cells:
    decided = records.decided_in(question, question.start, question.end)
    decided.sort(key=lambda one: (records.approval[one.pk].decision_date, one.code, one.pk))
    by_track = {track: [one for one in decided if one.track == track] for track in TRACKS}
    beneficiaries = []
    for track, label in TRACKS.items():
        beneficiaries.append([None, label, None, None, None, None])
        for number, project in enumerate(by_track[track], start=1):
            beneficiaries += _beneficiaries(records, number, project)
    return [*(_projects(records, question, found) for found in by_track.values()), beneficiaries if decided else []]


def _projects(records: Records, question: Question, projects: list[Any]) -> list[list[Any]]:
    """Total, support and counterpart; one more column where any of them has other money."""
    rows = [_project(records, question, number, one) for number, one in enumerate(projects, start=1)]
    has_rest = any(row[8] for row in rows)
    rows = [row if has_rest else row[:8] for row in rows]
    return [*rows, [None, "Tổng cộng", None, *added(rows, range(3, 9 if has_rest else 8))]]


def _project(records: Records, question: Question, number: int, project: Any) -> list[Any]:
    money = records.amounts_by_kind(project.pk, question, question.end)
    for line in records.lines_of(project.pk):
        kind = records.kind_of[line.source_id]
        if kind in ("counterpart", "other") and line.approved_vnd is None:  # nobody approves it: as it was declared
            money[kind] = money.get(kind, 0) + line.requested_vnd
    first, last = project.start_date.year, project.end_date.year
    years = str(first) if first == last else f"{first}–{last}"
    central, provincial, own = (money.get(kind, 0) for kind in ("central", "provincial", "counterpart"))
    rest = money.get("district", 0) + money.get("other", 0)
    support = central + provincial
    return [str(number), project.name, years, central, provincial, support + own + rest, support, own, rest]


def _beneficiaries(records: Records, number: int, project: Any) -> list[list[Any]]:
    found = [one for one in records.parts if one.project_id == project.pk]
    if not found:
        return [[str(number), project.name, "(chưa ghi cơ sở thụ hưởng)", None, None, None]]
    return [[str(number), project.name, *_beneficiary(records, one)] for one in found]


def _beneficiary(records: Records, part: Any) -> list[Any]:
    one = records.beneficiary[part.beneficiary_id]
    place = records.units[one.place_id]
    named = f"{place.name} (cũ)" if place.valid_to else place.name
    address = f"{one.address}, {named}" if one.address else named
    return [one.name, KINDS[one.kind], address, part.content or None]


def standings(records: Records, question: Question) -> Cells:
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * 16)
    for project in records.projects:
        is_inside = records.is_asked(project.place_id, question)
        if project.status not in STANDING or project.year != question.year or not is_inside:
            continue
        column, is_asked = STANDING[project.status]
        lines = [one for one in records.lines_of(project.pk) if records.kind_of[one.source_id] in BOTH]
        row = sums[project.track, records.item[project.support_item_id].row]
        row[2 * column] += 1
        row[2 * column + 1] += sum(one.requested_vnd if is_asked else one.approved_vnd or 0 for one in lines)
    names = {one.row: one.name for one in records.items}
    rows: list[list[Any]] = []
    for track, label in TRACKS.items():
        own = [[str(row), names[row], *found] for (of_track, row), found in sorted(sums.items()) if of_track == track]
        rows += [[None, label, *added(own, range(2, 18))], *own]
    total = [None, "Tổng cộng", *added([row for row in rows if row[0]], range(2, 18))]
    return [[[*row, sum(row[2:18:2])] for row in [*rows, total]]]
